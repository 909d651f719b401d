// Published clients of Slack, as they come from their registries, against a running house. What fails here would fail
// for whoever changes the base URL and the token of a bot.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { BOT_NAMES, PYTHON, answersAMention, bot, doesWhatACommandSays, isAtHome, program } from "./bots.mjs";
import * as javascript from "./javascript.mjs";
import { letsAnAppIn } from "./oauth.mjs";
import { asked, known, registered } from "./methods.mjs";
import { House, freePort } from "./house.mjs";
import { manifest } from "./manifests.mjs";

let house, space, channel, person;

before(async () => {
  house = await House.open();
  space = await house.space("광장");
  person = await house.person("joon");
  await house.native("POST", `/spaces/${space}/members`, { person: person.id });
  // Our own ids are read everywhere; the answer has Slack's.
  ({ channel } = await person.does("chat.postMessage", { channel: space, text: "여기 있어요" }));
});
after(async () => {
  person?.close();
  await house?.close();
});

for (const which of BOT_NAMES) {
  describe(which, () => {
    let running;
    before(async () => {
      running = await bot(house, which, [space]);
    });
    after(() => running?.close());
    const told = () => ({ house, person, channel, ...running });
    test("answers a mention, and its button changes the message", () => answersAMention(told()));
    test("does what a command says, and asks for more in a form", () => doesWhatACommandSays(told()));
    test("has a home, notes a message, reacts to one", () => isAtHome(told()));
  });
}

/** Runs stories in Python; each line that says how one ended becomes a test. */
async function python(t, file, given) {
  const { SLACK_CLIENT_ID: _, SLACK_CLIENT_SECRET: __, ...own } = process.env;
  const child = spawn(PYTHON, [fileURLToPath(new URL(`clients/${file}`, import.meta.url))], {
    env: { ...own, MADANG_HOUSE: JSON.stringify(given) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = [], errors = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const code = await new Promise((go) => child.once("close", go));
  const stories = [];
  for (const line of lines) {
    if (/^(not )?ok /.test(line)) stories.push({ name: line.replace(/^(not )?ok /, ""), ok: line.startsWith("ok"), said: [] });
    else stories.at(-1)?.said.push(line);
  }
  assert.ok(stories.length > 0, `${file} told nothing:\n${errors.join("\n")}`);
  for (const story of stories) {
    await t.test(story.name, () => assert.ok(story.ok, `${story.said.join("\n")}\n${errors.slice(-20).join("\n")}`));
  }
  assert.equal(code === 0, stories.every((it) => it.ok), errors.join("\n"));
}

describe("slack_sdk for Python", () => {
  let given;
  before(async () => {
    const port = await freePort();
    const sdk = await house.install(manifest("Sdk"), { spaces: [space] });
    const small = await house.install(manifest("Small", { scopes: ["chat:write"], events: [] }), { spaces: [space] });
    // Only what names it: the messages of the stories before it would wait at its door, and come between.
    const signed = await house.install(manifest("Signed", { url: `http://127.0.0.1:${port}/`, events: ["app_mention"] }), { spaces: [space] });
    const socket = await house.install(manifest("Socket"), { spaces: [space] });
    const agent = await house.command("token", "create", "--person", person.email, "--kind", "agent", "--scope", "read", "--json");
    given = {
      api: house.api, channel, port, space,
      agent_token: agent.token,
      origin: house.origin,
      app_id: sdk.app_id, bot_token: sdk.bot_token, bot_user_id: sdk.bot_user_id, webhook: sdk.webhook_urls[0],
      small_token: small.bot_token,
      signing_secret: signed.signing_secret, signed_bot_user_id: signed.bot_user_id,
      socket_bot_token: socket.bot_token, socket_app_token: socket.app_token, socket_app_id: socket.app_id, socket_bot_user_id: socket.bot_user_id,
      person_token: person.slack, person_id: person.slackId, person_name: person.name, person_email: person.email, native_token: person.token,
    };
  });
  test("synchronous", (t) => python(t, "sdk_sync.py", given));
  test("asynchronous, and Socket Mode", (t) => python(t, "sdk_async.py", given));
  test("the Model Context Protocol", (t) => python(t, "agents.py", given));
});

describe("clients for JavaScript", () => {
  let made;
  before(async () => {
    made = await house.install(manifest("Js"), { spaces: [space] });
  });
  const told = () => ({ house, made, person, channel });
  test("@slack/web-api posts, reads, refuses", () => javascript.postsAndReads(told()));
  test("@slack/web-api sends files", () => javascript.sendsFiles(told()));
  test("@slack/socket-mode hears again what it did not acknowledge", () => javascript.hearsBySocketMode(told()));
  test("@slack/webhook tells", () => javascript.tellsByWebhook(told()));
  test("@slack/oauth lets an app in", () => letsAnAppIn({ house, space }));
  test("Alertmanager, Grafana and Jenkins tell", () => javascript.takesNotifiers(told()));
});

describe("finished programs", () => {
  /** One of them, with an app of its own. */
  async function started(name, command, file) {
    const made = await house.install(manifest(name), { spaces: [space] });
    const env = { API: house.api, BOT_TOKEN: made.bot_token, APP_TOKEN: made.app_token };
    return { made, ...(await program(command, [fileURLToPath(new URL(file, import.meta.url))], env)) };
  }

  test("Hubot hears and answers", async () => {
    const { made, close } = await started("Hubot", process.execPath, "bots/hubot.mjs");
    try {
      await person.does("chat.postMessage", { channel, text: "문 열어 주세요" });
      await person.reads("들어오세요");
      await person.does("chat.postMessage", { channel, text: `<@${made.bot_user_id}> ping` });
      await person.reads("pong");
    } finally {
      await close();
    }
  });

  test("Errbot does what a command says", async () => {
    const { close } = await started("Errbot", PYTHON, "bots/errbot_bot.py");
    try {
      await person.does("chat.postMessage", { channel, text: "!gate 동쪽" });
      await person.reads("문이 열렸어요");
    } finally {
      await close();
    }
  });

  test("Apprise", async (t) => {
    const made = await house.install(manifest("Apprise"), { spaces: [space] });
    await python(t, "notifiers.py", { api: house.api, origin: house.origin, channel, bot_token: made.bot_token, webhook: made.webhook_urls[0] });
  });
});

test("of the methods that the SDKs know, each that is not here says so", async () => {
  const made = await house.install(manifest("Methods"), { spaces: [space] });
  const here = new Set(await registered());
  const there = await asked(house, made.bot_token);
  assert.deepEqual(there.filter((it) => !here.has(it.method)).map((it) => it.method), []);
  const missing = (await known()).filter((it) => here.has(it) && !there.some((found) => found.method === it));
  assert.deepEqual(missing, []);
});
