// Takes a picture of every part of the gallery, phone and desktop, light and dark, Korean and English, into
// shots/; walks each with axe; fails on a violation or on anything the security policy forbids.
// `npm run look [word]` keeps to pictures whose name contains the word.
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startBrowser } from "./browser.mjs";
import { serve } from "./serve.mjs";

const only = process.argv[2] ?? "";
const shots = fileURLToPath(new URL("../shots/", import.meta.url));
mkdirSync(shots, { recursive: true });
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const gallery = ["palette", "controls", "fields", "people", "files", "notices", "overlays", "blocks"];
const alone = { nowhere: "/nowhere" };

const { origin, stop } = await serve(fileURLToPath(new URL("../dist-gallery", import.meta.url)));
const browser = await startBrowser();
let faults = 0;

async function look(name, path, { size, theme, locale, act }) {
  const full = `${name}-${size}-${theme}-${locale}`;
  if (!full.includes(only)) return;
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: theme, locale, hasTouch: size === "phone", bypassCSP: false });
  const page = await context.newPage();
  const complain = (text) => { faults += 1; console.log(`✗ ${full}: ${text}`); };
  page.on("console", (message) => { if (["error", "warning"].includes(message.type()) && !/404/.test(message.text())) complain(message.text()); });
  page.on("pageerror", (error) => complain(error.message));
  await page.goto(origin + path);
  await page.locator("h1:visible").first().waitFor();
  await act?.(page);
  const tall = path.startsWith("/gallery") && !act;
  if (tall) await page.setViewportSize({ ...sizes[size], height: Math.min(6000, await page.evaluate(() => document.querySelector("main").scrollHeight)) });
  await page.waitForTimeout(350);
  await page.screenshot({ path: `${shots}${full}.png` });
  const session = await context.newCDPSession(page);
  const { result } = await session.send("Runtime.evaluate", { expression: `${axe}; axe.run().then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.target + " " + (n.any[0]?.message ?? ""))])))`, awaitPromise: true, returnByValue: true });
  for (const [id, nodes] of JSON.parse(result.value)) complain(`axe ${id}\n    ${nodes.join("\n    ")}`);
  await context.close();
}

const openDialog = (page) => page.getByRole("button", { name: "새 스페이스" }).first().click();
const openViewer = (page) => page.getByRole("button", { name: "Open the viewer" }).first().click();
const openMenu = (page) => page.getByRole("button", { name: "More" }).first().click();
for (const size of Object.keys(sizes)) {
  for (const part of gallery) await look(`gallery-${part}`, `/gallery#${part}`, { size, theme: "light", locale: "ko" });
  for (const theme of ["light", "dark"]) {
    await look("dialog", "/gallery#overlays", { size, theme, locale: "ko", act: openDialog });
    await look("viewer", "/gallery#files", { size, theme, locale: "ko", act: openViewer });
    await look("menu", "/gallery#overlays", { size, theme, locale: "ko", act: openMenu });
    for (const locale of ["ko", "en"]) {
      for (const [name, path] of Object.entries(alone)) await look(name, path, { size, theme, locale });
    }
  }
}
await browser.close();
stop();
console.log(faults ? `${faults} faults` : "nothing to complain about");
process.exit(faults ? 1 : 0);
