// What is kept for later, told by two devices of one person and one of another: saved messages, reminders, and
// messages that wait for their time.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { handOver, pdf } from "../harness/media.mjs";
import { houseFor } from "../harness/story.mjs";
import { act, box, enter, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const micros = (seconds) => (Date.now() + seconds * 1_000) * 1_000;

story("a message is saved on the phone, found on the desktop, and comes back at its time", async (house) => {
  const space = await house.room("Garden", ["joon"]);
  const seq = await house.who("joon").door.post(space, "The seeds come on Friday");
  const phone = await house.seat("nari", { viewport: PHONE });
  await phone.page.goto(`/s/${space}`);
  await hears(phone.page, "The seeds come on Friday");
  const desktop = await house.seat("nari", { viewport: DESKTOP });
  await desktop.page.goto("/a/saved");
  await desktop.page.getByText(words("saved_empty")).waitFor();
  await act(phone.page, "The seeds come on Friday", "action_save");
  const saved = pane(desktop.page, "main").locator("article", { hasText: "The seeds come on Friday" });
  await saved.waitFor();

  // A time for it, from the list of chosen ones.
  await saved.getByRole("button", { name: words("action_remind") }).click();
  const when = desktop.page.getByRole("dialog", { name: words("action_remind") });
  await when.getByText(words("when_tomorrow")).waitFor();
  await sound(desktop.page, "when to be reminded");
  await desktop.picture("later-when-desktop-light");
  await when.getByRole("button", { name: words("when_hour") }).click();
  await saved.getByText("Reminder").waitFor();
  await sound(desktop.page, "saved");
  await desktop.picture("later-saved-desktop-light");

  // The time comes.
  await house.who("nari").door.call("PUT /spaces/{id}/messages/{seq}/saved", { id: space, seq, body: { remind_at: micros(0) } });
  await phone.page.goto("/a");
  await phone.page.getByText(words("activity_due")).first().waitFor();
  await sound(phone.page, "activity with a reminder");
  await phone.picture("later-activity-phone-light");
  await phone.page.getByText(words("activity_due")).first().click();
  await hears(phone.page, "The seeds come on Friday");

  // Done on one device, done on the other.
  await saved.getByRole("button", { name: words("saved_take_out") }).click();
  await desktop.page.getByText(words("saved_empty")).waitFor();
  await phone.page.goto("/a/saved");
  await phone.page.getByText(words("saved_empty")).waitFor();
});

story("a message waits for its time, is changed and sent now; one that may not be sent says why", async (house) => {
  const space = await house.room("Kitchen", ["joon"]);
  const desktop = await house.seat("nari", { viewport: DESKTOP });
  await desktop.page.goto(`/s/${space}`);
  await box(desktop.page).fill("Lunch at noon");
  await handOver(desktop.page, "paste", [{ name: "menu.pdf", mimeType: "application/pdf", buffer: pdf("Soup") }]);
  await desktop.page.locator(".composer").getByText("menu.pdf").waitFor();
  await pane(desktop.page, "main").getByRole("button", { name: words("more_ways") }).click();
  await desktop.page.getByRole("menuitem", { name: words("schedule_send") }).click();
  const when = desktop.page.getByRole("dialog", { name: words("schedule_send") });
  // A moment that is over is not taken.
  await when.getByLabel(words("when_date")).fill("2020-01-01");
  await when.getByRole("button", { name: words("schedule_confirm") }).click();
  await when.getByText(words("when_past")).waitFor();
  await when.getByRole("button", { name: words("when_tomorrow") }).click();
  await desktop.page.waitForFunction(() => document.querySelector(".composer textarea").value === "");
  await desktop.page.locator(".composer").getByText("menu.pdf").waitFor({ state: "detached" });

  const phone = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
  await phone.page.goto("/a/scheduled");
  const waiting = pane(phone.page, "main").locator("article", { hasText: "Lunch at noon" });
  await waiting.getByText("menu.pdf").waitFor();
  await sound(phone.page, "scheduled");
  await phone.picture("later-scheduled-phone-light");
  const korean = wordsOf("ko");
  await waiting.getByRole("button", { name: korean("action_edit") }).click();
  const dialog = phone.page.getByRole("dialog");
  await dialog.getByLabel(korean("schedule_text")).fill("Lunch at one");
  await dialog.getByRole("button", { name: korean("save") }).click();
  const changed = pane(phone.page, "main").locator("article", { hasText: "Lunch at one" });
  await changed.getByRole("button", { name: korean("schedule_now") }).click();
  await phone.page.getByText(korean("scheduled_empty")).waitFor();
  await hears(desktop.page, "Lunch at one");
  await row(desktop.page, "Lunch at one").getByText("menu.pdf").waitFor();
  assert.equal(await desktop.page.locator("article", { hasText: "Lunch at" }).count(), 1);

  // Joon is taken out before his message goes.
  const joon = house.who("joon");
  const body = { space, text: "Too late", at: micros(4) };
  await joon.door.call("PUT /scheduled/{id}", { id: "too-late", body });
  await house.who("nari").door.call("DELETE /spaces/{id}/members/{person}", { id: space, person: joon.id });
  const his = await house.seat("joon", { viewport: DESKTOP });
  await his.page.goto("/a/scheduled");
  await his.page.getByText(words("schedule_refused_out")).waitFor();
  await sound(his.page, "scheduled and refused");
  await his.picture("later-refused-desktop-light");
  await his.page.getByRole("button", { name: words("schedule_remove") }).click();
  await his.page.getByText(words("scheduled_empty")).waitFor();
  await say(desktop.page, "Still here");
  await enter(desktop.page, "Kitchen");
});
