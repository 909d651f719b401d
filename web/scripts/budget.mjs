// Weighs the build and fails when it is heavier than allowed (gzip -9, in bytes). What is counted as
// "first paint" is what a phone fetches before it can show Chats and a space: the entry, those screens,
// and all that they import statically.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const weigh = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
const sum = (names) => [...names].reduce((total, name) => total + weigh(name), 0);

const page = readFileSync(new URL("index.html", dist), "utf8");
const named = Object.keys(manifest).filter((key) => page.includes(`/${manifest[key].file}"`));
const firstScreens = [...named, "src/features/chats/Chats.svelte", "src/features/space/Space.svelte"];

function closure(keys) {
  const scripts = new Set();
  const styles = new Set();
  const seen = new Set();
  const visit = (key) => {
    const entry = manifest[key];
    if (!entry || seen.has(key)) return;
    seen.add(key);
    (entry.file.endsWith(".css") ? styles : scripts).add(entry.file);
    entry.css?.forEach((name) => styles.add(name));
    entry.imports?.forEach(visit);
  };
  keys.forEach(visit);
  return { scripts, styles, seen };
}

const first = closure(firstScreens);
for (const [, style] of page.matchAll(/href="\/(assets\/[^"]+\.css)"/g)) first.styles.add(style);
if (!first.scripts.size) throw new Error("the page's own script was not found in the manifest");
const assets = readdirSync(new URL("assets/", dist)).filter((name) => name.endsWith(".js"));
// What registers the service worker is called alike; it is an entry of its own, and stands below.
const entries = new Set(Object.values(manifest).map(({ file }) => file));
const engine = assets.filter((name) => /^(worker|engine)/.test(name)).map((name) => `assets/${name}`).filter((name) => !entries.has(name));
if (!engine.length) throw new Error("the engine's own script was not found");

const rows = [
  ["first paint: script", sum(first.scripts), 60_000],
  ["first paint: style", sum(first.styles), 12_000],
  ["page", weigh("index.html"), 4_000],
  ["engine worker", sum(engine), 25_000],
  ["service worker", existsSync(new URL("sw.js", dist)) ? weigh("sw.js") : 0, 2_000],
];
const lazy = Object.entries(manifest).filter(([key, entry]) => entry.isDynamicEntry && !first.seen.has(key));
for (const [key, entry] of lazy) rows.push([`lazy: ${key.replace("src/features/", "").replace(".svelte", "")}`, weigh(entry.file), 40_000]);

// The help that other sites embed (vite.widget.config.ts): the script that they name, what its frame reads before it can be
// used, and what comes later. `page.js` shows a page to an agent, after the visitor has agreed.
const help = JSON.parse(readFileSync(new URL("w/.vite/manifest.json", dist), "utf8"));
const helpFiles = (key, seen = new Set()) => {
  const entry = help[key];
  if (!entry || seen.has(`w/${entry.file}`)) return seen;
  for (const name of [entry.file, ...(entry.css ?? [])]) seen.add(`w/${name}`);
  entry.imports?.forEach((name) => helpFiles(name, seen));
  return seen;
};
const app = helpFiles("index.html");
const shared = Object.values(help).find(({ file }) => file === "page.js");
rows.push(["help: loader", weigh("w/madang.js"), 5_000], ["help: frame", weigh("w/index.html") + sum(app), 60_000]);
if (shared) rows.push(["help: shown page", sum(helpFiles(shared.src)), 32_000]);
for (const [key, entry] of Object.entries(help)) {
  if (entry.isDynamicEntry && !app.has(`w/${entry.file}`)) rows.push([`help, lazy: ${key.replace(/^.*\//, "").replace(/\.(svelte|ts)$/, "")}`, weigh(`w/${entry.file}`), 40_000]);
}

// The page at which guests book (vite.booking.config.ts), whole.
const book = JSON.parse(readFileSync(new URL("b/.vite/manifest.json", dist), "utf8"));
const bookFiles = new Set(Object.values(book).flatMap((entry) => [entry.file, ...(entry.css ?? [])]).map((name) => `b/${name}`));
rows.push(["booking: page", weigh("b/index.html") + sum(bookFiles), 50_000]);

let heavy = false;
for (const [name, bytes, limit] of rows) {
  const over = bytes > limit;
  heavy ||= over;
  console.log(`${over ? "✗" : "·"} ${name.padEnd(28)} ${(bytes / 1000).toFixed(1).padStart(6)} KB gz of ${limit / 1000}`);
}
if (heavy) {
  console.error("The build is heavier than its budget.");
  process.exit(1);
}
