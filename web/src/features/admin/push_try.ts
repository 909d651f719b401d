// A notification to each of my devices, and word of it when the one on this device was shown by its service worker.
import { session } from "../../app/session.svelte";
import { newClientId } from "../../engine/ids";
import type { PushTried } from "../../engine/routes";

/** How long a push may take to arrive. */
const PATIENCE = 20_000;

export async function tryEverywhere(told: (tried: readonly PushTried[]) => void, arrived: () => void): Promise<void> {
  const mark = newClientId();
  let stop = () => {};
  const shown = new Promise<boolean>((done) => {
    const onMessage = ({ data }: MessageEvent<{ pushed?: { mark?: string } }>) => data?.pushed?.mark === mark && done(true);
    const timer = setTimeout(() => done(false), PATIENCE);
    navigator.serviceWorker?.addEventListener("message", onMessage);
    stop = () => {
      clearTimeout(timer);
      navigator.serviceWorker?.removeEventListener("message", onMessage);
    };
  });
  try {
    const { tried } = await session.client.api.call("POST /overview/push", { body: { mark } });
    told(tried);
    if (tried.some((one) => one.this && one.outcome === "sent") && (await shown)) arrived();
  } finally {
    stop();
  }
}
