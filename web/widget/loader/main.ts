// The one script that other sites embed:
//   <script src="https://house/w/madang.js" data-desk="KEY" async></script>
// Does nothing before the page is idle, and brings the help itself (a frame of the house) when somebody asks for it, or
// when a visit of theirs is open. The site needs `script-src` and `frame-src` of the house in its policy, nothing else.
import { overwriteGetLocale } from "../../src/paraglide/runtime.js";
import { Help } from "./help";
import { spoken } from "./language";

declare global {
  interface Window { madang?: { open(): void; close(): void; identify(token: string): void; } }
}

function begin(script: HTMLScriptElement, desk: string): void {
  const house = new URL(script.src).origin;
  const language = spoken(script.dataset["language"], document.documentElement.lang, navigator.languages);
  overwriteGetLocale(() => language);
  const help = new Help({ house, desk, language });
  window.madang = { open: () => help.open(), close: () => help.close(), identify: (token) => help.identify(token) };
  const { identity } = script.dataset;
  if (identity) help.identify(identity);
  const start = (): void => help.begin();
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 4_000 });
  else setTimeout(start, 300);
}

// A script that runs by itself is known only while it runs.
const { currentScript } = document;
const desk = currentScript instanceof HTMLScriptElement ? currentScript.dataset["desk"] : undefined;
if (window.madang) console.warn("madang: the help is on this page already");
else if (desk) begin(currentScript as HTMLScriptElement, desk);
else console.error("madang: the script needs data-desk with the key of a desk");
