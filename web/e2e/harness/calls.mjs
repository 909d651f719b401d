// Calls in real browsers. Everybody's camera is one colour and their microphone one tone, so that it is seen and heard
// whose they are, on the other side: a call in which people are mixed up shows somebody too.
import { wordsOf } from "./words.mjs";

/** Calls go over loopback here, and a screen is shared without anybody there to choose it. */
export const callFlags = ["--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns", "--auto-select-desktop-capture-source=Entire screen"];

export const people = {
  nari: { tone: 440, colour: [200, 30, 30] },
  joon: { tone: 880, colour: [30, 160, 40] },
  mina: { tone: 1320, colour: [40, 60, 210] },
  dara: { tone: 1760, colour: [190, 130, 20] },
};

/** Gives a seat the camera and microphone of somebody, or devices that cannot be had: `trouble` is the error's name. */
export async function equip({ context, name }, { trouble } = {}) {
  await context.addInitScript(devices, { ...people[name], trouble });
}

// Runs in the page, before any of its scripts.
function devices({ tone, colour, trouble }) {
  function camera() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const brush = canvas.getContext("2d");
    let frame = 0;
    const paint = () => {
      brush.fillStyle = `rgb(${colour.join()})`;
      brush.fillRect(0, 0, 640, 360);
      // Something moves in a corner, so that every frame is another one.
      brush.fillStyle = "black";
      brush.fillRect((frame++ * 4) % 60, 0, 24, 24);
    };
    paint();
    setInterval(paint, 40);
    return canvas.captureStream(25).getVideoTracks()[0];
  }
  function microphone() {
    const audio = new AudioContext();
    void audio.resume();
    const voice = audio.createOscillator();
    voice.frequency.value = tone;
    const gain = audio.createGain();
    gain.gain.value = 0.3;
    const out = audio.createMediaStreamDestination();
    voice.connect(gain).connect(out);
    voice.start();
    return out.stream.getAudioTracks()[0];
  }
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    if (trouble) throw new DOMException("of this story", trouble);
    return new MediaStream([audio && microphone(), video && camera()].filter(Boolean));
  };
}

/** Waits until somebody's tone is the loudest thing that comes out of the call. */
export const hearsVoice = (page, name) => page.waitForFunction(heard, { tone: people[name].tone, wanted: true }, { polling: 200 });
/** Waits until it is not heard any more. */
export const hearsNoVoice = (page, name) => page.waitForFunction(heard, { tone: people[name].tone, wanted: false }, { polling: 200 });

// Runs in the page.
function heard({ tone, wanted }) {
  const ears = (globalThis.__ears ??= { audio: new AudioContext(), of: new WeakMap() });
  void ears.audio.resume();
  let loudest = -Infinity;
  for (const element of document.querySelectorAll("audio[data-voice]")) {
    if (!element.srcObject || element.paused) continue;
    let ear = ears.of.get(element);
    if (!ear) {
      ear = Object.assign(ears.audio.createAnalyser(), { fftSize: 4096, smoothingTimeConstant: 0 });
      ears.audio.createMediaStreamSource(element.srcObject).connect(ear);
      ears.of.set(element, ear);
    }
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const at = Math.round((tone * ear.fftSize) / ears.audio.sampleRate);
    loudest = Math.max(loudest, ...bins.slice(at - 2, at + 3));
  }
  return wanted ? loudest > -55 : loudest < -80;
}

/** Waits until somebody's colour fills one of the pictures that came in. */
export const seesFace = (page, name) => page.waitForFunction(seen, { colour: people[name].colour, wanted: true }, { polling: 200 });
export const seesNoFace = (page, name) => page.waitForFunction(seen, { colour: people[name].colour, wanted: false }, { polling: 200 });

// Runs in the page.
function seen({ colour, wanted }) {
  const found = [...document.querySelectorAll("video[data-track]")].some((video) => {
    if (!video.videoWidth || !video.checkVisibility()) return false;
    const canvas = new OffscreenCanvas(8, 8);
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    brush.drawImage(video, 0, 0, 8, 8);
    const [r, g, b] = brush.getImageData(4, 5, 1, 1).data;
    return Math.hypot(r - colour[0], g - colour[1], b - colour[2]) < 60;
  });
  return found === wanted;
}

/** Opens the lobby from the header of the space that is open, and goes in. */
export async function startCall(page, kind = "call_video", locale = "en") {
  const words = wordsOf(locale);
  if (page.viewportSize().width < 700) {
    await page.getByRole("button", { name: words("call_start"), exact: true }).click();
    await page.getByRole("menuitem", { name: words(kind) }).click();
  } else await page.getByRole("button", { name: words(kind), exact: true }).click();
  await enterLobby(page, words("call_lobby_start"), words("call_lobby_begin"), locale);
}

/** Joins the call that runs in the space that is open. */
export async function joinCall(page, locale = "en") {
  const words = wordsOf(locale);
  await page.locator(".running").getByRole("button", { name: words("call_join") }).click();
  await enterLobby(page, words("call_lobby_join"), words("call_join"), locale);
}

async function enterLobby(page, title, button, locale) {
  const lobby = page.getByRole("dialog", { name: title });
  await lobby.getByRole("button", { name: button, exact: true }).click();
  await lobby.waitFor({ state: "detached" });
  await controls(page, locale).waitFor();
}

/** What rings on a device. */
export const ringing = (page) => page.getByRole("alertdialog");
export const controls = (page, locale = "en") => page.getByRole("toolbar", { name: wordsOf(locale)("call_here") });
export const press = (page, name, locale = "en") => controls(page, locale).getByRole("button", { name: wordsOf(locale)(name), exact: true }).click();
