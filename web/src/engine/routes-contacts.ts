// The calls of the native API about contacts and webhooks (routes.ts has the rest).
import type { Id } from "./wire";
import type { AppDelivery } from "./wire-apps";
import type { Contact, ContactFacts, ContactWhole, TicketContact, Webhook } from "./wire-contacts";

export interface ContactRoutes {
  "GET /contacts": { q: { q?: string; tag?: string; cursor?: string | undefined; limit?: number }; o: { contacts: Contact[]; tags?: string[]; total: number; next_cursor?: string } };
  "POST /contacts": { b: ContactFacts; o: ContactWhole };
  "GET /contacts/{contact}": { o: ContactWhole };
  "PUT /contacts/{contact}": { b: ContactFacts; o: ContactWhole };
  "POST /contacts/{contact}/notes": { b: { text: string }; o: ContactWhole };
  "DELETE /contacts/{contact}/notes/{note}": { o: ContactWhole };
  "POST /contacts/{contact}/consents": { b: { to: string; given: boolean; words?: string }; o: ContactWhole };
  "POST /contacts/{contact}/merge": { b: { contact: Id }; o: ContactWhole };
  "POST /contacts/{contact}/erase": { b: Record<string, never>; o: undefined };
  "GET /tickets/{space}/contact": { o: TicketContact };
  "PUT /tickets/{space}/contact": { b: { contact?: Id; new?: Partial<ContactFacts> }; o: TicketContact };
  "GET /webhooks": { o: { webhooks: Webhook[]; events: string[] } };
  "POST /webhooks": { b: { url: string; events?: string[]; spaces?: Id[] | null }; o: { webhook: Webhook } };
  "PATCH /webhooks/{webhook}": { b: { url?: string; events?: string[]; spaces?: Id[] | null; active?: boolean; new_secret?: boolean }; o: { webhook: Webhook } };
  "GET /webhooks/{webhook}/deliveries": { q: { cursor?: string | undefined }; o: { deliveries: AppDelivery[]; next_cursor?: string } };
  "POST /webhooks/{webhook}/deliveries/{delivery}/replay": { b: Record<string, never>; o: undefined };
  "DELETE /webhooks/{webhook}": { o: undefined };
  "POST /webhooks/{webhook}/test": { b: Record<string, never>; o: { taken: boolean; status?: number; fault?: string; milliseconds: number } };
}
