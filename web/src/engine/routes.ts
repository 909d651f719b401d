// Every call of the native API with what goes in and what comes out. Types only: the table weighs nothing
// in the bundle, and `api.call` cannot be given a route, parameter or body that does not exist.
import type { Part } from "../lib/search/fold";
import type { BookingRoutes } from "./routes-booking";
import type { ContactRoutes } from "./routes-contacts";
import type { AppRoutes } from "./routes-apps";
import type { DeskRoutes } from "./routes-desk";
import type { VisitRoutes } from "./routes-visit";
import type {
  Activity, Bookmark, Call, Event, FileRef, Id, Invitation, Level, Link, IceServer, Meeting, MeetingWish, NewCard, Participant, Person, Register, Rights, Role, Row, Seq, Slot, Source, SpaceKind,
  SpaceRole, SpaceSummary, Team, Want, Workspace,
} from "./wire";

type Empty = Record<string, never>;
/** `url` is told once, when it is made. */
export interface CalendarAddress { url?: string; made_at: number | null }
export interface SignedInSession { id: Id; device: string; created_at: number; seen_at: number; current: boolean }
/** `scopes`: what it may, where it may less than oneself. */
export interface Token { id: Id; label: string; kind?: "native" | "agent" | "app"; scopes?: string[]; created_at: number; seen_at: number }
export type AgentScope = "read" | "write" | "files" | "tickets";
export interface Overview {
  version: string;
  engine: "sqlite" | "postgres";
  people: { members: number; guests: number; deactivated: number };
  spaces: { open: number; closed: number; direct: number; archived: number };
  /** Bytes. */
  storage: { database: number; files: number; file_count: number; free?: number };
  mail: boolean;
  backed_up_at?: number;
}
/** A recorded call; `film` is the one video of it. */
export interface Recording { id: Id; by: Id; state: "running" | "saving" | "kept" | "failed"; film?: "waiting" | "running" | "done" | "failed" | "given_up"; progress?: { done: number; of: number } }
export interface HouseSettings {
  create_spaces: Role;
  invite_guests: Role;
  record_calls: boolean;
  involvement: Level;
  /** Bytes; 0 for as large as the server takes. */
  largest_file: number;
  server_largest_file: number;
  /** Whether a file may have an address that opens for everybody. */
  public_files: boolean;
  /** Seconds; 0 for without end. */
  link_expires_in: number;
  /** 0 for any number. */
  link_uses: number;
  welcome: string;
  /** Empty for who is named at the start of the server. */
  push_contact: string;
  logo?: Id;
}
export interface MailServer { host: string; port: number; security: "tls" | "starttls" | "none"; account: string; from: string }
export interface MailSettings { /** Where it was named. */ source: "command_line" | "environment" | "file" | "app" | "none"; server?: MailServer & { has_password: boolean } }
export interface PushHealth { secure: boolean; devices: number; failing: number; last_error?: string; told_at?: number; contact: string; chosen_contact: string; mine: number }
export interface PushTried { device: string; this: boolean; outcome: "sent" | "none" | "refused"; said?: string }
export interface Used { files: number; bytes: number; messages: number }
export interface SpaceUse extends Used { id: Id; name?: string; kind: "open" | "closed"; archived: boolean; deleted: boolean }
export interface StorageUse { spaces: SpaceUse[]; conversations: Used; outside_spaces: Used; next_cursor?: string }
export interface Front { name: string; welcome: string; logo?: Id }
export interface HouseSpace { id: Id; name: string; kind: "open" | "closed"; members: number; guests: number; active_at: number; archived: boolean; deleted_until?: number }
export interface HouseLink extends Link { space: Id; space_name?: string }
export interface DoctorLine { about: string; fine: boolean; text: string }
export interface RetentionRule { space?: Id; space_name?: string; days: number; keep_pinned: boolean; set_by: Id; set_at: number }
export interface AuditEntry {
  seq: number;
  at: number;
  act: string;
  actor?: { id: Id; name?: string };
  object?: { kind: string; id: string; name?: string };
  way?: "web" | "command_line" | "house";
  from?: string;
  details: Record<string, unknown>;
  hash: string;
}
/** What a link leads to; there is a picture when its size is told. */
export interface Preview { key: string; href: string; title: string; description?: string; site: string; picture?: { width: number; height: number } }
export interface AuditCheck { whole: boolean; entries: number; broken_at?: number; head: string }
export type ImportSource = "slack" | "kakaotalk";
export interface ImportAbout { space?: string; people?: Record<string, string>; time_zone?: string }
export interface ImportReport {
  dry_run: boolean;
  people: { all: number; known: number; new: number };
  spaces: { all: number; new: number };
  messages: { all: number; new: number; replies: number };
  reactions: { new: number };
  files: { named: number; new: number };
  not_carried_over: Record<string, { count: number; examples: string[] }>;
  strangers?: string[];
}
export interface Import {
  id: Id;
  source: ImportSource;
  file_name: string;
  file_size: number;
  about: ImportAbout;
  dry_run: boolean;
  state: "waiting" | "running" | "done" | "failed" | "stopped";
  done?: number;
  of?: number;
  report?: ImportReport;
  error?: string;
  made_at: number;
}
export interface Export {
  id: Id;
  person: Id;
  private: boolean;
  state: "waiting" | "running" | "done" | "failed";
  done?: number;
  of?: number;
  error?: "disk_full" | "not_allowed" | "broke";
  size?: number;
  made_at: number;
  until?: number;
}
export interface Member { person: Person; role: SpaceRole; joined_at: number }
export interface SpaceFile { file: FileRef; seq: Seq; author: Id; at: number }
export interface FoundMessage { space: Id; row: Row; excerpt: Part[] }
export interface FoundFile { space: Id; seq: Seq; at: number; author: Id; file: FileRef; name: Part[]; inside?: boolean }
export interface Found { messages: FoundMessage[]; files: FoundFile[]; people: Person[]; spaces: SpaceSummary[]; suggestion?: string; unclear?: string[]; next_cursor?: string }
/** What one looks at before one joins. */
export interface CallDoor { call: Call; ice_servers: IceServer[]; slots: { audio: number; video: number }; rights: Rights }
export interface JoinCall {
  offer: string;
  publish: { mid: string; source: Source }[];
  receive: { mid: string; kind: "audio" | "video" }[];
  device: string;
  /** The same again is the same participant. */
  key: string;
  /** What an earlier join of this device gave: it takes that place again. */
  resume?: string;
  microphone: boolean;
  camera: boolean;
  /** Made for this join, in a call that is end-to-end encrypted. */
  public_key?: string;
}
export interface JoinedCall { participant: Id; resume?: string; answer: string; call: Call; slots?: Slot[] }
/** How a participant is and what they want to see; `slots` is all of it each time. */
export interface CallIntent { microphone?: boolean; camera?: boolean; screen?: boolean; hand?: boolean; slots?: Want[]; low_data?: boolean; device?: string }
type InSpace = { space: SpaceSummary; event: Event };
type MaybeEvent = { event: Event | null };

/** `q` is the query string, `b` the JSON body, `o` the answer. */
export interface Routes extends AppRoutes, BookingRoutes, ContactRoutes, DeskRoutes, VisitRoutes {
  "GET /setup": { o: { needed: boolean; secure: boolean; mail: boolean; front?: Front; signed_in: boolean } };
  "POST /setup": { b: { workspace: string; email: string; name: string; password: string; language: string }; o: { me: Person; workspace: Workspace } };
  "POST /session": { b: { email: string; password: string; device?: string }; o: { me: Person } };
  "DELETE /session": { o: undefined };
  "POST /password-reset": { b: { email: string }; o: undefined };
  "GET /password-reset/{token}": { o: { email: string } };
  "POST /password-reset/{token}": { b: { password: string }; o: { me: Person } };
  "GET /invitations/{token}": { o: { workspace: string; email: string; inviter: string; space?: { name: string }; role: Role } };
  "POST /invitations/{token}": { b: { name: string; password: string; language?: string } | Empty; o: { me: Person; space?: Id } };
  "GET /join/{token}": { o: { workspace: string; space: { id: Id; name: string; members: number }; inviter: string } };
  "POST /join/{token}": { b: { name?: string; language?: string }; o: { me: Person; space: Id } };

  "GET /me": { o: { me: Person & { account: boolean }; workspace: Workspace; settings: Record<string, unknown> } };
  "PATCH /me": { b: { name?: string; picture?: Id | null }; o: { me: Person } };
  "PATCH /me/settings": { b: Record<string, unknown>; o: { settings: Record<string, unknown> } };
  "POST /me/password": { b: { current: string; password: string }; o: undefined };
  "POST /me/account": { b: { email: string; password: string }; o: undefined };
  "POST /confirm/{token}": { o: { me: Person } };
  "GET /me/sessions": { o: { sessions: SignedInSession[] } };
  "DELETE /me/sessions/{id}": { o: undefined };
  "GET /me/push": { o: { key: string; subscribed: boolean } };
  "PUT /me/push": { b: PushSubscriptionJSON; o: undefined };
  "DELETE /me/push": { o: undefined };
  "POST /me/push/test": { b: { mark: string }; o: { outcome: "sent" | "none" | "refused"; said?: string } };
  "GET /tokens": { o: { tokens: Token[] } };
  "POST /tokens": { b: { label: string; kind?: "agent"; scopes?: AgentScope[] }; o: { id: Id; token: string } };
  "DELETE /tokens/{id}": { o: undefined };

  "GET /workspace": { o: { workspace: Workspace; translates: boolean; may: { create_spaces: boolean; invite_guests: boolean; record_calls: boolean }; largest_file: number; link_expires_in: number; link_uses: number } };
  "GET /workspace/settings": { o: HouseSettings };
  "PATCH /workspace/settings": { b: Partial<Omit<HouseSettings, "server_largest_file" | "logo">>; o: HouseSettings };
  "GET /workspace/mail": { o: MailSettings };
  "PUT /workspace/mail": { b: MailServer & { password?: string }; o: MailSettings };
  "DELETE /workspace/mail": { o: undefined };
  "GET /overview/push": { o: PushHealth };
  "POST /overview/push": { b: { mark: string }; o: { tried: PushTried[] } };
  "GET /overview/storage": { q: { cursor?: string; limit?: number }; o: StorageUse };
  "PUT /workspace/logo": { b: { file: Id | null }; o: undefined };
  "PATCH /workspace": { b: { name?: string; previews?: boolean }; o: { workspace: Workspace; translates: boolean } };
  "GET /people": { q: { q?: string; cursor?: string; limit?: number; ids?: string; state?: "deactivated" }; o: { people: Person[]; next_cursor?: string } };
  "POST /people": { b: { email: string; role: Role }; o: { person?: Person; invitation?: Invitation } };
  "PATCH /people/{id}": { b: { role: Role }; o: { person: Person } };
  "DELETE /people/{id}": { o: undefined };
  "POST /people/{id}/deactivate": { o: { person: Person } };
  "POST /people/{id}/reactivate": { o: { person: Person } };
  "POST /people/{id}/erase": { b: { messages: boolean }; o: undefined };
  "POST /people/{id}/sign-out": { o: undefined };
  "GET /invitations": { o: { invitations: Invitation[] } };
  "DELETE /invitations/{id}": { o: undefined };
  "POST /invitations/{id}/again": { o: { invitation: Invitation } };
  "GET /imports": { o: { imports: Import[] } };
  "POST /imports": { b: { source: ImportSource; file: Id; about?: ImportAbout }; o: { import: Import } };
  "POST /imports/{id}/run": { b: { dry_run?: boolean; about?: ImportAbout }; o: { import: Import } };
  "DELETE /imports/{id}": { o: undefined };
  "GET /exports": { o: { exports: Export[] } };
  "POST /exports": { b: { private: boolean }; o: { export: Export } };
  "DELETE /exports/{id}": { o: undefined };
  "GET /overview": { o: Overview };
  "GET /overview/doctor": { o: { fine: boolean; lines: DoctorLine[] } };
  "GET /overview/spaces": { q: { cursor?: string }; o: { spaces: HouseSpace[]; hidden: number; next_cursor?: string } };
  "GET /links": { o: { links: HouseLink[] } };
  "DELETE /links/{link}": { o: undefined };
  "POST /overview/mail": { o: { sent: boolean; to: string; /** What the mail server answered. */ said?: string; complaint?: string } };
  "GET /retention": { o: { rules: RetentionRule[] } };
  "PUT /retention": { b: { space?: Id; days: number | null; keep_pinned: boolean }; o: { rules: RetentionRule[] } };
  "POST /retention/preview": { b: { space?: Id; days: number | null; keep_pinned: boolean }; o: { messages: number } };
  "GET /audit": { q: { person?: Id; kind?: string; from?: number | undefined; until?: number | undefined; cursor?: string; limit?: number }; o: { entries: AuditEntry[]; next_cursor?: string } };
  "GET /audit/check": { o: AuditCheck };
  "GET /teams": { o: { teams: Team[] } };
  "POST /teams": { b: { name: string }; o: { team: Team } };
  "PATCH /teams/{id}": { b: { name: string }; o: { team: Team } };
  "DELETE /teams/{id}": { o: undefined };
  "PUT /teams/{id}/members/{person}": { o: { team: Team } };
  "DELETE /teams/{id}/members/{person}": { o: { team: Team } };
  "PUT /teams/{id}/spaces/{space}": { o: { team: Team } };
  "DELETE /teams/{id}/spaces/{space}": { o: { team: Team } };

  "GET /spaces": { q: { cursor?: string; browse?: 1 }; o: { spaces: SpaceSummary[]; next_cursor?: string } };
  "POST /spaces": { b: { name: string; kind: SpaceKind; description?: string; team?: Id; client_id?: string }; o: { space: SpaceSummary } };
  "POST /directs": { b: { people: string[] }; o: { space: SpaceSummary } };
  "GET /spaces/{id}": { o: { space: SpaceSummary } };
  "PATCH /spaces/{id}": { b: { name?: string; description?: string; picture?: Id | null }; o: InSpace };
  "POST /spaces/{id}/archive": { o: InSpace };
  "POST /spaces/{id}/unarchive": { o: InSpace };
  "POST /spaces/{id}/restore": { o: InSpace };
  "POST /spaces/{id}/join": { o: InSpace };
  "POST /spaces/{id}/leave": { o: { event: Event } };
  "DELETE /spaces/{id}": { o: { event: Event } };
  "GET /spaces/{id}/members": { o: { members: Member[]; invited: Invitation[] } };
  "POST /spaces/{id}/members": { b: { email?: string; person?: Id; role?: SpaceRole }; o: { membership?: { person: Person; role: SpaceRole }; invitation?: Invitation; event: Event | null } };
  "DELETE /spaces/{id}/members/{person}": { o: { event: Event } };
  "GET /spaces/{id}/links": { o: { links: Link[] } };
  "POST /spaces/{id}/links": { b: { expires_in?: number; uses?: number }; o: { link: Link & { url: string } } };
  "DELETE /spaces/{id}/links/{link}": { o: undefined };

  "GET /meetings": { q: { space?: Id }; o: { meetings: Meeting[] } };
  "POST /spaces/{id}/meetings": { b: MeetingWish; o: MaybeEvent };
  "GET /spaces/{id}/meetings/{seq}": { o: { meeting: Meeting } };
  "PUT /spaces/{id}/meetings/{seq}": { b: MeetingWish; o: MaybeEvent };
  "DELETE /spaces/{id}/meetings/{seq}": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/meetings/{seq}/occurrences/{occurrence}": { b: { client_id: string; start: string; minutes: number }; o: MaybeEvent };
  "DELETE /spaces/{id}/meetings/{seq}/occurrences/{occurrence}": { q: { client_id: string }; o: MaybeEvent };
  "GET /me/calendar": { o: CalendarAddress };
  "POST /me/calendar": { b: Empty; o: CalendarAddress };
  "DELETE /me/calendar": { o: undefined };
  "POST /spaces/{id}/call": { b: { video: boolean; ring: boolean; sealed?: boolean }; o: { call: Call } };
  "GET /spaces/{id}/streams": { o: { streams: { id: string; name: string; shows: boolean; created_at: number }[] } };
  "POST /spaces/{id}/streams": { b: { name: string; shows: boolean }; o: { id: string; url: string; token: string } };
  "DELETE /spaces/{id}/streams/{stream}": { o: undefined };
  "GET /calls": { o: { calls: Call[] } };
  "GET /calls/{call}": { o: CallDoor };
  "PUT /calls/{call}": { b: { locked?: boolean; host?: Id }; o: { call: Call } };
  "DELETE /calls/{call}": { o: undefined };
  "POST /calls/{call}/participants": { b: JoinCall; o: JoinedCall };
  "POST /calls/{call}/participants/{participant}/offer": { b: { offer: string }; o: { answer: string } };
  "PUT /calls/{call}/participants/{participant}": { b: CallIntent; o: { participant: Participant } };
  "DELETE /calls/{call}/participants/{participant}": { o: undefined };
  "POST /calls/{call}/participants/{participant}/mute": { b: { source: Source }; o: undefined };
  "POST /calls/{call}/participants/{participant}/admit": { o: undefined };
  "POST /calls/{call}/participants/{participant}/keys": { b: { epoch: number; keys: { participant: Id; sealed: string }[] }; o: undefined };
  "PUT /calls/{call}/recording": { o: { call: Call } };
  "DELETE /calls/{call}/recording": { o: undefined };
  "GET /recordings/{recording}": { o: { recording: Recording } };
  "DELETE /recordings/{recording}/film": { o: undefined };
  "POST /calls/{call}/decline": { b: Empty; o: undefined };
  "POST /calls/{call}/reactions": { b: { emoji: string }; o: undefined };

  "POST /spaces/{id}/messages": { b: { client_id: string; text: string; thread?: Seq; also?: boolean; files?: Id[]; forward?: { space: Id; seq: Seq }; card?: NewCard; note?: boolean }; o: { event: Event } };
  "PUT /spaces/{id}/messages/{seq}/vote": { b: { client_id: string; options: number[] }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/closed": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/confirmed": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/items/{item}/done": { q: { client_id: string }; o: MaybeEvent };
  "DELETE /spaces/{id}/messages/{seq}/items/{item}/done": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/items/{item}/assignee": { b: { client_id: string; person: Id | null }; o: MaybeEvent };
  "PATCH /spaces/{id}/messages/{seq}": { b: { client_id: string; text: string }; o: MaybeEvent };
  "DELETE /spaces/{id}/messages/{seq}": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/reactions/{emoji}": { q: { client_id: string }; o: MaybeEvent };
  "DELETE /spaces/{id}/messages/{seq}/reactions/{emoji}": { q: { client_id: string }; o: MaybeEvent };
  "PUT /spaces/{id}/messages/{seq}/pin": { q: { client_id: string }; o: MaybeEvent };
  "DELETE /spaces/{id}/messages/{seq}/pin": { q: { client_id: string }; o: MaybeEvent };
  "GET /spaces/{id}/messages/{seq}": { o: { row: Row } };
  "GET /spaces/{id}/messages/{seq}/previews": { o: { previews: Preview[]; pending?: boolean; off?: boolean } };
  "DELETE /spaces/{id}/messages/{seq}/previews/{key}": { q: { client_id: string }; o: MaybeEvent };
  "POST /spaces/{id}/messages/{seq}/translation": { b: { to: string }; o: { text: string; from?: string } };
  "GET /spaces/{id}/messages/{seq}/readers": { o: { read: { person: Id; at: number }[]; unread: Id[] } };
  "POST /spaces/{id}/messages/{seq}/remind": { o: { event: Event; people: number } };
  "GET /spaces/{id}/threads/{seq}": { o: { root: Row; rows: Row[] } };
  "GET /spaces/{id}/events": { q: { after: Seq; limit: number }; o: { events: Event[]; head: { epoch: number; seq: Seq } } };
  "GET /spaces/{id}/standing": { o: { pinned: Seq[]; questions: Seq[]; awaited: { person: Id; message: Seq }[]; decisions: Seq[]; open: Seq[]; files: SpaceFile[]; rows: Row[] } };
  "GET /spaces/{id}/pins": { o: { rows: Row[] } };
  "GET /spaces/{id}/bookmarks": { o: { bookmarks: Bookmark[] } };
  "POST /spaces/{id}/bookmarks": { b: { client_id: string; title: string; link: string; emoji?: string }; o: Bookmark };
  "PATCH /spaces/{id}/bookmarks/{bookmark}": { b: { title?: string; link?: string; emoji?: string | null }; o: Bookmark };
  "DELETE /spaces/{id}/bookmarks/{bookmark}": { o: undefined };
  "GET /spaces/{id}/files": { q: { cursor?: string }; o: { files: SpaceFile[]; next_cursor?: string } };
  "GET /spaces/{id}/markers": { o: { markers: [Id, Seq][] } };
  "PUT /spaces/{id}/read": { b: { seq: Seq }; o: { register: Register } };
  "POST /spaces/{id}/unread": { b: { seq: Seq }; o: { register: Register } };
  "PUT /spaces/{id}/involvement": { b: { level: Level }; o: { register: Register } };
  "PUT /spaces/{id}/draft": { b: { text: string; thread?: Seq; at: number }; o: { register: Register } };
  "GET /saved": { o: { items: { space: Id; saved_at: number; remind_at?: number; told_at?: number; row: Row }[] } };
  "PUT /spaces/{id}/messages/{seq}/saved": { b: { remind_at?: number }; o: { register: Register } };
  "DELETE /spaces/{id}/messages/{seq}/saved": { o: { register: Register | null } };
  "PUT /scheduled/{id}": { b: { space: Id; text: string; thread?: Seq; also?: boolean; files?: Id[]; at: number }; o: { register: Register } };
  "DELETE /scheduled/{id}": { o: { register: Register | null } };
  "POST /scheduled/{id}/send": { o: { event: Event } };
  "GET /activity": { q: { cursor?: string }; o: { items: Activity[]; next_cursor?: string } };
  "PUT /activity/read": { b: { at: number }; o: { register: Register } };
  "GET /search": { q: { q: string; kind?: "all" | "messages" | "files" | "names"; order?: "newest" | "best"; cursor?: string; limit?: number; tz?: string }; o: Found };
  "GET /uploads/{id}/file": { o: { file: FileRef } };
}

export type Route = keyof Routes;
type Names<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Params<R extends string> = [Names<R>] extends [never] ? unknown : Record<Names<R>, string | number>;
type Query<R extends Route> = Routes[R] extends { q: infer Q } ? (Empty extends Q ? { query?: Q } : { query: Q }) : unknown;
type Content<R extends Route> = Routes[R] extends { b: infer B } ? { body: B } : unknown;
type Extra = { signal?: AbortSignal };

/** What `api.call` wants besides the route: its parameters by name, `query` and `body`. */
export type Ask<R extends Route> = Params<R> & Query<R> & Content<R> & Extra;
export type Answer<R extends Route> = Routes[R]["o"];
