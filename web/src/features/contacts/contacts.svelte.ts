// The list of contacts as its screens share it: what is asked for, and what was found.
import { session, wordsOf } from "../../app/session.svelte";
import type { Contact } from "../../engine/wire-contacts";

class ContactList {
  query = $state("");
  tag = $state("");
  found = $state.raw<readonly Contact[] | null>(null);
  tags = $state.raw<readonly string[]>([]);
  total = $state(0);
  more = $state<string>();
  failed = $state("");
  busy = $state(false);

  /** Asks anew, or for those that follow. An answer that was overtaken is let go. */
  async load(cursor?: string): Promise<void> {
    const [q, tag] = [this.query.trim(), this.tag];
    this.busy = true;
    try {
      const answer = await session.client.api.call("GET /contacts", { query: { q, tag, cursor } });
      if (q !== this.query.trim() || tag !== this.tag) return;
      this.found = cursor ? [...(this.found ?? []), ...answer.contacts] : answer.contacts;
      this.more = answer.next_cursor;
      if (!cursor) [this.tags, this.total] = [answer.tags ?? [], answer.total];
      this.failed = "";
    } catch (error) {
      this.failed = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

export const contacts = new ContactList();
