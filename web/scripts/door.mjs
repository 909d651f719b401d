// The page that whoever comes without a session is given: index.html with the screen of sign-in drawn in it already, so
// that it is seen before any script has come (docs/decisions/0049). Nobody can press in it, and the screen itself takes
// its place (src/app/Page.svelte). The server fills in the house's front (crates/madang-server/src/door_page.rs).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(`../${path}`, import.meta.url);
const page = readFileSync(at("dist/index.html"), "utf8");
const assets = readdirSync(at("dist/assets/"));
const styleOf = (name) => assets.find((it) => it.startsWith(`${name}-`) && it.endsWith(".css")) ?? fail(`the style of ${name} was not found`);
const house = `<link rel="stylesheet" crossorigin href="/assets/${styleOf("house")}">`;
const door = `<link rel="stylesheet" crossorigin href="/assets/${styleOf("door")}">`;

// What the screen's files look at while they are read, with the language that was chosen.
let language = "en";
globalThis.localStorage = { getItem: (key) => (key === "madang.language" ? language : null), setItem() {}, removeItem() {} };
globalThis.location = new URL("http://localhost/signin");

for (language of ["en", "ko"]) {
  const { still } = await import(`../node_modules/.door/still.js?${language}`);
  const body = `<div id="still" inert>${lifeless(still())}</div>\n  </body>`;
  const drawn = replaced(page, /<html lang="en">/, `<html lang="${language}">`, new RegExp(house), door, /<\/body>/, () => body);
  writeFileSync(at(`dist/door.${language}.html`), drawn);
}

/** Markup of which nothing works: no button that sends, nothing that a keyring would fill, no name twice. */
function lifeless(markup) {
  const bare = markup
    .replace(/<!--.*?-->/g, "")
    // Their size is a style of the element, which no page of ours may name.
    .replace(/<svg class="icon.*?<\/svg>/g, "")
    .replace(/ (id|for|href|name|type|value|required|autocomplete|autocapitalize|spellcheck|style|role|tabindex|aria-[a-z]+)="[^"]*"/g, "")
    .replace(/<input\b/g, '<input aria-readonly="true"')
    .replace(/<button\b/g, '<button type="button"');
  // Each stands on the page only where the house has it.
  return replaced(bare, /<img[^>]*@logo@[^>]*>/, (it) => `<!--logo-->${it}<!--/logo-->`, /<p[^>]*>@welcome@<\/p>/, (it) => `<!--welcome-->${it}<!--/welcome-->`);
}

function replaced(text, ...pairs) {
  for (let n = 0; n < pairs.length; n += 2) {
    const [from, to] = [pairs[n], pairs[n + 1]];
    if (text.search(from) < 0) fail(`${from} was not found`);
    text = text.replace(from, to);
  }
  return text;
}

function fail(why) {
  throw new Error(`The door could not be drawn: ${why}.`);
}
