// A bot as Bolt for JavaScript has it, by HTTP (PORT) or by Socket Mode. It does what `bots.mjs` tells of every bot.

import bolt from "@slack/bolt";

const { API, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, PORT, COMMAND } = process.env;
const way = PORT ? { signingSecret: SIGNING_SECRET } : { socketMode: true, appToken: APP_TOKEN };
const app = new bolt.App({ token: BOT_TOKEN, clientOptions: { slackApiUrl: API }, logLevel: "warn", ...way });

app.event("app_mention", async ({ event, say }) => {
  await say({
    thread_ts: event.ts,
    text: `안녕하세요 <@${event.user}>`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*안녕하세요* <@${event.user}>` } },
      { type: "actions", elements: [{ type: "button", action_id: "approve", value: "42", text: { type: "plain_text", text: "승인" } }] },
    ],
  });
});

app.action("approve", async ({ ack, action, body, client, respond }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `승인됨: ${action.value}`, blocks: [] });
  await respond({ text: "기록했어요", response_type: "ephemeral", replace_original: false });
});

app.command(COMMAND, async ({ ack, command, client, respond }) => {
  if (command.text !== "form") {
    await ack(`받았어요: ${command.text}`);
    await respond({ response_type: "in_channel", text: `시작합니다: ${command.text}` });
    return;
  }
  await ack();
  await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: "modal",
      callback_id: "deploy",
      private_metadata: command.channel_id,
      title: { type: "plain_text", text: "배포" },
      submit: { type: "plain_text", text: "보내기" },
      blocks: [
        { type: "input", block_id: "where", label: { type: "plain_text", text: "어디에" }, element: { type: "plain_text_input", action_id: "env" } },
        {
          type: "input",
          block_id: "city",
          optional: true,
          label: { type: "plain_text", text: "도시" },
          element: { type: "external_select", action_id: "city", min_query_length: 0 },
        },
      ],
    },
  });
});

app.options("city", async ({ ack, payload }) => {
  const all = ["Seoul", "Busan", "Sokcho"].filter((it) => it.includes(payload.value ?? ""));
  await ack({ options: all.map((it) => ({ text: { type: "plain_text", text: it }, value: it.toLowerCase() })) });
});

app.view("deploy", async ({ ack, view, client }) => {
  const where = view.state.values.where.env.value;
  if (where === "nowhere") return ack({ response_action: "errors", errors: { where: "그런 곳은 없어요" } });
  await ack();
  const city = view.state.values.city?.city?.selected_option?.value ?? "-";
  await client.chat.postMessage({ channel: view.private_metadata, text: `배포했어요: ${where} ${city}` });
});

app.shortcut("note", async ({ ack, shortcut, client }) => {
  await ack();
  await client.chat.postMessage({ channel: shortcut.channel.id, thread_ts: shortcut.message.ts, text: `적었어요: ${shortcut.message.text}` });
});

app.event("app_home_opened", async ({ event, client }) => {
  const view = { type: "home", callback_id: "home", blocks: [{ type: "section", text: { type: "mrkdwn", text: "*집*입니다" } }] };
  await client.views.publish({ user_id: event.user, view });
});

app.message("물결", async ({ message, client }) => {
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "wave" });
});

await app.start(PORT ? Number(PORT) : undefined);
console.log("ready");
