// What every screen must pass, whatever its story: axe finds nothing, nothing sticks out sideways.
import assert from "node:assert/strict";
import axe from "axe-core";

const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** Fails with one line for each violation, naming the element. */
export async function accessible(page, screen) {
  await page.evaluate(`if (!globalThis.axe) { ${axe.source} }`);
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
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
