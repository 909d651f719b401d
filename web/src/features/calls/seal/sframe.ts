// SFrame (RFC 9605) with AES_128_GCM_SHA256_128 by the browser's own cryptography: header, keys, sealing and opening.
// Knows no call and no codec; frames.ts says what of a frame stays clear. Numbers stay below 2^53, which no call reaches.

/** RFC 9605, 4.5: AES_128_GCM_SHA256_128. */
const SUITE = 4;
const KEY = 16;
const NONCE = 12;
const TAG = 16;

export interface FrameKey { kid: number; key: CryptoKey; salt: Uint8Array<ArrayBuffer> }
export interface Header { kid: number; ctr: number; length: number }

type Bytes = Uint8Array<ArrayBuffer>;

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A secret from which the keys of frames are derived; it cannot be read again. */
export const baseKey = (secret: Bytes): Promise<CryptoKey> => crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);

/** RFC 9605, 4.4.2. */
export async function frameKey(base: CryptoKey, kid: number): Promise<FrameKey> {
  const derive = (label: string, length: number): Promise<ArrayBuffer> => {
    const info = joined(new TextEncoder().encode(label), eight(kid), new Uint8Array([SUITE >> 8, SUITE & 0xff]));
    return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info }, base, length * 8);
  };
  const [raw, salt] = await Promise.all([derive("SFrame 1.0 Secret key ", KEY), derive("SFrame 1.0 Secret salt ", NONCE)]);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { kid, key, salt: new Uint8Array(salt) };
}

function eight(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** The shortest big-endian form; none for what fits into the three bits of the header itself. */
function shortest(value: number): Bytes {
  const bytes = eight(value);
  return value < 8 ? bytes.subarray(8) : bytes.subarray(bytes.findIndex((it) => it !== 0));
}

/** RFC 9605, 4.3. */
export function writeHeader(kid: number, ctr: number): Bytes {
  const [k, c] = [shortest(kid), shortest(ctr)];
  const half = (value: number, { length }: Bytes): number => (length ? 8 | (length - 1) : value);
  return joined(new Uint8Array([(half(kid, k) << 4) | half(ctr, c)]), k, c);
}

/** None for what is no header, or names numbers that no call reaches. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const config = bytes[0];
  if (config === undefined) return undefined;
  let at = 1;
  const part = (half: number): number | undefined => {
    if (half < 8) return half;
    const length = (half & 7) + 1;
    const value = bytes.subarray(at, at + length);
    at += length;
    if (value.length < length) return undefined;
    const number = value.reduce((sum, it) => sum * 256 + it, 0);
    return Number.isSafeInteger(number) ? number : undefined;
  };
  const kid = part(config >> 4);
  const ctr = part(config & 15);
  return kid === undefined || ctr === undefined ? undefined : { kid, ctr, length: at };
}

/** RFC 9605, 4.4.3: the counter is laid over the salt. */
function nonce({ salt }: FrameKey, ctr: number): Bytes {
  const bytes = salt.slice();
  eight(ctr).forEach((it, i) => (bytes[NONCE - 8 + i]! ^= it));
  return bytes;
}

/** `metadata` stays readable and cannot be changed. */
export async function seal(key: FrameKey, ctr: number, metadata: Uint8Array, plain: Bytes): Promise<{ header: Bytes; sealed: Bytes }> {
  const header = writeHeader(key.kid, ctr);
  const how = { name: "AES-GCM", iv: nonce(key, ctr), additionalData: joined(header, metadata), tagLength: TAG * 8 };
  return { header, sealed: new Uint8Array(await crypto.subtle.encrypt(how, key.key, plain)) };
}

/** Throws for what was not sealed with this key under this header and metadata. */
export async function open(key: FrameKey, ctr: number, header: Uint8Array, metadata: Uint8Array, sealed: Bytes): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: nonce(key, ctr), additionalData: joined(header, metadata), tagLength: TAG * 8 };
  return new Uint8Array(await crypto.subtle.decrypt(how, key.key, sealed));
}
