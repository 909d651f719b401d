// Hubot with the adapter for Slack by Socket Mode. The adapter takes the base URL of its own requests from nowhere, so
// its client of the Web API is handed to it; everything else is as it comes.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import { Robot } from "hubot";

const adapterAt = createRequire(import.meta.url).resolve("@hubot-friends/hubot-slack");
const { WebClient } = createRequire(adapterAt)("@slack/web-api");
const { SlackBot } = await import(new URL("./src/Bot.mjs", pathToFileURL(adapterAt)));
const { API, BOT_TOKEN, APP_TOKEN } = process.env;

const use = (robot) =>
  new SlackBot(robot, {
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    socketModeOptions: { clientOptions: { slackApiUrl: API } },
    web: new WebClient(BOT_TOKEN, { slackApiUrl: API, maxRequestConcurrency: 1 }),
  });
const robot = new Robot({ use, name: "slack" }, false, "hubot");
await robot.loadAdapter();
robot.hear(/문 열어/, async (response) => response.send("들어오세요"));
robot.respond(/ping/, async (response) => response.reply("pong"));
robot.adapter.on("connected", () => console.log("ready"));
await robot.run();
