// An agent's face on somebody else's page. The visitor is heard and never seen: not asked for a camera, and a client that
// sends one all the same is refused by the media server.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, controls, equip, hearsVoice, press, seesFace, seesNoFace } from "../harness/calls.mjs";
import { agentAt, help, inFrame, openDesk } from "../harness/desk.mjs";
import { accessible, sound } from "../harness/look.mjs";
import { openShop } from "../harness/shop.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** What the page asked of its devices. Runs in the page, around the devices of `equip`. */
function watchDevices() {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  globalThis.__asked = [];
  mediaDevices.getUserMedia = (what) => {
    globalThis.__asked.push(Object.keys(what).filter((kind) => what[kind]).join());
    return ask(what);
  };
}

story("dara wishes for a call on somebody else's page: the agent's face appears, hers is never asked for", async (house) => {
  const desk = await openDesk(house, { name: "Faces" });
  const agent = await agentAt(house, desk);
  const shop = await openShop(house.server.origin, desk.key);
  try {
    await desk.allow(shop.origin);
    const dara = await house.person("dara", { viewport: PHONE });
    await equip(dara);
    await dara.context.addInitScript(watchDevices);
    await dara.page.goto(`${shop.origin}/`);
    await help(dara.page).press();
    const frame = await inFrame(dara.page, desk);
    const pressed = Date.now();
    await frame.getByRole("button", { name: words("visit_ask_video") }).click();
    await frame.getByText(words("visit_next")).waitFor();
    const ticket = await agent.takes();
    const joon = await house.seat("joon", { viewport: DESKTOP });
    await equip(joon);
    await joon.page.goto(`/agent/${ticket}`);
    const call = joon.page.getByRole("button", { name: words("ticket_call"), exact: true });
    await call.waitFor();
    const called = Date.now();
    await call.click();
    // She wished to be called: nothing is to be pressed any more.
    await seesFace(frame, "joon");
    const face = Date.now();
    console.log(`button to face ${face - pressed} ms, of which ${face - called} ms from the agent's call`);
    await Promise.all([hearsVoice(frame, "joon"), hearsVoice(joon.page, "dara")]);
    await seesNoFace(joon.page, "dara");
    await frame.getByText(words("visit_unseen")).waitFor();
    assert.deepEqual([...new Set(await frame.evaluate(() => globalThis.__asked))], ["audio"]);
    await accessible(frame, "a call in a frame");
    await dara.picture("desk-call-phone");

    await frame.getByRole("button", { name: words("call_mic_off") }).click();
    await frame.getByRole("button", { name: words("call_mic_on") }).click();
    await hearsVoice(joon.page, "dara");
    await frame.getByRole("button", { name: words("call_leave") }).click();
    await frame.getByRole("button", { name: words("call_leave") }).waitFor({ state: "detached" });
    await press(joon.page, "call_leave");
    await controls(joon.page).waitFor({ state: "detached" });
  } finally {
    await shop.close();
  }
});

story("a visitor's client that sends a camera all the same is answered that it may not, and nobody sees it", async (house) => {
  const desk = await openDesk(house, { name: "Refused" });
  const agent = await agentAt(house, desk);
  const dara = await house.person("dara", { viewport: PHONE });
  await equip(dara);
  await dara.page.goto(`/h/${desk.key}`);
  await dara.page.getByRole("button", { name: words("visit_ask_chat") }).click();
  await dara.page.getByRole("textbox", { name: words("visit_write") }).waitFor();
  const ticket = await agent.takes();
  const joon = await house.seat("joon", { viewport: DESKTOP });
  await equip(joon);
  await joon.page.goto(`/agent/${ticket}`);
  await joon.page.getByRole("button", { name: words("ticket_call"), exact: true }).click();
  // She had not asked to be called: it is for her to answer.
  await dara.page.getByRole("button", { name: words("visit_answer") }).waitFor();
  await sound(dara.page, "a call that rings");
  await dara.picture("desk-rings-phone");
  const answered = await dara.page.evaluate(hacked, { space: ticket, desk: desk.key });
  assert.equal(answered.camera, "inactive");
  assert.equal(answered.microphone, "recvonly");
  await seesNoFace(joon.page, "dara");
  await hearsVoice(joon.page, "dara");
  assert.equal(await joon.page.locator("video[data-track$='/camera']").evaluateAll((all) => all.filter((it) => it.videoWidth > 0 && !it.closest("[data-seat]")?.textContent.includes("You")).length), 0);
  await dara.page.evaluate(() => globalThis.__hacked.close());
  await press(joon.page, "call_leave");
});

// Runs in the page: joins with the token of the visit, and offers the camera as a member would.
async function hacked({ space, desk }) {
  const token = localStorage.getItem(`madang.visit.${desk}.token`);
  const ask = async (method, path, body) => {
    const answer = await fetch(`/api/v1${path}`, { method, credentials: "omit", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const { calls } = await ask("GET", "/calls");
  const { id: call } = calls.find((it) => it.space === space);
  const { ice_servers: iceServers } = await ask("GET", `/calls/${call}`);
  const pc = (globalThis.__hacked = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" }));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  const microphone = pc.addTransceiver(audio, { direction: "sendonly" });
  const camera = pc.addTransceiver(video, { direction: "sendonly" });
  await pc.setLocalDescription();
  const joined = await ask("POST", `/calls/${call}/participants`, {
    offer: pc.localDescription.sdp, publish: [{ mid: microphone.mid, source: "microphone" }, { mid: camera.mid, source: "camera" }], receive: [],
    device: "hacked", key: crypto.randomUUID(), microphone: true, camera: true,
  });
  const direction = (mid) => {
    const section = joined.answer.split(/^m=/m).find((it) => new RegExp(`^a=mid:${mid}\\r?$`, "m").test(it));
    return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(section)?.[1];
  };
  await pc.setRemoteDescription({ type: "answer", sdp: joined.answer });
  await ask("PUT", `/calls/${call}/participants/${joined.participant}`, { microphone: true, camera: true }).catch(() => undefined);
  return { camera: direction(camera.mid), microphone: direction(microphone.mid) };
}
