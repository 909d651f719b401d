// Seals what this device sends and opens what it receives, away from the page: the only place where keys meet frames.
// What cannot be sealed is not sent, what cannot be opened is not shown.
import type { Id } from "../../../engine/wire";
import { openFrame, sealFrame, type Kind } from "./frames";
import { KeyRing, type EpochKeys } from "./keyring";

export interface Way { side: "out" | "in"; kind: Kind; /** Of a place of pictures. */ place?: number }
/** Whose picture comes to a place; nobody's, if nothing of it can be opened. */
export interface Shows { place: number; sender: Id | null }

interface Transformer { readable: ReadableStream<EncodedFrame>; writable: WritableStream<EncodedFrame>; options: Way }
interface EncodedFrame { data: ArrayBuffer }
interface Scope {
  onmessage: ((event: MessageEvent<EpochKeys>) => void) | null;
  onrtctransform: ((event: Event & { transformer: Transformer }) => void) | null;
  postMessage(message: Shows): void;
}

/** So long nothing may open before it is said: keys and frames travel apart. */
const PATIENCE = 700;

const scope = globalThis as unknown as Scope;
const ring = new KeyRing();

scope.onmessage = ({ data }) => ring.add(data);
scope.onrtctransform = ({ transformer: { readable, writable, options } }) => {
  const through = options.side === "out" ? sealing(options.kind) : opening(options);
  // It ends with the connection.
  readable.pipeThrough(new TransformStream({ transform: through })).pipeTo(writable).catch(() => undefined);
};

type Step = (frame: EncodedFrame, to: TransformStreamDefaultController<EncodedFrame>) => Promise<void>;

function sealing(kind: Kind): Step {
  return async (frame, to) => {
    const sealed = await sealFrame(ring, kind, new Uint8Array(frame.data));
    if (!sealed) return;
    frame.data = sealed.buffer;
    to.enqueue(frame);
  };
}

function opening({ kind, place }: Way): Step {
  let shut: number | undefined;
  let told: Id | null | undefined;
  const tell = (sender: Id | null): void => {
    if (place !== undefined && sender !== told) scope.postMessage({ place, sender: (told = sender) });
  };
  return async (frame, to) => {
    const opened = await openFrame(ring, kind, new Uint8Array(frame.data));
    if (!opened) {
      shut ??= performance.now();
      if (performance.now() - shut > PATIENCE) tell(null);
      return;
    }
    shut = undefined;
    tell(opened.sender);
    frame.data = opened.data.buffer;
    to.enqueue(frame);
  };
}
