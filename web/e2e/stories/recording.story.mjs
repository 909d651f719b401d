// A call that is recorded: everybody is told, and what was said and shown comes into the space as files that play.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, equip, hearsVoice, people, press, ringing, seesFace, startCall } from "../harness/calls.mjs";
import { colourAt, complaints, probed, toneAt } from "../harness/film.mjs";
import { accessible } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");
const like = (colour, name) => Math.hypot(...colour.map((part, at) => part - people[name].colour[at])) < 60;

/** Waits until the history of a space has so many messages with files, and gives them. */
async function messages(door, space, count) {
  const until = Date.now() + 60_000;
  for (;;) {
    const { events } = await door.call("GET /spaces/{id}/events", { id: space, query: { after: 0, limit: 100 } });
    const found = events.filter((it) => it.type === "message.posted" && it.body.files?.length);
    if (found.length >= count) return { events, found };
    assert.ok(Date.now() < until, `in vain: ${JSON.stringify(events.map((it) => [it.type, it.body]))}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

story("nari records a call with joon: both are told, and the space has all that was said and shown", async (house) => {
  await house.welcome("joon");
  const { door } = house.who("nari");
  const { space } = await door.call("POST /directs", { body: { people: [house.who("joon").id] } });
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  for (const seat of [nari, joon]) {
    await equip(seat);
    await seat.page.goto(`/s/${space.id}`);
    await box(seat.page).waitFor();
  }
  await startCall(nari.page);
  await ringing(joon.page).getByRole("button", { name: words("call_answer_video") }).click();
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);

  await press(nari.page, "call_more");
  await nari.page.getByRole("dialog", { name: words("call_more") }).getByRole("button", { name: words("call_record") }).click();
  const told = { nari: nari.page.getByRole("status").filter({ hasText: words("call_recording_by_you") }), joon: joon.page.getByRole("status").filter({ hasText: words("call_recording_by", { who: "Nari" }) }) };
  await Promise.all([told.nari.waitFor(), told.joon.waitFor()]);
  await accessible(joon.page, "a call that is recorded");
  await nari.picture("call-recorded-desktop");
  await joon.picture("call-recorded-phone");
  assert.equal(await joon.page.getByRole("button", { name: words("call_record_stop") }).count(), 0, "only the host stops it");
  // As long as people talk: it is what is in the files that counts.
  await nari.page.waitForFunction((since) => Date.now() - since > 6_000, Date.now(), { polling: 200 });
  await nari.page.getByRole("button", { name: words("call_record_stop") }).click();
  await Promise.all([told.nari.waitFor({ state: "detached" }), told.joon.waitFor({ state: "detached" })]);
  await press(joon.page, "call_leave");
  await press(nari.page, "call_leave");

  const { events, found } = await messages(door, space.id, 2);
  const ended = events.find((it) => it.type === "recording.ended");
  assert.equal(ended.body.why, "asked");
  assert.ok(ended.body.lasted_us > 5e6 && ended.body.lasted_us < 30e6, JSON.stringify(ended.body));
  const [tracks, film] = found;
  assert.deepEqual([tracks.author, film.author, film.body.thread], [house.who("nari").id, house.who("nari").id, tracks.seq]);

  const folder = mkdtempSync(join(tmpdir(), "madang-recording-"));
  try {
    const fetched = {};
    for (const { id, name } of [...tracks.body.files, ...film.body.files]) writeFileSync((fetched[name] = join(folder, name)), await door.bytes(id));
    const manifest = JSON.parse(await door.bytes(tracks.body.files.find(({ name }) => name === "manifest.json").id));
    assert.equal(manifest.tracks.length, 4, JSON.stringify(manifest));
    for (const name of ["Nari", "Joon"]) {
      const camera = probed(fetched[`${name} - camera.webm`]);
      const voice = probed(fetched[`${name} - microphone.webm`]);
      assert.deepEqual([camera.streams[0].codec, voice.streams[0].codec], ["vp8", "opus"]);
      assert.ok(camera.seconds > 3.5 && camera.streams[0].frames > 50, JSON.stringify(camera));
      assert.ok(voice.seconds > 4.5 && voice.streams[0].frames > 200, JSON.stringify(voice));
      assert.equal(complaints(fetched[`${name} - camera.webm`]), "");
      assert.equal(complaints(fetched[`${name} - microphone.webm`]), "");
      assert.ok(like(colourAt(fetched[`${name} - camera.webm`], 1), name.toLowerCase()), `the colour of ${name}`);
      assert.ok(toneAt(fetched[`${name} - microphone.webm`], 2, people[name.toLowerCase()].tone) > 0.5, `the tone of ${name}`);
    }
    const whole = fetched["call.mp4"];
    const { streams, seconds } = probed(whole);
    assert.deepEqual(streams.map(({ codec }) => codec).sort(), ["aac", "h264"]);
    assert.ok(Math.abs(seconds - ended.body.lasted_us / 1e6) < 1, `${seconds} s`);
    assert.equal(complaints(whole), "");
    // Two beside each other, in order of their coming, and both voices.
    const faces = ["iw/8:ih/8:iw*3/16:ih*7/16", "iw/8:ih/8:iw*11/16:ih*7/16"].map((crop) => colourAt(whole, 4, crop));
    assert.ok(["nari", "joon"].every((name) => faces.some((colour) => like(colour, name))), JSON.stringify(faces));
    for (const name of ["nari", "joon"]) assert.ok(toneAt(whole, 3, people[name].tone) > 0.2, `the voice of ${name} in the film`);
  } finally {
    rmSync(folder, { recursive: true });
  }

  // In the history it is told, and it plays where it stands.
  const history = pane(nari.page, "main").getByRole("log");
  await history.getByText(words("recording_started", { who: "Nari" })).waitFor();
  await history.locator('video[aria-label="call.mp4"]').waitFor();
  await nari.page.waitForFunction(() => document.querySelector('video[aria-label="call.mp4"]')?.duration > 5);
  await nari.picture("recording-in-the-space");
});

story("the server is killed while mina's call is recorded: what was said until two seconds before is in the space", async (house) => {
  await house.welcome("mina");
  const { door } = house.who("nari");
  const { space } = await door.call("POST /directs", { body: { people: [house.who("mina").id] } });
  const mina = await house.seat("mina", { viewport: DESKTOP });
  await equip(mina);
  await mina.page.goto(`/s/${space.id}`);
  await box(mina.page).waitFor();
  await startCall(mina.page);
  // The call stands on her screen before the server has let her in, and only who is in it hosts it.
  await mina.page.getByText(words("call_calling", { who: "Nari" })).first().waitFor();
  const { calls } = await door.call("GET /calls");
  const { call } = await house.who("mina").door.call("PUT /calls/{call}/recording", { call: calls.find((it) => it.space === space.id).id });
  await mina.page.getByRole("status").filter({ hasText: words("call_recording_by_you") }).waitFor();
  await mina.page.waitForFunction((since) => Date.now() - since > 6_000, Date.now(), { polling: 100 });
  await house.server.stop("SIGKILL");
  const killed = Date.now();
  await house.server.start();
  const { events, found } = await messages(door, space.id, 1);
  const { body } = events.find((it) => it.type === "recording.ended");
  assert.equal(body.why, "cut_off");
  const lost = killed - (call.recording.at + body.lasted_us) / 1000;
  assert.ok(lost < 2_000, `${lost} ms are lost`);
  const folder = mkdtempSync(join(tmpdir(), "madang-recording-"));
  try {
    for (const { id, name } of found[0].body.files.filter((it) => it.name.endsWith(".webm"))) {
      const path = join(folder, name);
      writeFileSync(path, await door.bytes(id));
      assert.equal(complaints(path), "", name);
      const { seconds } = probed(path);
      assert.ok(seconds > 3, `${name} has ${seconds} s`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
