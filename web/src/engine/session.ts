// A signed-in person on this device: holds the parts together, hears what the socket says, and answers what
// the pages ask. Begins with what the device kept; ends by closing, or by forgetting everything.
import { readAhead } from "./ahead";
import { ApiError, type Api } from "./api";
import { Calls } from "./calls";
import { Desks } from "./desks";
import { Drafts } from "./drafts";
import type { Hub } from "./hub";
import { Log, type LogHouse } from "./log";
import { Markers } from "./markers";
import { Outbox } from "./outbox";
import { Pages } from "./pages";
import { People } from "./people";
import { Reads } from "./reads";
import { Registers } from "./registers";
import { Seen } from "./seen";
import { Signals } from "./signals";
import { Spaces, type Space } from "./spaces";
import type { Meta, Store } from "./store";
import type { Tally } from "./summary";
import { Thread } from "./thread";
import type { HttpStack } from "./upload-tus";
import { Uploads } from "./uploads";
import { PageWindow } from "./window";
import type { ClientFrame, Event, Hello, Id, Level, Page, Person, Register, ServerFrame, SpaceRole, SpaceSummary } from "./wire";
import type { AppFrame } from "./wire-apps";
import type { AgentSwitch } from "./wire-desk";
import { Shown } from "./wishes";

export interface SessionHouse {
  api: Api;
  hub: Hub;
  origin: string;
  stack?: HttpStack | undefined;
  now(): number;
  random(): number;
  online(): boolean;
  send(frame: ClientFrame): void;
  /** The server holds another history: begin with a fresh hello. */
  restart(): void;
  /** Server clock minus device clock, milliseconds. */
  skew(): number;
}

/** Counts that became a guess are asked for after this, in case the next frame says them. */
const RECOUNT = 200;

/** A window or thread that a page follows. `open` makes its view, again after the space was lost or entered. */
export interface Watch { space: Id; key: string; turn?: number; view?: PageWindow | Thread | undefined; open(): Promise<void> }

export class Session {
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly spaces: Spaces;
  readonly pages: Pages;
  readonly people: People;
  readonly registers: Registers;
  readonly drafts: Drafts;
  readonly reads: Reads;
  readonly markers: Markers;
  readonly signals: Signals;
  readonly calls: Calls;
  readonly seen: Seen;
  readonly desks: Desks;
  readonly shown: Shown;
  /** Who hears what apps show to this person alone. */
  readonly apps = new Set<(frame: AppFrame) => void>();
  readonly watches = new Set<Watch>();
  private readonly recounting = new Map<Id, ReturnType<typeof setTimeout>>();
  private readonly visited = new Map<Id, Promise<Space | undefined>>();
  private readonly logHouse: LogHouse;
  private epoch = 0;
  private rev = 0;
  private peopleAt = 0;
  device = "";
  private trusted = false;
  private closed = false;

  private constructor(public me: Person, readonly store: Store, readonly house: SessionHouse) {
    const { api, hub, now } = house;
    const clock = (): number => Math.round((now() + house.skew()) * 1_000);
    this.shown = new Shown(me.id);
    this.pages = new Pages(store, now);
    this.logHouse = {
      api, pages: this.pages,
      epoch: () => this.epoch,
      onEpoch: () => house.restart(),
      onFolded: (log, events, changed) => this.folded(log, events, changed),
      onJump: (log) => {
        void store.glimpses.forget();
        this.spaces.jumped(log);
        this.revive(log.space);
      },
      onRefused: (log) => {
        const space = this.spaces.get(log.space);
        if (space) space.refused = true;
      },
    };
    this.people = new People(api, store, () => {
      this.spaces.renamed();
      hub.changed("people");
    });
    this.registers = new Registers(store, (register) => this.registerChanged(register));
    this.drafts = new Drafts({ api, store, clock, changed: (space, thread) => this.draftChanged(space, thread) });
    this.reads = new Reads({ api, store, now, online: house.online, took: (register) => this.registers.take([register]) });
    this.markers = new Markers(api, (space) => hub.changed(`markers/${space}`));
    this.signals = new Signals(now, (space, thread) => house.send({ type: "typing", space, ...(thread !== undefined && { thread }) }), (space) => this.spaces.changed(space));
    this.calls = new Calls(() => hub.changed("calls"), (space) => this.spaces.shown(space));
    this.desks = new Desks({ api, now, skew: house.skew, changed: () => hub.changed("desks") });
    this.seen = new Seen((frame) => house.send(frame));
    this.outbox = new Outbox({
      api, store, now, random: house.random, online: house.online,
      trusted: () => this.trusted,
      granted: (event) => this.answered(event),
      settled: (id) => void this.uploads.forget(id),
      changed: (space) => this.wishesChanged(space),
    });
    this.uploads = new Uploads({
      api, store, now, random: house.random, online: house.online, origin: house.origin, stack: house.stack,
      changed: () => hub.changed("uploads"),
      arrived: (of, key, file) => void this.outbox.uploaded(of, key, file),
      refused: (of, code, words) => void this.outbox.fail(of, code, words),
    });
    this.spaces = new Spaces(store, this.logHouse, {
      me: me.id,
      person: (id) => this.people.held.get(id),
      level: (space) => (this.registers.value(`involvement/${space}`) as { level?: Level } | undefined)?.level,
      draft: (space) => this.drafts.of(space),
      failed: (space) => this.outbox.of(space).filter((wish) => wish.state === "failed").length,
      typing: (space) => this.signals.typing(space),
      marked: (space) => this.reads.of(space),
      call: (space) => this.calls.in(space),
      uncounted: (space) => this.recountSoon(space),
    }, (space) => {
      hub.changed("spaces");
      hub.changed(`space/${space}`);
    });
  }

  static async open(me: Person, store: Store, house: SessionHouse, newId: () => string): Promise<Session> {
    const session = new Session(me, store, house);
    const meta = await store.meta();
    const { people, registers, outbox, drafts, uploads } = await store.all();
    session.epoch = meta.epoch ?? 0;
    session.rev = meta.rev ?? 0;
    session.peopleAt = meta.peopleAt ?? 0;
    session.device = meta.device ?? newId();
    session.people.load([...people, me]);
    session.registers.load(registers);
    session.drafts.load(drafts);
    session.reads.load(meta.reads);
    session.outbox.load(outbox);
    session.uploads.load(uploads, outbox);
    await session.spaces.load();
    session.countAsMarked();
    await store.putMeta({ device: session.device, me });
    session.outbox.kick();
    session.uploads.kick();
    void readAhead(session.spaces, session.pages, () => session.closed);
    return session;
  }

  /** A mark is kept at once, a space a moment later: a page that was closed in between left the count of before. */
  private countAsMarked(): void {
    for (const space of this.spaces.all()) {
      const marked = this.registers.get(`read/${space.log.space}`)?.value as Tally | null | undefined;
      if (marked && marked.seq !== space.tally.seq) this.spaces.setTally(space, marked);
    }
  }

  hello(): Hello {
    const heads = this.spaces.all().map(({ log }): [Id, number] => [log.space, log.high]);
    return { type: "hello", device: this.device, epoch: this.epoch, rev: this.rev, heads, people_at: this.peopleAt };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.outbox.stop();
    this.uploads.stop();
    this.reads.close();
    this.signals.clear();
    this.calls.clear();
    this.desks.clear();
    this.seen.clear();
    this.recounting.forEach((timer) => clearTimeout(timer));
    await this.drafts.stop();
    await this.spaces.save();
    this.spaces.clear();
  }

  wake(): void {
    this.outbox.wake();
    this.uploads.wake();
  }

  /** The line is lost: until the next welcome the server may be another one, restored from a backup. */
  lost(): void {
    this.trusted = false;
  }

  // What the socket says.

  frame(frame: ServerFrame): void {
    switch (frame.type) {
      case "welcome":
        return void this.welcome(frame);
      case "event":
        return this.event(frame.event);
      case "register":
        this.rev = Math.max(this.rev, frame.rev);
        return this.registers.take([frame], this.rev);
      case "space":
        return this.entered(frame.space);
      case "person":
        return this.met(frame.person);
      case "receipts":
        return this.markers.moved(frame.space, frame.markers);
      case "typing":
        if (frame.person !== this.me.id) this.signals.came(frame.space, frame.person, frame.thread);
        return;
      case "call":
      case "ring":
      case "ring_over":
      case "call_slots":
      case "call_key":
      case "call_signal":
        return this.calls.frame(frame);
      case "desk":
      case "offer":
      case "offer_over":
      case "visitor_at":
        if (frame.type === "desk") void this.lookAgain().catch(() => {});
        return this.desks.frame(frame);
      case "cobrowse":
      case "point":
      case "still":
        return this.seen.frame(frame);
      case "ephemeral":
      case "ephemeral_gone":
      case "view":
      case "app_home":
      case "assistant":
      case "assistant_prompts":
        return this.apps.forEach((tell) => tell(frame));
    }
  }

  private async welcome(frame: ServerFrame & { type: "welcome" }): Promise<void> {
    if (this.epoch && frame.epoch !== this.epoch) return this.forget(frame.epoch);
    this.trusted = true;
    this.epoch = frame.epoch;
    this.rev = frame.rev;
    this.peopleAt = frame.people_at;
    this.me = frame.me;
    for (const space of frame.gone) this.gone(space);
    this.people.load([...frame.people, frame.me]);
    this.registers.take(frame.registers);
    const reached = frame.spaces.filter((it) => it.me).map((summary) => ({ summary, ...this.spaces.take(summary) }));
    for (const { summary, space } of reached) {
      // An answer of this device that overtook the welcome.
      const read = this.registers.get(`read/${summary.id}`);
      if (read && read.rev > frame.rev) this.spaces.setTally(space, read.value as Tally);
    }
    const meta: Partial<Meta> = { epoch: this.epoch, rev: this.rev, peopleAt: this.peopleAt, me: this.me, device: this.device };
    reached.filter((it) => it.fresh).forEach(({ summary }) => this.rewatch(summary.id));
    await this.spaces.save();
    await this.store.put({ people: [...frame.people, frame.me], meta: [meta] });
    this.spaces.renamed();
    this.house.hub.changed("people");
    this.house.hub.changed("state");
    this.calls.welcome(frame.calls ?? []);
    this.seen.welcome();
    if (frame.me.role !== "guest") this.desks.welcome();
    this.markers.again();
    this.drafts.again();
    this.reads.again();
    this.outbox.wake();
    for (const { log, uncounted } of this.spaces.all()) if (uncounted) this.recountSoon(log.space);
    await this.catchUp(reached);
    this.revive();
  }

  /** What is looked at first, then the newest; a few at a time. */
  private async catchUp(reached: { summary: SpaceSummary; space: Space }[]): Promise<void> {
    const seen = new Set([...this.watches].map((watch) => watch.space));
    const waiting = reached.sort((a, b) => Number(seen.has(b.summary.id)) - Number(seen.has(a.summary.id)) || (b.summary.last?.at ?? 0) - (a.summary.last?.at ?? 0));
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !this.closed; next = waiting.shift()) await next.space.log.reach(next.summary.head.seq);
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
  }

  /** Another epoch: nothing that was numbered before can be trusted. Outbox and drafts stay. */
  private async forget(epoch: number): Promise<void> {
    const distrusted = this.outbox.distrust();
    for (const { log } of this.spaces.all()) {
      this.reads.forget(log.space);
      this.spaces.drop(log.space);
    }
    this.pages.clear();
    this.registers.clear();
    await this.store.forgetCaches();
    await distrusted;
    this.epoch = epoch;
    this.rev = this.peopleAt = 0;
    this.house.restart();
  }

  private event(event: Event): void {
    this.signals.event(event);
    this.spaces.get(event.space)?.log.receive(event);
  }

  private answered(event: Event): void {
    const space = this.spaces.get(event.space);
    if (space) space.log.receive(event, true);
    else this.outbox.folded(event.space, Infinity);
  }

  private entered(summary: SpaceSummary): void {
    this.visited.delete(summary.id);
    const { space, fresh } = this.spaces.take(summary, Math.round(this.house.now() * 1_000));
    if (fresh) this.rewatch(summary.id);
    else void space.log.reach(summary.head.seq);
  }

  private met(person: Person): void {
    if (person.id === this.me.id) {
      this.me = person;
      void this.store.putMeta({ me: person });
      this.house.hub.changed("state");
    }
    this.people.take([person]);
  }

  private folded(log: Log, events: Event[], changed: Page[]): void {
    const { space } = log;
    this.spaces.folded(log, events);
    // What somebody took back is not to stand in what the screen looked like before.
    if (events.some(({ type }) => type === "message.removed" || type === "message.edited")) void this.store.glimpses.forget();
    this.outbox.folded(space, log.high);
    for (const event of events) this.markers.event(event, (id) => this.people.held.get(id)?.bot === true);
    for (const { view } of this.watching(space)) {
      if (view instanceof PageWindow) view.folded(changed);
      else view?.folded(events);
    }
    if (events.some(({ type }) => type.startsWith("bookmark"))) this.lookAt(space);
    // Out and in again before these events came: the summary already tells of the coming in.
    const joined = this.spaces.get(space)?.summary.me?.joined ?? 0;
    if (events.some((event) => event.type === "member.left" && event.body.person === this.me.id && event.seq >= joined)) this.gone(space);
  }

  private gone(space: Id): void {
    const left = this.spaces.get(space);
    if (!left) return;
    this.spaces.drop(space);
    this.pages.forget(space);
    this.reads.forget(space);
    for (const { view, key } of this.watching(space)) {
      if (view) view.gone = true;
      this.house.hub.changed(key);
    }
    // Whoever stands at its desk reads on.
    if (left.summary.kind === "ticket") this.rewatch(space);
  }

  private registerChanged(register: Register): void {
    const [word, id = ""] = register.key.split("/");
    const space = this.spaces.get(id);
    this.house.hub.changed(`register/${register.key}`);
    this.house.hub.changed(`registers/${word}`);
    if (word === "draft") return this.drafts.register(register);
    if (word === "agent") return this.desks.turned(register.value as AgentSwitch | null);
    const membership = word === "membership" ? (register.value as { state?: string; role?: SpaceRole } | null) : null;
    if (membership?.state === "out") return this.gone(id);
    if (!space) return;
    if (membership?.role && space.summary.me) {
      space.summary = { ...space.summary, me: { ...space.summary.me, role: membership.role } };
      this.spaces.changed(id);
    }
    if (word === "involvement") this.spaces.changed(id);
    // Null once the person has left: what counts then is in the summary of the next stay.
    if (word === "read" && register.value) {
      const tally = register.value as Tally;
      this.markers.moved(id, [[this.me.id, tally.seq]]);
      this.spaces.setTally(space, tally);
    }
  }

  /** Asks for counts that cannot be told from what is held here, until they are known. */
  private recountSoon(id: Id, delay = RECOUNT): void {
    if (delay === RECOUNT && this.recounting.has(id)) return;
    const timer = setTimeout(async () => {
      const { rev } = this.registers.get(`read/${id}`) ?? {};
      let again = true;
      try {
        const summary = this.spaces.get(id)?.uncounted ? await this.summary(id) : undefined;
        // A mark that came meanwhile is newer than the answer.
        again = summary !== undefined && this.registers.get(`read/${id}`)?.rev !== rev;
        if (summary?.me && this.spaces.get(id) && !again) this.spaces.take(summary);
      } catch {
        // No answer: once more, later.
      }
      if (this.recounting.get(id) === timer) this.recounting.delete(id);
      if (!this.closed && (again || this.spaces.get(id)?.uncounted)) this.recountSoon(id, Math.min(30_000, delay * 2));
    }, delay);
    this.recounting.set(id, timer);
  }

  private draftChanged(space: Id, thread: number | undefined): void {
    this.house.hub.changed(`draft/${space}/${thread ?? ""}`);
    if (thread === undefined && this.spaces.get(space)) this.spaces.changed(space);
  }

  private wishesChanged(space: Id): void {
    if (this.spaces.get(space)) this.spaces.changed(space);
    for (const { key } of this.watching(space)) this.house.hub.changed(key);
    this.house.hub.changed("outbox");
    this.house.hub.changed("state");
  }

  // Who looks at what.

  /** One of my spaces, or an open one that is only looked at; nothing if it may not be seen. Throws offline. */
  async visit(id: Id): Promise<Space | undefined> {
    const mine = this.spaces.get(id);
    if (mine) return mine;
    let visit = this.visited.get(id);
    if (!visit) {
      visit = this.summary(id).then((summary) => this.spaces.get(id) ?? (summary && this.guestView(summary)));
      this.visited.set(id, visit);
      visit.catch(() => this.visited.delete(id));
    }
    return visit;
  }

  /** Looks again at what may be stale or was out of reach; in one space or everywhere. */
  private revive(space?: Id): void {
    for (const watch of this.watches) {
      if (space !== undefined && watch.space !== space) continue;
      const { view } = watch;
      this.lookAt(watch.space);
      if (!view) void watch.open();
      else if (view instanceof PageWindow) view.revive();
      else void view.open();
    }
  }

  /** Asks for the links above a conversation that somebody looks at; without an answer they are those of before. */
  lookAt(id: Id): void {
    if (this.watching(id).length)
      void Promise.all([this.visit(id), this.house.api.call("GET /spaces/{id}/bookmarks", { id })]).then(([space, { bookmarks }]) => {
        if (!space) return;
        space.bookmarks = bookmarks;
        if (this.spaces.get(id)) this.spaces.changed(id);
        else this.house.hub.changed(`space/${id}`);
      }, () => {});
  }

  /** No live events come from a ticket that is looked at from outside: its desk says that something happened. */
  private async lookAgain(): Promise<void> {
    for (const { space } of this.watches) {
      const { log, summary } = (await this.visited.get(space)) ?? {};
      if (log && !log.live && summary?.kind === "ticket") await log.jump((await this.summary(space))?.head.seq ?? 0);
    }
  }

  private rewatch(space: Id): void {
    this.visited.delete(space);
    this.house.hub.changed(`space/${space}`);
    for (const watch of this.watching(space)) void watch.open();
  }

  private guestView(summary: SpaceSummary): Space {
    const { id, head } = summary;
    const log = new Log(id, head.seq, head.seq, this.logHouse);
    log.live = false;
    return { log, summary, tally: { seq: head.seq, unread: 0, mentions: 0, head: head.seq }, since: 0, refused: false };
  }

  private async summary(id: Id): Promise<SpaceSummary | undefined> {
    try {
      return (await this.house.api.call("GET /spaces/{id}", { id })).space;
    } catch (error) {
      if (error instanceof ApiError && !error.passing) return undefined;
      throw error;
    }
  }

  private watching(space: Id): Watch[] {
    return [...this.watches].filter((watch) => watch.space === space);
  }
}
