// Notifications, told by two real browsers: asked for by a button, shown while the page is out of sight, silent in
// quiet hours and where nothing is wanted; a press opens the message.
import assert from "node:assert/strict";
import { joinByLink, openWorkspace } from "../harness/arrive.mjs";
import { DESKTOP } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";

const story = houseFor({ founded: null });

const api = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, { method, ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }) });
      return answer.status === 204 ? null : answer.json();
    },
    [method, path, body],
  );

const shown = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
  });

/** Waits until so many notifications are shown. (A page's `waitForFunction` takes any promise for a yes.) */
async function untilShown(page, count) {
  const patience = Date.now() + 15_000;
  for (;;) {
    const now = await shown(page);
    if (now.length === count) return now;
    assert.ok(Date.now() < patience, `${JSON.stringify(now)} are shown and not ${count}`);
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  }
}

/** Waits until the person's settings are as this says. */
async function untilSettings(page, fit) {
  const patience = Date.now() + 15_000;
  while (!fit((await api(page, "GET", "/me")).settings)) assert.ok(Date.now() < patience, "the settings did not change");
}

/** What a browser does with a page that the person leaves, and comes back to. */
const sight = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);

story("new words are told while nobody looks, but not in quiet hours, and not where nothing is wanted", async (house) => {
  const nari = await house.person("nari", { viewport: DESKTOP });
  const { page } = nari;
  // Every notification that was shown, also one that the next took the place of.
  const told = [];
  await nari.context.exposeBinding("__told", (_source, title) => told.push(title));
  await nari.context.addInitScript(() => {
    const show = ServiceWorkerRegistration.prototype.showNotification;
    ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
      return globalThis.__told(title).then(() => show.call(this, title, options));
    };
  });
  await nari.context.grantPermissions(["notifications", "clipboard-read", "clipboard-write"], { origin: house.server.origin });
  await openWorkspace(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const general = (await api(page, "GET", "/spaces")).spaces[0].id;
  const { link } = await api(page, "POST", `/spaces/${general}/links`, { expires_in: 3600 });
  const joon = await house.person("joon", { viewport: DESKTOP });
  await joinByLink(joon.page, link.url, "Joon");
  await joon.page.getByText("General").first().waitFor();
  let said = 0;
  const say = async (text) => {
    const { event } = await api(joon.page, "POST", `/spaces/${general}/messages`, { client_id: `c${(said += 1)}`, text });
    return event.seq;
  };
  /** When the list shows a message, whatever was to be told of it has been decided. */
  const arrived = (text) => page.locator("[data-pane=list]").getByText(text).first().waitFor();

  // In sight: no notification, the list says it.
  await page.goto("/me/notifications");
  await page.getByRole("heading", { level: 1, name: "Notifications" }).waitFor();
  await sound(page, "notifications");
  await page.goto("/");
  await say("seen in the list");
  await arrived("seen in the list");
  assert.deepEqual(await shown(page), []);
  await page.waitForFunction(() => document.title.startsWith("("));

  await sight(page, "hidden");
  const seq = await say("out of sight");
  assert.deepEqual(await untilShown(page, 1), [{ title: "Joon · General", body: "out of sight", tag: general, path: `/s/${general}/m/${seq}` }]);

  // Read here: the notification is taken back.
  await sight(page, "visible");
  await page.getByText("General").first().click();
  await page.locator("[role=log]").getByText("out of sight").first().waitFor();
  await page.bringToFront();
  await untilShown(page, 0);

  // Quiet hours all day, every day; then a space of which nothing is wanted.
  await page.goto("/me/notifications");
  await page.getByLabel("Keep quiet at certain hours").click();
  await page.getByLabel("From").fill("00:00");
  await page.getByLabel("To", { exact: true }).fill("00:00");
  await untilSettings(page, ({ quiet }) => quiet?.to === "00:00" && quiet.from === "00:00" && quiet.zone === "Asia/Seoul");
  await sound(page, "quiet hours");
  await nari.picture("quiet-hours-desktop-light");
  await page.goto("/");
  await sight(page, "hidden");
  await say("in quiet hours");
  await arrived("in quiet hours");
  await api(page, "PATCH", "/me/settings", { quiet: null });
  await untilSettings(page, ({ quiet }) => !quiet);

  // Quiet for an hour; it is said for how long, and ended by a press.
  await sight(page, "visible");
  await page.goto("/me/notifications");
  await page.getByRole("button", { name: "Quiet for a while" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "In an hour" }).click();
  await untilSettings(page, ({ quiet_until: until }) => until > Date.now() * 1000);
  await page.getByText("Quiet until").waitFor();
  await page.goto("/");
  await sight(page, "hidden");
  await say("for an hour unheard");
  await arrived("for an hour unheard");
  await sight(page, "visible");
  await page.goto("/me/notifications");
  await page.getByRole("button", { name: "Hear again" }).click();
  await untilSettings(page, ({ quiet_until: until }) => !until);
  await page.goto("/");
  await sight(page, "hidden");
  await api(page, "PUT", `/spaces/${general}/involvement`, { level: "nothing" });
  await page.locator("[data-pane=list]").getByLabel("No notifications").waitFor();
  await say("to deaf ears");
  await arrived("to deaf ears");
  await api(page, "PUT", `/spaces/${general}/involvement`, { level: "mentions" });
  await page.locator("[data-pane=list]").getByLabel("No notifications").waitFor({ state: "detached" });
  const me = (await api(page, "GET", "/me")).me.id;
  await say(`<@${me}> look`);
  await untilShown(page, 1);
  assert.deepEqual(told, ["Joon · General", "Joon mentioned you · General"], "those between were silent");
});
