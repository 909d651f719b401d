// Walking by keyboard alone, and seeing at every step where one is.
import assert from "node:assert/strict";

/** What has the focus: its role or tag, its name, and whether a sighted person can see that. */
export const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    const shows = (element) => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    // A ring may be drawn by the box around a field, or by the face beside a hidden radio button.
    const around = [one, one.nextElementSibling, one.parentElement, one.parentElement?.parentElement];
    const box = one.getBoundingClientRect();
    const labelled = (one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent).join(" ");
    return {
      tag: one.tagName.toLowerCase(),
      name: (one.getAttribute("aria-label") || labelled.trim() || one.labels?.[0]?.textContent || one.textContent || "").trim().replace(/\s+/g, " "),
      visible: one.matches(":focus-visible") && around.some(shows),
      inSight: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    };
  });

/** Presses Tab (or another key) until the focus is on something of this name; every stop must be visible. */
export async function walkTo(page, name, { key = "Tab", most = 60 } = {}) {
  const passed = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at.tag === "body") continue;
    passed.push(`${at.tag} "${at.name.slice(0, 40)}"`);
    assert.ok(at.visible, `the focus on ${passed.at(-1)} cannot be seen`);
    assert.ok(at.inSight, `the focus on ${passed.at(-1)} is outside the screen`);
    if (name instanceof RegExp ? name.test(at.name) : at.name === name) return at;
  }
  throw new Error(`${key} never came to ${name}; it passed ${passed.join(", ")}`);
}
