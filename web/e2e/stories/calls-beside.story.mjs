// A call in a small window beside others, while its page is out of sight.
import assert from "node:assert/strict";
import { DESKTOP } from "../harness/browser.mjs";
import { callFlags, equip, hearsNoVoice, hearsVoice, joinCall, press, seesFace, startCall } from "../harness/calls.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags, settings: { MEDIA_LISTEN: "127.0.0.1:0" } });
const words = wordsOf("en");

story("nari takes the call along in a small window, mutes herself there, comes back and leaves", async (house) => {
  const space = await house.room("Orchard", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: DESKTOP });
  for (const seat of [nari, joon]) {
    await equip(seat);
    await seat.page.goto(`/s/${space}`);
    await box(seat.page).waitFor();
  }
  await startCall(nari.page);
  await joinCall(joon.page);
  await Promise.all([seesFace(nari.page, "joon"), hearsVoice(joon.page, "nari")]);

  const beside = async () => {
    const opened = nari.context.waitForEvent("page");
    await nari.page.getByRole("button", { name: words("call_beside"), exact: true }).click();
    const small = await opened;
    await small.getByRole("main").waitFor();
    return small;
  };
  let small = await beside();
  await seesFace(small, "joon");
  assert.equal(await small.title(), "Orchard");
  assert.equal(await small.evaluate(() => document.documentElement.lang), "en");
  // Dressed as the page is: its own colours, and pictures on its buttons.
  assert.notEqual(await small.locator("main").evaluate((it) => getComputedStyle(it).backgroundColor), "rgba(0, 0, 0, 0)");
  assert.ok(await small.getByRole("button", { name: words("call_mic_off") }).locator("use").evaluate((it) => it.getBoundingClientRect().width > 0));
  await sound(small, "the small window of a call");
  await press(small, "call_mic_off");
  await hearsNoVoice(joon.page, "nari");
  await press(small, "call_mic_on");
  await hearsVoice(joon.page, "nari");

  // Back to the page, where she reads on with the call as a bar; the small window comes from there too.
  const gone = small.waitForEvent("close");
  await press(small, "call_back");
  await gone;
  await nari.page.keyboard.press("Escape");
  await nari.page.getByRole("region", { name: words("call_here") }).waitFor();
  small = await beside();
  await seesFace(small, "joon");

  // It ends with the call.
  const over = small.waitForEvent("close");
  await press(small, "call_leave");
  await over;
  await nari.page.getByRole("region", { name: words("call_here") }).waitFor({ state: "detached" });
});

story("where the browser has neither window nor picture for it, nothing is offered", async (house) => {
  const space = await house.room("Quiet", []);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await equip(nari);
  await nari.context.addInitScript(() => {
    delete globalThis.documentPictureInPicture;
    Object.defineProperty(Document.prototype, "pictureInPictureEnabled", { get: () => false });
  });
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  await startCall(nari.page);
  await press(nari.page, "call_more");
  await nari.page.getByRole("dialog").getByText(words("call_low_data")).first().waitFor();
  assert.equal(await nari.page.getByText(words("call_beside")).count(), 0);
  assert.equal(await nari.page.getByRole("button", { name: words("call_beside") }).count(), 0);
});
