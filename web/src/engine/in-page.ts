// The engine in one of the pages, where there is no SharedWorker: the page that has the writer's lock is the
// host and serves the others over a broadcast channel; when it closes or freezes, another page takes over.
// Fetched only where it is needed: it holds the whole engine.
import type { ToEngine, ToPage } from "./door";
import { Engine } from "./engine";
import type { Attach } from "./host";
import { newClientId } from "./ids";
import { livingLock } from "./life";
import { pageNow, watchPage } from "./page";
import { channelPort, pair, type OnChannel } from "./ports";
import type { EnginePort } from "./remote";
import { serve } from "./serve";
import { browserWorld, placeFree, takePlace, tryPlace, whenGone } from "./world";

/** A host that stays silent this long is frozen. */
const SILENCE = 1_500;

/** Runs the engine in a page, and gives a port to it. */
export async function openInPage(attach: Attach): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  // Without locks nothing keeps two pages apart: each keeps its state to itself.
  if (!locks || typeof BroadcastChannel !== "function") return attach(await ownEngine(true));
  await new PageHost(locks, attach).open();
}

async function ownEngine(volatile: boolean): Promise<EnginePort> {
  const engine = new Engine({ ...browserWorld(), volatile });
  const [mine, its] = pair<ToPage, ToEngine>();
  serve(engine, its);
  void engine.start();
  return mine;
}

class PageHost {
  private readonly me = newClientId();
  private readonly channel = new BroadcastChannel("madang");
  private readonly served = new Map<string, ReturnType<typeof channelPort<ToEngine, ToPage>>>();
  private engine: Engine | undefined;
  private lock: Promise<string> | undefined;
  private guest: ReturnType<typeof channelPort<ToPage, ToEngine>> | undefined;
  private doubt: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly locks: LockManager, private readonly attach: Attach) {
    this.channel.onmessage = ({ data }) => this.heard(data as OnChannel);
    watchPage(() => this.look());
  }

  async open(): Promise<void> {
    if (await tryPlace(this.locks, () => this.lost())) this.host();
    else this.visit();
  }

  private host(): void {
    clearTimeout(this.doubt);
    if (this.engine) return;
    this.guest?.close();
    this.guest = undefined;
    this.engine = new Engine(browserWorld());
    const [mine, its] = pair<ToPage, ToEngine>();
    serve(this.engine, its);
    void this.engine.start();
    this.attach(mine);
    this.say({ t: "host" });
  }

  /** Another page is the host; this one waits for its place. */
  private visit(): void {
    this.guest = channelPort<ToPage, ToEngine>(this.channel, this.me, true);
    this.greet(this.guest);
    void placeFree(this.locks).then(() => {
      if (!this.engine) void this.open();
    });
    this.look();
  }

  /** Asks everything that is open of the host, which learns by a lock when this page is gone. */
  private greet(guest: EnginePort): void {
    this.attach(guest);
    this.lock ??= livingLock(this.locks);
    void this.lock.then((name) => guest.send({ t: "lock", name }));
  }

  /** A page that is looked at does not wait for a frozen host. */
  private look(): void {
    if (this.engine || !pageNow().visible) return;
    clearTimeout(this.doubt);
    this.doubt = setTimeout(() => {
      if (!this.engine) void takePlace(this.locks, () => this.lost()).then(() => this.host());
    }, SILENCE);
    this.say({ t: "who", from: this.me });
  }

  private lost(): void {
    const engine = this.engine;
    if (!engine) return;
    this.engine = undefined;
    this.served.clear();
    void engine.abandon().then(() => this.visit());
  }

  private heard(message: OnChannel): void {
    if (message.t === "who" && this.engine) this.say({ t: "here", to: message.from });
    else if (message.t === "here" && message.to === this.me) clearTimeout(this.doubt);
    else if (message.t === "host" && !this.engine) this.greet((this.guest = channelPort(this.channel, this.me, true)));
    else if (message.t === "down" && message.to === this.me) this.guest?.came(message.message);
    else if (message.t === "up" && this.engine) this.port(message.from).came(message.message);
  }

  private port(from: string): ReturnType<typeof channelPort<ToEngine, ToPage>> {
    let port = this.served.get(from);
    if (!port) {
      port = channelPort<ToEngine, ToPage>(this.channel, from, false);
      this.served.set(from, port);
      serve(this.engine!, port, (name, gone) => whenGone(this.locks, name, () => (gone(), this.served.delete(from))));
    }
    return port;
  }

  private say(message: OnChannel): void {
    this.channel.postMessage(message);
  }
}
