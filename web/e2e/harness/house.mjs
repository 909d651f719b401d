// Everything a story needs, opened and closed together: server, mailbox, browser, people.
//
//   const house = await openHouse();
//   const nari = await house.person("nari", { viewport: PHONE, locale: "ko-KR" });
//   await nari.page.goto("/");
//   …
//   await house.close();          // fails if a policy was violated, a script broke or a secret leaked
import assert from "node:assert/strict";
import { openBrowser, seat } from "./browser.mjs";
import { openMailbox } from "./mail.mjs";
import { startServer } from "./server.mjs";

/** Every made-up secret holds this word, so that one search finds a leak of any of them. */
const mark = process.env.MADANG_TEST_MARK ?? "geheim-nicht-zeigen";

export const passwordOf = (name) => `${mark}-${name}-9f3a`;
export const addressOf = (name) => `${name}@example.com`;

export async function openHouse({ settings = {} } = {}) {
  const mailbox = await openMailbox();
  const server = await startServer({ settings: { MAIL_URL: mailbox.url, MAIL_FROM: "madang@example.com", ...settings } });
  const browser = await openBrowser();
  const people = [];
  return {
    server,
    nextMail: mailbox.nextMail,
    async person(name, how) {
      const person = await seat(browser, server.origin, name, how);
      people.push(person);
      return person;
    },
    async close() {
      await browser.close();
      const code = await server.stop();
      const leaks = await server.leaks([mark]);
      await server.remove();
      await mailbox.close();
      assert.equal(code, 0, `the server ended with ${code}\n${server.log.slice(-20).join("\n")}`);
      assert.deepEqual(leaks, [], "files that hold a secret in the clear");
      assert.deepEqual(people.flatMap((person) => person.complaints), [], "complaints of the browser");
    },
  };
}
