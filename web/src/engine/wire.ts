// The shapes of the native API. Times are microseconds since 1970 unless said otherwise.

import type { AppFrame, AppPart, Unfurls } from './wire-apps';
import type { DeskFrame, SeenFrame, TicketBody } from './wire-desk';

export type Id = string;
export type Seq = number;

/** A visitor is helped at a desk and sees nothing but their ticket. */
export type Role = 'owner' | 'admin' | 'member' | 'guest' | 'visitor';
export type SpaceRole = 'host' | 'member' | 'guest';
export type SpaceKind = 'open' | 'closed' | 'direct' | 'ticket';
export type Level = 'nothing' | 'mentions' | 'everything';

export interface Person {
  id: Id;
  name: string;
  /** Absent for people without an account, and for guests looking at others. */
  email?: string;
  /** File id of the picture: `/api/v1/pictures/{picture}`. */
  picture?: Id;
  /** Role in the workspace. */
  role: Role;
  /** False once the person was removed from the workspace; kept so that old messages have a name. */
  active: boolean;
  /** Out for a while: can be taken back by whoever manages people. */
  deactivated?: boolean;
  bot?: boolean;
}

export interface FileRef {
  id: Id;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
  /** A safe picture exists: `/api/v1/files/{id}/thumb?w=…`. */
  thumb?: boolean;
}

export interface Forward { space: Id; seq: Seq; author: Id; at: number; text: string }

export interface Done { by: Id; at: number }
export interface Poll { kind: 'poll'; title: string; options: string[]; multi?: boolean; anonymous?: boolean; /** Who voted by which event for what. */ votes?: [Id, Seq, number[]][]; /** Of an anonymous poll. */ counts?: { options: number[]; people: number }; closed?: Done }
export interface Item { text: string; assignee?: Id; done?: Done }
export interface Checklist { kind: 'checklist'; title: string; items: Item[] }
/** Everybody is asked to confirm that they have read the message. */
export interface Confirm { kind: 'confirm'; people?: [Id, Seq][] }
/** What a message asks of people, in a row with their answers. A client that knows none shows the text, which says the same. */
export type Card = Poll | Checklist | Confirm;
export type NewCard = Pick<Poll, 'kind' | 'title' | 'options' | 'multi' | 'anonymous'> | { kind: 'checklist'; title: string; items: Pick<Item, 'text' | 'assignee'>[] } | { kind: 'confirm' };

export interface Posted {
  text: string;
  thread?: Seq;
  also?: boolean;
  files?: FileRef[];
  forward?: Forward;
  card?: Card;
  app?: AppPart;
  mentions?: Id[];
  everyone?: boolean;
  removed?: boolean;
  /** For those who help alone: never shown to the visitor of a ticket. */
  note?: boolean;
}

export type Body =
  | { type: 'space.created'; body: { name: string; kind: SpaceKind } }
  | { type: 'space.changed'; body: { name?: string; description?: string; picture?: { file: Id | null } } }
  | { type: 'space.archived' | 'space.unarchived' | 'space.restored' | 'space.exported'; body: Record<string, never> }
  | { type: 'space.deleted'; body: { until: number } }
  | { type: 'member.joined'; body: { person: Id; role: SpaceRole } }
  | { type: 'member.left'; body: { person: Id } }
  | { type: 'message.posted'; body: Posted }
  | { type: 'message.edited'; body: { message: Seq; text: string; mentions?: Id[]; /** As it is after the edit; absent: none. */ app?: AppPart } }
  | { type: 'message.unfurled'; body: { message: Seq; unfurls: Unfurls } }
  | { type: 'message.removed'; body: { message: Seq; thread?: Seq } }
  | { type: 'reaction.added' | 'reaction.removed'; body: { message: Seq; emoji: string } }
  | { type: 'message.pinned' | 'message.unpinned'; body: { message: Seq } }
  | { type: 'message.reminded'; body: { message: Seq; people: Id[] } }
  | { type: 'message.voted'; body: { message: Seq; options: number[] } }
  | { type: 'message.counted'; body: { message: Seq; counts: { options: number[]; people: number } } }
  | { type: 'message.closed' | 'message.confirmed'; body: { message: Seq } }
  | { type: 'message.checked' | 'message.unchecked'; body: { message: Seq; item: number } }
  | { type: 'message.assigned'; body: { message: Seq; item: number; person?: Id } }
  | { type: 'bookmark.added' | 'bookmark.changed'; body: Pick<Bookmark, 'id' | 'title' | 'link' | 'emoji'> }
  | { type: 'bookmark.removed'; body: { id: Id } }
  | { type: 'call.started'; body: CallStarted }
  | { type: 'call.ended'; body: CallEnded }
  | { type: 'meeting.planned'; body: MeetingPlan }
  | { type: 'meeting.changed'; body: MeetingPlan & { planned: Seq; occurrence?: string } }
  | { type: 'meeting.cancelled'; body: { planned: Seq; title: string; people?: Id[] } }
  | { type: 'meeting.due'; body: { planned: Seq; title: string; start: number; end: number; people?: Id[] } }
  | { type: 'recording.started'; body: { recording: Id; call: Id } }
  | { type: 'recording.ended'; body: { recording: Id; lasted_us: number; why: string } }
  | TicketBody
  /** Stands in the place of an event that is not for one's eyes, so that nobody sees a gap. */
  | { type: 'hidden'; body: Record<string, never> };

/** A meeting as the log says it: times on the clock of its zone. `guests` is a number; `cancelled` is only in a row. */
export interface MeetingPlan {
  title: string;
  start: string;
  zone: string;
  minutes: number;
  repeat?: string;
  remind: number;
  people?: Id[];
  guests?: number;
  changes?: { occurrence: string; start?: string; minutes?: number }[];
  revision?: number;
  cancelled?: boolean;
}

export interface CallStarted { call: Id; video: boolean; sealed?: boolean; /** In a row, once the call is over. */ ended?: Omit<CallEnded, 'started'> & { at?: number } }
/** One time that a meeting takes place; `occurrence` names it, `local` is on the clock of its zone. */
export interface MeetingTime { occurrence: string; local: string; start: number; end: number; moved?: boolean }
export interface Meeting extends Omit<MeetingPlan, 'guests'> { space: Id; seq: Seq; organiser: Id; at: number; people: Id[]; guest_count: number; next: MeetingTime[]; may_change: boolean; guests?: string[]; guest_link?: string }
export interface MeetingWish { client_id: string; title: string; start: string; zone: string; minutes: number; repeat?: string; remind: number; people: Id[]; guests: string[] }
/** `missed`: who was rung and did not come. */
export interface CallEnded { started: Seq; lasted_us: number; people: Id[]; missed?: Id[] }

/** `staff`: everybody in the space but its visitor sees it. */
export type Event = { space: Id; seq: Seq; at: number; author: Id; client_id?: string; staff?: boolean } & Body;

/** `staff`: everybody in the space but its visitor sees it; a message that is, is a note. */
interface RowBase { seq: Seq; at: number; author: Id; changed: Seq; staff?: boolean }
export interface Reaction { emoji: string; people: [Id, Seq][] }
export interface Replies { count: number; last: Seq; last_at: number; people: Id[] }
export type MessageRow = RowBase & {
  type: 'message';
  client_id?: string;
  text: string;
  thread?: Seq;
  also?: boolean;
  files?: FileRef[];
  forward?: Forward;
  card?: Card;
  app?: AppPart;
  /** What apps show for its links, by address. */
  unfurls?: Unfurls;
  edited_at?: number;
  removed?: boolean;
  pinned?: { by: Id; at: number };
  reactions?: Reaction[];
  replies?: Replies;
};
export type NoticeRow = RowBase & Exclude<Body, { type: `message.${string}` | `reaction.${string}` }>;
export type Row = MessageRow | NoticeRow;

export interface Page { space: Id; page: number; version: number; at: Seq; rows: Row[] }

/** The newest message of the main line; `text` is the beginning of its raw text, marks and all. */
export interface Last { seq: Seq; at: number; author: Id; text: string; files?: number; removed?: boolean }

export interface SpaceSummary {
  id: Id;
  workspace: Id;
  kind: SpaceKind;
  /** Empty for a direct space without a name: show the others' names. */
  name: string;
  description: string;
  picture?: Id;
  team?: Id;
  head: { epoch: number; seq: Seq };
  /** Everybody in it, guests among them. */
  members: number;
  guests: number;
  /** Of a direct space: everybody in it. */
  people?: Id[];
  archived?: boolean;
  /** Set while the space is deleted and can be restored (only hosts and admins see it then). */
  deleted_until?: number;
  /** The reader's own side; absent when they are not in it (an open space being browsed). */
  me?: { role: SpaceRole; joined: Seq; level: Level; read: Seq; unread: number; mentions: number };
  last?: Last;
  receipts: boolean;
}

/** A link that stands above a conversation. `emoji` is one, or the name of one. */
export interface Bookmark { id: Id; title: string; link: string; emoji: string | null; by: Id; at: number }

export interface Register { key: string; rev: number; value: unknown }

// Calls (docs/protocol/calls.md).

export type Source = 'microphone' | 'camera' | 'screen' | 'screen_audio';
export type Layer = 'q' | 'h' | 'f';
/** `<participant>/<source>` */
export type TrackName = `${Id}/${Source}`;
export interface Participant {
  id: Id;
  person: Id;
  /** Of a guest by link. */
  name?: string;
  at: number;
  state: 'connecting' | 'connected' | 'away';
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  muted_by_host?: boolean;
  /** Since when the hand is up. */
  hand?: number;
  quality?: CallQuality['state'];
  /** OBS that sends to the call, a display that shows it: for whoever made its token. */
  program?: { name: string; shows: boolean };
  /** In a call that is end-to-end encrypted: of this device, in base64url. */
  public_key?: string;
}
export interface Call {
  id: Id;
  space: Id;
  at: number;
  by: Id;
  video: boolean;
  locked: boolean;
  host: Id | null;
  participants: Participant[];
  /** Who asks to be let in; told to hosts only. */
  waiting?: Participant[];
  speaker?: Id;
  /** End-to-end encrypted. */
  sealed?: boolean;
  /** Who has its keys. */
  epoch?: { n: number; by: Id; members: Id[] };
  /** While it is recorded. */
  recording?: { id: Id; by: Id; at: number };
  ended?: number;
}
/** The secret of an epoch for the device of one participant; the server cannot open it. */
export interface CallKey { call: Id; participant: Id; epoch: number; from: Id; members: Id[]; sealed: string }
export interface CallQuality { state: 'good' | 'fair' | 'poor'; did?: 'fewer_pixels' | 'no_video' | 'sent_less' }
export interface Slot { mid: string; track: TrackName | null; why?: 'nobody' | 'muted' | 'bandwidth' }
export interface Want { mid: string; track: TrackName | null; height: number; priority: number }
export interface CallSlots { call: Id; participant: Id; n: number; slots: Slot[]; send?: { camera?: Layer[]; screen?: Layer[] }; speaker?: Id | null; quality?: CallQuality }
export interface Rights { microphone: boolean; camera: boolean; screen: boolean; see: boolean }
export interface IceServer { urls: string | string[]; username?: string; credential?: string }
/** What is never kept: shown to who is in the call at this moment. Points are fractions of the frame. */
export type CallSignal =
  | { kind: 'reaction'; emoji: string }
  | { kind: 'hand'; up: boolean }
  | { kind: 'asked_to_unmute'; source?: Source }
  /** To whoever waited to be let in. */
  | { kind: 'admitted' }
  /** Of the host alone. */
  | { kind: 'ask_to_unmute'; participant: Id; source: Source }
  | { kind: 'pointer'; track: TrackName; x: number; y: number }
  | { kind: 'ink'; track: TrackName; stroke: string; points: [number, number][]; colour: number; stay: boolean; done: boolean }
  | { kind: 'ink_undo'; track: TrackName; stroke: string }
  | { kind: 'ink_clear'; track: TrackName };
export type RingOver = 'answered' | 'declined' | 'cancelled' | 'missed';
/** What the page of whoever is in a call hears at once; of a call, only that it is over. */
export type InCall = { type: 'call'; call: Call } | ({ type: 'call_slots' } & CallSlots) | ({ type: 'call_key' } & CallKey) | { type: 'call_signal'; call: Id; from: Id; signal: CallSignal };
export type CallFrame = InCall | { type: 'ring'; call: Call; from: Id } | { type: 'ring_over'; call: Id; why: RingOver };

// Frames of the socket.

export interface Hello {
  type: 'hello';
  device: string;
  epoch: number;
  rev: number;
  heads: [Id, Seq][];
  people_at: number;
}

export type ServerFrame =
  | { type: 'welcome'; epoch: number; rev: number; now: number; me: Person; spaces: SpaceSummary[]; gone: Id[]; registers: Register[]; people: Person[]; people_at: number; calls?: Call[] }
  | { type: 'event'; event: Event }
  | ({ type: 'register' } & Register)
  | { type: 'space'; space: SpaceSummary }
  | { type: 'person'; person: Person }
  | { type: 'receipts'; space: Id; markers: [Id, Seq][] }
  | { type: 'typing'; space: Id; person: Id; thread?: Seq }
  | CallFrame
  | DeskFrame
  | SeenFrame
  | AppFrame
  | { type: 'bye'; code: 'signed_out' | 'slow' | 'restart' | 'too_old'; retry: boolean }
  | { type: 'pong' };

export type ClientFrame = Hello | { type: 'typing'; space: Id; thread?: Seq } | { type: 'sight'; visible: boolean } | { type: 'call_signal'; call: Id; signal: CallSignal } | { type: 'watch'; space: Id; on: boolean } | { type: 'point'; space: Id; kind: string } | { type: 'ping' };

export interface ApiError { error: { code: string; message: string; field?: string; incident?: string } }

/*
HTTP, all under /api/v1. JSON in and out; errors are ApiError. `Accept-Language: ko|en` chooses the words of messages.
Cookies: __Host-madang (https) or madang (http loopback): HttpOnly, SameSite=Lax. Requests that change something must
come from the same origin (Sec-Fetch-Site / Origin) when they carry the cookie.

Opening
GET    /setup                                → {needed: boolean, secure: boolean, mail: boolean}
POST   /setup            {workspace, email, name, password, language} → {me: Person, workspace}   + cookie; 409 already_set_up
POST   /session          {email, password, device?}   → {me: Person}  + cookie; 401 wrong_credentials; 429
DELETE /session                              → 204
POST   /password-reset   {email}             → 204 always (mails a link; without mail the link goes to the log)
GET    /password-reset/{token}               → {email}  |404 link_invalid
POST   /password-reset/{token} {password}    → {me}  + cookie; every other session ends
GET    /invitations/{token}                  → {workspace, email, inviter: string, space?: {name}, role}
POST   /invitations/{token}  {name, password, language?} → {me, space?: Id} + cookie   (or while signed in as that address: {})
GET    /join/{token}                         → {workspace, space: {id, name, members}, inviter: string}
POST   /join/{token}     {name?, language?}  → {me, space: Id} + cookie  (signed in: joins as oneself)

Me
GET    /me                                   → {me: Person & {account: boolean}, workspace: Workspace, settings: object}
PATCH  /me               {name?, picture?: Id|null}    → {me}
PATCH  /me/settings      {…}                 → {settings}
POST   /me/password      {current, password} → 204   (other sessions end)
POST   /me/account       {email, password}   → 204   (a guest by link makes an account; a link confirms the address)
POST   /confirm/{token}                      → {me}
GET    /me/sessions                          → {sessions: [{id, device, created_at, seen_at, current}]}
DELETE /me/sessions/{id}                     → 204
GET    /tokens                               → {tokens: [{id, label, created_at, seen_at}]}
POST   /tokens           {label}             → {id, token}
DELETE /tokens/{id}                          → 204

House
GET    /workspace                            → {workspace: Workspace, translates: boolean}
PATCH  /workspace        {name?, previews?}  → {workspace, translates}
GET    /people           ?q=&cursor=&limit=  → {people: Person[], next_cursor?}     (those one may see)
GET    /people?ids=a,b                       → {people}
POST   /people           {email, role}       → {person?: Person, invitation?: Invitation}
PATCH  /people/{id}      {role}              → {person}
DELETE /people/{email-or-id}                 → 204   (out of the workspace and of all its spaces)
POST   /people/{id}/deactivate | /reactivate → {person}   (out for a while, and back as they were)
POST   /people/{id}/sign-out                 → 204   (every session and token ends)
GET    /people?state=deactivated             → {people, next_cursor?}   (who manages people)
GET    /invitations                          → {invitations: Invitation[]}
DELETE /invitations/{id}                     → 204
POST   /invitations/{id}/again               → {invitation}
GET    /teams                                → {teams: Team[]}
POST   /teams            {name}              → {team}
PATCH  /teams/{id}       {name}              → {team}
DELETE /teams/{id}                           → 204
PUT    /teams/{id}/members/{person}          → {team}      (joins the team's spaces too)
DELETE /teams/{id}/members/{person}          → {team}
PUT    /teams/{id}/spaces/{space}            → {team}      (all of the team join the space)
DELETE /teams/{id}/spaces/{space}            → {team}

Spaces
GET    /spaces           ?cursor=            → {spaces: SpaceSummary[], next_cursor?}        mine
GET    /spaces?browse=1                      → open spaces I am not in
POST   /spaces           {name, kind, description?, team?, client_id?}  → {space: SpaceSummary}
POST   /directs          {people: (Id|email)[]} → {space}     the one that exists, or a new one
GET    /spaces/{id}                          → {space}
PATCH  /spaces/{id}      {name?, description?, picture?: Id|null}  → {space, event}
POST   /spaces/{id}/archive | /unarchive | /restore | /join        → {space, event}
POST   /spaces/{id}/leave                    → {event}
DELETE /spaces/{id}                          → {event}       restorable for 7 days
GET    /spaces/{id}/members                  → {members: [{person: Person, role: SpaceRole, joined_at}], invited: Invitation[]}
POST   /spaces/{id}/members  {email?|person?, role?}   → {membership?: {person: Person, role}, invitation?: Invitation, event}
DELETE /spaces/{id}/members/{email-or-id}    → {event}
GET    /spaces/{id}/links                    → {links: Link[]}
POST   /spaces/{id}/links {expires_in?: seconds, uses?: number} → {link: Link & {url}}
DELETE /spaces/{id}/links/{link}             → 204

Messages
POST   /spaces/{id}/messages {client_id, text, thread?, also?, files?: Id[], forward?: {space, seq}, card?: NewCard} → {event: Event}
PUT    /spaces/{id}/messages/{seq}/vote {client_id, options}        → {event: Event|null}
PUT    /spaces/{id}/messages/{seq}/closed?client_id=                → {event: Event|null}
PUT|DELETE /spaces/{id}/messages/{seq}/items/{item}/done?client_id= → {event: Event|null}
PUT    /spaces/{id}/messages/{seq}/items/{item}/assignee {client_id, person: Id|null} → {event: Event|null}
PUT    /spaces/{id}/messages/{seq}/confirmed?client_id=             → {event: Event|null}
PATCH  /spaces/{id}/messages/{seq} {client_id, text}                → {event}
DELETE /spaces/{id}/messages/{seq}?client_id=                       → {event}
PUT|DELETE /spaces/{id}/messages/{seq}/reactions/{emoji}?client_id= → {event: Event|null}
PUT|DELETE /spaces/{id}/messages/{seq}/pin?client_id=               → {event: Event|null}
GET    /spaces/{id}/messages/{seq}           → {row: Row}
GET    /spaces/{id}/messages/{seq}/readers   → {read: [{person: Id, at}], unread: Id[]}
POST   /spaces/{id}/messages/{seq}/remind    → {event, people: number}
GET    /spaces/{id}/threads/{seq}            → {root: Row, rows: Row[]}
GET    /spaces/{id}/events?after=&limit=     → {events: Event[], head: {epoch, seq}}
GET    /spaces/{id}/pages/{n}                → Page      (ETag)
GET    /spaces/{id}/standing                 → {pinned, questions, decisions, open: Seq[], awaited: [{person, message}], files, rows: Row[]}
GET    /spaces/{id}/pins                     → {rows: Row[]}
GET    /spaces/{id}/files?cursor=            → {files: [{file: FileRef, seq, author, at}], next_cursor?}
GET    /spaces/{id}/markers                  → {markers: [Id, Seq][]}
PUT    /spaces/{id}/read {seq}               → {register}
POST   /spaces/{id}/unread {seq}             → {register}    unread from this message on
PUT    /spaces/{id}/involvement {level}      → {register}
PUT    /spaces/{id}/draft {text, thread?, at} → {register}
GET    /registers?after=                     → {rev, registers}
GET    /activity?cursor=                     → {items: Activity[], next_cursor?}
PUT    /activity/read {at}                   → {register}

Calls
GET    /meetings?space=                      → {meetings}  mine that are not over
POST   /spaces/{id}/meetings {client_id, …}  → {event}
GET|PUT|DELETE /spaces/{id}/meetings/{seq}   → {meeting} | {event: Event|null}
PUT|DELETE /spaces/{id}/meetings/{seq}/occurrences/{occurrence} → {event: Event|null}
GET|POST|DELETE /me/calendar                 → {made_at, url?}
POST   /spaces/{id}/call {video, ring, sealed?} → {call}   the one that runs, or a new one
GET    /calls                                → {calls}     running in my spaces
GET    /calls/{call}                         → {call, ice_servers, slots: {audio, video}, rights}
PUT    /calls/{call}     {locked?, host?}    → {call}
DELETE /calls/{call}                         → 204         ends it for all
POST   /calls/{call}/participants {offer, publish, receive, device, key, microphone, camera} → {participant, resume, answer, call, slots}
POST   /calls/{call}/participants/{p}/offer {offer} → {answer}
PUT    /calls/{call}/participants/{p} {microphone?, camera?, screen?, hand?, slots?, low_data?, device?} → {participant}
DELETE /calls/{call}/participants/{p}        → 204
POST   /calls/{call}/participants/{p}/mute {source} | /admit | /keys {epoch, keys}
POST   /calls/{call}/decline {} | /reactions {emoji}

Later
GET    /saved                                → {items: [{space, saved_at, remind_at?, told_at?, row: Row}]}
PUT    /spaces/{id}/messages/{seq}/saved {remind_at?}              → {register}
DELETE /spaces/{id}/messages/{seq}/saved                           → {register}
PUT    /scheduled/{id}   {space, text, thread?, also?, files?: Id[], at}         → {register}   the id is the message's client id
DELETE /scheduled/{id}                       → {register}
POST   /scheduled/{id}/send                  → {event}

Files
POST   /uploads   (tus 1.0.0: creation, termination, expiration, checksum-less; Upload-Metadata filename,filetype) → 201 Location
HEAD|PATCH|DELETE /uploads/{id}
GET    /uploads/{id}/file                    → {file: FileRef}       once complete (409 upload_moved before)
GET    /files/{id}/{name}                    the content; Range; attachment unless a safe image, audio, video or PDF/text preview asked with ?inline=1
GET    /files/{id}/thumb?w=320|960|1920      a safe WebP/JPEG/PNG picture
GET    /pictures/{file}?w=96|288             picture of a person or space
*/

export interface Workspace { id: Id; name: string; /** Whether what links lead to is shown. */ previews: boolean }
export interface Team { id: Id; name: string; members: Id[]; spaces: Id[] }
export interface Invitation { id: Id; email: string; role: Role; space?: Id; inviter: Id; created_at: number; expires_at: number; /** Shown to the inviter when no mail can be sent. */ url?: string; mailed: boolean }
export interface Link { id: Id; created_by: Id; created_at: number; expires_at?: number; uses_left?: number; used: number }
export interface Activity { id: string; kind: 'mention' | 'everyone' | 'reply' | 'reaction' | 'added' | 'reminder' | 'due' | 'assigned' | 'missed_call' | 'meeting_planned' | 'meeting_changed' | 'meeting_cancelled' | 'meeting_due'; space: Id; seq: Seq; actor: Id; at: number; /** Beginning of the raw text of the message it is about. */ text?: string; emoji?: string; thread?: Seq; /** The reply stands in the main line too, and counts there. */ also?: boolean; message: Seq }
