// The shapes of desks, tickets and visitors in the native API (docs/protocol/desks.md). Times are microseconds since 1970.
import type { Id, Person } from "./wire";

/** From a time on the clock to another, `09:00` to `18:00`; one that ends before it begins, or then, ends the day after. */
export interface Shift { from: string; to: string }
/** A shift of some days of the week; 0 is Sunday. */
export interface Weekly extends Shift { days: number[] }
/** Days that are otherwise: closed without any shift. The last that names a day is what holds. */
export interface OtherDays { from: string; to?: string; yearly?: boolean; name?: string; shifts?: Shift[] }
export interface Hours { zone: string; week: Weekly[]; others?: OtherDays[] }

export type Wants = "chat" | "voice" | "video";
export type Via = "widget" | "page" | "kiosk" | "app" | "mail";
export type ConsentTo = "page" | "point" | "act" | "camera" | "screen";
export type DeskLanguage = "ko" | "en";
/** A text in each language of the house. */
export type InBoth = Partial<Record<DeskLanguage, string>>;
export interface DeskOffers { voice: boolean; video: "none" | "one_way" | "two_way"; page: boolean; draw: boolean; act: boolean; camera: boolean }
/** A reply that is written once; `{visitor}`, `{agent}` and `{desk}` in it are filled in. */
/** A kept reply; `tags` and `close` are done with the ticket when it is run as a whole. */
export interface Canned { name: string; text: string; tags?: string[]; close?: boolean }
export interface DeskSettings {
  name: string;
  languages: string[];
  welcome: InBoth;
  closed: InBoth;
  hours: Hours;
  skills: string[];
  offers: DeskOffers;
  /** Sites that may show the desk: `https://shop.example`. */
  origins: string[];
  ring_seconds: number;
  per_agent: number;
  waiting_most: number;
  same_agent: boolean;
  ask_name: boolean;
  targets: { first_answer_minutes?: number; close_minutes?: number };
  /** What of a page is never shown, as CSS selectors. */
  masks: string[];
  canned: Canned[];
  /** The key of the booking page that is offered while it is closed. */
  booking?: string;
  /** When a visitor's device shows a proof of work before it comes. */
  proof?: "never" | "busy" | "always";
}
/** `until` while it is open; `next` is when it opens; neither where that never changes. */
export interface OpenState { now: boolean; until?: number; next?: number }
export interface DeskAgent { person: Id; skills: string[]; languages: string[] }
export interface Desk { id: Id; key: string; url: string; settings: DeskSettings; open: OpenState; agents: DeskAgent[]; teams: Id[]; waiting: number; /** I am an agent there. */ mine: boolean; /** Where it takes mail, if mail comes in. */ mail?: string; /** When the secret was made by which sites say who is signed in there. */ secret_at?: number }

/** Somebody who is kept out of all desks. `identity`: whom a site says they are. */
export interface DeskBlock { id: Id; kind: "network" | "email" | "identity"; shown: string; reason: string; by: Id; at: number; until?: number }

/** A desk as whoever may ask it sees it; `url` is its page. */
export interface AskableDesk { key: string; name: string; url: string; languages: string[]; welcome: InBoth; closed: InBoth; open: OpenState; waiting: number; wait_seconds?: number }

export type TicketState = "waiting" | "offered" | "open" | "snoozed" | "closed";
export interface Page { url: string; title?: string }
/** With what a visitor comes, as far as their browser says it. */
export interface DeviceOf { browser?: string; system?: string; width?: number; height?: number; zone?: string; languages?: string[] }
export interface Rating { stars: number; comment: string }
export interface Ticket {
  /** The space that it is. */
  space: Id;
  desk: Id;
  number: number;
  /** Each opening is one, counted from 1. */
  round: number;
  state: TicketState;
  visitor: Person;
  subject: string;
  agent?: Id;
  offered?: { agent: Id; until: number; reason: OfferReason };
  language: string;
  skill?: string;
  /** 0 to 3, the most urgent; 1 is usual. */
  priority: number;
  via: Via;
  wants: Wants;
  page?: Page;
  device?: DeviceOf;
  opened_at: number;
  waiting_since: number;
  first_answer_at?: number;
  snoozed_until?: number;
  closed_at?: number;
  rating?: Rating;
  tags: string[];
  consents: ConsentTo[];
  due?: { first_answer_at?: number; close_at?: number };
  overdue: Target[];
  last?: { at: number; author: Id; text: string };
}
export type Target = "first_answer" | "close";
/** `merged`: goes on in an earlier ticket; `idle`: the visitor left before they said anything. */
export type ClosedBy = "agent" | "visitor" | "merged" | "idle";
export type OfferReason = "first" | "same_agent" | "skill" | "language";
export type TicketView = "waiting" | "mine" | "open" | "snoozed" | "closed" | "all";
export interface TicketCounts { waiting: number; mine: number; open: number; snoozed: number }
/** My own switch, the same on every device; at how many desks I stand; what rings here. */
export interface AgentNow { reachable: boolean; desks: number; offers: Ticket[] }

/** What many durations come to, in microseconds; `p90`: nine of ten were not longer. */
export interface Spread { count: number; median: number; p90: number }
export interface Share { of: number; reached: number }
export interface Figures {
  opened: number;
  closed: number;
  given_up: number;
  wait: Spread;
  first_answer: Spread;
  face: Spread;
  resolution: Spread;
  stars: number[];
  answered_in_time: Share;
  closed_in_time: Share;
}
export type DayFigures = Figures & { day: string };
/** How it went at a desk. `hours`: how many came in each hour of each day of the week, from Sunday on. */
export interface DeskReport { zone: string; all: Figures; days: DayFigures[]; hours: number[][]; ways: Partial<Record<Via, number>>; agents: (Figures & { person: Person })[]; whole: boolean }

/** The register `agent`: my own switch, and whether I turned it or the house did, as I let offers run out. */
export interface AgentSwitch { reachable: boolean; why: "self" | "missed" }

interface Opened { desk: Id; round: number; via: Via; wants: Wants; language: string; skill?: string; page?: Page }
/** What happens to a ticket, as its log says it. Many are staff events: see `Event.staff`. */
export type TicketBody =
  | { type: "ticket.opened"; body: Opened }
  | { type: "ticket.wanted"; body: { wants: Wants; page?: Page } }
  | { type: "ticket.offered"; body: { agent: Id; reason: OfferReason; until: number } }
  | { type: "ticket.passed"; body: { agent: Id; why: "time_out" | "declined" | "unreachable" | "withdrawn" } }
  | { type: "ticket.assigned"; body: { agent: Id; why: "accepted" | "taken" | "transferred" } }
  | { type: "ticket.released"; body: { agent: Id; why: "returned" } }
  | { type: "ticket.moved"; body: { desk: Id } }
  | { type: "ticket.snoozed"; body: { until: number } }
  | { type: "ticket.woken"; body: { why: "time" | "message" | "agent" } }
  | { type: "ticket.closed"; body: { by: ClosedBy } }
  | { type: "ticket.tagged"; body: { tags: string[] } }
  | { type: "ticket.prioritised"; body: { priority: number } }
  | { type: "ticket.renamed"; body: { subject: string } }
  | { type: "ticket.met"; body: { agent: Id } }
  | { type: "ticket.overdue"; body: { target: Target; due: number } }
  | { type: "ticket.rated"; body: { round: number; stars: number; comment: string } }
  | { type: "consent.given" | "consent.withdrawn"; body: { to: ConsentTo } };

/** What a picture that stands still is of. */
export type StillOf = "camera" | "screen" | "picture";
export interface Still { id: string; of: StillOf; by: Id }
/** One stands still before the visitor, or none any more. */
export interface StillFrame { type: "still"; space: Id; still?: Still }

/** What a visitor's page is now, to who looks at it; what became of "click this for me"; that a picture that stands still is looked at. */
export type SeenFrame = StillFrame | { type: "point"; space: Id; kind: "looks"; still: string } | { type: "cobrowse"; space: Id; n: number; full: boolean; events: unknown[] } | { type: "point"; space: Id; kind: "clicked"; id: string; done: boolean };

/** What the devices of agents hear: a queue has changed, a ticket is offered to them, it no longer is, its visitor has gone to another page. */
export type DeskFrame = { type: "visitor_at"; space: Id; page: Page } | { type: "desk"; desk: Id } | { type: "offer"; ticket: Ticket } | { type: "offer_over"; space: Id };
