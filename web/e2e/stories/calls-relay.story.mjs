// A network that lets out nothing but https: a call goes by the relay on the port of the web, in TLS.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, equip, hearsVoice, joinCall, press, seesFace, startCall } from "../harness/calls.mjs";
import { certificate } from "../harness/certificate.mjs";
import { program } from "../harness/program.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";

const tls = certificate();
// No proxy stands before this house: behind one there would be no such way.
const settings = { ...tls.settings, TRUSTED_PROXIES: undefined };
const story = houseFor({ flags: [...callFlags, ...tls.flags], settings });

// Runs in the page, before any of its scripts: whatever else there is, is not tried.
function confined() {
  const lines = (globalThis.__lines = []);
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(how) {
      super({ ...how, iceTransportPolicy: "relay" });
      lines.push(this);
    }
  };
}

/** How what is sent goes out: the kind of the way that was chosen, and what carries it. */
const way = (page) =>
  page.evaluate(async () => {
    const line = globalThis.__lines.find((it) => it.connectionState === "connected");
    const stats = [...(await line.getStats()).values()];
    const pair = stats.find((it) => it.type === "candidate-pair" && it.nominated && it.state === "succeeded");
    const near = stats.find((it) => it.id === pair.localCandidateId);
    return { kind: near.candidateType, by: near.relayProtocol, lost: stats.filter((it) => it.type === "inbound-rtp").reduce((sum, it) => sum + it.packetsLost, 0) };
  });

story("nari and joon reach nothing but https, and hear and see each other", async (house) => {
  const space = await house.room("Behind the wall", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  for (const person of [nari, joon]) {
    await equip(person);
    await person.context.addInitScript(confined);
    await person.page.goto(`/s/${space}`);
    await box(person.page).waitFor();
  }
  await startCall(nari.page);
  await joinCall(joon.page);
  await Promise.all([hearsVoice(nari.page, "joon"), hearsVoice(joon.page, "nari"), seesFace(nari.page, "joon"), seesFace(joon.page, "nari")]);
  for (const { page } of [nari, joon]) assert.deepEqual(await way(page), { kind: "relay", by: "tls", lost: 0 });
  await press(joon.page, "call_leave");
  await press(nari.page, "call_leave");
});

story("a program that is no browser comes by the relay as well", async (house) => {
  const space = await house.room("Studio behind the wall", ["joon"]);
  const { door } = house.who("nari");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await equip(nari);
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  await startCall(nari.page);
  const { calls } = await door.call("GET /calls");
  const { ice_servers } = await door.call("GET /calls/{call}", { call: calls.find((it) => it.space === space).id });
  const obs = await door.call("POST /spaces/{id}/streams", { id: space, body: { name: "OBS", shows: false } });
  const said = program("send", obs, 600, { MADANG_RELAY: JSON.stringify(ice_servers[0]), SSL_CERT_FILE: tls.file });
  await Promise.all([seesFace(nari.page, "obs"), hearsVoice(nari.page, "obs")]);
  await press(nari.page, "call_leave");
  said.stop();
});
