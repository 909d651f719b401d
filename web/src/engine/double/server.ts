// A server in memory that speaks docs/protocol/sync.md over `fetch` and a socket: the network of the tests,
// with switches for what networks do (lost requests, lost answers, closed lines).
import { begin, foldRow, touches } from "../fold";
import type { Fetch } from "../api";
import type { Line } from "../socket";
import { count, type Tally } from "../summary";
import { TusHouse } from "./tus";
import type { Body, Bookmark, ClientFrame, Event, Id, Person, Posted, Register, Row, Seq, ServerFrame, SpaceSummary } from "../wire";

interface House { id: Id; name: string; events: Event[]; rows: Map<Seq, Row>; members: Map<Id, { joined: Seq; level: "everything" }>; bookmarks: Bookmark[] }

export type Fate = "fine" | "lost" | "answer lost" | "no answer" | { after: Promise<void> } | { status: number; code: string; retryAfter?: number };

const PAGE = 64;

export class Server {
  epoch = 1_760_000_000_000;
  readonly people = new Map<Id, Person>();
  readonly spaces = new Map<Id, House>();
  readonly lines = new Set<ServerLine>();
  readonly registers = new Map<Id, Map<string, Register>>();
  readonly signedIn = new Set<string>();
  /** Every request, as "METHOD /path status". */
  readonly requests: string[] = [];
  /** Decides what happens to a request. */
  fate: (method: string, path: string, device: string) => Fate = () => "fine";
  receipts = true;
  readonly tus = new TusHouse();
  private clock = 1_800_000_000_000_000;
  private revs = new Map<Id, number>();
  private readonly taken = new Map<string, Event | null>();

  person(id: Id): Person {
    let person = this.people.get(id);
    if (!person) this.people.set(id, (person = { id, name: id[0]!.toUpperCase() + id.slice(1), role: "member", active: true }));
    return person;
  }

  space(id: Id, ...members: Id[]): House {
    const house: House = { id, name: id, events: [], rows: new Map(), members: new Map(), bookmarks: [] };
    this.spaces.set(id, house);
    const host = members[0]!;
    this.append(house, host, { type: "space.created", body: { name: id, kind: "open" } });
    for (const member of members) this.join(house, member);
    return house;
  }

  join(house: House, person: Id): void {
    this.person(person);
    house.members.set(person, { joined: house.events.length + 1, level: "everything" });
    const event = this.append(house, person, { type: "member.joined", body: { person, role: "member" } });
    this.write(person, `read/${house.id}`, { seq: event.seq, unread: 0, mentions: 0, head: event.seq });
    this.tell(person, { type: "space", space: this.summary(house, person) });
  }

  leave(house: House, person: Id): void {
    const event = this.append(house, person, { type: "member.left", body: { person } });
    house.members.delete(person);
    this.write(person, `membership/${house.id}`, { state: "out", role: "member", joined: 0, at: event.at });
  }

  /** A message without a client, for setting a scene. */
  say(house: House, author: Id, text: string, more: Partial<Posted> = {}): Event {
    return this.append(house, author, { type: "message.posted", body: { text, ...more } });
  }

  append(house: House, author: Id, body: Body, client_id?: string): Event {
    const event = { space: house.id, seq: house.events.length + 1, at: (this.clock += 1_000), author, ...(client_id && { client_id }), ...body } as Event;
    house.events.push(event);
    const row = begin(event);
    if (row) house.rows.set(row.seq, row);
    for (const seq of touches(event)) {
      const touched = house.rows.get(seq);
      if (touched && seq !== event.seq) house.rows.set(seq, foldRow(touched, event));
    }
    for (const person of house.members.keys()) this.tell(person, { type: "event", event });
    return event;
  }

  summary(house: House, reader: Id): SpaceSummary {
    const member = house.members.get(reader);
    const read = (this.registers.get(reader)?.get(`read/${house.id}`)?.value as Tally | undefined)?.seq ?? 0;
    const main = [...house.rows.values()].filter((row) => row.type === "message" && !row.removed && (row.thread === undefined || row.also)).at(-1);
    return {
      id: house.id, workspace: "w", kind: "open", name: house.name, description: "",
      head: { epoch: this.epoch, seq: house.events.length }, members: house.members.size, guests: 0, receipts: this.receipts,
      ...(member && { me: { role: "member" as const, joined: member.joined, level: member.level, ...this.unread(house, reader, read), read } }),
      ...(main?.type === "message" && { last: { seq: main.seq, at: main.at, author: main.author, text: main.text } }),
    };
  }

  unread(house: House, reader: Id, seq: Seq): { unread: number; mentions: number } {
    const posted = new Map(house.events.map((event) => [event.seq, event]));
    const tally = house.events.reduce<Tally>((so, event) => {
      return count(so, event, reader, event.type === "message.removed" ? posted.get(event.body.message) : undefined);
    }, { seq, unread: 0, mentions: 0, head: 0 });
    return { unread: tally.unread, mentions: tally.mentions };
  }

  write(person: Id, key: string, value: unknown): Register {
    const rev = (this.revs.get(person) ?? 0) + 1;
    this.revs.set(person, rev);
    const register = { key, rev, value };
    if (!this.registers.has(person)) this.registers.set(person, new Map());
    this.registers.get(person)!.set(key, register);
    this.tell(person, { type: "register", ...register });
    return register;
  }

  tell(person: Id, frame: ServerFrame): void {
    for (const line of this.lines) if (line.person === person && line.welcomed) line.deliver(frame);
  }

  /** A restore from a backup: what came after `keep` events is gone, and the epoch is another. */
  restore(house: House, keep: number): void {
    this.epoch += 1;
    const events = house.events.slice(0, keep);
    house.events = [];
    house.rows.clear();
    this.taken.clear();
    for (const { author, client_id, type, body } of events) this.append(house, author, { type, body } as Body, client_id);
    for (const line of this.lines) line.cut();
  }

  welcome(person: Id, hello: ClientFrame & { type: "hello" }): ServerFrame {
    const same = hello.epoch === this.epoch;
    const heads = new Map(same ? hello.heads : []);
    const mine = [...this.spaces.values()].filter((it) => it.members.has(person));
    const registers = [...(this.registers.get(person)?.values() ?? [])].filter((it) => !same || it.rev > hello.rev);
    return {
      type: "welcome", epoch: this.epoch, rev: this.revs.get(person) ?? 0, now: this.clock, people_at: this.clock, me: this.person(person),
      spaces: mine.filter((it) => heads.get(it.id) !== it.events.length).map((it) => this.summary(it, person)),
      gone: hello.heads.map(([id]) => id).filter((id) => !this.spaces.get(id)?.members.has(person)),
      registers, people: [...this.people.values()],
    };
  }

  fetch(device: string, person: Id): Fetch {
    return async (url, init) => {
      const method = init.method ?? "GET";
      const path = url.replace(/^.*\/api\/v1/, "");
      const fate = this.fate(method, path, device);
      await Promise.resolve();
      if (fate === "no answer") return new Promise<never>(() => {});
      if (typeof fate === "object" && "after" in fate) await fate.after;
      if (fate === "lost") throw new TypeError("lost");
      const answer = typeof fate === "object" && "status" in fate ? refusal(fate.status, fate.code, fate.retryAfter) : this.answer(device, person, method, path, init);
      this.requests.push(`${method} ${path} ${answer.status}`);
      await Promise.resolve();
      if (fate === "answer lost") throw new TypeError("answer lost");
      return answer;
    };
  }

  private answer(device: string, person: Id, method: string, path: string, init: RequestInit): Response {
    if (!this.signedIn.has(device)) return refusal(401, "signed_out");
    if (path.startsWith("/uploads")) return this.tus.answer(method, path, init);
    const url = new URL(`http://house${path}`);
    const parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, never>) : ({} as Record<string, never>);
    if (url.pathname === "/me/agent") return json({ reachable: false, desks: 0, offers: [] });
    if (parts[0] === "me") return json({ me: { ...this.person(person), account: true }, workspace: { id: "w", name: "W" }, settings: {} });
    if (parts[0] === "session") return this.signedIn.delete(device), new Response(null, { status: 204 });
    if (parts[0] === "people") return json({ people: (url.searchParams.get("ids") ?? "").split(",").flatMap((id) => this.people.get(id) ?? []) });
    const house = this.spaces.get(parts[1] ?? "");
    if (!house || (!house.members.has(person) && method !== "GET")) return refusal(403, "not_a_member");
    return this.inSpace(house, person, method, parts.slice(2), url.searchParams, body, new Headers(init.headers));
  }

  private inSpace(house: House, person: Id, method: string, [what, which, deeper, emoji]: string[], query: URLSearchParams, body: Record<string, never>, headers: Headers): Response {
    switch (what) {
      case undefined:
        return json({ space: this.summary(house, person) });
      case "events": {
        const after = Number(query.get("after"));
        return json({ events: house.events.slice(after, after + Number(query.get("limit"))).map((event) => blanked(house, event)), head: { epoch: this.epoch, seq: house.events.length } });
      }
      case "pages":
        return this.page(house, Number(which), headers.get("If-None-Match"));
      case "threads": {
        const rows = [...house.rows.values()];
        return json({ root: house.rows.get(Number(which)), rows: rows.filter((row) => row.type === "message" && row.thread === Number(which)) });
      }
      case "bookmarks":
        return json({ bookmarks: house.bookmarks });
      case "markers":
        if (!this.receipts) return refusal(409, "receipts_off");
        return json({ markers: [...house.members.keys()].map((id) => [id, (this.registers.get(id)!.get(`read/${house.id}`)!.value as Tally).seq]) });
      case "read":
      case "unread": {
        const before = (this.registers.get(person)!.get(`read/${house.id}`)!.value as Tally).seq;
        const seq = what === "read" ? Math.max(before, Number(body["seq"])) : Number(body["seq"]) - 1;
        const register = this.write(person, `read/${house.id}`, { seq, ...this.unread(house, person, seq), head: house.events.length });
        for (const member of house.members.keys()) this.tell(member, { type: "receipts", space: house.id, markers: [[person, seq]] });
        return json({ register });
      }
      case "draft": {
        const { text, thread, at } = body as unknown as { text: string; thread?: Seq; at: number };
        const key = thread === undefined ? `draft/${house.id}` : `draft/${house.id}/${thread}`;
        const kept = this.registers.get(person)!.get(key);
        // The later word stays, whichever arrives first.
        if (kept && ((kept.value as { at: number } | null)?.at ?? 0) > at) return json({ register: kept });
        return json({ register: this.write(person, key, { text, at }) });
      }
      case "messages":
        return this.command(house, person, method, Number(which), deeper, emoji, query.get("client_id") ?? String(body["client_id"]), body);
      default:
        return refusal(404, "not_found");
    }
  }

  private page(house: House, n: number, etag: string | null): Response {
    const rows: Row[] = [];
    for (let seq = n * PAGE; seq < (n + 1) * PAGE; seq++) {
      const row = house.rows.get(seq);
      if (row) rows.push(row);
    }
    const version = Math.max(0, ...rows.map((row) => row.changed));
    const tag = `"${this.epoch}-${n}-${version}"`;
    if (etag === tag) return new Response(null, { status: 304, headers: { ETag: tag, "Madang-At": String(house.events.length) } });
    return json({ space: house.id, page: n, version, at: house.events.length, rows }, { ETag: tag });
  }

  private command(house: House, person: Id, method: string, seq: Seq, what: string | undefined, emoji: string | undefined, client: string, body: Record<string, never>): Response {
    const key = `${person}/${client}`;
    const before = this.taken.get(key);
    if (before !== undefined) return json({ event: before });
    const row = house.rows.get(seq);
    const message = row?.type === "message" ? row : undefined;
    if (method !== "POST" && !message) return refusal(404, "message_not_found");
    if (((body["files"] ?? []) as Id[]).some((id) => !this.tus.files.has(id))) return refusal(409, "file_not_usable");
    if (method === "POST" && String(body["text"]).startsWith("forbidden")) return refusal(403, "not_allowed");
    const wish = bodyOf(this.tus, method, person, seq, what, emoji, body, message);
    const event = wish && this.append(house, person, wish, client);
    this.taken.set(key, event);
    return json({ event });
  }
}

function bodyOf(tus: TusHouse, method: string, person: Id, seq: Seq, what: string | undefined, emoji: string | undefined, body: Record<string, never>, row: (Row & { type: "message" }) | undefined): Body | null {
  if (method === "POST") {
    const { text, thread, also, files } = body as unknown as { text: string; thread?: Seq; also?: boolean; files?: Id[] };
    return { type: "message.posted", body: { text, ...(files && { files: files.map((id) => tus.files.get(id)!) }), ...(thread !== undefined && { thread }), ...(also && { also }) } };
  }
  if (method === "PATCH") return row!.removed || row!.text === body["text"] ? null : { type: "message.edited", body: { message: seq, text: String(body["text"]) } };
  const mine = row!.reactions?.some((it) => it.emoji === emoji && it.people.some(([id]) => id === person)) ?? false;
  if (what === "reactions" && method === "PUT") return mine || row!.removed ? null : { type: "reaction.added", body: { message: seq, emoji: emoji! } };
  if (what === "reactions") return mine ? { type: "reaction.removed", body: { message: seq, emoji: emoji! } } : null;
  if (what === "pin" && method === "PUT") return row!.pinned || row!.removed ? null : { type: "message.pinned", body: { message: seq } };
  if (what === "pin") return row!.pinned ? { type: "message.unpinned", body: { message: seq } } : null;
  return row!.removed ? null : { type: "message.removed", body: { message: seq, ...(row!.thread !== undefined && { thread: row!.thread }) } };
}

/** What is served of a removed message: its place, not its content. */
function blanked(house: House, event: Event): Event {
  const row = house.rows.get(event.type === "message.edited" ? event.body.message : event.seq);
  if (row?.type !== "message" || !row.removed) return event;
  if (event.type === "message.edited") return { ...event, body: { message: event.body.message, text: "" } };
  if (event.type !== "message.posted") return event;
  const { thread, also } = event.body;
  return { ...event, body: { text: "", removed: true, ...(thread !== undefined && { thread }), ...(also && { also }) } };
}

const json = (value: unknown, headers: Record<string, string> = {}): Response => new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json", ...headers } });

function refusal(status: number, code: string, retryAfter?: number): Response {
  return new Response(JSON.stringify({ error: { code, message: code } }), { status, headers: retryAfter ? { "Retry-After": String(retryAfter) } : {} });
}

/** The server's end of a socket, and the client's `Line` in one. Frames arrive in order, a little later. */
export class ServerLine implements Line {
  readyState = 0;
  welcomed = false;
  onopen: Line["onopen"] = null;
  onmessage: Line["onmessage"] = null;
  onclose: Line["onclose"] = null;
  /** What the client sent. */
  readonly heard: ClientFrame[] = [];
  /** Swallows frames on their way to the client while set, as a dead network does. */
  mute = false;

  constructor(private readonly server: Server, readonly person: Id, readonly device: string, reachable: boolean | "no answer") {
    if (reachable === "no answer") return;
    setTimeout(() => {
      if (!reachable) return this.cut(1006);
      if (!server.signedIn.has(device)) return this.cut(4401);
      if (this.readyState !== 0) return;
      this.readyState = 1;
      server.lines.add(this);
      this.onopen?.();
    }, 5);
  }

  send(text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.heard.push(frame);
    if (this.mute) return;
    if (frame.type === "ping") this.deliver({ type: "pong" });
    if (frame.type === "hello") {
      this.deliver(this.server.welcome(this.person, frame));
      this.welcomed = true;
    }
  }

  deliver(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    if (!this.mute) setTimeout(() => this.readyState === 1 && this.onmessage?.({ data: text }), 2);
  }

  close(): void {
    this.readyState = 3;
    this.server.lines.delete(this);
  }

  cut(code = 1006): void {
    if (this.readyState === 3) return;
    this.close();
    this.onclose?.({ code });
  }
}
