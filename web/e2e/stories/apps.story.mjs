// A bot that was written for Slack, told on a phone and at a desk: it answers a mention, a command, a button and a modal,
// says something to one person alone, and shows its home. Nothing of it knows that this is not Slack.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { openBot } from "../harness/bot.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { act, box, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ settings: { OUTGOING_ALLOWED: "127.0.0.1" } });
const english = wordsOf("en");
const korean = wordsOf("ko");

const text = (words) => ({ type: "plain_text", text: words });
const marked = (words) => ({ type: "mrkdwn", text: words });
const order = {
  type: "modal",
  callback_id: "order",
  title: text("Order"),
  submit: text("Order it"),
  close: text("Never mind"),
  blocks: [
    { type: "input", block_id: "what", label: text("What"), element: { type: "plain_text_input", action_id: "value" } },
    { type: "input", block_id: "size", label: text("Size"), element: { type: "static_select", action_id: "value", options: ["small", "large"].map((value) => ({ text: text(value), value })) } },
  ],
};

/** The bot in its space, with those who talk to it. */
async function withBot(house, name, tell, more = {}) {
  const space = await house.room(`${name}'s place`, ["joon"]);
  const bot = await openBot(house, { name, ...more });
  const { people } = await house.who("nari").door.call("GET /people", { query: { q: name } });
  const id = people.find((one) => one.bot && one.name === name)?.id;
  assert.ok(id, "the bot is one of the house");
  await house.who("nari").door.call("POST /spaces/{id}/members", { id: space, body: { person: id } });
  try {
    await tell({ bot, space, id });
  } finally {
    await bot.close();
  }
}

story("a bot answers a mention, and its button changes what it said", (house) =>
  withBot(house, "Bori", async ({ bot, space }) => {
    bot.on("app_mention", ({ channel, user }) =>
      bot.call("chat.postMessage", {
        channel,
        text: "Shall I?",
        blocks: [
          { type: "header", text: text("Deploy 1.42") },
          { type: "section", text: marked(`Asked by <@${user}>: *shall I?*`), fields: [marked("*Where*\nproduction"), marked("*When*\nnow")] },
          { type: "actions", block_id: "ask", elements: [{ type: "button", action_id: "yes", style: "primary", text: text("Deploy"), value: "1.42", confirm: { title: text("Deploy it?"), text: marked("To *everybody*."), confirm: text("Do it"), deny: text("Wait") } }] },
        ],
      }));
    bot.on("block_actions", ({ actions, user, response_url: to }) => {
      assert.equal(actions[0].action_id, "yes");
      bot.respond(to, { replace_original: true, text: "done", blocks: [{ type: "section", text: marked(`:white_check_mark: <@${user.id}> deployed *${actions[0].value}*`) }] });
    });

    const joon = await house.seat("joon", { viewport: DESKTOP });
    const { page } = joon;
    await page.goto(`/s/${space}`);
    await box(page).pressSequentially("@Bor");
    await page.getByRole("listbox").getByText("Bori").waitFor();
    await box(page).press("Enter");
    await box(page).pressSequentially("deploy?");
    await box(page).press("Enter");
    const asked = row(page, "shall I?");
    await asked.getByText("APP", { exact: true }).waitFor();
    await asked.getByRole("button", { name: "Deploy" }).waitFor();
    await sound(page, "a message of an app");
    await joon.picture("app-message-desktop-light");

    const nari = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
    await nari.page.goto(`/s/${space}`);
    await row(nari.page, "shall I?").getByRole("button", { name: "Deploy" }).click();
    const sure = nari.page.getByRole("dialog", { name: "Deploy it?" });
    await sure.waitFor();
    await sound(nari.page, "a press that is asked about");
    await nari.picture("app-confirm-phone-light");
    await sure.getByRole("button", { name: "Do it" }).click();
    await hears(nari.page, "deployed 1.42");
    await hears(page, "@Nari deployed 1.42");
    await nari.picture("app-message-phone-light");
  }));

story("a command opens a modal, which is filled in, sent, and says what is wrong with it", (house) =>
  withBot(house, "Mina's helper", async ({ bot, space }) => {
    bot.on("/order", async ({ trigger_id: trigger, channel_id: channel }) => {
      await bot.call("views.open", { trigger_id: trigger, view: { ...order, private_metadata: channel } });
      return { response_type: "ephemeral", text: "Tell me what you want." };
    });
    bot.on("view_submission", ({ view }) => {
      const { what, size } = view.state.values;
      if (what.value.value === "tea") return { response_action: "errors", errors: { what: "There is no tea." } };
      queueMicrotask(() => void bot.call("chat.postMessage", { channel: view.private_metadata, text: `Ordered: ${what.value.value}, ${size.value.selected_option.value}`, username: "The kitchen", icon_emoji: ":coffee:" }));
      return undefined;
    });

    for (const [name, how, words] of [["joon", { viewport: DESKTOP }, english], ["nari", { viewport: PHONE, locale: "ko-KR" }, korean]]) {
      const seat = await house.seat(name, how);
      const { page } = seat;
      const size = how.viewport === PHONE ? "phone" : "desktop";
      await page.goto(`/s/${space}`);
      await box(page).pressSequentially("/ord");
      await page.getByRole("listbox", { name: words("suggest_commands") }).getByText("/order").waitFor();
      await box(page).fill("/order now");
      await pane(page, "main").getByRole("button", { name: words("send"), exact: true }).click();
      const modal = page.getByRole("dialog", { name: "Order" });
      await modal.waitFor();
      await modal.getByRole("button", { name: "Order it" }).click();
      await modal.getByText(words("block_needed")).first().waitFor();
      await sound(page, "a modal with what is missing");
      await seat.picture(`app-modal-${size}-light`);
      await modal.getByLabel("What").fill("tea");
      await modal.getByLabel("Size").selectOption("large");
      await modal.getByRole("button", { name: "Order it" }).click();
      await modal.getByText("There is no tea.").waitFor();
      await modal.getByLabel("What").fill(`coffee for ${name}`);
      await modal.getByRole("button", { name: "Order it" }).click();
      await modal.waitFor({ state: "hidden" });
      const ordered = row(page, `Ordered: coffee for ${name}, large`);
      await ordered.waitFor();
      // The name stands above the first of what is said in a row.
      await pane(page, "main").locator("article", { hasText: "The kitchen" }).first().waitFor();
      const alone = page.getByRole("article", { name: words("only_you_from", { who: "Mina's helper" }) });
      await alone.getByText("Tell me what you want.").waitFor();
      await sound(page, "what one person alone sees");
      await seat.picture(`app-only-you-${size}-light`);
      await alone.getByRole("button", { name: words("only_you_dismiss") }).click();
      await alone.waitFor({ state: "hidden" });
    }
  }, { commands: ["/order"] }));

story("a command in a thread opens a field with marks, and what was written arrives as it looked", (house) =>
  withBot(house, "Nuri", async ({ bot, space }) => {
    const heard = [];
    bot.on("/jot", async ({ trigger_id: trigger, channel_id: channel, thread_ts: thread }) => {
      heard.push(thread);
      const blocks = [{ type: "input", block_id: "note", label: text("Note"), element: { type: "rich_text_input", action_id: "value", initial_value: { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "Due ", style: {} }, { type: "text", text: "today", style: { italic: true } }] }] } } }];
      await bot.call("views.open", { trigger_id: trigger, view: { type: "modal", callback_id: "note", title: text("Note"), submit: text("Keep it"), blocks, private_metadata: JSON.stringify({ channel, thread }) } });
    });
    bot.on("view_submission", ({ view }) => {
      const { channel, thread } = JSON.parse(view.private_metadata);
      const { rich_text_value: written } = view.state.values.note.value;
      heard.push(written);
      queueMicrotask(() => void bot.call("chat.postMessage", { channel, thread_ts: thread, text: "Kept", blocks: [written] }));
      return undefined;
    });
    for (const [name, how, words] of [["joon", { viewport: DESKTOP }, english], ["nari", { viewport: PHONE, locale: "ko-KR" }, korean]]) {
      const seat = await house.seat(name, how);
      const { page } = seat;
      const { locale, size } = how.viewport === PHONE ? { locale: "ko", size: "phone" } : { locale: "en", size: "desktop" };
      await page.goto(`/s/${space}`);
      await say(page, `A matter of ${name}`, { locale });
      // In the log: a row that becomes another while a finger rests on it opens nothing.
      await pane(page, "main").locator("article[data-seq]", { hasText: `A matter of ${name}` }).waitFor();
      await act(page, `A matter of ${name}`, "action_thread", { locale });
      await hears(page, `A matter of ${name}`, "side");
      await say(page, "/jot", { where: "side", locale });
      const modal = page.getByRole("dialog", { name: "Note" });
      const field = modal.getByLabel("Note");
      await field.waitFor();
      assert.equal(await field.inputValue(), "Due _today_");
      await field.press("Control+End");
      await field.press("Enter");
      await field.pressSequentially("Tea");
      await field.press("Shift+Home");
      await modal.getByRole("button", { name: words("mark_bold"), exact: true }).click();
      await field.press("End");
      await field.press("Enter");
      await modal.getByRole("button", { name: words("mark_bullets"), exact: true }).click();
      await field.pressSequentially("green");
      await field.press("Enter");
      await field.pressSequentially("black");
      assert.equal(await field.inputValue(), "Due _today_\n*Tea*\n- green\n- black");
      await modal.getByRole("group", { name: words("mark_look") }).getByRole("listitem").nth(1).waitFor();
      await sound(page, "a field with marks");
      await seat.picture(`app-rich-input-${size}-light`);
      await modal.getByRole("button", { name: "Keep it" }).click();
      await modal.waitFor({ state: "hidden" });
      const kept = row(page, "black", "side");
      await kept.locator("strong", { hasText: "Tea" }).waitFor();
      assert.equal(await kept.getByRole("listitem").count(), 2);
      const [thread, written] = heard.splice(0);
      assert.match(thread, /^\d+\.\d{6}$/);
      assert.deepEqual(written.elements.map((one) => one.type), ["rich_text_section", "rich_text_list"]);
    }
  }, { commands: ["/jot"] }));

story("an app has a home, and is asked about a message from its menu", (house) =>
  withBot(house, "Haru", async ({ bot, space }) => {
    let homes = 0;
    bot.on("app_home_opened", async ({ user }) => {
      homes += 1;
      await bot.call("views.publish", { user_id: user, view: { type: "home", blocks: [{ type: "header", text: text("Your day") }, { type: "section", text: marked("*Nothing* is due.") }] } });
    });
    bot.on("message_action", ({ message, channel }) => void bot.call("chat.postMessage", { channel: channel.id, thread_ts: message.ts, text: `Noted: ${message.text}` }));
    const joon = await house.seat("joon", { viewport: DESKTOP });
    const { page } = joon;
    await page.goto(`/s/${space}`);
    await box(page).fill("Water the plants");
    await box(page).press("Enter");
    await hears(page, "Water the plants");
    await act(page, "Water the plants", "app_shortcut", { names: { name: "Note it", app: "Haru" } });
    await row(page, "Water the plants").getByText(english("replies", { count: 1 })).waitFor();

    await page.goto("/");
    await page.getByRole("button", { name: english("new_something") }).click();
    await page.getByRole("menuitem", { name: english("apps") }).click();
    await page.getByRole("dialog", { name: english("apps") }).getByText("Haru").click();
    await pane(page, "main").getByText("is due.").waitFor();
    assert.ok(homes > 0, "the app heard that its home was opened");
    await sound(page, "the home of an app");
    await joon.picture("app-home-desktop-light");

    // Its other side is the conversation of the two, which begins with the first look at it, if the app has not begun it.
    const sides = page.getByRole("navigation", { name: "Haru" });
    await sides.getByText(english("app_messages"), { exact: true }).click();
    await box(page).waitFor();
    await sides.getByRole("link", { name: english("app_messages"), exact: true }).and(page.locator("[aria-current=page]")).waitFor();
    await sound(page, "the messages of an app");
    await joon.picture("app-messages-desktop-light");
    await sides.getByRole("link", { name: english("app_tab_home") }).click();
    await pane(page, "main").getByText("is due.").waitFor();
  }, { shortcuts: [{ name: "Note it", id: "note", type: "message" }] }));
