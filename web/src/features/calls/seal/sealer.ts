// Seals what this device sends and opens what it receives, away from the page: the only place where keys meet frames.
// What cannot be sealed is not sent, what cannot be opened is not shown.
import { openFrame, sealFrame, type Kind } from "./frames";
import { KeyRing, type EpochKeys } from "./keyring";

export interface Way { side: "out" | "in"; kind: Kind; /** Of a place of pictures. */ place?: number }
/** Whether what comes to a place can be opened. */
export interface Opens { place: number; opens: boolean }

interface Transformer { readable: ReadableStream<EncodedFrame>; writable: WritableStream<EncodedFrame>; options: Way }
interface EncodedFrame { data: ArrayBuffer }
interface Scope {
  onmessage: ((event: MessageEvent<EpochKeys>) => void) | null;
  onrtctransform: ((event: Event & { transformer: Transformer }) => void) | null;
  postMessage(message: Opens): void;
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
  let told = true;
  const tell = (opens: boolean): void => {
    if (place !== undefined && opens !== told) scope.postMessage({ place, opens: (told = opens) });
  };
  return async (frame, to) => {
    const opened = await openFrame(ring, kind, new Uint8Array(frame.data));
    if (!opened) {
      shut ??= performance.now();
      if (performance.now() - shut > PATIENCE) tell(false);
      return;
    }
    shut = undefined;
    tell(true);
    frame.data = opened.buffer;
    to.enqueue(frame);
  };
}
