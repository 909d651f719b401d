// Catching up: a deck of what waits, by keys and by a finger, taken back; and where a space stands for whoever comes new.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const korean = wordsOf("ko");

story("what waits is gone through card by card, and the last step is taken back", async (house) => {
  await house.welcome("joon");
  const joon = house.who("joon").door;
  const spaces = [];
  for (const title of ["Alpha", "Beta", "Gamma"]) {
    const space = await house.room(title, ["joon"]);
    spaces.push(space);
    for (const text of [`first of ${title}`, `second of ${title}`]) await joon.post(space, text);
  }
  await joon.post(spaces[0], `<@${house.who("nari").id}> look here`);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto("/a/catch-up");
  const main = pane(nari.page, "main");
  const card = (title) => main.getByRole("article", { name: title });
  await card("Alpha").getByText("first of Alpha").waitFor(); // who is named comes first
  await sound(nari.page, "catch up");
  await nari.picture("catch-up-desktop-light");
  await nari.page.keyboard.press("ArrowRight");
  await card("Gamma").waitFor();
  await nari.page.keyboard.press("ArrowLeft");
  await card("Beta").waitFor();
  await nari.page.keyboard.press("z");
  await card("Gamma").waitFor();
  await main.getByRole("button", { name: words("catch_up_read") }).click();
  await card("Beta").waitFor();
  await main.getByRole("button", { name: words("catch_up_keep") }).click();
  await main.getByText(words("catch_up_sum", { read: 2, kept: 1 })).waitFor();
  // The other device knows: only what was kept is there, and a finger pushes it away.
  const phone = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
  await phone.page.goto("/a/catch-up");
  const last = pane(phone.page, "main").getByRole("article", { name: "Beta" });
  await last.getByText("second of Beta").waitFor();
  await phone.page.getByText(korean("catch_up_at", { at: 1, count: 1 })).waitFor();
  await sound(phone.page, "catch up on a phone");
  await phone.picture("catch-up-phone-light");
  const place = await last.boundingBox();
  const finger = await phone.page.context().newCDPSession(phone.page);
  const point = (x) => [{ x: place.x + x, y: place.y + 40 }];
  await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: point(60) });
  for (const x of [100, 150, 200]) await finger.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: point(x) });
  await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await phone.page.getByText(korean("catch_up_done")).waitFor();
  await nari.page.goto("/");
  await nari.page.waitForFunction(() => !document.querySelector("[data-pane=list] li .badge"));
});

story("whoever comes new sees where a space stands, and nothing that is not in its log", async (house) => {
  const space = await house.room("Launch", ["joon"]);
  const nari = house.who("nari").door;
  const joon = house.who("joon").door;
  for (let n = 1; n <= 14; n++) await nari.post(space, `note ${n}`);
  const plan = await nari.post(space, "We launch on Friday");
  await joon.react(space, plan, "✅");
  await nari.post(space, `<@${house.who("joon").id}> please send the offer`);
  await nari.post(space, "Who speaks first?");
  await house.welcome("mina");
  await nari.call("POST /spaces/{id}/members", { id: space, body: { person: house.who("mina").id } });
  const mina = await house.seat("mina", { viewport: DESKTOP });
  await mina.page.goto(`/s/${space}`);
  await mina.page.getByRole("link", { name: words("standing_offer") }).click();
  const side = pane(mina.page, "side");
  await side.getByText("We launch on Friday").waitFor();
  await side.getByText("Who speaks first?").waitFor();
  await side.getByText(words("standing_waits", { who: "Nari", whom: "Joon" })).waitFor();
  await sound(mina.page, "where it stands");
  await mina.picture("standing-desktop-light");
  // It follows the log: an answer takes the question away.
  await joon.post(space, "I do, and the offer is out");
  await side.getByText("Who speaks first?").waitFor({ state: "detached" });
  assert.equal(await side.getByText(words("standing_waits", { who: "Nari", whom: "Joon" })).count(), 0);
  await side.getByText("We launch on Friday").click();
  await hears(mina.page, "We launch on Friday");
  const phone = await house.seat("mina", { viewport: PHONE, locale: "ko-KR" });
  await phone.page.emulateMedia({ colorScheme: "dark" });
  await phone.page.goto(`/s/${space}/now`);
  await pane(phone.page, "side").getByText("We launch on Friday").waitFor();
  await sound(phone.page, "where it stands on a phone in the dark");
  await phone.picture("standing-phone-dark");
});
