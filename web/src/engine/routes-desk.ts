// The calls of the native API about desks and tickets, for agents and for who looks after desks (routes.ts has the rest).
import type { Id } from "./wire";
import type { AgentNow, AskableDesk, Desk, DeskAgent, DeskBlock, DeskReport, DeskSettings, Ticket, TicketCounts, TicketView } from "./wire-desk";

type Empty = Record<string, never>;
type OneTicket = { ticket: Ticket };
/** That the visitor is asked again. */
type FollowUp = { follow_up?: { at: number; text: string; agent: Id } };

export interface DeskRoutes {
  "GET /desks": { o: { desks: Desk[] } };
  "POST /desks": { b: { settings: DeskSettings }; o: { desk: Desk } };
  "GET /desks/{id}": { o: { desk: Desk } };
  "PUT /desks/{id}": { b: { settings: DeskSettings }; o: { desk: Desk } };
  "DELETE /desks/{id}": { o: undefined };
  "POST /desks/{id}/secret": { b: Empty; o: { secret: string } };
  "DELETE /desks/{id}/secret": { o: undefined };
  "GET /desks/blocks": { o: { blocks: DeskBlock[] } };
  "DELETE /desks/blocks/{block}": { o: undefined };
  "PUT /desks/{id}/agents": { b: { agents: DeskAgent[]; teams: Id[] }; o: { desk: Desk } };
  "GET /desks/{id}/tickets": { q: { view: TicketView; cursor?: string | undefined }; o: { tickets: Ticket[]; next_cursor?: string; counts: TicketCounts } };
  "GET /desks/{id}/report": { q: { from: number; until: number }; o: DeskReport };
  /** The desks of the house, for whoever of it wants help. */
  "GET /help": { o: { desks: AskableDesk[] } };
  "GET /me/agent": { o: AgentNow };
  "PUT /me/agent": { b: { reachable: boolean }; o: AgentNow };
  "GET /tickets/{space}": { o: OneTicket };
  "POST /tickets/{space}/take": { b: Empty; o: OneTicket };
  "POST /tickets/{space}/pass": { b: Empty; o: unknown };
  "POST /tickets/{space}/release": { b: Empty; o: OneTicket };
  "POST /tickets/{space}/transfer": { b: { agent?: Id; desk?: Id; note?: string }; o: OneTicket };
  "POST /tickets/{space}/snooze": { b: { until?: number }; o: OneTicket };
  "POST /tickets/{space}/close": { b: Empty; o: OneTicket };
  "POST /tickets/{space}/reopen": { b: Empty; o: OneTicket };
  "POST /tickets/{space}/change": { b: { tags?: string[]; priority?: number; subject?: string }; o: OneTicket };
  "DELETE /tickets/{space}/still": { o: undefined };
  "POST /tickets/{space}/transcript": { b: Empty; o: { email: string } };
  "GET /tickets/{space}/follow-up": { o: FollowUp };
  "PUT /tickets/{space}/follow-up": { b: { at: number; text: string }; o: FollowUp };
  "DELETE /tickets/{space}/follow-up": { o: undefined };
  "POST /tickets/{space}/block": { b: { reason: string; days?: number }; o: undefined };
  "POST /tickets/{space}/join": { b: Empty; o: OneTicket };
}
