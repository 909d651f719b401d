// Wishes: commands on their way. What one is, which request it becomes, and how a row looks once it is granted.
import type { Api } from "./api";
import { begin, foldRow } from "./fold";
import type { Deed, OutboxItem, PostWish, Send, ShownRow, Upload, WishKind } from "./view";
import type { Event, FileRef, Id, MessageRow, Row, Seq } from "./wire";

export interface Wish {
  /** The client id: the idempotency key, for good. */
  id: string;
  space: Id;
  kind: WishKind;
  /** Order in which the wishes were made. */
  order: number;
  /** Milliseconds since 1970. */
  at: number;
  state: "queued" | "sending" | "failed";
  /** How often it was sent, kept before each attempt: once it is above 0 the server may hold it. */
  tries: number;
  /** Not before this moment (milliseconds). */
  next: number;
  /** The message it is about, or the client id of one that the server has not got yet. */
  message?: Seq;
  of?: string;
  text?: string;
  emoji?: string;
  deed?: Deed;
  post?: Omit<PostWish, "space" | "text" | "uploads"> & { /** In the order they are shown; each with its file once that has arrived. */ uploads?: (Upload & { file?: FileRef })[] };
  code?: string;
  words?: string;
  /** The answer; kept in memory until the log has folded it. */
  granted?: Event;
}

/** Whether it must wait for something else than its turn. */
export const waits = (wish: Wish): boolean => wish.of !== undefined || pending(wish).length > 0;

const pending = (wish: Wish): Upload[] => wish.post?.uploads?.filter((it) => !it.file) ?? [];

/** All files of a post in their order; one that has not arrived stands there under the key of its upload. */
function filesOf(wish: Wish): FileRef[] {
  const { files = [], uploads = [] } = wish.post ?? {};
  return [...files, ...uploads.map(({ file, key, ...upload }) => file ?? { id: key, ...upload })];
}

/** Sends one wish. The event is null when the wish was already fulfilled. */
export async function send(api: Api, wish: Wish): Promise<Event | null> {
  const { space, id: client_id, text = "", emoji = "", message: seq = 0 } = wish;
  const target = { id: space, seq, query: { client_id } };
  switch (wish.kind) {
    case "post": {
      const { thread, also, forward, card, note } = wish.post ?? {};
      const files = filesOf(wish);
      const body = {
        client_id, text,
        ...(thread !== undefined && { thread }), ...(also && { also }),
        ...(files.length && { files: files.map((file) => file.id) }), ...(forward && { forward }), ...(card && { card }), ...(note && { note }),
      };
      return (await api.call("POST /spaces/{id}/messages", { id: space, body })).event;
    }
    case "edit":
      return (await api.call("PATCH /spaces/{id}/messages/{seq}", { id: space, seq, body: { client_id, text } })).event;
    case "remove":
      return (await api.call("DELETE /spaces/{id}/messages/{seq}", target)).event;
    case "react":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/reactions/{emoji}", { ...target, emoji })).event;
    case "unreact":
      return (await api.call("DELETE /spaces/{id}/messages/{seq}/reactions/{emoji}", { ...target, emoji })).event;
    case "pin":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/pin", target)).event;
    case "unpin":
      return (await api.call("DELETE /spaces/{id}/messages/{seq}/pin", target)).event;
    case "answer":
      return answer(api, wish.deed, { id: space, seq, client_id });
  }
}

async function answer(api: Api, deed: Deed | undefined, { id, seq, client_id }: { id: Id; seq: Seq; client_id: string }): Promise<Event | null> {
  const query = { client_id };
  switch (deed?.do) {
    case "vote":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/vote", { id, seq, body: { client_id, options: deed.options } })).event;
    case "close":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/closed", { id, seq, query })).event;
    case "confirm":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/confirmed", { id, seq, query })).event;
    case "check":
      return (await api.call(deed.done ? "PUT /spaces/{id}/messages/{seq}/items/{item}/done" : "DELETE /spaces/{id}/messages/{seq}/items/{item}/done", { id, seq, item: deed.item, query })).event;
    case "assign":
      return (await api.call("PUT /spaces/{id}/messages/{seq}/items/{item}/assignee", { id, seq, item: deed.item, body: { client_id, person: deed.person } })).event;
    default:
      return null;
  }
}

/** The row of a post that the server has not put into the log, or that the log has not folded yet. */
export function optimistic(wish: Wish, me: Id): Row {
  const begun = wish.granted && begin(wish.granted);
  if (begun) return begun;
  const { thread, also, preview, card, note } = wish.post ?? {};
  const files = filesOf(wish);
  const row: MessageRow = {
    seq: 0, at: wish.at * 1_000, author: me, changed: 0, type: "message", client_id: wish.id, text: wish.text ?? "",
    ...(thread !== undefined && { thread }), ...(also && { also }),
    ...(files.length && { files }), ...(preview && { forward: preview }), ...(card && { card }), ...(note && { staff: true }),
  };
  return row;
}

/** A row with a change folded in that is still a wish. A refused change is not shown, only told. */
export function withWish(row: Row, wish: Wish, me: Id): Row {
  const event = eventOf(wish, me, row);
  if (!event || wish.state === "failed" || (wish.granted && wish.granted.seq <= row.changed)) return row;
  return { ...foldRow(row, event), changed: row.changed };
}

function eventOf(wish: Wish, me: Id, row: Row): Event | undefined {
  const base = { space: wish.space, seq: Number.MAX_SAFE_INTEGER, at: wish.at * 1_000, author: me };
  const about = { message: row.seq };
  switch (wish.kind) {
    case "edit":
      return { ...base, type: "message.edited", body: { ...about, text: wish.text ?? "" } };
    case "remove":
      return { ...base, type: "message.removed", body: about };
    case "react":
      return { ...base, type: "reaction.added", body: { ...about, emoji: wish.emoji ?? "" } };
    case "unreact":
      return { ...base, type: "reaction.removed", body: { ...about, emoji: wish.emoji ?? "" } };
    case "pin":
      return { ...base, type: "message.pinned", body: about };
    case "unpin":
      return { ...base, type: "message.unpinned", body: about };
    case "answer":
      return answerOf(wish.deed, base, row);
    default:
      return undefined;
  }
}

/** An answer as the log will say it. Who votes in an anonymous poll is told by the server alone how it stands. */
function answerOf(deed: Deed | undefined, base: Pick<Event, "space" | "seq" | "at" | "author">, row: Row): Event | undefined {
  const about = { message: row.seq };
  switch (deed?.do) {
    case "vote":
      if (row.type === "message" && row.card?.kind === "poll" && row.card.anonymous) return undefined;
      return { ...base, type: "message.voted", body: { ...about, options: deed.options } };
    case "close":
      return { ...base, type: "message.closed", body: about };
    case "confirm":
      return { ...base, type: "message.confirmed", body: about };
    case "check":
      return { ...base, type: deed.done ? "message.checked" : "message.unchecked", body: { ...about, item: deed.item } };
    case "assign":
      return { ...base, type: "message.assigned", body: { ...about, item: deed.item, ...(deed.person && { person: deed.person }) } };
    default:
      return undefined;
  }
}

export function sendOf(wish: Wish): Send | undefined {
  if (wish.granted) return undefined;
  const { id: clientId, kind, state, code, words } = wish;
  const uploads = pending(wish);
  return {
    clientId, kind, state,
    ...(code !== undefined && { code }), ...(words !== undefined && { message: words }),
    ...(uploads.length && { uploads }),
  };
}

export function outboxItem(wish: Wish): OutboxItem {
  return {
    clientId: wish.id, kind: wish.kind, state: wish.state, ...sendOf(wish),
    key: wish.id, space: wish.space, at: wish.at,
    ...(wish.text !== undefined && { text: wish.text }), ...(wish.message !== undefined && { target: wish.message }),
    ...(wish.post?.thread !== undefined && { thread: wish.post.thread }),
  };
}

/** Shows rows with this device's wishes folded in; a row without any stays the same object from call to call. */
export class Shown {
  private readonly plain = new WeakMap<Row, ShownRow>();

  constructor(private readonly me: Id) {}

  rows(rows: Row[], wishes: Wish[]): ShownRow[] {
    const about = new Map<Seq | string, Wish[]>();
    for (const wish of wishes) {
      const target = wish.message ?? wish.of;
      if (target !== undefined) about.set(target, [...(about.get(target) ?? []), wish]);
    }
    return rows.map((row) => this.row(row, (about.size && about.get(row.seq)) || []));
  }

  /** Posts that `rows` do not hold yet, as rows, in the order they were made. */
  posts(posts: Wish[], wishes: Wish[], rows: ShownRow[]): ShownRow[] {
    const there = new Set(rows.map((row) => row.key));
    return posts
      .filter((wish) => !there.has(wish.id))
      .map((wish) => {
        const about = wishes.filter((it) => it.of === wish.id || (wish.granted && it.message === wish.granted.seq));
        const row = about.reduce((so, it) => withWish(so, it, this.me), optimistic(wish, this.me));
        const send = sendOf(wish) ?? about.map(sendOf).findLast((it) => it);
        return { key: wish.id, row, ...(send && { send }) };
      });
  }

  private row(row: Row, wishes: Wish[]): ShownRow {
    if (wishes.length) {
      const send = wishes.map(sendOf).findLast((it) => it);
      return { key: this.key(row), row: wishes.reduce((so, wish) => withWish(so, wish, this.me), row), ...(send && { send }) };
    }
    let shown = this.plain.get(row);
    if (!shown) this.plain.set(row, (shown = { key: this.key(row), row }));
    return shown;
  }

  private key(row: Row): string {
    return row.type === "message" && row.client_id && row.author === this.me ? row.client_id : String(row.seq);
  }
}
