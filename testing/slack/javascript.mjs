// @slack/web-api, @slack/webhook and @slack/socket-mode, and what notifiers send that use no client at all.

import assert from "node:assert/strict";

import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { IncomingWebhook } from "@slack/webhook";

const code = (wanted) => (error) => error.data?.error === wanted || assert.fail(`${wanted} was expected: ${error.message}`);

export async function postsAndReads({ house, made, person, channel }) {
  const bot = new WebClient(made.bot_token, { slackApiUrl: house.api });
  const me = await bot.auth.test();
  assert.deepEqual([me.user_id, `${me.url}api/`], [made.bot_user_id, house.api]);
  assert.ok(me.response_metadata.scopes.includes("chat:write"), "scopes come in a header");
  const metadata = { event_type: "task_made", event_payload: { id: "7" } };
  const posted = await bot.chat.postMessage({ channel, text: "자바스크립트", metadata, unfurl_links: false });
  await bot.chat.update({ channel, ts: posted.ts, text: "고쳐 썼어요" });
  await bot.chat.postMessage({ channel, text: "답", thread_ts: posted.ts });
  const { messages } = await bot.conversations.replies({ channel, ts: posted.ts, include_all_metadata: true });
  assert.deepEqual([messages.map((it) => it.text), messages[0].metadata], [["고쳐 썼어요", "답"], metadata]);
  await bot.reactions.add({ channel, timestamp: posted.ts, name: "eyes" });
  await assert.rejects(bot.reactions.add({ channel, timestamp: posted.ts, name: "eyes" }), code("already_reacted"));
  const texts = [];
  for await (const page of bot.paginate("conversations.history", { channel, oldest: posted.ts, limit: 1, inclusive: true })) {
    texts.push(...page.messages.map((it) => it.text));
  }
  assert.deepEqual(texts, ["고쳐 썼어요"], "a reply is not in the main line");
  await bot.chat.postEphemeral({ channel, user: person.slackId, text: "살짝" });
  await person.whisper("살짝");
  await assert.rejects(bot.apiCall("nobody.knowsThis"), code("unknown_method"));
  await assert.rejects(new WebClient("xoxb-wrong", { slackApiUrl: house.api }).auth.test(), code("invalid_auth"));
  const opened = await bot.conversations.open({ users: `${person.slackId}` });
  await bot.chat.postMessage({ channel: opened.channel.id, blocks: [{ type: "section", text: { type: "mrkdwn", text: "*판*만" } }] });
  await person.reads("판");
}

export async function sendsFiles({ house, made, channel }) {
  const bot = new WebClient(made.bot_token, { slackApiUrl: house.api });
  const file = Buffer.from("%PDF-1.4 아님");
  const sent = await bot.files.uploadV2({ channel_id: channel, file, filename: "보고.txt", title: "보고", initial_comment: "받으세요" });
  const found = sent.files[0].files[0];
  assert.equal(found.title, "보고");
  const answer = await fetch(found.url_private, { headers: { authorization: `Bearer ${made.bot_token}` } });
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), file);
  const stranger = await fetch(found.url_private, { redirect: "manual" });
  assert.ok(stranger.status >= 300, "not without a token");
}

export async function hearsBySocketMode({ house, made, person, channel }) {
  const socket = new SocketModeClient({ appToken: made.app_token, clientOptions: { slackApiUrl: house.api }, logLevel: "error" });
  const heard = [];
  const mentioned = new Promise((go) =>
    socket.on("app_mention", async ({ ack, body, event, retry_num: again }) => {
      heard.push(body.event_id);
      // The first is left without an answer, as by a bot that ends just then.
      if (heard.length === 1) return;
      await ack();
      go({ body, event, again });
    }),
  );
  await socket.start();
  const asked = await person.does("chat.postMessage", { channel, text: `<@${made.bot_user_id}> 들려?` });
  const { body, event, again } = await mentioned;
  assert.equal(event.ts, asked.ts);
  assert.ok(heard.every((it) => it === body.event_id) && again >= 1, "what was not acknowledged comes again as the same");
  await socket.disconnect();
}

export async function tellsByWebhook({ made, person }) {
  const hook = new IncomingWebhook(made.webhook_urls[0]);
  const sent = await hook.send({ text: "웹훅", blocks: [{ type: "header", text: { type: "plain_text", text: "웹훅 제목" } }] });
  assert.equal(sent.text, "ok");
  const event = await person.reads("웹훅");
  assert.equal(event.body.app.blocks[0].type, "header");
  await assert.rejects(hook.send({ blocks: [{ type: "nothing" }] }), /400/);
}

const post = async (url, body, type = "application/json") => {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": type }, body: typeof body === "string" ? body : JSON.stringify(body) });
  return [answer.status, await answer.text()];
};

/** As Alertmanager, Grafana, GitHub's notifier, Jenkins and curl send them. */
export async function takesNotifiers({ house, made, person, channel }) {
  const url = made.webhook_urls[0];
  const alert = {
    channel: "", username: "Alertmanager", icon_emoji: "", icon_url: "", link_names: false, text: "",
    attachments: [{
      title: "[FIRING:1] DiskFull (마당)", title_link: "https://alerts.example/#/alerts", pretext: "", text: "디스크가 찼어요",
      fallback: "[FIRING:1] DiskFull | https://alerts.example", callback_id: "", footer: "", color: "danger", mrkdwn_in: ["fallback", "pretext", "text"],
      fields: [{ title: "severity", value: "critical", short: true }],
    }],
  };
  assert.deepEqual(await post(url, alert), [200, "ok"]);
  const fired = await person.reads("DiskFull");
  assert.equal(fired.body.app.name, "Alertmanager");
  const grafana = {
    channel: `#${"광장"}`, username: "Grafana", text: "", blocks: null,
    attachments: [{ title: "[Alerting] CPU", title_link: "https://grafana.example/a", color: "#D63232", text: "높아요", fallback: "[Alerting] CPU", ts: 1735689600, footer: "Grafana v12", footer_icon: "https://grafana.example/i.png", fields: [] }],
  };
  assert.deepEqual(await post(url, grafana), [200, "ok"]);
  await person.reads("[Alerting] CPU");
  const form = new URLSearchParams({ payload: JSON.stringify({ text: "Jenkins: 성공 <https://ci.example/1|#1>" }) });
  assert.deepEqual(await post(url, form.toString(), "application/x-www-form-urlencoded"), [200, "ok"]);
  await person.reads("Jenkins: 성공");
  assert.deepEqual(await post(url, "not json"), [400, "invalid_payload"]);
  assert.deepEqual(await post(url, { text: "" }), [400, "no_text"]);
  // Alertmanager with a bot's token.
  const direct = await fetch(`${house.api}chat.postMessage`, {
    method: "POST",
    headers: { authorization: `Bearer ${made.bot_token}`, "content-type": "application/json" },
    body: JSON.stringify({ ...alert, channel, text: "토큰으로" }),
  });
  assert.equal((await direct.json()).ok, true);
}
