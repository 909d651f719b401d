// A device of the tests: an engine with its own database, speaking to the server in memory, and what its
// screens would see.
import { vi } from "vitest";
import { Engine, type World } from "../engine";
import type { Around, Calls, Followed, Topics } from "../door";
import type { Fetch } from "../api";
import { newClientId } from "../ids";
import type { PostWish, WindowState } from "../view";
import type { Id } from "../wire";
import { Server, ServerLine } from "./server";
import { tusStack } from "./tus";

let made = 0;
const turnOver = (globalThis as unknown as { setImmediate(task: () => void): void }).setImmediate;

export class Device {
  engine: Engine;
  online = true;
  /** A network that swallows whoever tries to connect. */
  swallows = false;
  line: ServerLine | undefined;
  readonly name: string;

  constructor(readonly server: Server, readonly person: Id, name?: string) {
    server.person(person);
    this.name = name ?? `${person}-${++made}`;
    server.signedIn.add(this.name);
    this.engine = new Engine(this.world());
  }

  static async start(server: Server, person: Id, name?: string): Promise<Device> {
    const device = new Device(server, person, name);
    await device.engine.start();
    await settle();
    return device;
  }

  private world(): World {
    const house = this.server.fetch(this.name, this.person);
    const fetch: Fetch = (url, init) => (this.online ? house(url, init) : Promise.reject(new TypeError("offline")));
    return {
      fetch,
      socket: () => (this.line = new ServerLine(this.server, this.person, this.name, this.swallows ? "no answer" : this.online)),
      origin: this.name, stack: tusStack(fetch), now: () => Date.now(), random: () => 0.5,
    };
  }

  /** As closing the browser without a warning and opening it again. */
  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = new Engine(this.world());
    await this.engine.start();
    await settle();
  }

  async network(online: boolean): Promise<void> {
    this.online = online;
    if (!online) this.line?.cut();
    await this.call("wake", { online, visible: true, language: "en" });
    await settle();
  }

  call<K extends keyof Calls>(name: K, a: Parameters<Calls[K]>[0]): Promise<unknown> {
    return this.engine.call(name, a);
  }

  /** Posts and gives the client id. */
  async post(wish: PostWish): Promise<string> {
    const clientId = newClientId();
    await this.call("post", { ...wish, clientId });
    return clientId;
  }

  follow<K extends keyof Topics>(topic: K, ask: Topics[K]["ask"]): Followed & { now(): Topics[K]["value"] } {
    let last: Topics[K]["value"] | undefined;
    const followed = this.engine.follow(topic, ask, (value) => (last = value));
    return { ...followed, now: () => last as Topics[K]["value"] };
  }

  async window(space: Id, around: Around = "end"): Promise<Followed & { now(): WindowState; texts(): string[] }> {
    const window = this.follow("window", { space, around });
    await settle();
    return { ...window, texts: () => textsOf(window.now()) };
  }
}

export const textsOf = (state: Pick<WindowState, "rows">): string[] =>
  state.rows.flatMap(({ row }) => (row.type === "message" ? [row.removed ? "(removed)" : row.text] : []));

/** Lets everything that is under way come to rest: the database, the network, and `ms` of time. */
export async function settle(ms = 100): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 20) {
    for (let turn = 0; turn < 12; turn++) await new Promise<void>(turnOver);
    await vi.advanceTimersByTimeAsync(20);
  }
  for (let turn = 0; turn < 12; turn++) await new Promise<void>(turnOver);
}

export function virtualTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 1_800_000_000_000 });
}

/** Settles until something has come true: what reads the content of files takes real time as well. */
export async function until(true_: () => boolean): Promise<void> {
  for (let step = 0; step < 500 && !true_(); step++) await settle(20);
}
