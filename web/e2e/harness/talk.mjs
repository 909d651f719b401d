// What people do in a conversation, as their hands would: by mouse on a desktop, by a long press on a phone.
import { wordsOf } from "./words.mjs";

/** A pane of the shell: `list`, `main` or `side`. */
export const pane = (page, name) => page.locator(`[data-pane=${name}]`);

/** The newest line of a conversation that holds this text. */
export const row = (page, text, where = "main") => pane(page, where).locator("article", { hasText: text }).last();

export const box = (page, where = "main") => pane(page, where).locator(".composer textarea");

/** Writes a message and presses the button beside the box. */
export async function say(page, text, { where = "main", locale = "en" } = {}) {
  await box(page, where).fill(text);
  await pane(page, where).getByRole("button", { name: wordsOf(locale)("send"), exact: true }).click();
}

/** Waits until a message stands in the conversation, sent. */
export async function hears(page, text, where = "main") {
  await row(page, text, where).waitFor();
}

/** Opens a chat from the list. */
export async function enter(page, title) {
  await pane(page, "list").getByRole("link", { name: title }).first().click();
  await pane(page, "main").locator("h1", { hasText: title }).waitFor();
  await box(page).waitFor();
}

/** Opens the actions of a message and chooses one of them. */
export async function act(page, text, action, { where = "main", locale = "en", names = {} } = {}) {
  const words = wordsOf(locale);
  const line = row(page, text, where);
  if (await page.evaluate(() => matchMedia("(pointer: fine)").matches)) {
    await line.hover();
    await line.getByRole("button", { name: words("message_actions") }).click();
    await page.getByRole("menu", { name: words("message_actions") }).getByText(words(action, names), { exact: true }).click();
  } else {
    await longPress(page, line);
    await page.getByRole("dialog", { name: words("message_actions") }).getByRole("button", { name: words(action, names), exact: true }).click();
  }
}

/** A finger rests on the message until its sheet is there. */
export async function longPress(page, line) {
  await line.scrollIntoViewIfNeeded();
  const bubble = await line.locator(".bubble").boundingBox();
  const finger = await page.context().newCDPSession(page);
  // Beside it the number of those who have not read is pressed, and a finger has room there.
  const at = { x: bubble.x + Math.min(24, bubble.width / 2), y: bubble.y + bubble.height / 2 };
  await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
  await page.getByRole("dialog").waitFor();
  await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await finger.detach();
}

/** How many have not read a message yet, as its number says; 0 without one. */
export const unreadOf = (page, text, count, { locale = "en", where = "main" } = {}) =>
  row(page, text, where).getByRole("button", { name: wordsOf(locale)("unread_by", { count }) });
