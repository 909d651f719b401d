// Who has the keys of a call: the same list on every device, its fingerprint, and the code that people compare.
import type { Call, Id } from "../../../engine/wire";

export interface Member { id: Id; person: Id; key: string }

/** Everybody in the call who has a key, in the order that all devices agree on. */
export const rosterOf = (call: Call): Member[] =>
  call.participants.flatMap(({ id, person, public_key }) => (public_key === undefined ? [] : [{ id, person, key: public_key }])).sort((a, b) => (a.id < b.id ? -1 : 1));

export const sameIds = (a: readonly Id[], b: readonly Id[]): boolean => a.length === b.length && [...a].sort().join() === [...b].sort().join();

const written = (call: Id, roster: readonly Member[]): string => JSON.stringify([call, ...roster.map(({ id, person, key }) => [id, person, key])]);

/** What a sealed secret is bound to: it opens only where the same people are seen. */
export async function bindingOf(call: Id, epoch: number, roster: readonly Member[]): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(`madang call keys 1|${epoch}|${written(call, roster)}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
}

/** Made slow on purpose: somebody in the middle would have to find keys for both sides that give the same code. */
const ROUNDS = 100_000;
const GROUPS = 6;

/** Six groups of five digits over the public keys of all: a server that put in a key of its own makes them differ. */
export async function codeOf(call: Id, roster: readonly Member[]): Promise<string[]> {
  const from = await crypto.subtle.importKey("raw", new TextEncoder().encode(written(call, roster)), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", iterations: ROUNDS, salt: new TextEncoder().encode("madang safety code 1") };
  const bytes = new Uint8Array(await crypto.subtle.deriveBits(how, from, GROUPS * 40));
  return Array.from({ length: GROUPS }, (_, i) => {
    const group = bytes.subarray(i * 5, i * 5 + 5).reduce((sum, it) => sum * 256 + it, 0);
    return String(group % 100_000).padStart(5, "0");
  });
}
