// A frame of sound or of a picture, sealed: what the media server must read stays in front, the rest is noise, and the
// SFrame header stands behind it with its length (docs/protocol/calls.md).
import type { Id } from "../../../engine/wire";
import type { KeyRing } from "./keyring";
import { joined, open, readHeader, seal } from "./sframe";

export type Kind = "audio" | "video";
type Bytes = Uint8Array<ArrayBuffer>;

/** RFC 6386, 9.1: three bytes say what a picture is; a key picture has its start code and size behind them. */
const KEY_PICTURE = 10;
const PICTURE = 3;

/** What of a frame stays readable: nothing of sound. */
function clearOf(kind: Kind, frame: Uint8Array): number {
  if (kind === "audio") return 0;
  return ((frame[0] ?? 1) & 1) === 0 ? KEY_PICTURE : PICTURE;
}

/** None: there is no key yet, or it is no frame that could be sealed. It is not sent then. */
export async function sealFrame(ring: KeyRing, kind: Kind, frame: Bytes): Promise<Bytes | undefined> {
  const clear = clearOf(kind, frame);
  if (frame.length < clear) return undefined;
  const taken = await ring.take();
  if (!taken) return undefined;
  const front = frame.subarray(0, clear);
  const { header, sealed } = await seal(taken.key, taken.ctr, front, frame.subarray(clear));
  return joined(front, sealed, header, new Uint8Array([header.length]));
}

/** A frame in the clear, and whose key had sealed it. */
export interface Opened { data: Bytes; sender: Id }

/** None: it cannot be opened, was changed, or was opened before. It is not shown then. */
export async function openFrame(ring: KeyRing, kind: Kind, frame: Bytes): Promise<Opened | undefined> {
  const clear = clearOf(kind, frame);
  const length = frame.at(-1) ?? 0;
  const at = frame.length - 1 - length;
  if (at < clear) return undefined;
  const header = readHeader(frame.subarray(at, -1));
  if (!header || header.length !== length) return undefined;
  const found = await ring.find(header.kid);
  if (!found || found.seen.has(header.ctr)) return undefined;
  const front = frame.subarray(0, clear);
  try {
    const plain = await open(found.key, header.ctr, frame.subarray(at, -1), front, frame.subarray(clear, at));
    // The same one may have come twice while the first was being opened.
    if (found.seen.has(header.ctr)) return undefined;
    found.seen.add(header.ctr);
    return { data: joined(front, plain), sender: found.sender };
  } catch {
    return undefined;
  }
}
