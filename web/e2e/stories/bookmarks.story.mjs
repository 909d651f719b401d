// Links above a conversation, for everybody in it: laid out on a phone, seen at once on a desk, and there without a network.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { enter, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const english = wordsOf("en");
const korean = wordsOf("ko");

const bar = (page, words) => pane(page, "main").getByRole("navigation", { name: words("bookmarks") });

story("nari hangs up a link on her phone, joon changes it at his desk, and both see the same without a network too", async (house) => {
  const space = await house.room("Garden", ["joon"]);
  const nari = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
  const joon = await house.seat("joon", { viewport: DESKTOP });
  await joon.page.goto(`/s/${space}`);
  await nari.page.goto(`/s/${space}`);
  await pane(joon.page, "main").locator("h1", { hasText: "Garden" }).waitFor();
  assert.equal(await bar(joon.page, english).count(), 0, "nothing takes room where there are none");

  await nari.page.getByRole("button", { name: korean("space_actions") }).click();
  await nari.page.getByRole("menuitem", { name: korean("bookmarks") }).click();
  const dialog = nari.page.getByRole("dialog");
  await dialog.getByText(korean("bookmarks_empty")).waitFor();
  await sound(nari.page, "no bookmarks");
  await dialog.getByRole("button", { name: korean("bookmark_add") }).click();
  await dialog.getByLabel(korean("bookmark_link")).fill("javascript:alert(1)");
  await dialog.getByRole("button", { name: korean("save"), exact: true }).click();
  await dialog.getByText(korean("block_no_url")).waitFor();
  await dialog.getByLabel(korean("bookmark_link")).fill("example.com/plan");
  await dialog.getByLabel(korean("bookmark_title")).fill("출시 계획");
  await dialog.getByRole("button", { name: korean("bookmark_emoji_choose") }).click();
  await nari.page.getByRole("dialog", { name: korean("bookmark_emoji_choose") }).getByRole("button", { name: /tada|👍|😀/ }).first().click();
  await sound(nari.page, "a new bookmark");
  await nari.picture("bookmark-new-phone-light");
  await dialog.getByRole("button", { name: korean("save"), exact: true }).click();
  await dialog.getByRole("link", { name: /출시 계획/ }).waitFor();
  await sound(nari.page, "bookmarks");
  await nari.picture("bookmarks-phone-light");
  await dialog.getByRole("button", { name: korean("close"), exact: true }).first().click();

  const link = bar(joon.page, english).getByRole("link", { name: "출시 계획" });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), "https://example.com/plan");
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await pane(joon.page, "main").getByText(english("notice_bookmark_added", { who: "Nari", title: "출시 계획" })).waitFor();
  await sound(joon.page, "bookmarks above a conversation");
  await joon.picture("bookmark-bar-desktop-light");
  await nari.picture("bookmark-bar-phone-light");

  await bar(joon.page, english).getByRole("button", { name: english("bookmarks_change") }).click();
  const here = joon.page.getByRole("dialog");
  await here.getByRole("button", { name: english("bookmark_change_of", { title: "출시 계획" }) }).click();
  await here.getByLabel(english("bookmark_title")).fill("The plan");
  await here.getByRole("button", { name: english("save"), exact: true }).click();
  await bar(nari.page, korean).getByRole("link", { name: "The plan" }).waitFor();

  await nari.context.setOffline(true);
  await pane(nari.page, "main").getByRole("button", { name: korean("back"), exact: true }).click();
  await enter(nari.page, "Garden");
  await bar(nari.page, korean).getByRole("link", { name: "The plan" }).waitFor();
  await nari.context.setOffline(false);

  await here.getByRole("button", { name: english("bookmark_remove_of", { title: "The plan" }) }).click();
  await here.getByRole("button", { name: english("bookmark_remove"), exact: true }).click();
  await here.getByText(english("bookmarks_empty")).waitFor();
  await bar(nari.page, korean).waitFor({ state: "detached" });
});
