// What every bot does, whatever it was written with: the same story is told of each.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { PATIENCE, freePort, until } from "./house.mjs";
import { manifest } from "./manifests.mjs";
import { ts } from "./person.mjs";

export const PYTHON = process.env.MADANG_SLACK_PYTHON ?? fileURLToPath(new URL("../../target/slack/bin/python", import.meta.url));

/** Starts a program and waits until it says that it is ready. */
export async function program(command, words, env) {
  // Bolt for Python takes these from the environment and signs in anew (its OAuth mode).
  const { SLACK_CLIENT_ID: _, SLACK_CLIENT_SECRET: __, ...own } = process.env;
  const child = spawn(command, words, { env: { ...own, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const ended = new Promise((go) => child.once("exit", go));
  const ready = new Promise((go) => {
    const hear = (line) => {
      said.push(line);
      if (line === "ready") go();
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", hear);
  });
  const failed = ended.then((code) => assert.fail(`${words[0]} ended with ${code}:\n${said.join("\n")}`));
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`${words[0]} is not ready:\n${said.join("\n")}`)), PATIENCE).unref());
  await Promise.race([ready, failed, late]);
  failed.catch(() => {});
  return {
    said,
    async close() {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(hard);
    },
  };
}

const BOTS = {
  "Bolt for JavaScript by HTTP": [process.execPath, "bots/bolt.mjs", true],
  "Bolt for JavaScript by Socket Mode": [process.execPath, "bots/bolt.mjs", false],
  "Bolt for Python by HTTP": [PYTHON, "bots/bolt_bot.py", true],
  "Bolt for Python by Socket Mode": [PYTHON, "bots/bolt_bot.py", false],
};
export const BOT_NAMES = Object.keys(BOTS);

/** Installs one of them and starts it. */
export async function bot(house, which, spaces) {
  const [command, file, http] = BOTS[which];
  const port = http ? await freePort() : undefined;
  const name = `Bot${BOT_NAMES.indexOf(which)}`;
  const slash = `/${name.toLowerCase()}`;
  const asked = manifest(name, { url: http && `http://127.0.0.1:${port}/slack/events`, command: slash });
  const made = await house.install(asked, { spaces });
  const env = {
    API: house.api,
    BOT_TOKEN: made.bot_token,
    APP_TOKEN: made.app_token,
    SIGNING_SECRET: made.signing_secret,
    COMMAND: slash,
    ...(http && { PORT: String(port) }),
  };
  const running = await program(command, [fileURLToPath(new URL(file, import.meta.url))], env);
  return { ...running, slash, made };
}

/** A mention is answered in a thread, and its button changes the message. */
export async function answersAMention({ person, channel, made }) {
  const asked = await person.does("chat.postMessage", { channel, text: `<@${made.bot_user_id}> 안녕` });
  const answer = await person.reads("안녕하세요", (event) => ts(event.at) > asked.ts && event.body.app?.blocks?.length === 2);
  assert.ok(answer.body.thread, "it answers in the thread");
  const { messages } = await person.does("conversations.replies", { channel, ts: asked.ts });
  assert.deepEqual(messages.map((it) => it.user), [person.slackId, made.bot_user_id]);
  assert.ok(messages[1].bot_id && messages[1].blocks.length === 2 && messages[1].thread_ts === asked.ts);
  const [{ block_id: block }] = messages[1].blocks.filter((it) => it.type === "actions");
  assert.ok(block, "a block without an id gets one");
  const before = new Set(person.heard);
  const pressed = await person.presses(answer, channel, { type: "button", block_id: block, action_id: "approve", value: "42" });
  assert.deepEqual(pressed, { ok: true });
  await person.whisper("기록했어요", before);
  const { messages: after } = await person.does("conversations.replies", { channel, ts: asked.ts });
  assert.equal(after[1].text, "승인됨: 42");
  assert.ok(after[1].edited);
}

/** A command is answered in confidence and then for all; its form is sent back once and then taken. */
export async function doesWhatACommandSays({ person, channel, slash }) {
  const say = (text) => person.does("chat.command", { channel, command: slash, text, client_token: "tab" });
  await say(`첫째 ${slash}`);
  await person.whisper(`받았어요: 첫째 ${slash}`);
  await person.reads(`시작합니다: 첫째 ${slash}`);
  const opened = person.heard.length;
  await say("form");
  const view = await person.sees("open", "deploy", (it) => !person.heard.slice(0, opened).some((was) => was.view?.id === it.id));
  assert.equal(view.private_metadata, channel);
  const container = { type: "view", view_id: view.id };
  const offered = await person.does("blocks.suggestions", { container, block_id: "city", action_id: "city", value: "S" });
  assert.deepEqual(offered.options.map((it) => it.value), ["seoul", "sokcho"]);
  const send = (where) =>
    person.asks("views.submit", {
      view_id: view.id,
      state: {
        values: {
          where: { env: { type: "plain_text_input", value: where } },
          city: { city: { type: "external_select", selected_option: offered.options[0] } },
        },
      },
      client_token: "tab",
    });
  const refused = await send("nowhere");
  assert.deepEqual([refused.response_action, refused.errors], ["errors", { where: "그런 곳은 없어요" }]);
  assert.equal((await send(`어딘가${slash}`)).ok, true);
  await person.reads(`배포했어요: 어딘가${slash} seoul`);
}

/** Its home, its shortcut and what it does with messages. */
export async function isAtHome({ house, person, channel, made, slash }) {
  const { apps } = await person.does("madang.apps", {});
  const app = apps.find((it) => it.slack_id === made.app_id);
  assert.ok(app?.home && app.commands.some((it) => it.command === slash), JSON.stringify(apps));
  await person.does("madang.home", { app: app.id });
  const home = await until("a home", async () => (await person.does("madang.home", { app: app.id })).view);
  assert.equal(home.blocks[0].text.text, "*집*입니다");
  const said = await person.does("chat.postMessage", { channel, text: `물결 ${slash}` });
  await until("a reaction", async () => {
    const { messages } = await person.does("conversations.history", { channel, latest: said.ts, inclusive: true, limit: 1 });
    return messages[0].reactions?.some((it) => it.name === "wave" && it.users.includes(made.bot_user_id));
  });
  const asked = { app: app.id, callback_id: "note", channel, message_ts: said.ts, client_token: "tab" };
  await person.does("madang.shortcut", asked);
  await person.reads(`적었어요: 물결 ${slash}`);
  assert.ok(house);
}
