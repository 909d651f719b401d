// Push on this device: the browser's subscription, and that the house knows it. Compared and renewed at every start,
// for browsers change it without a word. Where it works, the open page leaves notifications to it.
import { session } from "../../app/session.svelte";
import { newClientId } from "../../engine/ids";

export type PushState = "unknown" | "on" | "off" | "impossible";

let state = $state<PushState>("unknown");

export const push = {
  get state(): PushState {
    return state;
  },
  /** The house tells this device, whether Madang is open or not. */
  get on(): boolean {
    return state === "on";
  },
};

const manager = async (): Promise<PushManager | undefined> => (await navigator.serviceWorker?.getRegistration())?.pushManager;

/** Subscribes, or makes sure that the subscription is still the one that the house knows. */
export async function keepPush(): Promise<void> {
  try {
    const to = await manager();
    if (!to) return void (state = "impossible");
    const { key, subscribed } = await session.client.api.call("GET /me/push");
    const before = await to.getSubscription();
    const fits = before !== null && base64url(before.options.applicationServerKey) === key;
    if (before && !fits) await before.unsubscribe();
    const now = fits ? before : await to.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    if (!fits || !subscribed || !sameAsLast(now)) await session.client.api.call("PUT /me/push", { body: now.toJSON() });
    localStorage.setItem(LAST, now.endpoint);
    state = "on";
  } catch (error) {
    // A browser without a push service says so by a DOMException; without a network it is tried at the next start.
    state = error instanceof DOMException ? "impossible" : "off";
  }
}

const LAST = "madang.push";
const sameAsLast = (subscription: PushSubscription): boolean => localStorage.getItem(LAST) === subscription.endpoint;

/** This device is told nothing any more. */
export async function stopPush(): Promise<void> {
  localStorage.removeItem(LAST);
  state = "off";
  await session.client.api.call("DELETE /me/push").catch(() => undefined);
  await (await (await manager())?.getSubscription())?.unsubscribe();
}

export type Tried = { outcome: "arrived" | "silent" | "none" | "refused"; said?: string };

/** How long a push may take to arrive. */
const PATIENCE = 20_000;

/** Has a notification sent to this device, and waits until the service worker has shown it. */
export async function tryPush(): Promise<Tried> {
  const mark = newClientId();
  let stop = () => {};
  const arrived = new Promise<boolean>((done) => {
    const onMessage = ({ data }: MessageEvent<{ pushed?: { mark?: string } }>) => data?.pushed?.mark === mark && done(true);
    const timer = setTimeout(() => done(false), PATIENCE);
    navigator.serviceWorker.addEventListener("message", onMessage);
    stop = () => {
      clearTimeout(timer);
      navigator.serviceWorker.removeEventListener("message", onMessage);
    };
  });
  try {
    const { outcome, said } = await session.client.api.call("POST /me/push/test", { body: { mark } });
    if (outcome !== "sent") return { outcome, ...(said !== undefined && { said }) };
    return { outcome: (await arrived) ? "arrived" : "silent" };
  } finally {
    stop();
  }
}

function base64url(bytes: ArrayBuffer | null): string {
  return bytes ? btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : "";
}
