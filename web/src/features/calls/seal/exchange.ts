// How the devices in a call come to the same secret. `KeyExchange` is what the rest of a sealed call knows of it. For the
// time being one of them makes the secret and hands it to the others over the space, sealed with HPKE (RFC 9180) to the
// public key of each; a group that agrees by MLS (RFC 9420) would fill the same interface.
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Call, CallKey, Id } from "../../../engine/wire";
import { bindingOf, codeOf, rosterOf, sameIds, type Member } from "./roster";
import { baseKey, joined } from "./sframe";

/** A secret that all members have. */
export interface Epoch { epoch: number; base: CryptoKey; members: readonly Id[]; code: readonly string[] }
export type GivenKeys = { participant: Id; sealed: string }[];

export interface KeyExchange {
  /** What the server is to show the others of this device. */
  readonly publicKey: string;
  joined(me: Id, call: Call): void;
  /** How the call is now. */
  know(call: Call): void;
  /** What another device has handed in for this one. */
  take(key: CallKey): void;
  close(): void;
}

export interface ExchangeHouse {
  /** Hands in keys; false: not taken, because somebody was faster or people came or went. Undefined: nobody knows. */
  give(me: Id, epoch: number, keys: GivenKeys): Promise<boolean | undefined>;
  agreed(epoch: Epoch): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
const CURVE = { name: "ECDH", namedCurve: "P-256" };
/** Bytes of an encapsulated key. */
const POINT = 65;
const SECRET = 16;
/** How long whoever is to make the keys may take before the next one does. */
const TURN = 2_500;

export const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
export const bytes = (words: string): Bytes => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));

const publicOf = (member: Member): Promise<CryptoKey> => crypto.subtle.importKey("raw", bytes(member.key), CURVE, true, []);

export class SpaceExchange implements KeyExchange {
  private me: Id | undefined;
  private call: Call | undefined;
  /** The newest that this device has. */
  private epoch = 0;
  private made: { epoch: number; secret: Bytes; roster: Member[] } | undefined;
  private given: CallKey | undefined;
  private early: CallKey[] = [];
  private busy = false;
  private again = false;
  private turn: ReturnType<typeof setTimeout> | undefined;
  /** Whoever was to make the keys has not. */
  private overdue = false;
  private closed = false;

  private constructor(readonly publicKey: string, private readonly pair: CryptoKeyPair, private readonly house: ExchangeHouse) {}

  /** With keys of its own, which are gone with it; the private one cannot be read by anybody. */
  static async begin(house: ExchangeHouse): Promise<SpaceExchange> {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    return new SpaceExchange(text(point), pair, house);
  }

  joined(me: Id, call: Call): void {
    this.me = me;
    for (const key of this.early.splice(0)) this.take(key);
    this.know(call);
  }

  know(call: Call): void {
    this.call = call;
    this.step();
  }

  take(key: CallKey): void {
    if (this.me === undefined) this.early.push(key);
    else if (key.participant === this.me && key.epoch > Math.max(this.epoch, this.given?.epoch ?? 0)) {
      this.given = key;
      this.step();
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.turn);
  }

  /** One step at a time; what was heard meanwhile is looked at afterwards. */
  private step(): void {
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    void this.work().finally(() => (this.busy = false));
  }

  private async work(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      await this.open();
      await this.consider();
    }
  }

  /** Opens what was handed in, once those are seen for whom it is. */
  private async open(): Promise<void> {
    const { call, me, given } = this;
    if (!call || me === undefined || !given) return;
    const roster = rosterOf(call).filter(({ id }) => given.members.includes(id));
    const from = roster.find(({ id }) => id === given.from);
    if (roster.length !== given.members.length || !from || !given.members.includes(me)) return;
    this.given = undefined;
    try {
      const whole = bytes(given.sealed);
      const recipient = await suite.createRecipientContext({
        recipientKey: this.pair, senderPublicKey: await publicOf(from), enc: whole.slice(0, POINT), info: await bindingOf(call.id, given.epoch, roster),
      });
      const secret = new Uint8Array(await recipient.open(whole.slice(POINT)));
      await this.agree(given.epoch, secret, roster);
    } catch {
      // Sealed for other people than are seen here, or changed on the way: another one is made.
    }
  }

  /** Makes keys for those who are there, where the ones there are do not fit and it is this device's turn. */
  private async consider(): Promise<void> {
    const { call, me, made } = this;
    clearTimeout(this.turn);
    if (!call || me === undefined || !call.participants.some(({ id }) => id === me)) return;
    if (made && call.epoch?.by === me && call.epoch.n === made.epoch) await this.agree(made.epoch, made.secret, made.roster);
    const ids = call.participants.map(({ id }) => id);
    const fits = call.epoch !== undefined && sameIds(ids, call.epoch.members);
    if (fits && call.epoch?.n === this.epoch) return;
    // Whoever has been there longest makes them; who is away cannot.
    const able = call.participants.filter(({ state, id }) => state !== "away" || id === me);
    const rank = able.findIndex(({ id }) => id === me);
    if (this.overdue || (rank === 0 && !fits)) return this.make(call, me);
    this.wait(TURN * Math.max(1, rank));
  }

  private async make(call: Call, me: Id): Promise<void> {
    this.overdue = false;
    const roster = rosterOf(call);
    const epoch = (call.epoch?.n ?? 0) + 1;
    const secret = crypto.getRandomValues(new Uint8Array(SECRET));
    const info = await bindingOf(call.id, epoch, roster);
    const keys = await Promise.all(roster.filter(({ id }) => id !== me).map(async (member) => {
      const sender = await suite.createSenderContext({ recipientPublicKey: await publicOf(member), senderKey: this.pair, info });
      return { participant: member.id, sealed: text(joined(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(secret)))) };
    }));
    this.made = { epoch, secret, roster };
    const taken = await this.house.give(me, epoch, keys);
    if (taken) return this.agree(epoch, secret, roster);
    // How the call is now comes by the socket, and says so if these were taken after all; should it not, it is tried again.
    if (taken === false) this.made = undefined;
    this.wait(TURN);
  }

  private wait(time: number): void {
    this.turn = setTimeout(() => {
      this.overdue = true;
      this.step();
    }, time);
  }

  private async agree(epoch: number, secret: Bytes, roster: readonly Member[]): Promise<void> {
    if (epoch <= this.epoch || this.closed || !this.call) return;
    this.epoch = epoch;
    this.made = undefined;
    const [base, code] = await Promise.all([baseKey(secret), codeOf(this.call.id, roster)]);
    secret.fill(0);
    if (!this.closed) this.house.agreed({ epoch, base, code, members: roster.map(({ id }) => id) });
  }
}
