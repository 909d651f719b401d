// A network as it is: cut in the middle, answers lost, the server killed, a long absence; two tabs, and a
// browser without shared workers. Nothing is lost, doubled or out of order.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, enter, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

const waits = (page, text) => row(page, text).getByRole("img", { name: words("sending") });
/** The texts of all messages in sight, in their order. */
const texts = (page) => pane(page, "main").locator("article .bubble").allInnerTexts();
const once = (all, text) => all.filter((one) => one.includes(text)).length === 1;

/** The device holds everything that a start without a network needs. */
const settled = (page) =>
  page.waitForFunction(async () => {
    const ready = (await navigator.serviceWorker.getRegistration())?.active && navigator.serviceWorker.controller;
    const [name] = await caches.keys();
    return ready && name && (await (await caches.open(name)).keys()).length > 5;
  });

async function goOffline({ context, line }) {
  line.cut();
  await context.setOffline(true);
}
async function goOnline({ context, line }) {
  line.mend();
  await context.setOffline(false);
}

story("in a tunnel joon reads on and writes; after it everything is sent once and in order", async (house) => {
  const space = await house.room("Tunnel", ["joon"]);
  await house.who("nari").door.post(space, "Read this on the train");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await nari.page.goto(`/s/${space}`);
  await joon.page.goto("/");
  await enter(joon.page, "Tunnel");
  await hears(joon.page, "Read this on the train");
  await settled(joon.page);

  await goOffline(joon);
  await say(joon.page, "First from the dark");
  await say(joon.page, "Second from the dark");
  await waits(joon.page, "Second from the dark").waitFor();
  // The page is thrown away and opened anew in the dark: what was read and what waits are there.
  await joon.page.reload();
  await hears(joon.page, "Read this on the train");
  await waits(joon.page, "First from the dark").waitFor();
  await say(joon.page, "Third from the dark");
  await waits(joon.page, "Third from the dark").waitFor();
  await pane(joon.page, "main").getByRole("button", { name: words("back") }).click();
  await joon.page.getByRole("status").getByText(words("offline_pending", { count: 3 })).waitFor();
  await enter(joon.page, "Tunnel");
  await say(nari.page, "Said meanwhile");
  await hears(nari.page, "Said meanwhile");

  await goOnline(joon);
  await hears(nari.page, "Third from the dark");
  await waits(joon.page, "Third from the dark").waitFor({ state: "detached" });
  for (const { page } of [nari, joon]) {
    const seen = (await texts(page)).filter((one) => /dark|meanwhile/.test(one));
    assert.deepEqual(seen, ["Said meanwhile", "First from the dark", "Second from the dark", "Third from the dark"]);
  }
});

story("an answer that is lost doubles nothing, and a server that is killed loses nothing", async (house) => {
  const space = await house.room("Answers", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await Promise.all([nari.page.goto(`/s/${space}`), joon.page.goto(`/s/${space}`)]);
  await Promise.all([box(nari.page).waitFor(), box(joon.page).waitFor()]);
  await say(joon.page, "Before");
  await hears(nari.page, "Before");
  await settled(joon.page);

  joon.line.loseAnswers();
  await say(joon.page, "Sent, but was it heard?");
  await hears(nari.page, "Sent, but was it heard?");
  await waits(joon.page, "Sent, but was it heard?").waitFor();
  joon.line.mend();
  await waits(joon.page, "Sent, but was it heard?").waitFor({ state: "detached" });

  await house.server.stop("SIGKILL");
  await say(joon.page, "Into the void");
  await say(nari.page, "Nari as well");
  await waits(joon.page, "Into the void").waitFor();
  await house.server.start();
  await Promise.all([hears(joon.page, "Nari as well"), hears(nari.page, "Into the void")]);
  await Promise.all([nari.page, joon.page].map((page) => pane(page, "main").getByRole("img", { name: words("sending") }).first().waitFor({ state: "detached" })));
  for (const { page } of [nari, joon]) {
    const all = await texts(page);
    for (const text of ["Before", "Sent, but was it heard?", "Into the void", "Nari as well"]) assert.ok(once(all, text), `${text} in ${all.join(" | ")}`);
  }
  assert.deepEqual(await texts(nari.page), await texts(joon.page));
});

story("after a long absence the newest is there at once, and what changed in old rows is seen", async (house) => {
  const space = await house.room("Long absence", ["joon"]);
  const { door } = house.who("nari");
  const old = await door.post(space, "A sentence of yesterday");
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await joon.page.goto("/");
  await enter(joon.page, "Long absence");
  await hears(joon.page, "A sentence of yesterday");
  await joon.page.goto("/");
  await pane(joon.page, "list").getByRole("link", { name: "Long absence" }).waitFor();

  joon.line.cut();
  await door.call("PATCH /spaces/{id}/messages/{seq}", { id: space, seq: old, body: { client_id: `edit-${old}`, text: "A corrected sentence" } });
  // More than the 512 events that a device fetches one by one.
  for (let i = 0; i < 560; i += 40) await Promise.all(Array.from({ length: 40 }, (_, k) => door.post(space, `Message ${i + k + 1}`)));
  await door.post(space, "The newest of all");
  joon.line.mend();
  // The browser tells the page that the network is back; without a word it would try again within half a minute.
  await joon.page.evaluate(() => globalThis.dispatchEvent(new Event("online")));
  await pane(joon.page, "list").getByRole("link", { name: "Long absence" }).getByText("The newest of all").waitFor();
  await enter(joon.page, "Long absence");
  await row(joon.page, "A corrected sentence").waitFor();
  assert.equal(await row(joon.page, "A sentence of yesterday").count(), 0);
  await joon.page.getByRole("button", { name: /^\d+ new$/ }).click();
  await hears(joon.page, "The newest of all");
  // From the end up to the beginning there is no hole and nothing twice. What is in sight and the step up are of
  // one moment: rows may come between two.
  const seen = new Set();
  const stepUp = () =>
    pane(joon.page, "main").getByRole("log").evaluate((log) => {
      const all = [...log.querySelectorAll("[data-seq]")].map((one) => Number(one.dataset.seq));
      log.scrollTop = 0;
      return all;
    });
  for (let all = await stepUp(); ; all = await stepUp()) {
    for (const seq of all) seen.add(seq);
    if (seen.has(old)) break;
    await joon.page.waitForFunction((before) => {
      // Between two windows there may be no row for a moment.
      const first = document.querySelector("[data-pane=main] [role=log] [data-seq]");
      return first && Number(first.dataset.seq) !== before;
    }, all[0]);
  }
  const numbers = [...seen].sort((a, b) => a - b);
  const holes = numbers.filter((seq, i) => i > 0 && seq !== numbers[i - 1] + 1);
  // The correction of the first message is an event without a row of its own.
  assert.equal(holes.length, 1, `rows are missing before ${holes.join(", ")}`);
});

story("a message that the server refuses stays, says why, and can be tried again or given up", async (house) => {
  const space = await house.room("Refused", ["joon"]);
  const { door } = house.who("nari");
  const joon = await house.seat("joon", { viewport: PHONE, wired: true });
  await joon.page.goto(`/s/${space}`);
  await box(joon.page).waitFor();
  joon.line.cut();
  await say(joon.page, "Too late for the archive");
  await say(joon.page, "And this too");
  await waits(joon.page, "And this too").waitFor();
  await door.call("POST /spaces/{id}/archive", { id: space });
  joon.line.mend();
  const again = (text) => row(joon.page, text).getByRole("button", { name: words("send_again") });
  await again("Too late for the archive").waitFor();
  await again("And this too").waitFor();
  await door.call("POST /spaces/{id}/unarchive", { id: space });
  await box(joon.page).waitFor();
  await row(joon.page, "And this too").getByRole("button", { name: words("send_discard") }).click();
  await row(joon.page, "And this too").waitFor({ state: "detached" });
  await again("Too late for the archive").click();
  await again("Too late for the archive").waitFor({ state: "detached" });
  await waits(joon.page, "Too late for the archive").waitFor({ state: "detached" });
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/s/${space}`);
  await hears(nari.page, "Too late for the archive");
  assert.equal(await row(nari.page, "And this too").count(), 0);
});

for (const [title, worker] of [["two tabs of one person share one engine", true], ["without shared workers one tab serves the other, and takes over when it is closed", false]]) {
  story(title, async (house) => {
    const name = worker ? "Tabs" : "Twin";
    const space = await house.room(name, ["joon"]);
    const nari = await house.seat("nari", { viewport: DESKTOP });
    await nari.page.goto(`/s/${space}`);
    await box(nari.page).waitFor();
    const joon = await house.seat("joon", { viewport: DESKTOP, worker });
    await joon.page.goto(`/s/${space}`);
    await box(joon.page).waitFor();
    assert.equal(await joon.page.evaluate(() => typeof SharedWorker), worker ? "function" : "undefined");
    const second = await joon.context.newPage();
    await second.goto(`/s/${space}`);
    await box(second).waitFor();
    await say(joon.page, "From the first tab");
    await hears(second, "From the first tab");
    await say(second, "From the second tab");
    await hears(joon.page, "From the second tab");
    await hears(nari.page, "From the second tab");
    await joon.page.close();
    await say(second, "The first is closed");
    await hears(nari.page, "The first is closed");
    await say(nari.page, "Do you still hear me?");
    await hears(second, "Do you still hear me?");
    assert.equal((await texts(second)).filter((one) => one.includes("The first is closed")).length, 1);
  });
}
