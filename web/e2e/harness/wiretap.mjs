// Somebody who takes part in a call at the media server, with a client of their own that decrypts nothing: what they get
// of another's camera.

import { people } from "./calls.mjs";

/**
 * Joins the call of a space, looks at the first camera in it, which is `name`'s, for a while, and leaves. `recognised`:
 * pictures in which their colour was seen (of noise a decoder makes pictures too); `unevenness`: how far the bytes are
 * from noise (1 is noise); `heights`: what key pictures name, which the server reads.
 */
export const listens = (page, space, name) => page.evaluate(tap, { space, colour: people[name].colour });

// Runs in the page.
async function tap({ space, colour }) {
  const ask = async (method, path, body) => {
    const answer = await fetch(`/api/v1${path}`, { method, ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const { calls } = await ask("GET", "/calls");
  const { id: call } = calls.find((it) => it.space === space);
  const pc = new RTCPeerConnection({ encodedInsertableStreams: true });
  const line = pc.addTransceiver("video", { direction: "recvonly" });
  const counts = new Float64Array(256);
  const heights = new Set();
  const known = new Set();
  let frames = 0;
  const { readable, writable } = line.receiver.createEncodedStreams();
  const look = new TransformStream({
    transform(frame, to) {
      const bytes = new Uint8Array(frame.data);
      to.enqueue(frame);
      // What is sent anew comes again to whoever can show nothing.
      const mark = bytes.slice(-24).join();
      if (known.has(mark)) return;
      known.add(mark);
      frames += 1;
      // RFC 6386, 9.1: a key picture names its size after ten bytes, any other has three of its own.
      const key = (bytes[0] & 1) === 0;
      if (key) heights.add((bytes[8] | (bytes[9] << 8)) & 0x3fff);
      // The trailer is no secret.
      for (const byte of bytes.subarray(key ? 10 : 3, Math.max(0, bytes.length - 16))) counts[byte] += 1;
    },
  });
  void readable.pipeThrough(look).pipeTo(writable).catch(() => undefined);
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: new MediaStream([line.receiver.track]) });
  void video.play().catch(() => undefined);
  let recognised = 0;
  const brush = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true });
  const glance = () => {
    brush.drawImage(video, 0, 0, 8, 8);
    const dots = brush.getImageData(0, 0, 8, 8).data;
    const near = Array.from({ length: 64 }, (_, i) => Math.hypot(...colour.map((it, part) => it - dots[i * 4 + part])) < 60);
    if (near.filter(Boolean).length > 48) recognised += 1;
    video.requestVideoFrameCallback(glance);
  };
  video.requestVideoFrameCallback(glance);
  await pc.setLocalDescription();
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const public_key = btoa(String.fromCharCode(...point)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const joined = await ask("POST", `/calls/${call}/participants`, {
    offer: pc.localDescription.sdp, publish: [], receive: [{ mid: line.mid, kind: "video" }],
    device: "tap", key: crypto.randomUUID(), microphone: false, camera: false, public_key,
  });
  await pc.setRemoteDescription({ type: "answer", sdp: joined.answer });
  const other = joined.call.participants.find((it) => it.camera && it.id !== joined.participant);
  await ask("PUT", `/calls/${call}/participants/${joined.participant}`, { slots: [{ mid: line.mid, track: `${other.id}/camera`, height: 360, priority: 2 }] });
  // Until enough bytes have come to tell noise from anything else.
  const enough = () => counts.reduce((sum, it) => sum + it, 0) > 40_000 && frames > 60;
  const until = performance.now() + 25_000;
  while (!enough() && performance.now() < until) await new Promise((resolve) => requestAnimationFrame(resolve));
  const total = counts.reduce((sum, it) => sum + it, 0);
  const expected = total / 256;
  const unevenness = counts.reduce((sum, it) => sum + (it - expected) ** 2 / expected, 0) / 255;
  await ask("DELETE", `/calls/${call}/participants/${joined.participant}`);
  pc.close();
  return { frames, total, recognised, unevenness, heights: [...heights].sort() };
}
