// Registers the service worker and notices a waiting new version, which takes over when a person says so:
// never by itself, so that a call or a half-written text is not cut off. Hears from the worker which
// notification was pressed.
import { workerUrl } from "../lib/trusted";
import { go } from "./nav.svelte";

let waiting = $state<ServiceWorker | null>(null);
let reloading = false;

export const updates = {
  get ready(): boolean {
    return waiting !== null;
  },
  /** Lets the new version take over; the page reloads once it has. */
  apply(): void {
    reloading = true;
    waiting?.postMessage("take over");
  },
};

export function startUpdates(): () => void {
  const workers = navigator.serviceWorker;
  if (!import.meta.env.PROD || !workers) return () => undefined;
  const onControllerChange = () => {
    if (reloading) location.reload();
  };
  // A notification was pressed: the worker says where it leads.
  const onMessage = ({ data }: MessageEvent<{ go?: string }>) => {
    if (typeof data?.go === "string" && data.go.startsWith("/")) go(data.go);
  };
  workers.addEventListener("controllerchange", onControllerChange);
  workers.addEventListener("message", onMessage);
  workers.startMessages();
  void register(workers).catch(() => {
    // Without a worker (private mode, plain HTTP) everything still works while online.
  });
  return () => {
    workers.removeEventListener("controllerchange", onControllerChange);
    workers.removeEventListener("message", onMessage);
  };
}

async function register(workers: ServiceWorkerContainer): Promise<void> {
  const registration = await workers.register(workerUrl("/sw.js"));
  const note = () => {
    if (registration.waiting && workers.controller) waiting = registration.waiting;
  };
  note();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", note));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
  });
}
