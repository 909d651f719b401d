// Push, all the way: a mention becomes a message that only the device can open, and the service worker shows it,
// answers it, marks it as read, and takes away what was read elsewhere.
import assert from "node:assert/strict";
import { after } from "node:test";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { openPushService, pushTo } from "../harness/push.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ settings: { OUTGOING_ALLOWED: "127.0.0.1" } });
const words = wordsOf("en");
const service = await openPushService();
after(() => service.close());

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

/** What a browser does with a page that the person leaves. */
const leave = (page) =>
  page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });

/** A press on a notification, or on one of its buttons, as the browser tells the service worker of it. */
const press = (worker, tag, action, reply) =>
  worker.evaluate(
    async ([tag, action, reply]) => {
      const [notification] = await self.registration.getNotifications({ tag });
      const event = new NotificationEvent("notificationclick", { notification, action });
      if (reply) Object.defineProperty(event, "reply", { value: reply });
      self.dispatchEvent(event);
    },
    [tag, action, reply],
  );

story("a mention is told by push, answered from the notification, and taken away once it was read elsewhere", async (house) => {
  const { id: joonId, door: joon } = await house.welcome("joon");
  const nari = house.who("nari").door;
  const [garden, pond] = [await house.room("Garden", ["joon"]), await house.room("Pond", ["joon"])];
  const device = await house.seat("joon", { viewport: DESKTOP });
  const { page, context } = device;
  await context.grantPermissions(["notifications"], { origin: house.server.origin });
  await page.goto("/me/notifications");
  await page.getByText(words("quiet_hours")).first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const subscribed = await page.evaluate(
    (body) => fetch("/api/v1/me/push", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then(({ status }) => status),
    service.subscription,
  );
  assert.equal(subscribed, 204);
  const deliver = await pushTo(page);
  // Madang is closed on this device: what is left open is a page of the house without it.
  await page.goto("/healthz");

  // Real encryption, a real service worker: only Google's wire in between is ours.
  const asked = await nari.post(garden, `<@${joonId}> coffee at six?`);
  await deliver(await service.next());
  const [first] = await untilShown(page, (all) => all.some(({ tag, actions }) => tag === garden && actions.length));
  assert.equal(first.title, "Nari mentioned you · Garden");
  assert.equal(first.body, "@Joon coffee at six?");
  assert.deepEqual([first.data.seq, first.data.path, first.actions], [asked, `/s/${garden}/m/${asked}`, ["reply", "read"]]);

  // A second one takes its place and says how many there are.
  await nari.post(garden, `<@${joonId}> or at seven?`);
  await deliver(await service.next());
  const [both] = await untilShown(page, (all) => all.some(({ body }) => body.startsWith("2 new messages")));
  assert.equal(both.body, "2 new messages · Nari: @Joon or at seven?");

  // Answered from the notification: it is posted, and the space is read.
  const [worker] = context.serviceWorkers();
  await press(worker, garden, "reply", "Six is fine");
  await untilShown(page, (all) => !all.some(({ tag }) => tag === garden));
  const patience = Date.now() + 15_000;
  for (;;) {
    const { events } = await nari.call("GET /spaces/{id}/events", { id: garden, query: { after: String(asked) } });
    if (events.some(({ body }) => body.text === "Six is fine")) break;
    assert.ok(Date.now() < patience, "the answer was not posted");
  }

  // Two spaces wait; one is read on another device, and its notification goes with the next push.
  await nari.post(garden, `<@${joonId}> great`);
  await deliver(await service.next());
  const seq = await nari.post(pond, `<@${joonId}> and the frogs?`);
  await deliver(await service.next());
  await untilShown(page, (all) => all.filter(({ tag }) => tag === garden || tag === pond).length === 2);
  await joon.read(garden, 1_000);
  await nari.post(pond, `<@${joonId}> they sing`);
  const last = await service.next();
  assert.deepEqual(JSON.parse(last).unread, [pond]);
  await deliver(last);
  await untilShown(page, (all) => !all.some(({ tag }) => tag === garden));

  // Marked as read from the notification.
  await press(worker, pond, "read");
  const later = Date.now() + 15_000;
  for (;;) {
    const { space } = await joon.call("GET /spaces/{id}", { id: pond });
    if (space.me.read > seq) break;
    assert.ok(Date.now() < later, `it is read up to ${JSON.stringify(space.me)}`);
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  }
});

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

story("an owner looks at all their devices at once, and the one at hand says that it arrived", async (house) => {
  const { page, context } = await house.seat("nari", { viewport: PHONE });
  await context.grantPermissions(["notifications"], { origin: house.server.origin });
  await page.goto("/admin/push");
  await page.getByText(words("push_try_none")).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.evaluate((body) => fetch("/api/v1/me/push", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }), service.subscription);
  const deliver = await pushTo(page);
  await page.reload();
  await page.getByRole("button", { name: /^Send to my device/ }).click();
  await deliver(await service.next());
  await page.getByText(words("push_try_arrived")).waitFor();
  await sound(page, "push after a look at all devices");
});
