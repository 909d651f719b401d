// The house rules of the web client that a type checker cannot see: no raw HTML, no inline style attribute,
// logical sides only, colours through tokens only, every word in both languages.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "svelte/compiler";

const root = new URL("../", import.meta.url);
const faults = [];
const fault = (file, line, text) => faults.push(`${file}:${line}  ${text}`);
const lineOf = (source, at) => source.slice(0, at).split("\n").length;

const physical = /(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear|justify-\w+)\s*:\s*(?:left|right)\b/g;
const rawColour = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color-mix)\(/gi;
/** Tables of names, not code: they may be long. */
const data = /\/emoji[\w-]*\.ts$/;
const words = /\p{L}{2,}/u;
const spoken = new Set(["aria-label", "title", "placeholder", "alt", "label", "text", "hint"]);

function checkStyle(file, source, offset, css, { colours }) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, (comment) => " ".repeat(comment.length));
  for (const found of plain.matchAll(physical)) fault(file, lineOf(source, offset + found.index), `physical side "${found[0].trim()}": use inset-inline, margin-inline-start …`);
  if (!colours) return;
  for (const found of plain.matchAll(rawColour)) fault(file, lineOf(source, offset + found.index), `colour "${found[0]}" outside tokens.css`);
}

function checkMarkup(file, source, node, { texts }) {
  if (!node || typeof node !== "object") return;
  if (Array.isArray(node)) return node.forEach((one) => checkMarkup(file, source, one, { texts }));
  if (node.type === "HtmlTag") fault(file, lineOf(source, node.start), "{@html} is not allowed");
  if (node.type === "Attribute" && node.name === "style") fault(file, lineOf(source, node.start), "inline style attribute: use a class or style:property");
  if (texts && node.type === "Text" && words.test(node.data)) fault(file, lineOf(source, node.start), `text outside messages/: "${node.data.trim()}"`);
  if (node.type === "Attribute") {
    const literal = Array.isArray(node.value) && node.value.every((part) => part.type === "Text") ? node.value.map((part) => part.data).join("") : "";
    if (texts && spoken.has(node.name) && words.test(literal)) fault(file, lineOf(source, node.start), `text outside messages/: ${node.name}="${literal}"`);
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    if (!["start", "end", "loc", "type", "css", "instance", "module", "comments"].includes(key)) checkMarkup(file, source, value, { texts });
  }
}

/** Of the client, of the help that other sites embed, and of the page at which guests book. */
const all = ["src", "widget", "booking"].flatMap((folder) => readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`));
const files = all.filter((file) => !file.startsWith("src/paraglide"));
for (const file of files) {
  if (/\.(svelte|ts)$/.test(file)) {
    const source = readFileSync(new URL(file, root), "utf8");
    for (const found of source.matchAll(/\.(innerHTML|outerHTML|insertAdjacentHTML)\b/g)) fault(file, lineOf(source, found.index), `${found[1]} is not allowed`);
    const lines = source.split("\n").length;
    if (lines > 500 && !data.test(file)) fault(file, 1, `${lines} lines: two ideas in one file`);
  }
  if (file.endsWith(".css")) {
    const source = readFileSync(new URL(file, root), "utf8");
    checkStyle(file, source, 0, source, { colours: !file.endsWith("tokens.css") });
  } else if (file.endsWith(".svelte")) {
    const source = readFileSync(new URL(file, root), "utf8");
    const tree = parse(source, { modern: true });
    checkMarkup(file, source, tree.fragment, { texts: !file.includes("/gallery/") });
    if (tree.css) checkStyle(file, source, tree.css.content.start, tree.css.content.styles, { colours: true });
  }
}

const languages = { en: {}, ko: {} };
for (const locale of Object.keys(languages)) languages[locale] = JSON.parse(readFileSync(new URL(`messages/${locale}.json`, root), "utf8"));
const holes = (text) => [...new Set([...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, hole]) => hole))].sort().join();
for (const [here, there] of [["en", "ko"], ["ko", "en"]]) {
  for (const [key, text] of Object.entries(languages[here])) {
    if (!(key in languages[there])) fault(`messages/${there}.json`, 1, `"${key}" is missing`);
    else if (here === "en" && holes(text) !== holes(languages[there][key])) fault("messages", 1, `"${key}" has other {parts} in Korean than in English`);
  }
}
const written = files.filter((file) => /\.(svelte|ts)$/.test(file)).map((file) => readFileSync(new URL(file, root), "utf8")).join("\n");
for (const key of Object.keys(languages.en)) {
  if (key !== "$schema" && !new RegExp(`\\b${key}\\b`).test(written)) fault("messages/en.json", 1, `"${key}" is used nowhere`);
}

if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log("web: house rules hold");
