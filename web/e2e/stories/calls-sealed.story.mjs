// End-to-end encrypted calls in real browsers: everybody in one hears and sees the others and reads the same code, and
// whoever listens at the server without a key gets noise.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, controls, equip, hearsNoVoice, hearsVoice, joinCall, press, seesFace, startCall } from "../harness/calls.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";
import { listens } from "../harness/wiretap.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** Who sits before an open space, with a camera and a microphone of their own. */
async function seated(house, space, name, how) {
  const person = await house.seat(name, how);
  await equip(person);
  await person.page.goto(`/s/${space}`);
  await box(person.page).waitFor();
  return person;
}

/** Begins a call that is end-to-end encrypted. */
async function startSealed(page) {
  await page.getByRole("button", { name: words("call_video"), exact: true }).click();
  const lobby = page.getByRole("dialog", { name: words("call_lobby_start") });
  await lobby.getByRole("switch", { name: words("call_seal") }).click();
  await sound(page, "a lobby for an encrypted call");
  await lobby.getByRole("button", { name: words("call_lobby_begin"), exact: true }).click();
  await controls(page).waitFor();
}

const sheet = (page) => page.getByRole("dialog", { name: words("call_seal_title") });

/** The safety code, once it is for that many people. */
async function code(page, people) {
  await page.getByRole("button", { name: words("call_seal_show") }).click();
  await page.locator(`[data-code][data-members="${people}"]`).waitFor();
  const read = (await page.locator("[data-code]").innerText()).replace(/\s+/g, " ").trim();
  await page.keyboard.press("Escape");
  await sheet(page).waitFor({ state: "detached" });
  return read;
}

story("three people in an encrypted call hear and see each other and read one code; who leaves has no key any more", async (house) => {
  const space = await house.room("Council", ["joon", "mina"]);
  const nari = await seated(house, space, "nari", { viewport: DESKTOP });
  const joon = await seated(house, space, "joon", { viewport: PHONE });
  const mina = await seated(house, space, "mina", { viewport: DESKTOP, colorScheme: "dark" });
  await startSealed(nari.page);
  await joinCall(joon.page);
  await joinCall(mina.page);
  const pages = { nari: nari.page, joon: joon.page, mina: mina.page };
  for (const [me, page] of Object.entries(pages)) {
    for (const other of Object.keys(pages).filter((it) => it !== me)) {
      await hearsVoice(page, other);
      await seesFace(page, other);
    }
  }
  const codes = [await code(nari.page, 3), await code(joon.page, 3), await code(mina.page, 3)];
  assert.match(codes[0], /^(\d{5} ?){6}$/);
  assert.deepEqual(codes, [codes[0], codes[0], codes[0]]);
  await joon.page.getByRole("button", { name: words("call_seal_show") }).click();
  await sound(joon.page, "the safety code on a phone");
  await joon.picture("sealed-code-phone");
  await joon.page.keyboard.press("Escape");
  await nari.picture("sealed-desktop");

  // Who made the keys goes: the next one in line makes those of the next epoch.
  await press(nari.page, "call_leave");
  const after = [await code(joon.page, 2), await code(mina.page, 2)];
  assert.equal(after[0], after[1]);
  assert.notEqual(after[0], codes[0]);
  await hearsNoVoice(joon.page, "nari");
  await Promise.all([hearsVoice(joon.page, "mina"), hearsVoice(mina.page, "joon"), seesFace(joon.page, "mina"), seesFace(mina.page, "joon")]);

  // She comes back, with keys of her own.
  await joinCall(nari.page);
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(mina.page, "nari"), seesFace(nari.page, "mina")]);
  assert.equal(await code(nari.page, 3), await code(joon.page, 3));
  for (const page of Object.values(pages)) await press(page, "call_leave");
});

story("an encrypted call is one again after the server was started anew", async (house) => {
  const space = await house.room("Vault", ["joon"]);
  const nari = await seated(house, space, "nari", { viewport: DESKTOP });
  const joon = await seated(house, space, "joon", { viewport: PHONE });
  await startSealed(nari.page);
  await joinCall(joon.page);
  await Promise.all([hearsVoice(nari.page, "joon"), seesFace(joon.page, "nari")]);
  const before = await code(nari.page, 2);
  await house.server.restart();
  await nari.page.getByText(words("call_reconnecting")).waitFor();
  await nari.page.getByText(words("call_reconnecting")).waitFor({ state: "detached" });
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);
  const after = await code(nari.page, 2);
  assert.notEqual(after, before);
  assert.equal(await code(joon.page, 2), after);
  for (const { page } of [nari, joon]) await press(page, "call_leave");
});

story("who listens at the server sees an open call, and of an encrypted one nothing but noise", async (house) => {
  const space = await house.room("Market", ["joon", "mina"]);
  const nari = await seated(house, space, "nari", { viewport: DESKTOP });
  const tap = await seated(house, space, "mina", { viewport: DESKTOP });
  await startCall(nari.page);
  const open = await listens(tap.page, space, "nari");
  assert.ok(open.recognised > 20, `an open call is seen: ${JSON.stringify(open)}`);
  assert.ok(open.unevenness > 2, `its bytes have a shape: ${JSON.stringify(open)}`);
  await press(nari.page, "call_leave");
  await nari.page.locator(".running").waitFor({ state: "detached" });

  const joon = await seated(house, space, "joon", { viewport: PHONE });
  await startSealed(nari.page);
  await joinCall(joon.page);
  await seesFace(joon.page, "nari");
  const sealed = await listens(tap.page, space, "nari");
  assert.ok(sealed.frames > 50, `pictures come to the tap: ${JSON.stringify(sealed)}`);
  assert.equal(sealed.recognised, 0);
  assert.ok(sealed.unevenness < 1.4, `they are noise: ${JSON.stringify(sealed)}`);
  assert.ok(sealed.heights.every((it) => [90, 180, 360].includes(it)), `what the server must read of a picture is clear: ${sealed.heights}`);
  // Those who have the key have seen and heard each other all the while.
  await Promise.all([hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon")]);
  for (const { page } of [nari, joon]) await press(page, "call_leave");
});

story("a browser that cannot encrypt is told so before it joins, and stays out", async (house) => {
  const space = await house.room("Archive", ["joon"]);
  const nari = await seated(house, space, "nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  await equip(joon);
  await joon.context.addInitScript(() => delete globalThis.RTCRtpScriptTransform);
  await joon.page.goto(`/s/${space}`);
  await startSealed(nari.page);
  await joon.page.locator(".running").getByRole("button", { name: words("call_join") }).click();
  const lobby = joon.page.getByRole("dialog", { name: words("call_lobby_join") });
  await lobby.getByRole("alert").filter({ hasText: words("call_seal_cannot_join") }).waitFor();
  assert.ok(await lobby.getByRole("button", { name: words("call_join"), exact: true }).isDisabled());
  await sound(joon.page, "a lobby that one cannot go through");
  await joon.picture("sealed-cannot-phone");
  await press(nari.page, "call_leave");
});
