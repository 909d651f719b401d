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
      const early = !document.querySelector("#app :not(.first, .first *)");
      globalThis.__glimpse = { early, text: glimpse.innerText, titles: placed(glimpse.querySelectorAll("a .title")), bubbles: placed(glimpse.querySelectorAll(".bubble")) };
    }).observe(document, { childList: true, subtree: true });
    globalThis.__placed = { titles: () => placed(document.querySelectorAll("#app a .title")), bubbles: () => placed(document.querySelectorAll("#app .bubble")) };
  });
}

/** Keeps one and starts the page anew, until one was shown: a start does not wait long for it, and machines are busy. */
async function opensWithGlimpse(page, keep, ready) {
  for (let starts = 0; starts < 6; starts++) {
    await keep(starts);
    await page.reload();
    await ready();
    await covered(page);
    const found = await seen(page);
    if (found) return found;
  }
  throw new Error("no start showed what was seen last");
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
      // It was forgotten between the two questions, and the second one made an empty one.
      if (!db.objectStoreNames.contains("screens")) {
        db.close();
        indexedDB.deleteDatabase(name);
        return false;
      }
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
  const nari = house.who("nari").door;
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await watchGlimpse(joon);
  const { page } = joon;
  await page.goto("/");
  const said = (start) => `The apples are ripe ${start}`;
  const keep = (path) => async (start) => {
    await nari.post(space, said(start));
    await page.getByText(said(start)).and(page.locator(":visible")).first().waitFor();
    await kept(page, path, said(start));
  };
  const list = () => pane(page, "list").getByText("The apples are ripe").waitFor();
  const { early, text, titles } = await opensWithGlimpse(page, keep("/"), list);
  assert.ok(early, "the glimpse comes before the screens");
  assert.match(text, /Orchard[^]*The apples are ripe/);
  // Where something stood in the glimpse, there it stands.
  assert.deepEqual(titles, await page.evaluate(() => globalThis.__placed.titles()));

  const away = async (start) => {
    joon.line.mend();
    await joon.context.setOffline(false);
    await keep("/")(start);
    joon.line.cut();
    await joon.context.setOffline(true);
  };
  assert.ok((await opensWithGlimpse(page, away, list)).early);
  joon.line.mend();
  await joon.context.setOffline(false);

  // Of a conversation too, and with what came meanwhile once it is there.
  await page.goto(`/s/${space}`);
  await hears(page, "The apples are ripe");
  const conversation = await opensWithGlimpse(page, keep(`/s/${space}`), () => box(page).waitFor());
  assert.ok(conversation.early && conversation.bubbles.some((one) => one.startsWith("The apples are ripe")), JSON.stringify(conversation));
  assert.deepEqual(conversation.bubbles, await page.evaluate(() => globalThis.__placed.bubbles()));
  await say(page, "And the pears");
  await hears(page, "And the pears");
});

story("the list of chats stays as it stands while one goes into a conversation and comes back", async (house) => {
  await house.room("Pond", ["joon"]);
  const { page } = await house.seat("joon", { viewport: PHONE });
  await page.goto("/");
  const link = pane(page, "list").getByRole("link", { name: "Pond" });
  await link.waitFor();
  await page.evaluate(() => (document.querySelector("[data-pane=list] h1").stands = true));
  for (let step = 0; step < 2; step++) {
    await link.tap();
    await box(page).waitFor();
    await page.goBack();
    await link.waitFor();
    assert.ok(await page.evaluate(() => document.querySelector("[data-pane=list] h1").stands), `made anew at step ${step}`);
  }
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
  await page.waitForFunction(() => !document.body.innerText.includes("Secret of the vault"));
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
