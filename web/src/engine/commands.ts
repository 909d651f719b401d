// What the pages wish for: turns each call of the door into work for the parts of a session.
import type { Calls } from "./door";
import type { Session } from "./session";

export type Commands = { [K in Exclude<keyof Calls, "signedIn" | "signOut" | "wake" | "pendingCount">]: (session: Session, a: Parameters<Calls[K]>[0]) => unknown };

export const commands: Commands = {
  async post({ outbox, drafts }, { clientId, space, text, ...post }) {
    drafts.set(space, post.thread, "");
    await outbox.add({ id: clientId, space, kind: "post", text, post });
  },
  uploaded: ({ outbox }, { clientId, key, file }) => outbox.uploaded(clientId, key, file),
  uploadFailed: ({ outbox }, { clientId, code, message }) => outbox.fail(clientId, code, message),
  edit: ({ outbox }, { space, target, text, clientId }) => outbox.about(target, { id: clientId, space, kind: "edit", text }),
  remove: ({ outbox }, { space, target, clientId }) => outbox.about(target, { id: clientId, space, kind: "remove" }),
  react: ({ outbox }, { space, target, emoji, on, clientId }) => outbox.about(target, { id: clientId, space, kind: on ? "react" : "unreact", emoji }),
  pin: ({ outbox }, { space, target, on, clientId }) => outbox.about(target, { id: clientId, space, kind: on ? "pin" : "unpin" }),
  retry: ({ outbox }, { clientId }) => outbox.retry(clientId),
  discard: ({ outbox }, { clientId }) => outbox.discard(clientId),

  read({ spaces, reads }, { space, seq }) {
    const mine = spaces.get(space);
    if (!mine || seq <= mine.tally.seq) return;
    reads.mark(space, seq);
    spaces.mark(mine, seq);
  },
  async unreadFrom({ house, reads, registers }, { space, seq }) {
    reads.forget(space);
    registers.take([(await house.api.call("POST /spaces/{id}/unread", { id: space, body: { seq } })).register]);
  },
  async involvement({ house, registers }, { space, level }) {
    registers.take([(await house.api.call("PUT /spaces/{id}/involvement", { id: space, body: { level } })).register]);
  },
  draft: ({ drafts }, { space, thread, text }) => drafts.set(space, thread, text),
  typing: ({ signals }, { space, thread }) => signals.type(space, thread),
  async settings({ house, registers }, { patch }) {
    const before = registers.value("settings");
    const merged = Object.entries({ ...(before as object), ...patch }).filter(([, value]) => value !== null);
    registers.hope("settings", Object.fromEntries(merged));
    try {
      await house.api.call("PATCH /me/settings", { body: patch });
    } catch (error) {
      registers.hope("settings", before);
      throw error;
    }
  },
  person: ({ people }, { id }) => people.find(id),
  register: ({ registers }, register) => registers.take([register]),
};
