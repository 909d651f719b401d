// A call over a bad network, in real browsers: the media of one of two goes through a line that loses, delays, breaks
// and moves to another address.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, equip, hearsNoVoice, hearsVoice, joinCall, press, seesFace, startCall } from "../harness/calls.mjs";
import { leadsTo, listensForPort, openNetsim, portOf } from "../harness/netsim.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** More frames than can wait anywhere on the way: pictures move. */
const FRESH = 15;

/** Waits until the pictures that come into a page move, from here on. */
async function moves(page) {
  const before = await page.evaluate(frames);
  await page.waitForFunction(moved, before + FRESH, { polling: 100 });
}
// Run in the page.
function frames() {
  return [...document.querySelectorAll("video[data-track]")].reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0);
}
function moved(wanted) {
  const all = [...document.querySelectorAll("video[data-track]")];
  return all.reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0) >= wanted;
}

/** nari in a call on a good line, and joon before it, whose media will go through a network that is told how to be. */
async function callOver(house, title, seed, tell) {
  const space = await house.room(title, ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await equip(nari);
  await listensForPort(nari);
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  await startCall(nari.page);
  const line = await openNetsim(await portOf(nari.page), seed);
  try {
    const joon = await house.seat("joon", { viewport: PHONE });
    await equip(joon);
    await leadsTo(joon, line.port);
    await joon.page.goto(`/s/${space}`);
    await box(joon.page).waitFor();
    await tell(nari, joon, line);
    await press(joon.page, "call_leave");
    await press(nari.page, "call_leave");
  } finally {
    await line.close();
  }
}

const bothHearAndSee = (nari, joon) => Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);
const bothMove = (nari, joon) => Promise.all([moves(nari.page), moves(joon.page)]);

story("on a line that loses one of twenty packets, joon hears and sees, and is told how his connection is", (house) =>
  callOver(house, "Train", 7, async (nari, joon, line) => {
    await line.tell("both delay=60 jitter=20 loss=0.05");
    await joinCall(joon.page);
    await bothHearAndSee(nari, joon);
    await bothMove(nari, joon);
    const told = joon.page.getByRole("status").filter({ hasText: new RegExp(`${words("call_quality_fair")}|${words("call_quality_poor")}`) });
    await told.first().waitFor();
    await joon.picture("call-bad-line-phone");
  }));

// That media is back within three seconds is promised in virtual time (P68, crates/madang-media/src/call/tests); how long it
// took here is printed, for whoever looks.
story("after three seconds without any network media comes back, and a line that silently moved is found again", (house) =>
  callOver(house, "Lift", 8, async (nari, joon, line) => {
    await line.tell("both delay=30 jitter=5");
    await joinCall(joon.page);
    await bothHearAndSee(nari, joon);
    await bothMove(nari, joon);

    await line.tell("blackout 3");
    const dark = Date.now();
    await Promise.all([hearsNoVoice(nari.page, "joon"), hearsNoVoice(joon.page, "nari")]);
    await Promise.all([bothMove(nari, joon), bothHearAndSee(nari, joon)]);
    console.log(`media was back ${Date.now() - dark - 3_000} ms after the network`);

    await line.tell("move");
    const since = Date.now();
    await bothMove(nari, joon);
    await bothHearAndSee(nari, joon);
    console.log(`and ${Date.now() - since} ms after the move`);
    assert.match(await line.tell("report"), /^1 clients; up [1-9]/, "all of it went this way");
  }));
