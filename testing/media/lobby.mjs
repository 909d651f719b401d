// A call in real browsers without the house: the lobby (crates/madang-media/examples/lobby.rs), and
// people in it. Everybody has a tone and a colour of their own, so that a mix-up is heard and seen.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const web = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = web("playwright-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  // Addresses of loopback are told as they are, without asking a network for names.
  "--disable-features=WebRtcHideLocalIpsWithMdns",
  "--allow-loopback-in-peer-connection",
];

export async function open(env = {}) {
  const binary = process.env.MADANG_LOBBY ?? "target/debug/examples/lobby";
  const server = spawn(binary, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
  const [line] = await Promise.race([
    createInterface(server.stdout)[Symbol.asyncIterator]().next().then((it) => [it.value]),
    new Promise((_, fail) => server.once("exit", (code) => fail(new Error(`the lobby ended with ${code}`)))),
  ]);
  const [url] = line.split(" ");
  const browser = await chromium.launch({
    executablePath: process.env.MADANG_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
  return {
    url,
    browser,
    person: (options) => person(browser, url, options),
    async close() {
      await browser.close();
      server.stdin.end();
    },
  };
}

// Somebody with a page of their own. `id` is the number of the participant.
async function person(browser, url, { id, call = 1, tone, colour, videos = 4, simulcast = true, policy, rights = {} }) {
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => console.error(`page of ${id}:`, error));
  await page.goto(url);
  await page.evaluate(installed);
  const joined = await page.evaluate((it) => globalThis.join(it), { id, call, tone, colour, videos, simulcast, policy, rights });
  const ask = (name, body = {}) => page.evaluate(([name, body]) => globalThis.ask(name, body), [name, body]);
  return {
    page,
    name: joined.participant,
    answer: joined.sdp,
    videoSlots: joined.videoSlots,
    ask,
    told: () => ask("told"),
    sees: (slot) => page.evaluate((slot) => globalThis.sees(slot), slot),
    hears: () => page.evaluate(() => globalThis.hears()),
    stats: () => page.evaluate(() => globalThis.stats()),
    restart: () => page.evaluate(() => globalThis.restart()),
  };
}

// Runs in the page.
function installed() {
  const it = {};
  globalThis.it = it;

  globalThis.ask = async (name, body) => {
    const answer = await fetch(`/${name}?call=${it.call}&participant=${it.id}`, { method: "POST", body: JSON.stringify(body) });
    return answer.json();
  };

  function camera(colour) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1280, 720];
    const pen = canvas.getContext("2d");
    let frame = 0;
    setInterval(() => {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      // Something moves, so that every frame is another one.
      pen.fillStyle = "black";
      pen.fillRect((frame * 8) % 1200, 40, 60, 60);
      frame += 1;
    }, 33);
    return canvas.captureStream(30).getVideoTracks()[0];
  }

  function microphone(tone) {
    const audio = new AudioContext({ sampleRate: 48000 });
    const source = audio.createOscillator();
    source.frequency.value = tone;
    const gain = audio.createGain();
    gain.gain.value = 0.3;
    const out = audio.createMediaStreamDestination();
    source.connect(gain).connect(out);
    source.start();
    return out.stream.getAudioTracks()[0];
  }

  globalThis.join = async ({ id, call, tone, colour, videos, simulcast, policy, rights }) => {
    Object.assign(it, { id, call });
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    it.peer = peer;
    const encodings = [
      { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
      { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
      { rid: "f", maxBitrate: 1_500_000 },
    ];
    const sent = [
      ["microphone", peer.addTransceiver(microphone(tone), { direction: "sendonly" })],
      ["camera", peer.addTransceiver(camera(colour), { direction: "sendonly", ...(simulcast ? { sendEncodings: encodings } : {}) })],
      ["screen", peer.addTransceiver("video", { direction: "sendonly" })],
      ["screen_audio", peer.addTransceiver("audio", { direction: "sendonly" })],
    ];
    it.sent = Object.fromEntries(sent);
    const received = [];
    for (let index = 0; index < 3; index += 1) received.push(["audio", peer.addTransceiver("audio", { direction: "recvonly" })]);
    for (let index = 0; index < videos; index += 1) received.push(["video", peer.addTransceiver("video", { direction: "recvonly" })]);
    await peer.setLocalDescription();
    const answer = await ask("join", {
      sdp: peer.localDescription.sdp,
      publish: sent.map(([source, transceiver]) => ({ mid: transceiver.mid, source })),
      receive: received.map(([kind, transceiver]) => ({ mid: transceiver.mid, kind })),
      rights,
    });
    if (answer.error) throw new Error(answer.error);
    // Chromium takes what the server offers; a test that wants one way drops the others.
    const sdp = policy === "tcp" ? answer.sdp.replace(/a=candidate.* udp .*\r\n/gi, "") : answer.sdp;
    await peer.setRemoteDescription({ type: "answer", sdp });
    it.audio = new AudioContext({ sampleRate: 48000 });
    it.ears = received.filter(([kind]) => kind === "audio").map(([, transceiver]) => {
      const stream = new MediaStream([transceiver.receiver.track]);
      // Chromium gives sound to Web Audio only while an element plays it.
      const element = new Audio();
      element.srcObject = stream;
      element.play();
      const analyser = it.audio.createAnalyser();
      analyser.fftSize = 4096;
      it.audio.createMediaStreamSource(stream).connect(analyser);
      return { analyser, element };
    });
    it.eyes = received.filter(([kind]) => kind === "video").map(([, transceiver]) => {
      const element = document.createElement("video");
      element.muted = true;
      element.srcObject = new MediaStream([transceiver.receiver.track]);
      document.body.append(element);
      element.play().catch(() => {});
      return { element, mid: transceiver.mid };
    });
    return { participant: answer.participant, sdp: answer.sdp, videoSlots: it.eyes.map((eye) => eye.mid) };
  };

  // The colour in the middle of a slot's picture, and its size.
  globalThis.sees = (slot) => {
    const { element } = it.eyes[slot];
    const quality = element.getVideoPlaybackQuality();
    if (!element.videoWidth) return { frames: 0 };
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [element.videoWidth, element.videoHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(element, 0, 0);
    const [red, green, blue] = pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return { frames: quality.totalVideoFrames, width: element.videoWidth, height: element.videoHeight, red, green, blue };
  };

  // The loudest tone of each audio slot that is not silent, in Hz.
  globalThis.hears = () =>
    it.ears
      .map(({ analyser }) => {
        const bins = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(bins);
        let loudest = 0;
        for (let index = 1; index < bins.length; index += 1) if (bins[index] > bins[loudest]) loudest = index;
        return bins[loudest] > -60 ? Math.round((loudest * 48000) / analyser.fftSize) : 0;
      })
      .filter((tone) => tone > 0);

  globalThis.restart = async () => {
    await it.peer.setLocalDescription(await it.peer.createOffer({ iceRestart: true }));
    const answer = await ask("renegotiate", { sdp: it.peer.localDescription.sdp });
    if (answer.error) throw new Error(answer.error);
    await it.peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  };

  globalThis.stats = async () => {
    const all = [...(await it.peer.getStats()).values()];
    const transport = all.find((one) => one.type === "transport");
    const pair = all.find((one) => one.id === transport?.selectedCandidatePairId);
    const local = all.find((one) => one.id === pair?.localCandidateId);
    return {
      state: it.peer.connectionState,
      protocol: local?.protocol,
      srtpCipher: transport?.srtpCipher,
      tlsVersion: transport?.tlsVersion,
      inbound: all.filter((one) => one.type === "inbound-rtp").map(({ kind, mid, framesDecoded, freezeCount, packetsLost, packetsReceived, frameHeight, totalAudioEnergy, pliCount, nackCount, codecId }) => ({ kind, mid, framesDecoded, freezeCount, packetsLost, packetsReceived, frameHeight, totalAudioEnergy, pliCount, nackCount, codecId })),
      outbound: all.filter((one) => one.type === "outbound-rtp").map(({ kind, mid, rid, framesEncoded, frameHeight, keyFramesEncoded, packetsSent, active, targetBitrate, codecId }) => ({ kind, mid, rid, framesEncoded, frameHeight, keyFramesEncoded, packetsSent, active, targetBitrate, codec: all.find((one) => one.id === codecId)?.mimeType })),
    };
  };
}

export async function until(what, seconds, ask) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (last === true) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`not within ${seconds} s: ${what}; last: ${JSON.stringify(last)}`);
}
