// The shapes of contacts and webhooks in the native API (docs/protocol/contacts.md). Times are microseconds since 1970.
import type { Id, Person } from "./wire";
import type { Rating, Via, Wants } from "./wire-desk";

export interface ContactFacts { name: string; email?: string; phone?: string; company?: string; external_id?: string; attributes: Record<string, string>; tags: string[] }
/** Somebody outside, as the house knows them. */
export interface Contact extends ContactFacts { id: Id; email_proven_at?: number; created_at: number; changed_at: number }
export interface ContactNote { id: string; author: Id; text: string; created_at: number; changed_at: number }
export interface ContactConsent { to: string; given: boolean; at: number; words: string; by: Id }
/** One opening of a ticket. Who may not read the ticket is told neither subject nor comment. */
export interface ContactRound {
  space: Id;
  number: number;
  round: number;
  desk: Id;
  desk_name: string;
  readable: boolean;
  subject: string;
  via: Via;
  wants: Wants;
  opened_at: number;
  closed_at?: number;
  agent?: Id;
  calls: { at: number; lasted_us?: number }[];
  rating?: Rating;
}
export interface ContactWhole { contact: Contact; consents: ContactConsent[]; notes: ContactNote[]; rounds: ContactRound[]; visitors: Id[]; people: Person[] }
export interface TicketContact { contact?: Contact; suggested: Contact[]; earlier: ContactRound[]; people: Person[] }
export interface ContactsImported {
  done: boolean;
  created: number;
  changed: number;
  same: number;
  bad: number;
  bad_lines: { line: number; message: string }[];
  columns: { head: string; as: "name" | "email" | "phone" | "company" | "external_id" | "tags" | "attribute" }[];
}
/** An address outside that is told what happens. */
/** `spaces`: of what happens in spaces, in these; null: in every open one. */
export interface Webhook { id: Id; url: string; events: string[]; spaces: Id[] | null; active: boolean; secret?: string; created_at: number; asked_at?: number; status?: number; fault?: string; failing_since?: number; waiting: number }
