// What one does with a message, told by one real browser with a keyboard and one phone: reactions by name, editing
// by an arrow, keys on a row, pins, links to replies, and a deleted space that comes back.
import assert from "node:assert/strict";
import { openWorkspace } from "../harness/arrive.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";

const story = houseFor({ founded: null });

const say = async (page, text) => {
  const box = page.locator("textarea").last();
  await box.fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).last().click();
  const line = page.locator("[role=log]").last().locator("article.row").filter({ hasText: text }).first();
  await line.waitFor();
  await line.getByLabel("Sending").waitFor({ state: "detached" }); // most keys wait for the server's word on a message
};
const rowOf = (page, text) => page.locator("article.row").filter({ hasText: text }).first();

story("a message is reacted to by name, edited by an arrow, pinned, linked and found again", async (house) => {
  const nari = await house.person("nari", { viewport: DESKTOP });
  const { page } = nari;
  await openWorkspace(page);
  await page.getByText("General").first().click();
  await say(page, "first plan");
  await say(page, "second pan");

  // Arrow up in the empty box takes what was written last.
  await page.locator("textarea").last().press("ArrowUp");
  await page.getByText("Editing").waitFor();
  await page.locator("textarea").last().fill("second plan");
  await page.locator("textarea").last().press("Enter");
  await rowOf(page, "second plan").getByText("edited").waitFor();

  // Keys on a row: a reaction, searched in Korean.
  await rowOf(page, "first plan").focus();
  await page.keyboard.press("x");
  const picker = page.locator("dialog[open]");
  await picker.getByRole("searchbox").fill("고양이");
  await picker.getByRole("button", { name: /😺/ }).first().waitFor();
  await sound(page, "emoji picker");
  await nari.picture("emoji-picker-desktop-light");
  await picker.getByRole("searchbox").press("Enter");
  await rowOf(page, "first plan").getByRole("button", { name: /😺/ }).waitFor();
  await rowOf(page, "first plan").focus();
  await page.keyboard.press("x");
  await picker.getByRole("button", { name: /😺/ }).first().waitFor(); // the last used comes first
  await page.keyboard.press("Escape");

  // Pinned, and found among the pins.
  await rowOf(page, "first plan").focus();
  await page.keyboard.press("p");
  await rowOf(page, "first plan").getByText("Pinned by Nari").waitFor();
  await page.getByRole("button", { name: "Space menu" }).click();
  await page.getByRole("menuitem", { name: "Pinned messages" }).click();
  await page.locator("[data-pane=side]").getByText("first plan").first().waitFor();
  await sound(page, "pins");
  await nari.picture("pins-desktop-light");

  // A reply has an address of its own, also for somebody who opens it anew.
  await rowOf(page, "first plan").focus();
  await page.keyboard.press("r");
  await page.locator("[data-pane=side] textarea").waitFor();
  await say(page, "a reply to it");
  await page.locator("[data-pane=side]").locator("article.row").filter({ hasText: "a reply to it" }).focus();
  await page.keyboard.press("l");
  await page.getByText("Link copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/s\/[^/]+\/t\/\d+\/m\/\d+$/);
  await page.goto(link.replace(/\/t\/\d+/, "")); // as a link to the main line it leads to the thread as well
  await page.waitForURL(link);
  await page.locator("[data-pane=side] article.row").filter({ hasText: "a reply to it" }).locator(".marked").waitFor();

  // On a phone the same by a long press' sheet; the text lies open to be selected.
  const away = await house.person("nari's phone", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  await away.page.goto("/");
  await away.page.locator("[name=email], input[type=email]").first().fill(addressOf("nari"));
  await away.page.locator("input[type=password]").fill(passwordOf("nari"));
  await away.page.getByRole("button", { name: "로그인" }).last().click();
  await away.page.getByText("General").first().click();
  await rowOf(away.page, "second plan").focus();
  await away.page.keyboard.press("Enter");
  await away.page.locator("dialog[open]").getByRole("button", { name: "다른 반응" }).waitFor();
  await sound(away.page, "actions on a phone");
  await away.picture("actions-phone-dark");
  await away.page.getByRole("button", { name: "글 선택" }).click();
  await away.page.getByRole("button", { name: "모두 복사" }).waitFor();
  await away.page.keyboard.press("Escape");

  // The keys are listed; Ctrl and K finds a chat.
  await page.locator("[role=log]").first().focus();
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await sound(page, "shortcuts");
  await nari.picture("shortcuts-desktop-light");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape"); // closes the pane at the side
  await page.locator("[data-pane=side]").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("gen");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "General" }).waitFor();

  // Deleted, found below the list, and restored.
  await page.getByRole("button", { name: "Space menu" }).click();
  await page.getByRole("menuitem", { name: "Space settings" }).click();
  await page.getByRole("button", { name: "Delete space" }).click();
  await page.getByRole("button", { name: "Delete space" }).click();
  await page.getByText("Archived and deleted").click();
  await page.locator("details").getByText("General").click();
  await nari.picture("deleted-space-desktop-light");
  await page.getByRole("button", { name: "Restore" }).click();
  await page.locator("textarea").waitFor();
  await sound(page, "a restored space");
});
