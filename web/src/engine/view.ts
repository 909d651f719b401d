// What the screens see of the engine: shapes of states, rows and lists. Plain data that can be cloned
// between threads; the functions around it are in client.ts, the shapes of the wire in wire.ts.
import type { AgentNow, AgentSwitch, Page, Ticket } from "./wire-desk";
import type { Bookmark, Call, FileRef, Forward, Id, Last, Level, NewCard, Person, Row, Seq, SpaceSummary } from "./wire";

export interface ClientState {
  /** `booting` until it is known who is signed in; after a start without network that is read from the device. */
  phase: "booting" | "signed_out" | "ready";
  /** Whether the device believes it has a network. */
  online: boolean;
  /** The live connection: being made, open, or waiting for the next attempt (see `retryAt`). */
  connection: "connecting" | "open" | "waiting";
  /** Milliseconds since 1970. */
  retryAt?: number;
  /** Wishes that have no answer yet. */
  pending: number;
  /** Wishes the server refused, which wait for `retry` or `discard`. */
  failed: number;
  me?: Person;
  /** The server no longer talks to this version: load the page anew. */
  outdated?: boolean;
  /** The device gives no storage: everything lives only as long as the page. */
  volatile?: boolean;
  /** Server clock minus device clock, in milliseconds. */
  skew: number;
}

/** Where a wish stands. `queued` also while it waits for its files. */
export type SendState = "queued" | "sending" | "failed";

export type WishKind = "post" | "edit" | "remove" | "react" | "unreact" | "pin" | "unpin" | "answer";

/** What somebody answers to a card. Items are counted from 0. */
export type Deed =
  | { do: "vote"; options: number[] }
  | { do: "close" | "confirm" }
  | { do: "check"; item: number; done: boolean }
  | { do: "assign"; item: number; person: Id | null };

/** A wish not yet granted, as shown on the row that it is about. */
export interface Send {
  clientId: string;
  kind: WishKind;
  state: SendState;
  /** Of a failed wish: the error's stable code, and its words in the person's language. */
  code?: string;
  message?: string;
  /** Files that are still on their way, by the key the caller gave. */
  uploads?: Upload[];
}

export interface Upload { key: string; name: string; type: string; size: number; width?: number; height?: number }

/** A file that was attached on this device and whose message is not in the log yet. */
export interface UploadItem extends Upload {
  space: Id;
  thread?: Seq;
  /** `waiting` for its turn or the network; `ready` when the server has all of it. */
  state: "waiting" | "sending" | "ready" | "failed";
  /** Bytes the server has, or that are under way. */
  sent: number;
  /** The client id of the message it goes with; still in the composer's tray without one. */
  of?: string;
  file?: FileRef;
  /** Of a failed one: the error's stable code, and its words. */
  code?: string;
  message?: string;
}

/** A row as shown: wishes of this device are folded in before the server has granted them. */
export interface ShownRow {
  /** Stays the same when the server's row replaces the optimistic one. */
  key: string;
  /** `seq` is 0 while the message is only on this device; then name it by `send.clientId`. */
  row: Row;
  /** The newest wish about this row that is not yet granted. */
  send?: Send;
}

/** How a command names a message: its seq, or its client id while it is only on this device. */
export type Target = Seq | string;

export interface WindowState {
  rows: ShownRow[];
  atStart: boolean;
  atEnd: boolean;
  /** Something is being fetched, at one of the ends or in the middle. */
  loading: boolean;
  /** Rows here are known to be missing or old, and there is no network to fetch them with. */
  missing: boolean;
  /** The first row after the read marker as it was when the window was opened. */
  firstUnread?: Seq;
  /** Head of the space: everything up to here is folded in. */
  head: Seq;
  /** The newest main-line seq shown (0 if none): what to send as read when the end is visible. */
  last: Seq;
  /** The space is gone, or was never there for this person. */
  gone: boolean;
}

export interface ThreadState {
  root?: ShownRow;
  rows: ShownRow[];
  loading: boolean;
  missing: boolean;
  gone: boolean;
}

/** One line of the list of spaces. */
export interface SpaceItem {
  /** The space's id. */
  key: Id;
  summary: SpaceSummary;
  /** The name, or of a direct space the others' names. */
  title: string;
  unread: number;
  mentions: number;
  level: Level;
  last?: Last;
  /** Unsent text in the main line. */
  draft?: string;
  /** Number of this device's wishes here which the server refused. */
  failed: number;
  typing: Typing[];
  /** The links above the conversation, as far as they are known here. */
  bookmarks?: Bookmark[];
  /** The call that runs in it. */
  call?: Id;
  /** The person's read marker. */
  read: Seq;
  /** Head of the space as far as it is folded here. */
  head: Seq;
}

/** A call that rings on this device. */
export interface Ringing { call: Call; from: Id }
/** The calls of one's spaces that run at this moment, and those that ring. */
export interface CallsNow { calls: Call[]; rings: Ringing[] }

/** Desks as an agent's device knows them: what rings, and how often the queue of each has changed since the start. */
export interface DesksNow {
  /** Absent until it is known. */
  agent?: Pick<AgentNow, "reachable" | "desks"> & Partial<Pick<AgentSwitch, "why">>;
  offers: Ticket[];
  turns: Readonly<Record<Id, number>>;
  /** Grows when anything may have changed: after every connection. */
  turn: number;
  /** Where visitors have gone since then. */
  pages?: Readonly<Record<Id, Page>>;
}

export interface Typing { person: Id; thread?: Seq }

export interface Draft { text: string; /** Microseconds since 1970. */ at: number }

export interface PostWish {
  space: Id;
  text: string;
  thread?: Seq;
  also?: boolean;
  /** Complete files. */
  files?: FileRef[];
  /** Attached files: the message waits until all of them have arrived. */
  uploads?: Upload[];
  forward?: { space: Id; seq: Seq };
  /** For those who help alone. */
  note?: boolean;
  /** What it asks of people; the text of a poll and a checklist is made from it. */
  card?: NewCard;
  /** What the forwarded message says, for the optimistic row. */
  preview?: Forward;
}

/** A wish in the outbox, for a list of what is unsent. */
export interface OutboxItem extends Send {
  key: string;
  space: Id;
  /** Milliseconds since 1970. */
  at: number;
  text?: string;
  thread?: Seq;
  /** The message it is about. */
  target?: Seq;
}
