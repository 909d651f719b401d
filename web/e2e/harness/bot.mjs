// A bot as somebody wrote it for Slack: it is told of things by HTTP, and acts by the methods of Slack's API.
//
//   const bot = await openBot(house, { name: "Bori", commands: ["/order"] });
//   bot.on("app_mention", ({ channel }) => bot.call("chat.postMessage", { channel, text: "hello" }));
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const textOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

/** Installs it by its manifest, as who runs the house would, and lets it hear. `closed` ends it with its story. */
export async function openBot(house, { name, commands = [], shortcuts = [], events = ["app_mention", "app_home_opened"], redirects = [], person } = {}) {
  const handlers = new Map();
  const faults = [];
  let credentials = {};

  /** As the SDKs do: nobody else knows the secret. */
  function signed(request, body) {
    const at = request.headers["x-slack-request-timestamp"];
    return request.headers["x-slack-signature"] === `v0=${createHmac("sha256", credentials.signing_secret).update(`v0:${at}:${body}`).digest("hex")}`;
  }

  async function heard(request, body) {
    if (!signed(request, body)) throw new Error("the signature is wrong");
    if (request.headers["content-type"]?.startsWith("application/json")) {
      const told = JSON.parse(body);
      if (told.type === "url_verification") return { challenge: told.challenge };
      // What was said is taken at once; what is done about it comes after.
      queueMicrotask(() => void handle(told.event.type, told.event));
      return undefined;
    }
    const form = new URLSearchParams(body);
    const payload = form.get("payload");
    return payload ? handle(JSON.parse(payload).type, JSON.parse(payload)) : handle(form.get("command"), Object.fromEntries(form));
  }

  async function handle(kind, told) {
    try {
      return await handlers.get(kind)?.(told);
    } catch (error) {
      faults.push(`${kind}: ${error.message}`);
      return undefined;
    }
  }

  const server = createServer((request, response) => {
    textOf(request).then((body) => heard(request, body)).then(
      (answer) => {
        response.writeHead(200, answer === undefined ? {} : { "Content-Type": "application/json" });
        response.end(answer === undefined ? "" : JSON.stringify(answer));
      },
      (error) => {
        faults.push(error.message);
        response.writeHead(500).end();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/slack/events`;
  const manifest = {
    display_information: { name, description: "Takes orders" },
    features: {
      bot_user: { display_name: name, always_online: true },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      slash_commands: commands.map((command) => ({ command, url, description: "Orders something", usage_hint: "[what]" })),
      shortcuts: shortcuts.map(({ name: called, id, type }) => ({ name: called, callback_id: id, type, description: called })),
    },
    oauth_config: { redirect_urls: redirects, scopes: { bot: ["app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.customize", "commands", "im:history", "im:write", "users:read"] } },
    settings: { event_subscriptions: { request_url: url, bot_events: events }, interactivity: { is_enabled: true, request_url: url }, socket_mode_enabled: false },
  };
  const file = join(house.server.data, `${name}.manifest.json`);
  await writeFile(file, JSON.stringify(manifest));
  const { stdout } = await house.server.command("app", "create", "--manifest", file, ...(person ? ["--person", person] : []), "--json");
  credentials = JSON.parse(stdout);

  return {
    credentials,
    faults,
    manifest,
    on: (kind, handler) => void handlers.set(kind, handler),
    async call(method, given = {}) {
      const response = await fetch(`${house.server.origin}/api/${method}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${credentials.bot_token}`, "Content-Type": "application/json; charset=utf-8" },
        body: JSON.stringify(given),
      });
      const answer = await response.json();
      assert.ok(answer.ok, `${method}: ${JSON.stringify(answer)}`);
      return answer;
    },
    /** By the address that came with a press: nobody waits for it, and what goes wrong is told at the end. */
    respond(to, said) {
      fetch(to, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) }).then(
        (response) => response.ok || faults.push(`response_url: ${response.status}`),
        (error) => faults.push(`response_url: ${error.message}`),
      );
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      assert.deepEqual(faults, [], "what went wrong within the bot");
    },
  };
}
