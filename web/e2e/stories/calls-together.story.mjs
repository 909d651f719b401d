// A call of three in a space: who speaks, hands and reactions, the chat beside it, a shared screen that everybody
// draws on, and what the host can do.
import { joinByLink } from "../harness/arrive.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, controls, equip, hearsNoVoice, hearsVoice, joinCall, press, seesFace, startCall } from "../harness/calls.mjs";
import { accessible, sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

async function three(house, title) {
  const space = await house.room(title, ["joon", "mina"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  const mina = await house.seat("mina", { viewport: DESKTOP, colorScheme: "dark" });
  for (const person of [nari, joon, mina]) {
    await equip(person);
    await person.page.goto(`/s/${space}`);
    await box(person.page).waitFor();
  }
  await startCall(nari.page);
  await Promise.all([joinCall(joon.page), joinCall(mina.page)]);
  return { nari, joon, mina, space };
}

/** Opens what a small screen keeps behind "more". */
async function more(page, name) {
  await press(page, "call_more");
  await page.getByRole("dialog", { name: words("call_more") }).getByRole("button", { name: words(name), exact: true }).click();
}

story("three people hear and see each other, raise hands, react, and write beside it", async (house) => {
  const { nari, joon, mina } = await three(house, "Harvest");
  for (const [one, others] of [[nari, ["joon", "mina"]], [joon, ["nari", "mina"]], [mina, ["nari", "joon"]]]) {
    for (const other of others) {
      await hearsVoice(one.page, other);
      await seesFace(one.page, other);
    }
  }
  await sound(nari.page, "a call of three at a desk");
  await sound(joon.page, "a call of three on a phone");
  await nari.picture("three-desktop");
  await joon.picture("three-phone");

  await more(joon.page, "call_hand_up");
  await nari.page.locator(".tile", { hasText: "Joon" }).getByRole("img", { name: words("call_hand_is_up") }).waitFor();
  await press(nari.page, "call_react");
  await nari.page.getByRole("button", { name: words("call_react_with", { emoji: "🎉" }) }).click();
  await joon.page.locator(".flying").getByText("🎉").waitFor();
  await joon.picture("three-reaction-phone");

  await press(joon.page, "call_chat");
  const beside = joon.page.getByRole("complementary", { name: words("call_chat") });
  await beside.locator("textarea").fill("The apples are ripe");
  await sound(joon.page, "the chat beside a call on a phone");
  await joon.picture("three-chat-phone");
  await beside.getByRole("button", { name: words("send"), exact: true }).click();
  await press(mina.page, "call_chat");
  await mina.page.getByRole("complementary", { name: words("call_chat") }).getByText("The apples are ripe").waitFor();
  await accessible(mina.page, "the chat beside a call, dark");
  await mina.picture("three-chat-desktop-dark");
  await beside.getByRole("button", { name: words("close"), exact: true }).click();

  await joon.page.getByRole("button", { name: words("call_pin", { name: "Mina" }) }).click();
  await joon.page.getByRole("button", { name: words("call_unpin", { name: "Mina" }) }).waitFor();
  await sound(joon.page, "one large on a phone");
  await joon.picture("three-speaker-phone");
  await press(joon.page, "call_more");
  await sound(joon.page, "more for a call on a phone");
  await joon.picture("three-more-phone");
  await joon.page.keyboard.press("Escape");
  for (const { page } of [nari, joon, mina]) await press(page, "call_leave");
  await hears(nari.page, "The apples are ripe");
});

story("nari shares her screen, joon draws on it from his phone, and everybody sees it", async (house) => {
  const { nari, joon, mina } = await three(house, "Plans");
  await hearsVoice(nari.page, "joon");
  await press(nari.page, "call_share");
  const shown = (page) => page.locator(".screen video");
  await joon.page.waitForFunction(() => document.querySelector(".screen video")?.videoWidth > 0);
  await joon.page.getByRole("button", { name: words("call_draw") }).click();
  await joon.page.getByRole("button", { name: words("call_ink_stay") }).click();
  const frame = await shown(joon.page).boundingBox();
  const at = (x, y) => [frame.x + frame.width * x, frame.y + frame.height * y];
  await joon.page.mouse.move(...at(0.3, 0.5));
  await joon.page.mouse.down();
  for (let step = 1; step <= 10; step++) await joon.page.mouse.move(...at(0.3 + step * 0.04, 0.5));
  await joon.page.mouse.up();
  await Promise.all([nari, mina].map(({ page }) => page.waitForFunction(drawn)));
  await sound(joon.page, "a shared screen on a phone");
  await joon.picture("screen-ink-phone");
  await mina.picture("screen-ink-desktop-dark");
  await joon.page.getByRole("button", { name: words("call_ink_undo") }).click();
  await Promise.all([nari, mina].map(({ page }) => page.waitForFunction(blankAgain)));
  await press(nari.page, "call_share_stop");
  await joon.page.getByRole("toolbar", { name: words("call_ink_tools") }).waitFor({ state: "detached" });
  for (const { page } of [nari, joon, mina]) await press(page, "call_leave");
});

// Run in the page: whether something is drawn in the middle of the shared screen, or nothing is.
function drawn() {
  const canvas = document.querySelector(".screen canvas");
  if (!canvas?.width) return false;
  const [, , , alpha] = canvas.getContext("2d").getImageData(Math.round(canvas.width / 2), Math.round(canvas.height / 2), 1, 1).data;
  return alpha > 200;
}
function blankAgain() {
  const canvas = document.querySelector(".screen canvas");
  const [, , , alpha] = canvas.getContext("2d").getImageData(Math.round(canvas.width / 2), Math.round(canvas.height / 2), 1, 1).data;
  return alpha === 0;
}

story("the host mutes, locks, hands over and ends a call", async (house) => {
  const { nari, joon, mina } = await three(house, "Assembly");
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(mina.page, "joon")]);
  await press(nari.page, "call_people");
  const people = nari.page.getByRole("complementary", { name: words("call_people") });
  const about = async (name, deed) => {
    await people.getByRole("button", { name: words("call_host_of", { name }) }).click();
    await nari.page.getByRole("menuitem", { name: words(deed) }).click();
  };
  await sound(nari.page, "the people of a call");
  await nari.picture("people-desktop");
  await about("Joon", "call_host_mute");
  await joon.page.getByText(words("call_muted_by_host")).waitFor();
  await Promise.all([hearsNoVoice(mina.page, "joon"), hearsNoVoice(nari.page, "joon")]);
  // He is asked to speak, and by his own hand he is heard again.
  await about("Joon", "call_host_ask");
  await joon.page.getByText(words("call_asked_to_unmute")).waitFor();
  await joon.page.getByRole("button", { name: words("call_unmute"), exact: true }).click();
  await hearsVoice(mina.page, "joon");

  await people.getByRole("switch", { name: words("call_host_lock") }).click();
  await mina.page.getByRole("img", { name: words("call_host_locked") }).waitFor();
  await about("Mina", "call_host_remove");
  await mina.page.getByText(words("call_removed")).waitFor();
  await controls(mina.page).waitFor({ state: "detached" });
  await hearsNoVoice(joon.page, "mina");

  await about("Joon", "call_host_hand_over");
  await more(joon.page, "call_people");
  const his = joon.page.getByRole("complementary", { name: words("call_people") });
  await his.getByRole("button", { name: words("call_host_end") }).click();
  await sound(joon.page, "the host's people on a phone");
  await joon.picture("people-host-phone");
  await his.getByRole("button", { name: words("call_host_end") }).click();
  await Promise.all([nari, joon].map(({ page }) => controls(page).waitFor({ state: "detached" })));
  await pane(nari.page, "main").getByRole("log").locator(".call").last().getByText(/Joon/).waitFor();
});

story("dara, who came by a link, waits before the door of a call until nari lets her in", async (house) => {
  const space = await house.room("Doorstep", []);
  const { link } = await house.who("nari").door.call("POST /spaces/{id}/links", { id: space, body: {} });
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const dara = await house.person("dara", { viewport: PHONE });
  for (const person of [nari, dara]) await equip(person);
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  await startCall(nari.page);
  await joinByLink(dara.page, new URL(link.url).pathname, "Dara");
  await joinCall(dara.page);
  await dara.page.getByText(words("call_waiting_room")).waitFor();
  await sound(dara.page, "before the door of a call");
  await dara.picture("waiting-room-phone");
  await nari.page.getByText(words("call_knocks", { who: "Dara" })).waitFor();
  await nari.picture("knocks-desktop");
  await nari.page.getByRole("button", { name: words("call_admit"), exact: true }).click();
  await Promise.all([hearsVoice(nari.page, "dara"), hearsVoice(dara.page, "nari"), seesFace(nari.page, "dara"), seesFace(dara.page, "nari")]);
  for (const { page } of [dara, nari]) await press(page, "call_leave");
});
