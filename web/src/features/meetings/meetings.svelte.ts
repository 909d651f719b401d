// Meetings as the screens share them: which sheet is open, and what is planned. Asked for anew when somebody changed
// something here, and when the activity says that others did.
import { session, wordsOf } from "../../app/session.svelte";
import type { BookingPage } from "../../engine/wire-booking";
import type { Id, Meeting, MeetingWish, Seq } from "../../engine/wire";
import { toast } from "../../ui/toasts.svelte";

export type Sheet =
  | { what: "plan"; space?: Id | undefined; meeting?: Meeting | undefined }
  | { what: "details"; space: Id; seq: Seq }
  | { what: "move"; meeting: Meeting; occurrence: string }
  | { what: "booking-page"; page?: BookingPage | undefined }
  | { what: "link" | "feed" | "bookings" };

class Meetings {
  sheet = $state.raw<Sheet | null>(null);
  list = $state.raw<readonly Meeting[] | null>(null);
  failed = $state("");
  /** Grows with every change that was made on this device. */
  version = $state(0);

  open(sheet: Sheet): void {
    this.sheet = sheet;
  }

  close(): void {
    this.sheet = null;
  }

  async load(): Promise<void> {
    try {
      this.list = (await session.client.api.call("GET /meetings", { query: {} })).meetings;
      this.failed = "";
    } catch (error) {
      this.failed = wordsOf(error);
    }
  }

  /** Does something to a meeting; tells whether it was done. */
  async change(call: Promise<unknown>, done: string): Promise<boolean> {
    try {
      await call;
    } catch (error) {
      toast(wordsOf(error), { kind: "error" });
      return false;
    }
    this.version += 1;
    void this.load();
    toast(done, { kind: "ok" });
    return true;
  }
}

export const meetings = new Meetings();

export const fetchMeeting = async (space: Id, seq: Seq): Promise<Meeting> =>
  (await session.client.api.call("GET /spaces/{id}/meetings/{seq}", { id: space, seq })).meeting;

export function plan(space: Id, before: Meeting | undefined, wish: MeetingWish): Promise<unknown> {
  const { api } = session.client;
  return before ? api.call("PUT /spaces/{id}/meetings/{seq}", { id: space, seq: before.seq, body: wish }) : api.call("POST /spaces/{id}/meetings", { id: space, body: wish });
}
