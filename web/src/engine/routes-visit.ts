// The calls of the native API that may be used with the token of a visit, and those that anybody may use at a desk.
import type { Id, Person } from "./wire";
import type { ConsentTo, Page, Via, Wants } from "./wire-desk";
import type { DeskDoor, VisitorTicket } from "./wire-visit";

type Empty = Record<string, never>;
type MyTicket = { ticket: VisitorTicket };
/** With what a visitor comes; browser and system the house reads from the request. */
export interface SaidOfDevice { width: number; height: number; zone: string; languages: string[] }
/** `identity`: what the embedding site says, signed, of who this is. */
export interface Arrival { name?: string; language: string; via: Via; page?: Page; wants: Wants; skill?: string; identity?: string; /** The answer to a puzzle, where one was asked for. */ proof?: string; device: SaidOfDevice }
interface Mine extends MyTicket { space: Id; me: Person; people: Person[] }
export interface Arrived extends Mine { token: string }
/** With a token: an earlier visit of theirs goes on. */
export interface Known extends Mine { token?: string }

export interface VisitRoutes {
  "GET /desk/{key}": { o: { desk: DeskDoor } };
  "POST /desk/{key}/visits": { b: Arrival; o: Arrived };
  "POST /desk/{key}/resume": { b: { code: string; device: SaidOfDevice }; o: Arrived };
  "GET /desk/{key}/challenge": { o: { algorithm: string; challenge: string; maxnumber: number; salt: string; signature: string } };
  "POST /visit/transcript": { b: Empty; o: { email: string } };
  "GET /visit": { o: Mine };
  "POST /visit/open": { b: { wants: Wants; via: Via; page?: Page; device: SaidOfDevice }; o: MyTicket };
  "POST /visit/page": { b: Page; o: undefined };
  "POST /visit/consent": { b: { to: ConsentTo; given: boolean }; o: MyTicket };
  "POST /visit/rate": { b: { stars: number; comment: string }; o: MyTicket };
  /** Of a picture that stands still: enough of it. */
  "DELETE /visit/still": { o: undefined };
  "POST /visit/close": { b: Empty; o: MyTicket };
  "POST /desk/{key}/return": { b: { email: string; language: string }; o: undefined };
  "POST /desk/{key}/returned": { b: { email: string; code: string }; o: Arrived };
  "POST /visit/identify": { b: { identity: string }; o: Known };
  "POST /visit/claim": { b: { email: string }; o: undefined };
  "POST /visit/claimed": { b: { code: string }; o: Known };
  "POST /visit/code": { b: Empty; o: { code: string; expires_at: number } };
}
