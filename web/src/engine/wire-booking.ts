// The shapes of booking pages in the native API (docs/protocol/booking.md). Times are microseconds since 1970.
import type { Hours, InBoth } from "./wire-desk";
import type { Id, Seq } from "./wire";

export type Purpose = "consultation" | "interview" | "lesson";
export interface BookingSettings {
  title: string;
  purpose: Purpose;
  about: InBoth;
  minutes: number;
  /** 0 is as long as it takes. */
  every_minutes: number;
  before_minutes: number;
  after_minutes: number;
  notice_minutes: number;
  horizon_days: number;
  /** 0 is any number. */
  per_day: number;
  hours: Hours;
  takers: Id[];
  video: boolean;
  asks_note: boolean;
  question: InBoth;
  on: boolean;
}
export interface BookingPage { id: Id; key: string; url: string; owner: Id; settings: BookingSettings; may_change: boolean }
/** A booking as the house sees it: a meeting of `space`. */
export interface Booking { id: Id; page: Id; title: string; taker: Id; space: Id; meeting: Seq; start: number; end: number; name: string; email: string; note: string; zone: string }

/** A page as everybody sees it. */
export interface BookingFront {
  key: string; workspace: string; title: string; purpose: Purpose; about: InBoth; minutes: number; video: boolean; asks_note: boolean; question: InBoth;
  takers: string[]; zone: string; horizon_days: number; on: boolean;
}
export interface FreeTime { start: number; end: number }
export interface Book { client_id: string; start: number; name: string; email: string; note: string; language: string; zone: string }
/** A booking as its guest sees it. */
export interface GuestBooking { page: BookingFront; with: string; start: number; end: number; name: string; note: string; zone: string; cancelled: boolean; join?: string }

/** A calendar that somebody keeps elsewhere. */
export interface OuterCalendar { id: Id; name: string; added_at: number; read_at: number | null; failure?: string; busy: number }
