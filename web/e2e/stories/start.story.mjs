// How the app opens again: with what was seen last, before anything else is there, and never with what one may
// not see any more.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { databases, keptOf } from "../harness/kept.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

/** Notes what a glimpse of the screen showed, and whether the screens were there already. */
function watchGlimpse({ context }) {
  return context.addInitScript(() => {
    const placed = (all) => [...all].map((one) => [one.textContent.trim(), ...["x", "y", "width", "height"].map((side) => Math.round(one.getBoundingClientRect()[side]))].join(" "));
    new MutationObserver(() => {
      const glimpse = document.getElementById("glimpse");
      if (!glimpse || globalThis.__glimpse) return;
      const early = !document.querySelector("#app *");
      globalThis.__glimpse = { early, text: glimpse.innerText, titles: placed(glimpse.querySelectorAll("a .title")), bubbles: placed(glimpse.querySelectorAll(".bubble")) };
    }).observe(document, { childList: true, subtree: true });
    globalThis.__placed = { titles: () => placed(document.querySelectorAll("#app a .title")), bubbles: () => placed(document.querySelectorAll("#app .bubble")) };
  });
}

const seen = (page) => page.evaluate(() => globalThis.__glimpse);
const covered = (page) => page.locator("#glimpse").waitFor({ state: "detached" });

/** The device holds the app, and a glimpse of this path in which these words stand. */
async function kept(page, path, text) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((next) => navigator.serviceWorker.addEventListener("controllerchange", next, { once: true }));
  });
  await page.waitForFunction(
    async ([path, text]) => {
      const name = `madang-glimpse-${location.origin}`;
      if (!(await indexedDB.databases()).some((one) => one.name === name)) return false;
      const db = await new Promise((fine, broken) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => fine(asked.result);
        asked.onerror = () => broken(asked.error);
      });
      const rows = await new Promise((fine, broken) => {
        const asked = db.transaction("screens").objectStore("screens").getAll();
        asked.onsuccess = () => fine(asked.result);
        asked.onerror = () => broken(asked.error);
      });
      db.close();
      return rows.some((one) => one.path === path && JSON.stringify(one.nodes).includes(text));
    },
    [path, text],
    { polling: 250 },
  );
}

story("the app opens with what one saw last, before the screens are there, and without a network", async (house) => {
  const space = await house.room("Orchard", ["joon"]);
  await house.who("nari").door.post(space, "The apples are ripe");
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await watchGlimpse(joon);
  const { page } = joon;
  await page.goto("/");
  await pane(page, "list").getByText("The apples are ripe").waitFor();
  assert.equal(await seen(page), undefined);
  await kept(page, "/", "The apples are ripe");

  joon.line.cut();
  await joon.context.setOffline(true);
  await page.reload();
  await pane(page, "list").getByText("The apples are ripe").waitFor();
  await covered(page);
  const { early, text, titles } = await seen(page);
  assert.ok(early, "the glimpse comes before the screens");
  assert.match(text, /Orchard[^]*The apples are ripe/);
  // Where something stood in the glimpse, there it stands.
  assert.deepEqual(titles, await page.evaluate(() => globalThis.__placed.titles()));
  joon.line.mend();
  await joon.context.setOffline(false);

  // Of a conversation too, and with what came meanwhile once it is there.
  await page.goto(`/s/${space}`);
  await hears(page, "The apples are ripe");
  await kept(page, `/s/${space}`, "The apples are ripe");
  await page.reload();
  await box(page).waitFor();
  await covered(page);
  const conversation = await seen(page);
  assert.ok(conversation.early && conversation.bubbles.some((one) => one.startsWith("The apples are ripe")), JSON.stringify(conversation));
  assert.deepEqual(conversation.bubbles, await page.evaluate(() => globalThis.__placed.bubbles()));
  await say(page, "And the pears");
  await hears(page, "And the pears");
});

story("nobody finds in it what was taken from them, or who was here before", async (house) => {
  const space = await house.room("Vault", ["joon"]);
  await house.who("nari").door.post(space, "Secret of the vault");
  const joon = await house.seat("joon", { viewport: DESKTOP });
  await watchGlimpse(joon);
  const { page } = joon;
  await page.goto(`/s/${space}`);
  await hears(page, "Secret of the vault");
  await kept(page, `/s/${space}`, "Secret of the vault");
  await house.who("nari").door.call("DELETE /spaces/{id}/members/{person}", { id: space, person: house.who("joon").id });
  await page.getByText("Secret of the vault").waitFor({ state: "detached" });
  await page.goto("/");
  await pane(page, "list").locator("h1").waitFor();
  assert.deepEqual(await keptOf(page, space), []);
  assert.equal(await seen(page), undefined);

  const second = await house.room("Square", ["joon"]);
  await house.who("nari").door.post(second, "For everybody here");
  await pane(page, "list").getByText("For everybody here").waitFor();
  await kept(page, "/", "For everybody here");
  await page.goto("/me");
  await pane(page, "list").getByRole("button", { name: words("sign_out"), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: words("sign_out"), exact: true }).click();
  await page.getByRole("button", { name: words("signin_button") }).waitFor();
  assert.deepEqual((await databases(page)).filter((name) => name.includes("glimpse")), []);
  await page.goto("/");
  await page.getByRole("button", { name: words("signin_button") }).waitFor();
  assert.equal(await seen(page), undefined);
});
