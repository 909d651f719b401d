// The door between a page and the engine: what can be asked (calls), what can be followed (topics) and the
// messages that carry both over a port. Everything that crosses it is plain data.
import type { Glimpse } from "./glimpse";
import type { Held } from "./search";
import type { Point } from "../../widget/point";
import type { AppFrame } from "./wire-apps";
import type { SeenFrame } from "./wire-desk";
import type { CallSignal, FileRef, Id, InCall, Level, Person, Register, Seq } from "./wire";
import type { AttachWish } from "./uploads";
import type { CallsNow, ClientState, DesksNow, Deed, Draft, OutboxItem, PostWish, SpaceItem, Target, ThreadState, UploadItem, WindowState } from "./view";

export type Around = Seq | "end" | "unread";

/** What can be asked once. Commands resolve when the wish is stored, not when the server has granted it. */
export interface Calls {
  post(wish: PostWish & { clientId: string }): void;
  attach(wish: AttachWish): void;
  cancelUpload(a: { key: string }): void;
  retryUpload(a: { key: string }): void;
  uploadBlob(a: { key: string }): Promise<Blob | undefined>;
  uploadLimit(a: undefined): Promise<number | undefined>;
  uploadWhole(a: { blob: Blob; name: string; type: string }): Promise<FileRef>;
  edit(a: { space: Id; target: Target; text: string; clientId: string }): void;
  remove(a: { space: Id; target: Target; thread?: Seq; clientId: string }): void;
  react(a: { space: Id; target: Target; emoji: string; on: boolean; clientId: string }): void;
  pin(a: { space: Id; target: Target; on: boolean; clientId: string }): void;
  answer(a: { space: Id; target: Target; deed: Deed; clientId: string }): void;
  retry(a: { clientId: string }): void;
  discard(a: { clientId: string }): void;
  read(a: { space: Id; seq: Seq }): void;
  unreadFrom(a: { space: Id; seq: Seq }): void;
  involvement(a: { space: Id; level: Level }): void;
  draft(a: { space: Id; thread?: Seq; text: string }): void;
  typing(a: { space: Id; thread?: Seq }): void;
  settings(a: { patch: Record<string, unknown> }): void;
  person(a: { id: Id }): Person | undefined;
  search(a: { words: string[] }): Held[];
  /** The server's answer to a call of the page, so that lists need not wait for the frame. */
  register(a: Register): void;
  /** Keeps it if all that it shows is the person's to see. */
  glimpse(a: Glimpse): void;
  /** The name under which the server knows this device. */
  device(a: undefined): string;
  /** Shows something to who is in a call with one. */
  callSignal(a: { call: Id; signal: CallSignal }): void;
  /** Shows something on the page of a visitor. */
  point(a: { space: Id; point: Point & { still?: string } }): void;
  /** Stops a call, or the offer of a ticket, ringing here. */
  hush(a: { call: Id }): void;
  pendingCount(): number;
  signedIn(): void;
  signOut(): void;
  wake(a: Wake): void;
}

/** What a page tells of itself: whenever it comes up, gets the focus, or the network changes. */
export interface Wake { online: boolean; visible: boolean; language: string }

export interface Keyed<T> { rows: T[] }

/** What can be followed: the question and the value that is sent at once and after every change. */
export interface Topics {
  state: { ask: null; value: ClientState };
  spaces: { ask: null; value: Keyed<SpaceItem> };
  space: { ask: { space: Id }; value: SpaceItem | null };
  people: { ask: null; value: Keyed<Person> };
  outbox: { ask: null; value: Keyed<OutboxItem> };
  uploads: { ask: null; value: Keyed<UploadItem> };
  window: { ask: { space: Id; around: Around }; value: WindowState };
  thread: { ask: { space: Id; root: Seq }; value: ThreadState };
  markers: { ask: { space: Id }; value: { markers: [Id, Seq][] | null } };
  register: { ask: { key: string }; value: { value: unknown } };
  registers: { ask: { under: string }; value: Keyed<Register> };
  draft: { ask: { space: Id; thread?: Seq }; value: Draft | null };
  calls: { ask: null; value: CallsNow };
  desks: { ask: null; value: DesksNow };
  /** Every frame for who is in a call, as it comes. */
  inCall: { ask: null; value: InCall };
  /** Every frame about the page that the visitor of a ticket shows. */
  seen: { ask: { space: Id }; value: SeenFrame };
  /** Every frame of what apps show to this person alone. */
  apps: { ask: null; value: AppFrame };
}

/** What a followed window can be asked to do. */
export interface WindowActs {
  older(): Promise<void>;
  newer(): Promise<void>;
  jump(around: Around): Promise<void>;
}

export interface Followed { stop(): void; acts?: WindowActs }

export type ToEngine =
  | { t: "call"; id: number; name: keyof Calls; args: unknown }
  | { t: "open"; id: number; topic: keyof Topics; ask: unknown }
  | { t: "act"; id: number; of: number; name: keyof WindowActs; args: unknown }
  | { t: "close"; id: number }
  | { t: "lock"; name: string };

export type ToPage =
  | { t: "ok"; id: number; value: unknown }
  | { t: "no"; id: number; error: { status: number; code: string; message: string } }
  | { t: "push"; id: number; value: unknown };

/** One side of a connection between a page and an engine. */
export interface Port<In, Out> {
  send(message: Out): void;
  receive(listener: (message: In) => void): void;
  close(): void;
}
