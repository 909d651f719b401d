// Registers the service worker, notices a waiting new version, and hears from the worker which notification was pressed.
// Comes after the first screen, which is not to wait for it.
import { workerUrl } from "../lib/trusted";
import { go } from "./nav.svelte";
import { updates } from "./updates.svelte";

/** Answers how to stop. */
export function startWorker(workers: ServiceWorkerContainer): () => void {
  const onControllerChange = () => {
    if (updates.applied) location.reload();
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
    if (registration.waiting && workers.controller) updates.found(registration.waiting);
  };
  note();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", note));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
  });
}
