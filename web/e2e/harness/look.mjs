// What every screen must pass, whatever its story: axe finds nothing, nothing sticks out sideways.
import assert from "node:assert/strict";
import axe from "axe-core";

const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** The rules that another colour scheme can break. */
export const colours = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** Fails with one line for each violation, naming the element. */
export async function accessible(page, screen, options = rules) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), options);
  const lines = found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.target.join(" ")}`),
  );
  assert.deepEqual(lines, [], `axe on ${screen}`);
}

/** Nobody scrolls sideways on a phone. */
export async function fits(page, screen) {
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth }));
  assert.ok(wide <= seen, `${screen} is ${wide} px wide on a page of ${seen} px`);
}

export async function sound(page, screen) {
  await accessible(page, screen);
  await fits(page, screen);
}
