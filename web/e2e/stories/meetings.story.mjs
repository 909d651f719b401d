// Meetings: planned on a phone in Seoul, read at a desk in Berlin, joined from the card, and cancelled.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, controls, equip, hearsVoice, press } from "../harness/calls.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");
const card = (page, title) => pane(page, "main").getByRole("article", { name: words("meeting_named", { title }) });
const dialog = (page, name) => page.getByRole("dialog", { name, exact: true });

/** nari with a phone in Seoul and joon at a desk in Berlin, in a room of theirs. */
async function pair(house, title, { korean = false } = {}) {
  const space = await house.room(title, ["joon"]);
  const nari = await house.seat("nari", { viewport: PHONE, ...(korean && { locale: "ko-KR" }) });
  const joon = await house.seat("joon", { viewport: DESKTOP, timezone: "Europe/Berlin" });
  for (const one of [nari, joon]) {
    await equip(one);
    await one.page.goto(`/s/${space}`);
    await box(one.page).waitFor();
  }
  return [nari, joon, space];
}

story("nari plans on her phone, joon sees his own time, one is left out, and all of it is cancelled", async (house) => {
  const [nari, joon] = await pair(house, "Seeds");
  await nari.page.getByRole("button", { name: words("call_start"), exact: true }).click();
  await nari.page.getByRole("menuitem", { name: words("meeting_plan") }).click();
  const form = dialog(nari.page, words("meeting_plan"));
  await form.getByLabel(words("meeting_title")).fill("Choosing seeds");
  await form.getByLabel(words("when_date"), { exact: true }).fill("2032-03-02");
  await form.getByLabel(words("when_time"), { exact: true }).fill("17:00");
  await form.getByLabel(words("meeting_repeat"), { exact: true }).selectOption("week");
  await sound(nari.page, "planning a meeting on a phone");
  await nari.picture("meeting-plan-phone");
  await form.getByRole("button", { name: words("meeting_plan_do"), exact: true }).click();
  await form.waitFor({ state: "detached" });
  await card(nari.page, "Choosing seeds").getByText("5:00 pm").waitFor();
  // In Berlin it is nine in the morning, and the card says whose clock it was planned on.
  const his = card(joon.page, "Choosing seeds");
  await his.getByText("9:00 am").waitFor();
  await his.getByText(words("meeting_zone", { time: "5:00 pm", place: "Seoul" })).waitFor();
  await his.getByText(words("meeting_every_week", { days: "Tuesday" })).waitFor();
  await sound(joon.page, "a planned meeting in its space");
  await joon.picture("meeting-card-desktop");

  // In the place of calls it stands for both; joon may put it into his calendar, and not change it.
  await joon.page.goto("/c");
  await pane(joon.page, "list").getByRole("button", { name: "Choosing seeds" }).click();
  const his_details = dialog(joon.page, "Choosing seeds");
  const link = his_details.getByRole("link", { name: words("meeting_to_calendar") });
  const file = await joon.page.request.get(await link.getAttribute("href"));
  assert.match(await file.text(), /RRULE:FREQ=WEEKLY;BYDAY=TU\r\n/);
  assert.equal(await his_details.getByRole("button", { name: words("meeting_cancel") }).count(), 0);
  await sound(joon.page, "what one knows of a meeting");
  await joon.picture("meeting-details-desktop");
  await his_details.getByRole("button", { name: words("close") }).click();

  await card(nari.page, "Choosing seeds").getByRole("button", { name: words("meeting_details") }).click();
  const details = dialog(nari.page, "Choosing seeds");
  await details.getByText("Mar 2,").first().waitFor();
  await details.getByRole("listitem").first().getByRole("button").click();
  await nari.page.getByRole("menuitem", { name: words("meeting_leave_out") }).click();
  await details.getByRole("listitem").first().getByText("Mar 9,").waitFor();
  await sound(nari.page, "a series on a phone");
  await nari.picture("meeting-details-phone");
  await details.getByRole("button", { name: words("meeting_cancel"), exact: true }).click();
  await details.getByText(words("meeting_cancel_all_question")).waitFor();
  await details.getByRole("button", { name: words("meeting_cancel"), exact: true }).click();
  await details.waitFor({ state: "detached" });
  await pane(nari.page, "main").getByText(words("meeting_notice_cancelled", { who: "Nari", title: "Choosing seeds" })).waitFor();
  await pane(joon.page, "list").getByText(words("meetings_none")).waitFor();
});

story("a meeting that begins is told above every screen, and both meet without a ring", async (house) => {
  const [nari, joon, space] = await pair(house, "Harvest");
  await joon.page.goto("/me");
  const local = new Date(Date.now() + 4_000).toISOString().slice(0, 19);
  const body = { client_id: "harvest", title: "Harvest plan", start: local, zone: "UTC", minutes: 30, remind: 0, people: [], guests: [] };
  await house.who("nari").door.call("POST /spaces/{id}/meetings", { id: space, body });
  const near = joon.page.getByRole("status").filter({ hasText: "Harvest plan" });
  await near.getByText(words("meeting_now")).waitFor();
  await sound(joon.page, "a meeting that begins");
  await joon.picture("meeting-near-desktop");
  await near.getByRole("button", { name: words("call_join") }).click();
  await dialog(joon.page, words("call_lobby_start")).getByRole("button", { name: words("call_lobby_begin"), exact: true }).click();
  await controls(joon.page).waitFor();
  await card(nari.page, "Harvest plan").getByRole("button", { name: words("call_join") }).click();
  await dialog(nari.page, words("call_lobby_join")).getByRole("button", { name: words("call_join"), exact: true }).click();
  await controls(nari.page).waitFor();
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari")]);
  for (const { page } of [nari, joon]) await press(page, "call_leave");
});

story("나리는 새 통화 링크를 만들고, 캘린더 주소를 만들었다가 없앤다", async (house) => {
  const [nari] = await pair(house, "새 밭", { korean: true });
  const korean = wordsOf("ko");
  const { page } = nari;
  await page.goto("/c");
  await pane(page, "list").getByRole("button", { name: korean("call_link_new") }).click();
  const made = dialog(page, korean("call_link_new"));
  await made.getByLabel(korean("call_link_space_name")).fill("손님과 통화");
  await made.getByRole("button", { name: korean("call_link_make") }).click();
  assert.match(await made.getByLabel(korean("call_link"), { exact: true }).inputValue(), /\/j\/[\w-]+$/);
  await sound(page, "a link for a new call");
  await made.getByRole("button", { name: korean("close") }).click();
  await pane(page, "list").getByRole("button", { name: korean("calendar_connect") }).click();
  const feed = dialog(page, korean("calendar_connect"));
  await feed.getByRole("button", { name: korean("calendar_make") }).click();
  const address = await feed.getByLabel(korean("calendar_address")).inputValue();
  assert.match(await (await page.request.get(address)).text(), /^BEGIN:VCALENDAR\r\n/);
  await sound(page, "the address of a calendar");
  await nari.picture("calendar-phone");
  await feed.getByRole("button", { name: korean("calendar_end") }).click();
  await feed.getByRole("button", { name: korean("calendar_make") }).waitFor();
  assert.equal((await page.request.get(address)).status(), 404);
});
