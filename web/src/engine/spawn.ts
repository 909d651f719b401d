// Starts the engine's SharedWorker the moment this file is read, which is before the screens are: the two come to life
// side by side. A file of its own in the build (vite.config.ts), first of all in the page (app/main.ts).
import workerFile from "./worker.ts?sharedworker&url";
import { workerUrl } from "../lib/trusted";

export const spawn = (): SharedWorker => new SharedWorker(workerUrl(workerFile), { type: "module", name: "madang" });

let early = typeof SharedWorker === "function" ? begin() : undefined;

function begin(): SharedWorker | undefined {
  try {
    const worker = spawn();
    // Its script did not come: whoever wants it starts another one.
    worker.onerror = () => (early = undefined);
    return worker;
  } catch {
    // Workers are forbidden here.
    return undefined;
  }
}

/** The worker that was started early, once, or a new one. Throws where workers are forbidden. */
export function takeWorker(): SharedWorker {
  const worker = early ?? spawn();
  early = undefined;
  return worker;
}
