// Draws the PNG icons from public/icons/mark.svg: run `npm run marks` after changing the mark, commit the result.
import { readFileSync, writeFileSync } from "node:fs";
import { startBrowser } from "./browser.mjs";

const icons = new URL("../public/icons/", import.meta.url);
const mark = readFileSync(new URL("mark.svg", icons), "utf8");
/** A maskable icon is cut to any shape by the system: full ground, the drawing in the safe middle. */
const full = mark.replace(/<path fill="#0B6652"[^>]*>/, '<path fill="#0B6652" d="M0 0h64v64H0z"/>');
const inset = full.replace('viewBox="0 0 64 64"', 'viewBox="-4 -4 72 72"').replace("M0 0h64v64H0z", "M-4-4h72v72H-4z");

const browser = await startBrowser();
for (const [name, size, svg] of [["mark-192", 192, mark], ["mark-512", 512, mark], ["maskable-512", 512, inset], ["touch-180", 180, inset]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  writeFileSync(new URL(`${name}.png`, icons), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
