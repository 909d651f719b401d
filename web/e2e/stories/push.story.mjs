// Push in the service worker. What the house sends, and to whom, is told over HTTP (crates/madang-test, stories/push).
import assert from "node:assert/strict";
import { DESKTOP } from "../harness/browser.mjs";
import { pushTo } from "../harness/push.mjs";
import { houseFor } from "../harness/story.mjs";

const story = houseFor();

const shown = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const all = await registration.getNotifications();
    return all.map(({ title, body, tag, data, actions }) => ({ title, body, tag, data, actions: actions.map(({ action }) => action) }));
  });

/** Waits until what is shown is as this says. */
async function untilShown(page, fits) {
  const patience = Date.now() + 15_000;
  for (;;) {
    const now = await shown(page);
    if (fits(now)) return now;
    assert.ok(Date.now() < patience, `${JSON.stringify(now)} is shown`);
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  }
}

story("what no one can read is shown all the same: a browser takes a subscription away that shows nothing", async (house) => {
  const device = await house.seat("nari", { viewport: DESKTOP });
  const { page, context } = device;
  await context.grantPermissions(["notifications"], { origin: house.server.origin });
  await page.goto("/me/notifications");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const deliver = await pushTo(page);
  await deliver("not JSON");
  const [one] = await untilShown(page, (all) => all.length === 1);
  assert.equal(one.title, "Madang");
});
