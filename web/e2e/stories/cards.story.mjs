// What messages ask of people, told by two of them: polls, checklists, and messages to be confirmed. What one does is
// seen by the other at once, and offline it waits.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const korean = wordsOf("ko");
const article = (page, text) => pane(page, "main").locator("article", { hasText: text }).last();

async function both(house, title) {
  const space = await house.room(title, ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE, locale: "ko-KR" });
  await Promise.all([nari, joon].map((one) => one.page.goto(`/s/${space}`)));
  await Promise.all([nari, joon].map((one) => box(one.page).waitFor()));
  return { space, nari, joon };
}

async function begin(page, way) {
  await pane(page, "main").getByRole("button", { name: words("more_ways") }).click();
  await page.getByRole("menuitem", { name: words(way) }).click();
  return page.getByRole("dialog");
}

story("a poll is asked, answered and ended before everybody's eyes", async (house) => {
  const { nari, joon } = await both(house, "Lunch");
  const dialog = await begin(nari.page, "poll_new");
  await dialog.getByLabel(words("poll_question")).fill("Where do we eat?");
  await dialog.getByLabel(words("poll_option", { n: 1 })).fill("Noodles");
  await dialog.getByLabel(words("poll_option", { n: 2 })).fill("Rice");
  await sound(nari.page, "new poll");
  await nari.picture("cards-new-poll-desktop-light");
  await dialog.getByRole("button", { name: words("poll_send") }).click();

  const his = article(joon.page, "Where do we eat?");
  await his.getByLabel("Noodles").check();
  const hers = article(nari.page, "Where do we eat?");
  await hers.getByText("Joon").waitFor();
  await hers.getByText(words("poll_people", { count: 1 })).waitFor();
  await hers.getByLabel("Rice").check();
  await his.getByText(korean("poll_people", { count: 2 })).waitFor();
  await his.getByLabel("Rice").check();
  await hers.getByText("Nari, Joon").waitFor();
  await sound(nari.page, "poll");
  await sound(joon.page, "poll on a phone");
  await nari.picture("cards-poll-desktop-light");
  await joon.picture("cards-poll-phone-light");
  await hers.getByRole("button", { name: words("poll_close") }).click();
  await his.getByText(korean("poll_closed")).waitFor();
  assert.equal(await his.getByLabel("Noodles").isDisabled(), true);
});

story("an anonymous poll counts and names nobody", async (house) => {
  const { space, nari, joon } = await both(house, "Secret");
  const card = { kind: "poll", title: "Who pays?", options: ["All", "One"], anonymous: true };
  await house.who("nari").door.call("POST /spaces/{id}/messages", { id: space, body: { client_id: "secret", text: "", card } });
  const his = article(joon.page, "Who pays?");
  await his.getByLabel("All").check();
  const hers = article(nari.page, "Who pays?");
  await hers.getByText(words("poll_people", { count: 1 })).waitFor();
  assert.equal(await hers.getByText("Joon").count(), 0);
  // His other device knows what he chose.
  const desk = await house.seat("joon", { viewport: DESKTOP });
  await desk.page.goto(`/s/${space}`);
  await desk.page.waitForFunction(() => document.querySelector("article input:checked"));
});

story("a checklist has somebody for each item, and says who did it", async (house) => {
  const { nari, joon } = await both(house, "Party");
  const dialog = await begin(nari.page, "checklist_new");
  await dialog.getByLabel(words("checklist_title")).fill("For the party");
  await dialog.getByLabel(words("checklist_item", { n: 1 })).fill("Invitations");
  await dialog.getByLabel(words("checklist_whose", { n: 1 })).selectOption({ label: "Joon" });
  await dialog.getByLabel(words("checklist_item", { n: 2 })).fill("Shopping");
  await sound(nari.page, "new checklist");
  await nari.picture("cards-new-checklist-desktop-light");
  await dialog.getByRole("button", { name: words("checklist_send") }).click();
  const his = article(joon.page, "For the party");
  await his.getByText(korean("checklist_of", { who: "Joon" })).waitFor();
  await his.getByLabel("Invitations").check();
  const hers = article(nari.page, "For the party");
  await hers.getByText(words("checklist_done_by", { who: "Joon" })).waitFor();
  await hers.getByText(words("checklist_progress", { done: 1, count: 2 })).waitFor();
  await hers.getByRole("button", { name: words("checklist_assign") }).last().click();
  await nari.page.getByRole("menuitemradio", { name: words("checklist_mine") }).click();
  await his.getByText(korean("checklist_of", { who: "Nari" })).waitFor();
  await sound(joon.page, "checklist");
  await nari.picture("cards-checklist-desktop-light");
  await joon.picture("cards-checklist-phone-light");
});

story("a message is confirmed by those who read it, and the others are asked once more", async (house) => {
  const { nari, joon } = await both(house, "Notices");
  await box(nari.page).fill("The office is closed on Friday");
  await pane(nari.page, "main").getByRole("button", { name: words("more_ways") }).click();
  await nari.page.getByRole("menuitem", { name: words("must_send") }).click();
  const hers = article(nari.page, "The office is closed on Friday");
  await hers.getByRole("button", { name: words("must_count", { count: 0 }) }).click();
  const list = nari.page.getByRole("dialog", { name: words("must_title") });
  await list.getByText("Joon").waitFor();
  await sound(nari.page, "confirmations");
  await nari.picture("cards-confirmations-desktop-light");
  await list.getByRole("button", { name: words("remind", { count: 1 }) }).click();
  const his = article(joon.page, "The office is closed on Friday");
  await joon.picture("cards-confirm-phone-light");
  await his.getByRole("button", { name: korean("must_confirm") }).click();
  await his.getByText(korean("must_done")).waitFor();
  await hers.getByRole("button", { name: words("must_count", { count: 1 }) }).waitFor();
});
