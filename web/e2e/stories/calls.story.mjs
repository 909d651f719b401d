// Calls between two people in real browsers: each hears and sees the other, and nobody else.
import { callFlags, controls, equip, hearsNoVoice, hearsVoice, press, seesFace, seesNoFace, startCall } from "../harness/calls.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags, settings: { MEDIA_LISTEN: "127.0.0.1:0" } });
const words = wordsOf("en");

/** Two people at their devices in a conversation of theirs. */
async function pair(house, { joonAt = PHONE, ...how } = {}) {
  await house.welcome("joon");
  const { space } = await house.who("nari").door.call("POST /directs", { body: { people: [house.who("joon").id] } });
  const nari = await house.seat("nari", { viewport: DESKTOP, ...how });
  const joon = await house.seat("joon", { viewport: joonAt, ...how });
  for (const person of [nari, joon]) {
    await equip(person);
    await person.page.goto(`/s/${space.id}`);
    await box(person.page).waitFor();
  }
  return { nari, joon, space: space.id };
}

const ringing = (page) => page.getByRole("alertdialog");

story("nari calls joon, he answers, and each hears and sees the other", async (house) => {
  const { nari, joon } = await pair(house);
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

  await press(nari.page, "call_leave");
  await controls(nari.page).waitFor({ state: "detached" });
  await hearsNoVoice(joon.page, "nari");
  await press(joon.page, "call_leave");
  await nari.page.locator("[data-pane=main]").getByText(words("call_notice_people", { names: "Joon" })).waitFor();
});
