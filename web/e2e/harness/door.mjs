// The native API as a program uses it, for what a story needs before it begins: people, spaces, messages.
import { randomInt, randomUUID } from "node:crypto";

/** Somebody signed in over HTTP: the cookie of that session, and calls in that person's name. */
export class Door {
  /** @param {() => string} origin of the server at present */
  constructor(origin, cookie = "") {
    this.origin = origin;
    this.cookie = cookie;
  }

  /**
   * `door.call("POST /spaces/{id}/messages", { id, body })`; fails unless the answer is a good one.
   * An answer that begins a session leaves its cookie here.
   */
  async call(route, { query, body, ...parts } = {}) {
    const [method, path] = route.split(" ");
    const filled = path.replace(/\{(\w+)\}/g, (_, part) => encodeURIComponent(parts[part]));
    const search = query ? `?${new URLSearchParams(query)}` : "";
    const answer = await fetch(`${this.origin()}/api/v1${filled}${search}`, {
      method,
      // Each call comes from an address of its own, so that limits by address do not count them together.
      headers: { "x-forwarded-for": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`, ...(this.cookie && { cookie: this.cookie }), ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text}`);
    const [begun] = answer.headers.getSetCookie();
    if (begun) this.cookie = begun.split(";")[0];
    return text ? JSON.parse(text) : undefined;
  }

  /** Posts a message, or a reply with `{ thread }`; gives its seq. */
  async post(space, text, more = {}) {
    const { event } = await this.call("POST /spaces/{id}/messages", { id: space, body: { client_id: randomUUID(), text, ...more } });
    return event.seq;
  }

  /** Sends a file by tus in one piece; gives its id, for `files` of a message. */
  async upload(name, bytes, type = "application/octet-stream") {
    const base64 = (text) => Buffer.from(text).toString("base64");
    const send = (url, method, headers, body) =>
      fetch(new URL(url, this.origin()), { method, body, headers: { cookie: this.cookie, "tus-resumable": "1.0.0", ...headers } });
    const begun = await send("/api/v1/uploads", "POST", { "upload-length": `${bytes.length}`, "upload-metadata": `filename ${base64(name)},filetype ${base64(type)}` });
    if (begun.status !== 201) throw new Error(`upload of ${name}: ${begun.status} ${await begun.text()}`);
    const place = new URL(begun.headers.get("location"), begun.url).pathname;
    const sent = await send(place, "PATCH", { "upload-offset": "0", "content-type": "application/offset+octet-stream" }, bytes);
    if (sent.status !== 204) throw new Error(`upload of ${name}: ${sent.status} ${await sent.text()}`);
    return (await this.call("GET /uploads/{id}/file", { id: place.split("/").at(-1) })).file.id;
  }

  /** The contents of a file. */
  async bytes(id) {
    const answer = await fetch(`${this.origin()}/api/v1/files/${id}/file`, { headers: { cookie: this.cookie } });
    if (!answer.ok) throw new Error(`file ${id}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async react(space, seq, emoji) {
    await this.call("PUT /spaces/{id}/messages/{seq}/reactions/{emoji}", { id: space, seq, emoji, query: { client_id: randomUUID() } });
  }

  async pin(space, seq) {
    await this.call("PUT /spaces/{id}/messages/{seq}/pin", { id: space, seq, query: { client_id: randomUUID() } });
  }

  async read(space, seq) {
    await this.call("PUT /spaces/{id}/read", { id: space, body: { seq } });
  }

  /** Makes a space and gives its id. */
  async space(name, more = {}) {
    const { space } = await this.call("POST /spaces", { body: { name, kind: "closed", client_id: randomUUID(), ...more } });
    return space.id;
  }
}
