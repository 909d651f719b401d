// What a visitor of a desk sees of it (docs/protocol/desks.md). Times are microseconds since 1970.
import type { Id, Person } from "./wire";
import type { ConsentTo, DeskOffers, InBoth, OpenState, StillFrame, TicketState, Wants } from "./wire-desk";

/** A desk as anybody may know it. */
export interface DeskDoor {
  key: string;
  name: string;
  workspace: string;
  languages: string[];
  welcome: InBoth;
  closed: InBoth;
  offers: DeskOffers;
  ask_name: boolean;
  /** Whose clock the desk goes by. */
  zone: string;
  open: OpenState;
  waiting: number;
  skills: string[];
  masks: string[];
  /** Mail goes out, so that an address may be left. */
  mail: boolean;
  /** Where a time is booked while the desk is closed. */
  booking?: string;
}

export interface VisitorTicket {
  space: Id;
  desk: Id;
  round: number;
  state: Exclude<TicketState, "offered">;
  place?: number;
  wait_seconds?: number;
  agent?: Person;
  wants: Wants;
  consents: ConsentTo[];
  rated: boolean;
  /** Somebody has helped in this round. */
  helped: boolean;
  /** Of the newest thing that happened in it, in microseconds. */
  changed_at: number;
  number: number;
}

/** `watched`: an agent begins to look and needs all of the page (`full`). `point`: what an agent shows on it. */
export type VisitFrame = StillFrame | { type: "visit"; ticket: VisitorTicket } | { type: "watched"; space: Id; full: boolean } | { type: "point"; space: Id };
