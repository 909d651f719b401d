// Everything a story needs, opened and closed together: server, mailbox, browser, people.
//
//   const house = await openHouse();
//   await house.found();                                     // nari opens the workspace, over HTTP
//   await house.welcome("joon");                             // joon accepts her mail, over HTTP
//   const joon = await house.seat("joon", { viewport: PHONE, locale: "ko-KR" });
//   await joon.page.goto("/");
//   …
//   await house.close();          // fails if the server ended badly or a secret leaked
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { openBrowser, seat } from "./browser.mjs";
import { Door } from "./door.mjs";
import { openLine } from "./line.mjs";
import { openMailbox } from "./mail.mjs";
import { startServer } from "./server.mjs";

/** Every made-up secret holds this word, so that one search finds a leak of any of them. */
const mark = process.env.MADANG_TEST_MARK ?? "geheim-nicht-zeigen";
/** Where a story that failed leaves what its people saw. */
const evidence = resolve(import.meta.dirname, "../../../target/e2e");

export const passwordOf = (name) => `${mark}-${name}-9f3a`;
export const addressOf = (name) => `${name}@example.com`;
const called = (name) => name[0].toUpperCase() + name.slice(1);
const tokenOf = (link) => link.split("/").at(-1);

/** A story acts faster than a person, and from one address for all; beside it there may be another. */
const ours = { MEDIA_LISTEN: "127.0.0.1:0", RATE_LIMIT: "0", OPENING_LIMIT: "0", TRUSTED_PROXIES: "127.0.0.1/32" };

/** `flags` are those of the browser, for stories that need more than others. */
export async function openHouse({ settings = {}, flags = [] } = {}) {
  const mailbox = await openMailbox();
  const mail = { MAIL_URL: mailbox.url, MAIL_FROM: "madang@example.com" };
  const server = await startServer({ settings: { ...mail, ...ours, ...settings } }).catch(async (error) => {
    await mailbox.close();
    throw error;
  });
  const browser = await openBrowser(flags).catch(async (error) => {
    await server.remove();
    await mailbox.close();
    throw error;
  });
  const known = new Map();
  let seats = [];

  const doorTo = () => new Door(() => server.origin);
  const keep = (name, door, me) => {
    const person = { name, door, id: me.id, called: me.name, idle: [door] };
    known.set(name, person);
    return person;
  };

  /** A session of this person for one more device: one that no device uses and that still holds, else a new one. */
  async function sessionFor(name, { shared = false } = {}) {
    const person = known.get(name);
    assert.ok(person, `${name} is not in the house: found() or welcome() comes first`);
    if (shared) return person.door;
    while (person.idle.length) {
      const door = person.idle.pop();
      if (await door.call("GET /me").then(() => true, () => false)) return door;
    }
    const door = doorTo();
    await door.call("POST /session", { body: { email: addressOf(name), password: passwordOf(name), device: "Chrome · Linux" } });
    return door;
  }

  return {
    server,
    browser,
    /** Where the mailbox is; a house that was opened without a mail server can be told. */
    mailUrl: mailbox.url,
    nextMail: mailbox.nextMail,
    /** Whoever found() or welcome() let in: `{ id, called, door }`. */
    who: (name) => known.get(name),
    /** nari opens the workspace. */
    async found({ workspace = "Hanbit", name = "Nari", language = "en" } = {}) {
      const door = doorTo();
      const { me } = await door.call("POST /setup", { body: { workspace, email: addressOf("nari"), name, password: passwordOf("nari"), language } });
      return keep("nari", door, me);
    },
    /** nari invites somebody, who accepts: to the workspace, or with `space` as a guest of that space only. */
    async welcome(name, { as = called(name), role = "member", space, language = "en" } = {}) {
      if (known.has(name)) return known.get(name);
      const nari = known.get("nari").door;
      const body = { email: addressOf(name) };
      const { invitation } = space ? await nari.call("POST /spaces/{id}/members", { id: space, body }) : await nari.call("POST /people", { body: { ...body, role } });
      // A house without a mail server shows the link to whoever invites.
      const link = invitation.url ?? (await mailbox.nextMail(body.email)).link;
      const door = doorTo();
      const { me } = await door.call("POST /invitations/{token}", { token: tokenOf(link), body: { name: as, password: passwordOf(name), language } });
      return keep(name, door, me);
    },
    /** nari makes a space and takes these people in; gives its id. */
    async room(title, people, more) {
      const nari = known.get("nari").door;
      const space = await nari.space(title, more);
      for (const name of people) {
        const { id } = await this.welcome(name);
        await nari.call("POST /spaces/{id}/members", { id: space, body: { person: id } });
      }
      return space;
    },
    /** Somebody at a device, not signed in. With `wired`, the device has a line of its own that can be cut. */
    async person(name, { wired = false, ...how } = {}) {
      const line = wired ? await openLine(() => Number(new URL(server.origin).port)) : undefined;
      const person = await seat(browser, line?.origin ?? server.origin, name, how);
      seats.push({ ...person, line });
      return { ...person, line, origin: line?.origin ?? server.origin };
    },
    /** Somebody of the house at another device of theirs, signed in. */
    async seat(name, { shared, ...how } = {}) {
      const session = await sessionFor(name, { shared });
      const person = await this.person(name, how);
      const [key, value] = session.cookie.split(/=(.*)/s);
      await person.context.addCookies([{ name: key, value, url: person.origin }]);
      if (!shared) seats.at(-1).leave = () => known.get(name).idle.push(session);
      return person;
    },
    /** Everybody at a device goes home; what their browsers complained of is given back. */
    async empty() {
      const leaving = seats;
      seats = [];
      await Promise.all(leaving.map((person) => person.context.close()));
      await Promise.all(leaving.map((person) => person.line?.close()));
      for (const person of leaving) person.leave?.();
      return leaving.flatMap((person) => person.complaints);
    },
    /** What everybody sees at this moment, and what the server said, for whoever looks into a failure. */
    async evidence(title) {
      mkdirSync(evidence, { recursive: true });
      const slug = title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
      for (const [i, { name, context }] of seats.entries()) {
        for (const [tab, page] of context.pages().entries()) await page.screenshot({ path: `${evidence}/${slug}-${i}${tab ? `-tab-${tab}` : ""}-${name}.png` }).catch(() => {});
      }
      writeFileSync(`${evidence}/${slug}.log`, [...server.log, ...seats.flatMap(({ name, line, complaints }) => [...(line?.log ?? []).map((one) => `${name}: ${one}`), ...complaints])].join("\n"));
      return `${evidence}/${slug}*`;
    },
    async close() {
      const complaints = await this.empty();
      await browser.close();
      const code = await server.stop();
      const leaks = await server.leaks([mark]);
      await server.remove();
      await mailbox.close();
      assert.equal(code, 0, `the server ended with ${code}\n${server.log.slice(-20).join("\n")}`);
      assert.deepEqual(leaks, [], "files that hold a secret in the clear");
      assert.deepEqual(complaints, [], "complaints of the browser");
    },
  };
}
