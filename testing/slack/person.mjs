// A person of the house: hears on a device (the native socket), acts as Slack's own client would (an xoxp- token).

import WebSocket from "ws";

import { PATIENCE } from "./house.mjs";

export class Person {
  static async connect(house, who) {
    const person = Object.assign(new Person(), who, { house, heard: [], waiting: [] });
    const url = `${house.origin.replace(/^http/, "ws")}/api/v1/socket`;
    person.socket = new WebSocket(url, { headers: { authorization: `Bearer ${who.token}` } });
    person.socket.on("message", (data) => person.hear(JSON.parse(data.toString())));
    await new Promise((go, fail) => person.socket.once("open", go).once("error", fail));
    person.socket.send(JSON.stringify({ type: "hello", device: "story", rev: 0, heads: [] }));
    const welcome = await person.hears("a welcome", (frame) => frame.type === "welcome");
    // Everything else comes after it.
    person.me = welcome.me;
    const { user_id: slackId, team_id: team } = await person.asks("auth.test", {});
    return Object.assign(person, { slackId, team });
  }

  hear(frame) {
    this.heard.push(frame);
    this.waiting = this.waiting.filter((it) => !it(frame));
  }

  /** The first frame like this, from the beginning or still to come. */
  hears(what, like) {
    const there = this.heard.find(like);
    if (there) return Promise.resolve(there);
    return new Promise((give, fail) => {
      const late = setTimeout(() => fail(new Error(`${this.name} did not hear ${what}; heard ${this.last()}`)), PATIENCE);
      this.waiting.push((frame) => {
        if (!like(frame)) return false;
        clearTimeout(late);
        give(frame);
        return true;
      });
    });
  }

  last() {
    return this.heard.slice(-6).map((it) => JSON.stringify(it).slice(0, 400)).join("\n");
  }

  /** A message that says this. */
  async reads(text, more = () => true) {
    const says = (event) => event.type === "message.posted" && event.body.text.includes(text) && more(event);
    const frame = await this.hears(`“${text}”`, (it) => it.type === "event" && says(it.event));
    return frame.event;
  }

  /** An edit of a message that says this from then on. */
  async readsEdit(text) {
    const says = (event) => event.type === "message.edited" && event.body.text.includes(text);
    const frame = await this.hears(`an edit to “${text}”`, (it) => it.type === "event" && says(it.event));
    return frame.event;
  }

  /** Words for this person alone, which were not among these frames. */
  whisper(text, before = new Set()) {
    const says = (it) => it.type === "ephemeral" && !before.has(it) && JSON.stringify(it).includes(text);
    return this.hears(`“${text}” in confidence`, says);
  }

  /** A view that an app opens or changes. */
  async sees(action, callback, more = () => true) {
    const like = (it) => it.type === "view" && it.action === action && it.view.callback_id === callback && more(it.view);
    return (await this.hears(`a view ${callback} (${action})`, like)).view;
  }

  /** A method, whatever comes of it. */
  async asks(method, body) {
    const answer = await fetch(this.house.api + method, {
      method: "POST",
      headers: { authorization: `Bearer ${this.slack}`, "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${method} is ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  /** A method that must work. */
  async does(method, body) {
    const answer = await this.asks(method, body);
    if (!answer.ok) throw new Error(`${method} says ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Presses something in a message of an app. */
  presses(event, channel, action) {
    const container = { type: "message", channel_id: channel, message_ts: ts(event.at) };
    return this.asks("blocks.actions", { container, actions: [action], client_token: `press-${event.seq}` });
  }

  close() {
    this.socket.close();
  }
}

/** A time of ours as Slack writes it. */
export function ts(us) {
  const text = String(us).padStart(7, "0");
  return `${text.slice(0, -6)}.${text.slice(-6)}`;
}
