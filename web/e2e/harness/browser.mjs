// Debian's Chromium, and people in it. Each person has a browser context: own cookies, own storage, own worker.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

/** Where pictures for a look by eye go; without it none are taken (see scripts/screens.mjs). */
export const pictures = process.env.MADANG_PICTURES;

// Chromium asks the world for updates and hints unless it is told not to; tests talk to this machine alone.
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  // A microphone that beeps, for who records a voice.
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
];

/** `more`: what only some stories need, as calls do. */
export function openBrowser(more = []) {
  return chromium.launch({ executablePath: process.env.MADANG_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: [...flags, ...more] });
}

/**
 * A person at a device of their own. `worker: false` is a browser that has no SharedWorker.
 * @param {import("playwright-core").Browser} browser
 * @param {string} origin
 * @param {{viewport?: {width: number, height: number}, locale?: string, colorScheme?: "light"|"dark", touch?: boolean, worker?: boolean, timezone?: string}} how
 */
export async function seat(browser, origin, name, { viewport = DESKTOP, locale = "en-GB", colorScheme = "light", touch = viewport.width < 700, worker = true, timezone = "Asia/Seoul" } = {}) {
  const context = await browser.newContext({
    baseURL: origin, viewport, locale, colorScheme,
    hasTouch: touch, isMobile: touch, reducedMotion: "reduce", timezoneId: timezone,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  // How long a state is waited for. A story never waits that long on a machine that is not busy with other things.
  context.setDefaultTimeout(30_000);
  const complaints = [];
  const note = (text) => complaints.push(`${name}: ${text}`);
  watch(context, note);
  await context.exposeBinding("__reportViolation", (_source, text) => note(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.__reportViolation(`${event.violatedDirective} refused ${event.blockedURI || event.sample} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  if (!worker) await context.addInitScript(() => delete globalThis.SharedWorker);
  const page = await context.newPage();
  return {
    name, context, page, complaints,
    /** Takes a picture of what this person sees, when pictures are asked for. */
    async picture(title) {
      if (!pictures) return;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}/${title}.png`, animations: "disabled", caret: "hide" });
    },
  };
}

/** What a person never sees and a developer must: broken scripts, refused scripts, refused styles. */
function watch(context, note) {
  context.on("weberror", (broken) => {
    const { name, message, stack } = broken.error();
    note(`a script broke: ${[name, message].filter(Boolean).join(": ")} ${stack ?? ""}`.trim());
  });
  context.on("console", (message) => {
    if (/content security policy|trusted ?types?|trustedhtml|trustedscript/i.test(message.text())) note(message.text());
  });
}
