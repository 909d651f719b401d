// The puzzle that a desk sets when many come at once (ALTCHA, SHA-256): the number is found in a worker, so that the page
// goes on. Pure but for the worker.
import workerFile from "./proof_worker.ts?worker&url";
import { workerUrl } from "../../src/lib/trusted";

export interface Challenge { algorithm: string; challenge: string; maxnumber: number; salt: string; signature: string }

/** The answer as the house takes it. Rejects where the browser cannot find it. */
export async function prove({ algorithm, challenge, maxnumber, salt, signature }: Challenge): Promise<string> {
  const number = await found({ challenge, salt, maxnumber });
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

function found(puzzle: Pick<Challenge, "challenge" | "salt" | "maxnumber">): Promise<number> {
  const worker = new Worker(workerUrl(workerFile), { type: "module" });
  return new Promise<number>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => (data >= 0 ? resolve(data) : reject(new Error("no number fits")));
    worker.onerror = () => reject(new Error("the worker failed"));
    worker.postMessage(puzzle);
  }).finally(() => worker.terminate());
}
