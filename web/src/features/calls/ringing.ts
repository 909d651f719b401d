// How a call makes itself heard: a tone of our own making, the vibration of a phone, the page's title, and a
// notification where the page is out of sight. One tab of the device does the loud part.
import { permission } from "../notifications/permission.svelte";
import { push } from "../notifications/push.svelte";
import { sound } from "./level";

/** Two strokes as on a wooden chime, then a pause. Hertz, and seconds after the beginning. */
const CHIME: readonly [number, number][] = [[659.3, 0], [523.3, 0.28], [659.3, 0.9], [523.3, 1.18]];
const EVERY_MS = 3_000;
const VIBRATION = [400, 200, 400];
const BLINK_MS = 1_000;

/** `words` say who wants what, `tag` names it, `path` is where it is; answers how to stop. */
export function ringOut(words: string, tag: string, path: string): () => void {
  const stop = new AbortController();
  void loudly(stop.signal);
  title(words, stop.signal);
  void notify(words, tag, path, stop.signal);
  return () => stop.abort();
}

async function loudly(signal: AbortSignal): Promise<void> {
  await navigator.locks?.request("madang-rings", { signal }, () => tone(signal)).catch(() => undefined);
}

function tone(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const strike = (): void => {
      chime();
      navigator.vibrate?.(VIBRATION);
    };
    strike();
    const timer = setInterval(strike, EVERY_MS);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      navigator.vibrate?.(0);
      hush();
      done();
    });
  });
}

let struck: OscillatorNode[] = [];

/** Without a touch of the page browsers keep it silent; then the screen and the vibration must do. */
function chime(): void {
  const audio = sound();
  if (audio.state !== "running") return;
  for (const [hertz, after] of CHIME) {
    const at = audio.currentTime + after;
    const wood = audio.createOscillator();
    const fall = audio.createGain();
    wood.type = "triangle";
    wood.frequency.value = hertz;
    fall.gain.setValueAtTime(0, at);
    fall.gain.linearRampToValueAtTime(0.22, at + 0.015);
    fall.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
    wood.connect(fall).connect(audio.destination);
    wood.start(at);
    wood.stop(at + 0.75);
    struck.push(wood);
    wood.onended = () => (struck = struck.filter((it) => it !== wood));
  }
}

function hush(): void {
  for (const wood of struck) wood.stop();
  struck = [];
}

function title(words: string, signal: AbortSignal): void {
  let before = document.title;
  const blink = (): void => {
    if (document.title === words) return void (document.title = before);
    before = document.title;
    document.title = words;
  };
  blink();
  const timer = setInterval(blink, BLINK_MS);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    if (document.title === words) document.title = before;
  });
}

/** Where the device is told by push, the house does this. */
async function notify(words: string, tag: string, path: string, signal: AbortSignal): Promise<void> {
  if (!document.hidden || !permission.on || push.on) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration || signal.aborted) return;
  await registration.showNotification(words, { tag, requireInteraction: true, icon: "/icons/mark-192.png", badge: "/icons/mark-192.png", data: { path } });
  signal.addEventListener("abort", () => void registration.getNotifications({ tag }).then((all) => all.forEach((one) => one.close())));
}
