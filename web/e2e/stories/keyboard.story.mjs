// The main path without a mouse: sign in, make a space, write, answer in a thread, come back. Where the focus
// is can always be seen, and after a dialog it is where it was.
import assert from "node:assert/strict";
import { DESKTOP } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { focused, walkTo } from "../harness/keys.mjs";
import { houseFor } from "../harness/story.mjs";
import { hears, pane, row } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

story("everything on the main path can be done with the keyboard, and the focus is always seen", async (house) => {
  await house.room("Courtyard", []);
  const { page } = await house.person("nari", { viewport: DESKTOP });
  const press = (key) => page.keyboard.press(key);
  await page.goto("/");
  await page.locator("[name=email]").waitFor();
  await walkTo(page, /^E-mail/);
  await page.keyboard.type(addressOf("nari"));
  await walkTo(page, /^Password/);
  await page.keyboard.type(passwordOf("nari"));
  await press("Enter");
  await pane(page, "list").getByRole("link", { name: "Courtyard" }).waitFor();

  // A menu: the first entry has the focus, arrows walk, Escape leads back to its button.
  await walkTo(page, words("new_something"));
  await press("Enter");
  await page.getByRole("menuitem", { name: words("new_chat") }).waitFor();
  await page.waitForFunction((name) => document.activeElement.textContent.trim() === name, words("new_chat"));
  await press("Escape");
  await page.waitForFunction((name) => document.activeElement.getAttribute("aria-label") === name, words("new_something"));

  // A dialog: typing begins in its first field; closed, the focus is where it was.
  const dialog = page.getByRole("dialog", { name: words("new_space") });
  const open = async () => {
    await press("Enter");
    await page.waitForFunction((name) => document.activeElement.textContent.trim() === name, words("new_chat"));
    await press("ArrowDown");
    await page.waitForFunction((name) => document.activeElement.textContent.trim() === name, words("new_space"));
    await press("Enter");
    await dialog.waitFor();
    await page.waitForFunction(() => document.activeElement.closest("dialog") && document.activeElement.tagName === "INPUT");
  };
  await open();
  await press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.waitForFunction((name) => document.activeElement.getAttribute("aria-label") === name, words("new_something"));
  await open();
  await page.keyboard.type("Keys only");
  await press("Enter");
  await pane(page, "main").getByRole("heading", { name: "Keys only" }).waitFor();

  // Writing, and walking back up to what was written.
  await walkTo(page, words("write_to", { name: "Keys only" }));
  await page.keyboard.type("Written without a mouse");
  await press("Enter");
  await hears(page, "Written without a mouse");
  await row(page, "Written without a mouse").getByRole("img", { name: words("sending") }).waitFor({ state: "detached" });
  await page.keyboard.type("And another");
  await press("Enter");
  await hears(page, "And another");
  await row(page, "And another").getByRole("img", { name: words("sending") }).waitFor({ state: "detached" });
  const rowOf = async () => page.evaluate(() => document.activeElement.closest("article")?.querySelector(".bubble")?.textContent.trim());
  await page.locator("[data-pane=main] [role=log]").focus();
  await page.keyboard.press("End");
  await press("ArrowUp");
  if ((await rowOf()) === undefined) await row(page, "And another").focus();
  await press("ArrowUp");
  assert.equal(await rowOf(), "Written without a mouse");
  assert.ok((await focused(page)).visible, "the focus on a message can be seen");

  // Its actions by Enter; Escape leads back to the message.
  await press("Enter");
  const sheet = page.getByRole("dialog", { name: words("message_actions") });
  await sheet.waitFor();
  await press("Escape");
  await sheet.waitFor({ state: "hidden" });
  assert.equal(await rowOf(), "Written without a mouse");
  await press("Enter");
  await sheet.waitFor();
  await walkTo(page, words("action_thread"));
  await press("Enter");
  await pane(page, "side").getByText(words("no_replies")).waitFor();
  await walkTo(page, words("write_reply"));
  await page.keyboard.type("A reply by keys");
  await press("Enter");
  await hears(page, "A reply by keys", "side");
  await walkTo(page, words("close"), { key: "Shift+Tab" });
  await press("Enter");
  await pane(page, "side").waitFor({ state: "detached" });
  await row(page, "Written without a mouse").getByRole("button", { name: words("replies", { count: 1 }) }).waitFor();

  // Over the list and the rail to everything else.
  await page.goto("/");
  await pane(page, "list").getByRole("link", { name: "Courtyard" }).waitFor();
  await walkTo(page, words("skip_to_content"), { most: 3 });
  await press("Enter");
  await walkTo(page, /Courtyard/);
  await press("Enter");
  await pane(page, "main").getByRole("heading", { name: "Courtyard" }).waitFor();
  await walkTo(page, words("tab_me"), { key: "Shift+Tab" });
  await press("Enter");
  await pane(page, "list").getByRole("heading", { name: words("tab_me") }).waitFor();
  await walkTo(page, new RegExp(`^${words("appearance")}`));
  await press("Enter");
  await pane(page, "main").getByRole("heading", { name: words("appearance") }).waitFor();
});
