// The engine: knows who is signed in on this device, opens their session and the socket, and answers the
// pages at the door. No DOM, no screens; runs in a SharedWorker or in a page (host.ts).
import { Api, ApiError, type Fetch } from "./api";
import { commands } from "./commands";
import type { Calls, Followed, Topics, Wake } from "./door";
import { followers } from "./follow";
import { Glimpses } from "./glimpses";
import { Hub } from "./hub";
import { newClientId } from "./ids";
import { Session } from "./session";
import { Socket, type Line } from "./socket";
import { Store, Who } from "./store";
import { trim } from "./trim";
import type { HttpStack } from "./upload-tus";
import type { ClientState } from "./view";
import type { Person, ServerFrame } from "./wire";

/** What the engine takes from its surroundings. */
export interface World {
  fetch: Fetch;
  socket(): Line;
  /** The server, as part of the database's name. */
  origin: string;
  /** How files are carried, where it is not by XMLHttpRequest. */
  stack?: HttpStack;
  now(): number;
  random(): number;
  /** Keep nothing on the device. */
  volatile?: boolean;
  /** Whether any page of this device is in sight, where browsers tell. */
  inSight?(): Promise<boolean>;
}

interface Following { topic: keyof Topics; ask: unknown; push: (value: unknown) => void; live?: Followed | undefined }

const LONGEST = 30_000;
/** How long a page that goes out of sight takes to let go of its lock. */
const LET_GO = 500;

export class Engine {
  readonly api: Api;
  readonly hub: Hub;
  private readonly who: Who;
  private readonly glimpses: Glimpses;
  private readonly socket: Socket;
  private session: Session | undefined;
  private readonly following = new Set<Following>();
  private phase: ClientState["phase"] = "booting";
  private online = true;
  private connection: ClientState["connection"] = "connecting";
  private retryAt: number | undefined;
  private outdated = false;
  private skew = 0;
  private attempts = 0;
  private asking: ReturnType<typeof setTimeout> | undefined;
  /** Whether somebody looks at one of the pages: then the server need not push to this device. */
  private inSight = false;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly world: World) {
    this.api = new Api(world.fetch);
    this.api.onSignedOut = () => this.signedOut();
    this.hub = new Hub(world.now);
    this.who = new Who(world.origin);
    this.glimpses = new Glimpses(world.volatile ? "" : world.origin);
    this.socket = new Socket({
      open: () => world.socket(),
      hello: () => this.session!.hello(),
      frame: (frame) => this.frame(frame),
      connection: (state, retryAt) => {
        this.connection = state;
        this.retryAt = retryAt;
        if (state !== "open") this.session?.lost();
        this.hub.changed("state");
      },
      signedOut: () => this.signedOut(),
      // The reason of a refused attempt cannot be seen from here: ask who is signed in.
      failed: () => void this.api.call("GET /me").catch(() => {}),
      now: world.now,
      random: world.random,
    });
  }

  /** Begins with whoever was signed in last; the screens can paint before the network answers. */
  start(): Promise<void> {
    return this.inTurn(async () => {
      const person = await this.who.get();
      const store = person === undefined ? undefined : await this.openStore(person);
      const me = (await store?.meta())?.me;
      if (store && me) return this.begin(me, store);
      store?.close();
      await this.identify();
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.asking);
    clearTimeout(this.looking);
    this.socket.stop();
    await this.end();
  }

  /** Stops without writing anything more: another engine has the database. */
  async abandon(): Promise<void> {
    this.session?.store.close();
    await this.stop();
  }

  /** A newer build took over: this one stops, and its pages are told to load anew. */
  async retire(): Promise<void> {
    this.outdated = true;
    this.hub.changed("state");
    await this.abandon();
  }

  state(): ClientState {
    const wishes = this.session?.outbox.all() ?? [];
    const failed = wishes.filter((wish) => wish.state === "failed").length;
    return {
      phase: this.phase, online: this.online, connection: this.connection, skew: this.skew,
      ...(this.retryAt !== undefined && { retryAt: this.retryAt }),
      pending: wishes.length - failed, failed,
      ...(this.session && { me: this.session.me }),
      ...(this.outdated && { outdated: true }), ...(this.session?.store.volatile && { volatile: true }),
    };
  }

  /** Follows a topic, across sign-out and sign-in. */
  follow<K extends keyof Topics>(topic: K, ask: Topics[K]["ask"], push: (value: Topics[K]["value"]) => void): Followed {
    if (topic === "state") return { stop: this.hub.follow("state", () => push(this.state() as Topics[K]["value"])) };
    const following: Following = { topic, ask, push: push as (value: unknown) => void };
    this.following.add(following);
    this.resume(following);
    const acts = () => following.live?.acts;
    return {
      stop: () => {
        following.live?.stop();
        this.following.delete(following);
      },
      acts: {
        older: async () => acts()?.older(),
        newer: async () => acts()?.newer(),
        jump: async (around) => {
          following.ask = { ...(following.ask as object), around };
          await acts()?.jump(around);
        },
      },
    };
  }

  async call<K extends keyof Calls>(name: K, a: Parameters<Calls[K]>[0]): Promise<unknown> {
    if (name === "wake") return this.wake(a as Wake);
    if (name === "signedIn") return this.inTurn(() => this.identify());
    if (name === "signOut") return this.inTurn(() => this.signOut());
    if (name === "pendingCount") return this.session?.outbox.all().length ?? 0;
    if (!this.session) await this.turn;
    if (!this.session) throw new ApiError(401, "signed_out", "");
    const command = commands[name as keyof typeof commands] as (session: Session, a: unknown) => unknown;
    return command(this.session, a);
  }

  private wake({ online, visible, language }: Wake): void {
    this.api.language = language;
    const back = online && !this.online;
    this.online = online;
    this.look(visible);
    this.hub.changed("state");
    if (!online || !(visible || back)) return;
    this.session?.wake();
    if (this.session) this.socket.wake();
    else if (this.asking !== undefined) void this.inTurn(() => this.identify());
  }

  /** A page came in sight or went out of it; another tab may still be looked at, which its lock tells a moment later. */
  private look(visible: boolean): void {
    clearTimeout(this.looking);
    if (visible) return this.seen(true);
    this.looking = setTimeout(() => void this.world.inSight?.().then((is) => this.seen(is)), LET_GO);
    if (!this.world.inSight) this.seen(false);
  }

  private seen(inSight: boolean): void {
    if (inSight === this.inSight) return;
    this.inSight = inSight;
    this.socket.send({ type: "sight", visible: inSight });
  }

  /** Asks the server who is signed in; without an answer, again and again. */
  private async identify(): Promise<void> {
    clearTimeout(this.asking);
    this.asking = undefined;
    try {
      const { me: { account: _, ...me } } = await this.api.call("GET /me");
      this.attempts = 0;
      if (this.session?.me.id === me.id) return this.socket.again();
      await this.end(true);
      await this.glimpses.forget();
      await this.who.set(me.id);
      await this.begin(me, await this.openStore(me.id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.passing) return this.nobody();
      const delay = Math.min(LONGEST, 500 * 2 ** this.attempts++) * (0.5 + 0.5 * this.world.random());
      this.connection = "waiting";
      this.retryAt = this.world.now() + delay;
      this.hub.changed("state");
      this.asking = setTimeout(() => void this.inTurn(() => this.identify()), delay);
    }
  }

  private async begin(me: Person, store: Store): Promise<void> {
    const { api, hub } = this;
    this.session = await Session.open(me, store, {
      api, hub, origin: this.world.origin, stack: this.world.stack, now: this.world.now, random: this.world.random,
      online: () => this.online,
      send: (frame) => this.socket.send(frame),
      restart: () => this.socket.again(),
      skew: () => this.skew,
    }, newClientId);
    this.setPhase("ready");
    this.following.forEach((it) => this.resume(it));
    this.socket.start();
    void trim(store, this.world.now());
  }

  /** Closes the session; `forget` also deletes what can be had again. */
  private async end(forget = false): Promise<void> {
    const { session } = this;
    this.session = undefined;
    this.socket.stop();
    for (const it of this.following) it.live = it.live?.stop() as undefined;
    await session?.close();
    if (forget) await session?.store.forgetCaches();
    session?.store.close();
  }

  /** The session was ended elsewhere: the caches go, unsent words stay for the person's return. */
  private signedOut(): void {
    if (this.phase === "signed_out") return;
    void this.inTurn(async () => {
      if (!this.session) return;
      await this.end(true);
      await this.nobody();
    });
  }

  /** Nobody is signed in here. */
  private async nobody(): Promise<void> {
    await this.glimpses.forget();
    await this.who.clear();
    this.setPhase("signed_out");
  }

  private async signOut(): Promise<void> {
    try {
      await this.api.call("DELETE /session");
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
    }
    const store = this.session?.store;
    await this.end();
    await store?.destroy();
    await this.nobody();
  }

  private frame(frame: ServerFrame): void {
    if (frame.type === "bye" && frame.code === "too_old") this.outdated = true;
    if (frame.type === "welcome") {
      this.skew = frame.now / 1_000 - this.world.now();
      if (this.inSight) this.socket.send({ type: "sight", visible: true });
      // The cookie may have become somebody else's in another tab.
      if (this.session && frame.me.id !== this.session.me.id) return void this.inTurn(() => this.identify());
    }
    this.session?.frame(frame);
    this.hub.changed("state");
  }

  private resume(following: Following): void {
    if (!this.session || following.live) return;
    const follow = followers[following.topic as keyof typeof followers] as (session: Session, ask: unknown, push: (value: unknown) => void) => Followed;
    following.live = follow(this.session, following.ask, following.push);
  }

  private openStore(person: string): Promise<Store> {
    const outdated = (): void => {
      this.outdated = true;
      this.hub.changed("state");
    };
    return Store.open(this.world.volatile ? "" : `madang-${this.world.origin}-${person}`, outdated, this.glimpses);
  }

  private setPhase(phase: ClientState["phase"]): void {
    this.phase = phase;
    this.hub.changed("state");
  }

  /** Sign-in, sign-out and start happen one after the other. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.turn.then(task);
    this.turn = done.catch(() => {});
    return done;
  }
}
