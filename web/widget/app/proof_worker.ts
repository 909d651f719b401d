// Tries numbers until one fits; -1 if none does. Asks for many digests at a time: each is a promise, and waiting for them
// one by one would take most of the time.
/// <reference lib="webworker" />
const AT_A_TIME = 2_000;
const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

self.onmessage = async ({ data }: MessageEvent<{ challenge: string; salt: string; maxnumber: number }>) => {
  const encoder = new TextEncoder();
  for (let from = 0; from <= data.maxnumber; from += AT_A_TIME) {
    const numbers = Array.from({ length: Math.min(AT_A_TIME, data.maxnumber - from + 1) }, (_, n) => from + n);
    const digests = await Promise.all(numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(data.salt + n))));
    const at = digests.findIndex((digest) => hex(digest) === data.challenge);
    if (at >= 0) return self.postMessage(from + at);
  }
  self.postMessage(-1);
};
