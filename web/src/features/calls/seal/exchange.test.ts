import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call, Id, Participant } from "../../../engine/wire";
import { SpaceExchange, type Epoch, type ExchangeHouse, type GivenKeys } from "./exchange";
import { openFrame, sealFrame } from "./frames";
import { KeyRing } from "./keyring";

/** The server's part: it passes on what it cannot open, and takes an epoch for exactly who is there. */
class House {
  people: Participant[] = [];
  epoch: Call["epoch"];
  /** The answer to the next keys is lost. */
  loses = false;
  readonly devices = new Map<Id, Device>();
  private count = 0;

  call(seen: readonly Participant[] = this.people): Call {
    return { id: "call", space: "s", at: 0, by: "p", video: true, locked: false, host: null, sealed: true, participants: [...seen], ...(this.epoch && { epoch: this.epoch }) };
  }

  async join(): Promise<Device> {
    const device = new Device(this, `p${(this.count += 1)}`);
    await device.begin();
    this.devices.set(device.id, device);
    this.people.push({ id: device.id, person: `of ${device.id}`, at: 0, state: "connected", microphone: true, camera: true, screen: false, public_key: device.exchange.publicKey });
    this.tell();
    device.exchange.joined(device.id, device.sees(this.people));
    return device;
  }

  leave({ id }: Device): void {
    this.people = this.people.filter((it) => it.id !== id);
    this.tell();
  }

  tell(): void {
    for (const device of this.devices.values()) device.exchange.know(device.sees(this.people));
  }

  take(by: Id, n: number, keys: GivenKeys): boolean | undefined {
    const members = this.people.map(({ id }) => id);
    const named = [by, ...keys.map(({ participant }) => participant)];
    if (n !== (this.epoch?.n ?? 0) + 1 || [...named].sort().join() !== [...members].sort().join()) return false;
    this.epoch = { n, by, members };
    for (const { participant, sealed } of keys) this.devices.get(participant)?.exchange.take({ call: "call", participant, epoch: n, from: by, members, sealed });
    setTimeout(() => this.tell(), 0);
    const lost = this.loses;
    this.loses = false;
    return lost ? undefined : true;
  }
}

class Device {
  exchange!: SpaceExchange;
  agreed: Epoch[] = [];
  readonly ring = new KeyRing(() => Date.now());
  /** Somebody in the middle shows other keys than there are. */
  lies = new Map<Id, string>();

  constructor(private readonly house: House, readonly id: Id) {}

  async begin(): Promise<void> {
    const told: ExchangeHouse = {
      give: async (me, epoch, keys) => this.house.take(me, epoch, keys),
      agreed: (epoch) => {
        this.agreed.push(epoch);
        this.ring.add({ epoch: epoch.epoch, base: epoch.base, me: epoch.members.indexOf(this.id), members: epoch.members });
      },
    };
    this.exchange = await SpaceExchange.begin(told);
  }

  sees(people: readonly Participant[]): Call {
    return this.house.call(people.map((it) => ({ ...it, public_key: this.lies.get(it.id) ?? it.public_key! })));
  }

  get now(): Epoch | undefined {
    return this.agreed.at(-1);
  }
}

const settled = (devices: readonly Device[], members: number) => vi.waitFor(() => devices.forEach(({ now }) => expect(now?.members.length).toBe(members)), { timeout: 5_000 });
const hears = async (from: Device, to: Device) => {
  const sealed = await sealFrame(from.ring, "audio", Uint8Array.of(1, 2, 3));
  return !!sealed && !!(await openFrame(to.ring, "audio", sealed));
};

let house: House;
beforeEach(() => (house = new House()));
afterEach(() => house.devices.forEach(({ exchange }) => exchange.close()));

describe("an exchange of keys over the space", () => {
  it("gives all the same secret and the same code, and another one with everybody who comes", async () => {
    const nari = await house.join();
    await settled([nari], 1);
    const alone = nari.now!.code.join();
    const [joon, mina] = [await house.join(), await house.join()];
    await settled([nari, joon, mina], 3);
    expect(new Set([nari, joon, mina].map(({ now }) => now!.code.join(" "))).size).toBe(1);
    expect(nari.now!.code).toHaveLength(6);
    expect(nari.now!.code.every((group) => /^\d{5}$/.test(group))).toBe(true);
    expect(nari.now!.code.join()).not.toBe(alone);
    await vi.waitFor(async () => expect(await hears(joon, mina)).toBe(true));
    await vi.waitFor(async () => expect(await hears(nari, joon)).toBe(true));
  });

  it("begins a new epoch when somebody leaves, whose keys open nothing of it", async () => {
    const [nari, joon, mina] = [await house.join(), await house.join(), await house.join()];
    await settled([nari, joon, mina], 3);
    house.leave(nari);
    await settled([joon, mina], 2);
    expect(nari.now!.members).toHaveLength(3);
    expect(joon.now!.epoch).toBe(mina.now!.epoch);
    expect(joon.now!.epoch).toBeGreaterThan(nari.now!.epoch);
    await vi.waitFor(async () => {
      expect(await hears(joon, mina)).toBe(true);
      expect(await hears(joon, nari)).toBe(false);
    });
  });

  it("shows different codes, and opens nothing, where a server puts in keys of its own", async () => {
    const nari = await house.join();
    const middle = await SpaceExchange.begin({ give: async () => false, agreed: () => undefined });
    const joon = new Device(house, "p2");
    await joon.begin();
    house.devices.set("p2", joon);
    nari.lies.set("p2", middle.publicKey);
    joon.lies.set("p1", middle.publicKey);
    house.people.push({ id: "p2", person: "of p2", at: 0, state: "connected", microphone: true, camera: true, screen: false, public_key: joon.exchange.publicKey });
    house.tell();
    joon.exchange.joined("p2", joon.sees(house.people));
    await vi.waitFor(() => {
      expect(nari.now?.members).toHaveLength(2);
      expect(joon.now?.members).toHaveLength(2);
    }, { timeout: 15_000 });
    expect(joon.now!.code.join()).not.toBe(nari.now!.code.join());
    expect(await hears(nari, joon)).toBe(false);
  }, 20_000);

  it("goes on where the answer was lost, and where whoever is to make the keys does not", async () => {
    const nari = await house.join();
    await settled([nari], 1);
    house.loses = true;
    const joon = await house.join();
    await settled([nari, joon], 2);
    // Nari's device hears of nobody any more, and is not away either.
    nari.exchange.close();
    const mina = await house.join();
    await settled([joon, mina], 3);
    expect(joon.now!.code.join()).toBe(mina.now!.code.join());
  }, 20_000);
});
