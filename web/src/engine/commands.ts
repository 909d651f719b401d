// What the pages wish for: turns each call of the door into work for the parts of a session.
import type { Calls } from "./door";
import { searchHeld } from "./search";
import type { Session } from "./session";

export type Commands = { [K in Exclude<keyof Calls, "signedIn" | "signOut" | "wake" | "pendingCount">]: (session: Session, a: Parameters<Calls[K]>[0]) => unknown };

export const commands: Commands = {
  async post({ outbox, drafts, uploads }, { clientId, space, text, ...post }) {
    drafts.set(space, post.thread, "");
    await outbox.add({ id: clientId, space, kind: "post", text, post });
    await uploads.claim(clientId, (post.uploads ?? []).map(({ key }) => key));
  },
  attach: ({ uploads }, wish) => uploads.attach(wish),
  async cancelUpload({ uploads, outbox }, { key }) {
    const { of } = (await uploads.cancel(key)) ?? {};
    if (of !== undefined) await outbox.withdrawn(of, key);
  },
  retryUpload: ({ uploads }, { key }) => uploads.again(key),
  uploadBlob: ({ uploads }, { key }) => uploads.blob(key),
  uploadLimit: ({ uploads }) => uploads.limit(),
  uploadWhole: ({ uploads }, { blob, name, type }) => uploads.whole(blob, name, type),
  edit: ({ outbox }, { space, target, text, clientId }) => outbox.about(target, { id: clientId, space, kind: "edit", text }),
  remove: ({ outbox }, { space, target, clientId }) => outbox.about(target, { id: clientId, space, kind: "remove" }),
  react: ({ outbox }, { space, target, emoji, on, clientId }) => outbox.about(target, { id: clientId, space, kind: on ? "react" : "unreact", emoji }),
  pin: ({ outbox }, { space, target, on, clientId }) => outbox.about(target, { id: clientId, space, kind: on ? "pin" : "unpin" }),
  answer: ({ outbox }, { space, target, deed, clientId }) => outbox.about(target, { id: clientId, space, kind: "answer", deed }),
  async retry({ outbox, uploads }, { clientId }) {
    const code = outbox.all().find((wish) => wish.id === clientId)?.code;
    const lost = code === "file_not_usable" || code === "file_gone";
    await outbox.retry(clientId, lost);
    await uploads.againOf(clientId, lost);
  },
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
  device: (session) => session.device,
  callSignal: ({ house }, { call, signal }) => house.send({ type: "call_signal", call, signal }),
  point: ({ house }, { space, point }) => house.send({ type: "point", space, ...point }),
  hush({ calls, desks }, { call }) {
    calls.hush(call);
    desks.hush(call);
  },
  person: ({ people }, { id }) => people.find(id),
  search: (session, { words }) => searchHeld(session, words),
  // What a page took before it heard that a space is gone, or that somebody else is signed in, is kept nowhere.
  glimpse: ({ me, spaces, store }, glimpse) => (glimpse.person === me.id && glimpse.spaces.every((id) => spaces.get(id)) ? store.glimpses.keep(glimpse) : undefined),
  register: ({ registers }, register) => registers.take([register]),
};
