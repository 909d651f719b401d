// Calls between two people in real browsers: each hears and sees the other, and nobody else.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, controls, equip, hearsNoVoice, hearsVoice, joinCall, press, ringing, seesFace, seesNoFace, startCall } from "../harness/calls.mjs";
import { accessible, colours, fits, sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** nari at a desk and somebody with a phone, in a conversation of theirs. */
async function pair(house, other, { trouble, ...how } = {}) {
  await house.welcome(other);
  const { space } = await house.who("nari").door.call("POST /directs", { body: { people: [house.who(other).id] } });
  const nari = await house.seat("nari", { viewport: DESKTOP, ...how });
  const guest = await house.seat(other, { viewport: PHONE, ...how });
  await equip(nari);
  await equip(guest, { trouble });
  for (const { page } of [nari, guest]) {
    await page.goto(`/s/${space.id}`);
    await box(page).waitFor();
  }
  return [nari, guest, space.id];
}

const history = (page) => pane(page, "main").getByRole("log");

story("nari calls joon, he answers, and each hears and sees the other", async (house) => {
  const [nari, joon] = await pair(house, "joon");
  await startCall(nari.page);
  await nari.page.getByText(words("call_calling", { who: "Joon" })).waitFor();
  await ringing(joon.page).waitFor();
  await sound(joon.page, "a ringing phone");
  await joon.picture("ring-phone");
  await ringing(joon.page).getByRole("button", { name: words("call_answer_video") }).click();
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);
  // Nobody hears themselves.
  await Promise.all([hearsNoVoice(nari.page, "nari"), hearsNoVoice(joon.page, "joon")]);
  await sound(nari.page, "a call at a desk");
  await sound(joon.page, "a call on a phone");
  await nari.picture("call-desktop");
  await joon.picture("call-phone");

  await press(joon.page, "call_mic_off");
  await hearsNoVoice(nari.page, "joon");
  await press(joon.page, "call_mic_on");
  await hearsVoice(nari.page, "joon");
  await press(joon.page, "call_camera_off");
  await seesNoFace(nari.page, "joon");
  await press(joon.page, "call_camera_on");
  await seesFace(nari.page, "joon");

  // She reads something else, and he is still heard.
  await nari.page.keyboard.press("Escape");
  const bar = nari.page.getByRole("region", { name: words("call_here") });
  await bar.waitFor();
  await pane(nari.page, "list").getByRole("link", { name: "General" }).first().click();
  await pane(nari.page, "main").locator("h1", { hasText: "General" }).waitFor();
  await hearsVoice(nari.page, "joon");
  await accessible(nari.page, "reading on beside a call");
  await nari.picture("call-bar-desktop");
  await bar.getByRole("button", { name: words("call_back") }).click();

  await press(nari.page, "call_leave");
  await controls(nari.page).waitFor({ state: "detached" });
  await hearsNoVoice(joon.page, "nari");
  await press(joon.page, "call_leave");
  await history(joon.page).getByText(words("call_notice_people", { names: "Joon" })).waitFor();
  await sound(joon.page, "a call in the history");
  await joon.picture("call-ended-phone");
});

story("mina's phone rings and her desk too; she answers at the desk, and the phone is still", async (house) => {
  const [nari, phone, space] = await pair(house, "mina");
  const desk = await house.seat("mina", { viewport: DESKTOP, colorScheme: "dark" });
  await equip(desk);
  await desk.page.goto("/");
  await pane(desk.page, "list").getByText("Nari").first().waitFor();
  await startCall(nari.page, "call_voice");
  await Promise.all([ringing(phone.page).waitFor(), ringing(desk.page).waitFor()]);
  await sound(desk.page, "a ringing desk");
  await desk.picture("ring-desktop-dark");
  await ringing(desk.page).getByRole("button", { name: words("call_answer_voice") }).click();
  await ringing(phone.page).waitFor({ state: "detached" });
  await Promise.all([hearsVoice(nari.page, "mina"), hearsVoice(desk.page, "nari")]);
  // On the phone it stands in the conversation, to be joined.
  await phone.page.locator(".running").getByRole("button", { name: words("call_join") }).waitFor();
  await sound(phone.page, "a call that runs");
  await phone.picture("running-phone");
  for (const { page } of [nari, desk]) await press(page, "call_leave");
  await phone.page.locator(".running").waitFor({ state: "detached" });
  assert.equal(new URL(phone.page.url()).pathname, `/s/${space}`);
});

story("joon declines with a message, and nari reads it; nobody came", async (house) => {
  const [nari, joon] = await pair(house, "joon");
  await startCall(nari.page);
  await ringing(joon.page).waitFor();
  await ringing(joon.page).getByRole("button", { name: words("call_reply_message") }).click();
  await sound(joon.page, "an answer in writing");
  await joon.picture("ring-reply-phone");
  await ringing(joon.page).getByRole("button", { name: words("call_reply_1") }).click();
  await ringing(joon.page).waitFor({ state: "detached" });
  await hears(joon.page, words("call_reply_1"));
  await press(nari.page, "call_leave");
  await hears(nari.page, words("call_reply_1"));
  await history(nari.page).locator(".call").last().getByText(words("call_notice_unanswered", { who: "Nari" })).waitFor();
});

story("a page asks before it is loaded anew in a call, and joins again", async (house) => {
  const [nari, joon] = await pair(house, "joon");
  await startCall(nari.page);
  await ringing(joon.page).getByRole("button", { name: words("call_answer_voice") }).click();
  await hearsVoice(nari.page, "joon");
  let asked = "";
  joon.page.on("dialog", (dialog) => {
    asked = dialog.type();
    void dialog.accept();
  });
  await joon.page.reload();
  assert.equal(asked, "beforeunload");
  await hearsNoVoice(nari.page, "joon");
  await joinCall(joon.page);
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari")]);
  for (const { page } of [nari, joon]) await press(page, "call_leave");
});

story("the server begins anew in the middle of a call, and both are back in it by themselves", async (house) => {
  const [nari, joon] = await pair(house, "joon");
  await startCall(nari.page);
  await ringing(joon.page).getByRole("button", { name: words("call_answer_video") }).click();
  await Promise.all([hearsVoice(nari.page, "joon"), seesFace(joon.page, "nari")]);
  await house.server.restart();
  // What is heard was sent after the restart: nobody knew them until they came again.
  await nari.page.getByText(words("call_reconnecting")).waitFor();
  await nari.picture("reconnecting-desktop");
  await nari.page.getByText(words("call_reconnecting")).waitFor({ state: "detached" });
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);
  for (const { page } of [nari, joon]) await press(page, "call_leave");
});

story("whoever may not use camera and microphone is told why, and listens", async (house) => {
  const [nari, joon] = await pair(house, "joon", { trouble: "NotAllowedError", locale: "ko-KR", colorScheme: "dark" });
  const korean = wordsOf("ko");
  await startCall(nari.page, "call_voice", "ko");
  await ringing(joon.page).getByRole("button", { name: korean("call_decline") }).click();
  await joon.page.locator(".running").getByRole("button", { name: korean("call_join") }).click();
  const lobby = joon.page.getByRole("dialog", { name: korean("call_lobby_join") });
  await lobby.getByRole("alert").filter({ hasText: korean("call_trouble_refused") }).first().waitFor();
  await accessible(joon.page, "a lobby without devices");
  await accessible(joon.page, "a lobby without devices, dark", colours);
  await fits(joon.page, "a lobby without devices");
  await joon.picture("lobby-refused-phone-ko-dark");
  await lobby.getByRole("button", { name: korean("call_join"), exact: true }).click();
  await hearsVoice(joon.page, "nari");
  await sound(joon.page, "a call without devices");
  await joon.picture("call-listening-phone-ko");
  for (const { page } of [nari, joon]) await press(page, "call_leave", "ko");
});
