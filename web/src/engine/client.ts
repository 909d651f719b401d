// The engine as the screens see it: `connect()` gives the one `Client` of a page. Everything live is a
// subscription (called at once with what is known, then after every change; the returned function ends it);
// wishes resolve when they are stored on the device, and show themselves in the rows until they are granted.
import { Api } from "./api";
import type { Around } from "./door";
import type { Glimpse } from "./glimpse";
import { openEngine } from "./host";
import { newClientId } from "./ids";
import { pageNow, watchPage } from "./page";
import { unreadOf } from "./receipts";
import { Remote } from "./remote";
import type { Held } from "./search";
import type { Point } from "../../widget/point";
import type { AppFrame } from "./wire-apps";
import type { SeenFrame } from "./wire-desk";
import type { CallSignal, FileRef, Id, InCall, Level, Person, Register, Seq } from "./wire";
import type { CallsNow, ClientState, DesksNow, Deed, Draft, OutboxItem, PostWish, SpaceItem, Target, ThreadState, UploadItem, WindowState } from "./view";
import type { AttachWish } from "./uploads";

export { ApiError } from "./api";
export type { Around } from "./door";
export type { Held } from "./search";
export type * from "./view";
export type * from "./routes";

export type Stop = () => void;
type Listener<T> = (value: T) => void;

/** How many members have not read a message; null while unknown, or where receipts are off. */
export type Unread = (seq: Seq, author: Id) => number;

export interface WindowHandle {
  /** Makes about 40 more rows visible above or below; resolves when they have been given to the listener. */
  older(): Promise<void>;
  newer(): Promise<void>;
  jump(around: Around): Promise<void>;
  close(): void;
}

export class Client {
  /** Everything that is not live, called from the page: `client.api.call("GET /teams")`. */
  readonly api: Api;

  /** @internal use `connect()` */
  constructor(private readonly remote: Remote, api: Api) {
    this.api = api;
  }

  state(listener: Listener<ClientState>): Stop {
    return this.remote.follow("state", null, listener).stop;
  }

  /** My spaces, the newest activity first. Unchanged items are the same objects as before. */
  spaces(listener: Listener<SpaceItem[]>): Stop {
    return this.remote.follow("spaces", null, ({ rows }) => listener(rows)).stop;
  }

  /** One space; null when the person may not see it (any more). An open space one is not in works too. */
  space(space: Id, listener: Listener<SpaceItem | null>): Stop {
    return this.remote.follow("space", { space }, listener).stop;
  }

  /** A window of main-line rows. Unchanged rows are the same objects as before: key the list by `row.key`. */
  window(space: Id, at: { around?: Around }, listener: Listener<WindowState>): WindowHandle {
    const { stop, act } = this.remote.follow("window", { space, around: at.around ?? "unread" }, listener);
    return {
      older: () => act("older"),
      newer: () => act("newer"),
      jump: (around) => act("jump", around),
      close: stop,
    };
  }

  thread(space: Id, root: Seq, listener: Listener<ThreadState>): Stop {
    return this.remote.follow("thread", { space, root }, listener).stop;
  }

  /** Everybody known to this device. */
  people(listener: Listener<ReadonlyMap<Id, Person>>): Stop {
    return this.remote.follow("people", null, ({ rows }) => listener(new Map(rows.map((it) => [it.id, it])))).stop;
  }

  /** Looks somebody up who is not among `people` yet; they then appear there as well. */
  person(id: Id): Promise<Person | undefined> {
    return this.remote.call("person", { id });
  }

  /** The newest messages held on this device in which all words stand. */
  searchHeld(words: string[]): Promise<Held[]> {
    return this.remote.call("search", { words });
  }

  markers(space: Id, listener: Listener<Unread | null>): Stop {
    return this.remote.follow("markers", { space }, ({ markers }) => listener(markers && unreadOf(markers))).stop;
  }

  /** The value of one register, e.g. `settings` or `activity`; undefined while there is none. */
  registers<T = unknown>(key: string, listener: Listener<T | undefined>): Stop {
    return this.remote.follow("register", { key }, ({ value }) => listener((value ?? undefined) as T | undefined)).stop;
  }

  /** All registers whose key begins with this word, e.g. `saved`; one that was emptied has the value null. */
  registersUnder(word: string, listener: Listener<Register[]>): Stop {
    return this.remote.follow("registers", { under: word }, ({ rows }) => listener(rows)).stop;
  }

  /** The unsent text of a composer; changes of other devices and tabs arrive too. */
  draftOf(space: Id, thread: Seq | undefined, listener: Listener<Draft | null>): Stop {
    return this.remote.follow("draft", { space, ...(thread !== undefined && { thread }) }, listener).stop;
  }

  /** Everything unsent or refused on this device. */
  outbox(listener: Listener<OutboxItem[]>): Stop {
    return this.remote.follow("outbox", null, ({ rows }) => listener(rows)).stop;
  }

  /** Posts a message and empties the composer's draft. Gives its client id, which is its row's key. */
  post(wish: PostWish): string {
    const clientId = newClientId();
    void this.remote.call("post", { ...wish, clientId });
    return clientId;
  }

  /** Files attached on this device whose message is not in the log yet: in trays, and on their way. */
  uploads(listener: Listener<UploadItem[]>): Stop {
    return this.remote.follow("uploads", null, ({ rows }) => listener(rows)).stop;
  }

  /** Puts a file into the tray of a conversation and begins to send it. Gives its key. */
  attach(wish: Omit<AttachWish, "key">): string {
    const key = newClientId();
    void this.remote.call("attach", { ...wish, key });
    return key;
  }

  /** Takes a file out of its tray, or out of its waiting message. */
  cancelUpload(key: string): Promise<void> {
    return this.remote.call("cancelUpload", { key });
  }

  retryUpload(key: string): Promise<void> {
    return this.remote.call("retryUpload", { key });
  }

  /** What was attached, as long as it is kept here. */
  uploadBlob(key: string): Promise<Blob | undefined> {
    return this.remote.call("uploadBlob", { key });
  }

  /** The most bytes a file may have; undefined while that is not known. */
  uploadLimit(): Promise<number | undefined> {
    return this.remote.call("uploadLimit", undefined);
  }

  /** Uploads a small file at once, for a picture. Rejects with `ApiError`. */
  uploadWhole(blob: Blob, name: string): Promise<FileRef> {
    return this.remote.call("uploadWhole", { blob, name, type: blob.type });
  }

  edit(space: Id, target: Target, text: string): Promise<void> {
    return this.remote.call("edit", { space, target, text, clientId: newClientId() });
  }

  remove(space: Id, target: Target): Promise<void> {
    return this.remote.call("remove", { space, target, clientId: newClientId() });
  }

  /** Adds (`on`) or takes away one's own reaction. */
  react(space: Id, target: Target, emoji: string, on: boolean): Promise<void> {
    return this.remote.call("react", { space, target, emoji, on, clientId: newClientId() });
  }

  pin(space: Id, target: Target, on: boolean): Promise<void> {
    return this.remote.call("pin", { space, target, on, clientId: newClientId() });
  }

  /** Answers what a message asks: a vote, an item of a checklist, a confirmation. */
  answer(space: Id, target: Target, deed: Deed): Promise<void> {
    return this.remote.call("answer", { space, target, deed, clientId: newClientId() });
  }

  retry(clientId: string): Promise<void> {
    return this.remote.call("retry", { clientId });
  }

  discard(clientId: string): Promise<void> {
    return this.remote.call("discard", { clientId });
  }

  /** Everything up to `seq` was seen. May be called often. */
  read(space: Id, seq: Seq): Promise<void> {
    return this.remote.call("read", { space, seq });
  }

  /** Needs the network: rejects with `ApiError`, as do `involvement` and `settings`. */
  unreadFrom(space: Id, seq: Seq): Promise<void> {
    return this.remote.call("unreadFrom", { space, seq });
  }

  involvement(space: Id, level: Level): Promise<void> {
    return this.remote.call("involvement", { space, level });
  }

  /** Keeps unsent text. May be called on every key. */
  draft(space: Id, thread: Seq | undefined, text: string): Promise<void> {
    return this.remote.call("draft", { space, text, ...(thread !== undefined && { thread }) });
  }

  /** May be called on every key. */
  typing(space: Id, thread?: Seq): Promise<void> {
    return this.remote.call("typing", { space, ...(thread !== undefined && { thread }) });
  }

  settings(patch: Record<string, unknown>): Promise<void> {
    return this.remote.call("settings", { patch });
  }

  /** Gives the engine a register that a call of the page has answered with. */
  register(register: Register): Promise<void> {
    return this.remote.call("register", register);
  }

  /** What the screen looks like, for the next start to show. */
  glimpse(glimpse: Glimpse): void {
    void this.remote.call("glimpse", glimpse).catch(() => {});
  }

  /** The calls of one's spaces, and those that ring here. */
  calls(listener: Listener<CallsNow>): Stop {
    return this.remote.follow("calls", null, listener).stop;
  }

  /** What whoever is in a call hears at once: every frame, none twice. */
  inCall(listener: Listener<InCall>): Stop {
    return this.remote.follow("inCall", null, listener).stop;
  }

  callSignal(call: Id, signal: CallSignal): Promise<void> {
    return this.remote.call("callSignal", { call, signal });
  }

  /** The page that the visitor of a ticket shows: every frame, none twice. */
  seen(space: Id, listener: Listener<SeenFrame>): Stop {
    return this.remote.follow("seen", { space }, listener).stop;
  }

  /** What apps show to this person alone: every frame, none twice. */
  apps(listener: Listener<AppFrame>): Stop {
    return this.remote.follow("apps", null, listener).stop;
  }

  point(space: Id, point: Point & { still?: string }): Promise<void> {
    return this.remote.call("point", { space, point });
  }

  /** Stops a call, or the offer of a ticket, ringing here. */
  hush(call: Id): Promise<void> {
    return this.remote.call("hush", { call });
  }

  /** The desks one stands at, and the tickets that are offered here. */
  desks(listener: Listener<DesksNow>): Stop {
    return this.remote.follow("desks", null, listener).stop;
  }

  /** The name under which the server knows this device. */
  device(): Promise<string> {
    return this.remote.call("device", undefined);
  }

  /** Wishes that signing out would throw away. */
  pendingCount(): Promise<number> {
    return this.remote.call("pendingCount", undefined);
  }

  /** After sign-in, set-up, or following an invitation: the cookie is new, find out whose it is. */
  signedIn(): Promise<void> {
    return this.remote.call("signedIn", undefined);
  }

  /** Ends the session and wipes everything this device holds of the person, unsent messages included. */
  signOut(): Promise<void> {
    return this.remote.call("signOut", undefined);
  }

  /** The language for the words of errors; the page tells it whenever it changes. */
  language(language: string): void {
    this.api.language = language;
    this.wake();
  }

  /** Says that the page is awake; network and focus changes are noticed without it. */
  wake(): void {
    void this.remote.call("wake", { ...pageNow(), language: this.api.language });
  }
}

let made: Promise<Client> | undefined;

/** The page's one client. Resolves as soon as the engine can be spoken to, long before it is `ready`. */
export function connect(): Promise<Client> {
  made ??= (async () => {
    const remote = new Remote();
    await openEngine((port) => remote.attach(port));
    const client = new Client(remote, new Api((url, init) => fetch(url, init)));
    watchPage(() => client.wake());
    client.wake();
    return client;
  })();
  return made;
}
