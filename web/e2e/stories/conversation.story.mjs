// What people do with messages, each deed seen from the other side: nari at a desk, joon with a phone.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { houseFor } from "../harness/story.mjs";
import { act, box, enter, hears, longPress, pane, row, say, unreadOf } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

/** nari at a desk and joon with a phone, both in this space. */
async function both(house, space) {
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  await Promise.all([nari, joon].map((one) => one.page.goto(`/s/${space}`)));
  await Promise.all([nari, joon].map((one) => box(one.page).waitFor()));
  return [nari.page, joon.page];
}

story("a reply, a correction and a removal are the same on both sides", async (house) => {
  const space = await house.room("Courtyard", ["joon"]);
  const [nari, joon] = await both(house, space);

  // A reply in the thread that is sent to the space too.
  await say(nari, "The plan for *Friday*");
  await hears(joon, "The plan for Friday");
  await act(joon, "The plan for Friday", "action_thread");
  await pane(joon, "side").getByText(words("no_replies")).waitFor();
  await pane(joon, "side").getByLabel(words("also_to_space")).check();
  await say(joon, "Friday suits me", { where: "side" });
  await hears(nari, "Friday suits me");
  await row(nari, "Friday suits me").getByRole("button", { name: words("from_thread") }).waitFor();
  await row(nari, "The plan for Friday").getByRole("button", { name: words("replies", { count: 1 }) }).click();
  await hears(nari, "Friday suits me", "side");
  await say(nari, "Then it is settled", { where: "side" });
  await hears(joon, "Then it is settled", "side");
  assert.equal(await row(nari, "Then it is settled").count(), 0, "a reply stays in its thread unless it is also sent");
  await joon.goBack();
  await hears(joon, "The plan for Friday");

  // A correction.
  await act(nari, "The plan for Friday", "action_edit");
  assert.equal(await box(nari).inputValue(), "The plan for *Friday*");
  await box(nari).fill("The plan for *Monday*");
  await pane(nari, "main").getByRole("button", { name: words("save") }).click();
  await row(joon, "The plan for Monday").getByText(words("edited")).waitFor();
  assert.equal(await row(joon, "The plan for Friday").count(), 0);

  // A removal asks first, and leaves nothing of the text.
  await say(nari, "Wrong window");
  await hears(joon, "Wrong window");
  await act(nari, "Wrong window", "action_remove");
  await nari.getByRole("dialog").getByRole("button", { name: words("action_remove") }).click();
  await row(joon, words("message_removed")).waitFor();
  assert.equal(await row(joon, "Wrong window").count(), 0);
});

story("a reaction is counted on both sides, and taken back by pressing it again", async (house) => {
  const space = await house.room("Applause", ["joon"]);
  const [nari, joon] = await both(house, space);
  await say(nari, "We have done it");
  await hears(joon, "We have done it");
  await longPress(joon, row(joon, "We have done it"));
  await joon.getByRole("dialog").getByRole("button", { name: words("react_with", { emoji: "👍" }) }).click();
  const thumbs = (page, count) => row(page, "We have done it").getByRole("button", { name: words("reaction_label", { emoji: "👍", count }) });
  await thumbs(nari, 1).click();
  await thumbs(joon, 2).click();
  await thumbs(nari, 1).waitFor();
  assert.equal(await row(nari, "We have done it").locator("ul").getByRole("button").count(), 1, "one kind of reaction");
});

story("a mention, a pin, a quote, a forward and a link lead to the message", async (house) => {
  const space = await house.room("Workshop", ["joon"]);
  const garden = await house.room("Garden", ["joon"]);
  const [nari, joon] = await both(house, space);

  // Somebody who is named hears of it wherever they are.
  await joon.goto("/");
  await box(nari).fill("");
  await box(nari).pressSequentially("Look at this, @jo");
  await nari.getByRole("option", { name: "Joon" }).waitFor();
  await nari.keyboard.press("Enter");
  await box(nari).pressSequentially("please");
  await nari.keyboard.press("Enter");
  await hears(nari, "Look at this, @Joon please");
  await pane(joon, "list").getByRole("link", { name: "Workshop" }).getByRole("img", { name: words("mentions_count", { count: 1 }) }).waitFor();
  await joon.getByRole("navigation").getByRole("link", { name: words("tab_activity") }).click();
  await joon.getByRole("link", { name: words("activity_mention", { who: "Nari" }) }).first().click();
  await hears(joon, "Look at this, @Joon please");

  // A pin is seen on the message and in the list of pins.
  await act(nari, "Look at this", "action_pin");
  await row(joon, "Look at this").getByText(words("pinned_by", { who: "Nari" })).waitFor();
  await joon.goto(`/s/${space}/pins`);
  await pane(joon, "side").getByText("Look at this").waitFor();

  // A quote goes into the box and is told from what is said.
  await act(nari, "Look at this", "action_quote");
  await nari.waitForFunction((text) => document.querySelector("[data-pane=main] textarea").value.includes(text), "> Look at this");
  await box(nari).press("Control+End");
  await box(nari).pressSequentially("I mean *now*");
  await nari.keyboard.press("Enter");
  await joon.goto(`/s/${space}`);
  await row(joon, "I mean now").locator("blockquote", { hasText: "Look at this" }).waitFor();

  // A forward carries who said it.
  await act(joon, "I mean now", "action_forward");
  await joon.getByRole("dialog").getByRole("button", { name: "Garden" }).click();
  await nari.goto(`/s/${garden}`);
  await row(nari, words("forwarded_from", { who: "Nari" })).getByText("I mean now").waitFor();

  // A copied link opens at its message, which is marked.
  await act(joon, "Look at this", "action_link");
  await joon.getByText(words("copied_link")).waitFor();
  const link = await joon.evaluate(() => navigator.clipboard.readText());
  assert.match(link, new RegExp(`/s/${space}/m/\\d+$`));
  await nari.goto(link);
  await row(nari, "Look at this, @Joon").locator(".message.marked").waitFor();
});

story("read marks count down, say who, and are equal on all devices of a person", async (house) => {
  const space = await house.room("Reading", ["joon", "mina"]);
  const { door } = house.who("nari");
  for (let i = 1; i <= 30; i++) await door.post(space, `Line ${i} of a long morning, long enough to fill a line of a phone or two`);
  const [phone, desk] = await Promise.all([house.seat("joon", { viewport: PHONE }), house.seat("joon", { viewport: DESKTOP })]);
  await Promise.all([phone.page.goto("/"), desk.page.goto("/")]);
  const waiting = (page, count) => pane(page, "list").getByRole("link", { name: "Reading" }).getByRole("img", { name: words("unread_count", { count }), exact: true });
  await Promise.all([waiting(phone.page, 30).waitFor(), waiting(desk.page, 30).waitFor()]);

  // It opens at the first unread, with a line before it and the way to the end.
  await enter(phone.page, "Reading");
  await phone.page.getByRole("separator").getByText(words("read_to_here")).waitFor();
  const first = await row(phone.page, "Line 1 of").boundingBox();
  assert.ok(first && first.y > 0 && first.y < PHONE.height, "the first unread message is in sight");
  await phone.page.getByRole("button", { name: /^\d+ new$/ }).click();
  await hears(phone.page, "Line 30 of");

  // Read here, read there; and marked unread from a message on, it waits again on both.
  await waiting(desk.page, 30).waitFor({ state: "detached" });
  await pane(desk.page, "list").getByRole("link", { name: "Reading" }).getByRole("img").waitFor({ state: "detached" });
  await act(phone.page, "Line 21 of", "action_unread");
  await Promise.all([waiting(phone.page, 10).waitFor(), waiting(desk.page, 10).waitFor()]);

  // The number beside a message, who it is, and the reminder.
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  // What one writes is in sight, wherever one has scrolled.
  await pane(nari.page, "main").getByRole("log").evaluate((log) => (log.scrollTop = 0));
  await say(nari.page, "Everybody please read");
  await nari.page.waitForFunction(() => {
    const line = [...document.querySelectorAll("[data-pane=main] article")].at(-1);
    const log = line?.closest("[role=log]")?.getBoundingClientRect();
    return line?.textContent.includes("Everybody please read") && line.getBoundingClientRect().bottom <= log.bottom + 1;
  });
  await unreadOf(nari.page, "Everybody please read", 2).waitFor();
  await enter(desk.page, "Reading");
  await hears(desk.page, "Everybody please read");
  await row(desk.page, "Everybody please read").scrollIntoViewIfNeeded();
  await unreadOf(nari.page, "Everybody please read", 1).click();
  const readers = nari.page.getByRole("dialog", { name: words("readers") });
  await readers.getByRole("tabpanel").getByText("Mina").waitFor();
  assert.equal(await readers.getByRole("tabpanel").getByText("Joon").count(), 0);
  await readers.getByRole("tab", { name: new RegExp(`^${words("readers_read")}`) }).click();
  await readers.getByRole("tabpanel").getByText("Joon").waitFor();
  await readers.getByRole("tab", { name: new RegExp(`^${words("readers_unread")}`) }).click();
  await readers.getByRole("button", { name: words("remind", { count: 1 }) }).click();
  await nari.page.getByText(words("reminded", { count: 1 })).waitFor();
  const mina = await house.seat("mina", { viewport: PHONE });
  await mina.page.goto("/a");
  await mina.page.getByRole("link", { name: words("activity_reminder", { who: "Nari" }) }).click();
  await hears(mina.page, "Everybody please read");
  await unreadOf(nari.page, "Everybody please read", 1).waitFor({ state: "detached" });
});

story("what joon is writing follows him to his other device, and others see that he types", async (house) => {
  const space = await house.room("Drafts", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const phone = await house.seat("joon", { viewport: PHONE });
  const desk = await house.seat("joon", { viewport: DESKTOP });
  await Promise.all([nari.page.goto(`/s/${space}`), phone.page.goto(`/s/${space}`), desk.page.goto("/")]);
  await Promise.all([box(nari.page).waitFor(), box(phone.page).waitFor()]);

  await box(phone.page).pressSequentially("Half a tho");
  await pane(nari.page, "main").getByText(words("typing_one", { name: "Joon" })).waitFor();
  await pane(desk.page, "list").getByText(words("chat_draft", { text: "Half a tho" })).waitFor();
  await enter(desk.page, "Drafts");
  await desk.page.waitForFunction(() => document.querySelector("[data-pane=main] textarea").value === "Half a tho");
  await box(desk.page).press("End");
  await box(desk.page).pressSequentially("ught");
  await desk.page.keyboard.press("Enter");
  await hears(nari.page, "Half a thought");
  await hears(phone.page, "Half a thought");
  await phone.page.reload();
  await hears(phone.page, "Half a thought");
  await phone.page.waitForFunction(() => document.querySelector("[data-pane=main] textarea").value === "");
});
