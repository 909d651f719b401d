// What links lead to, beside the message: nothing jumps when it comes, no reader's device asks the site, the author
// takes it away, and a workspace may show none.
import assert from "node:assert/strict";
import { after } from "node:test";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { photo } from "../harness/media.mjs";
import { openSite } from "../harness/site.mjs";
import { houseFor } from "../harness/story.mjs";
import { enter, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ settings: { OUTGOING_ALLOWED: "127.0.0.1" } });
let picture = Buffer.alloc(0);
const site = await openSite({ title: "봄의 정원", description: "꽃이 피는 순서", picture: () => picture });
after(() => site.close());

const heightOf = async (line) => (await line.boundingBox()).height;
const card = (page, text) => row(page, text).getByRole("link", { name: /봄의 정원/ });

/** Every address outside of the house that a page asks for. */
function strangers(page, house) {
  const found = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== house.server.origin) found.push(url.href);
  });
  return found;
}

story("a link is shown with what it leads to, and nothing jumps", async (house) => {
  const words = wordsOf("ko");
  const space = await house.room("Garden", ["joon"]);
  const { page, picture: look } = await house.seat("joon", { viewport: PHONE, locale: "ko-KR" });
  await page.goto("/");
  ({ buffer: picture } = await photo(page, "봄"));
  await enter(page, "Garden");
  const outside = strangers(page, house);
  site.hold();
  const link = `${site.origin}/spring`;
  await house.who("nari").door.post(space, `이거 보세요 ${link}`);
  await hears(page, "이거 보세요");
  const line = row(page, "이거 보세요");
  await line.locator(".place .site").waitFor();
  const before = await heightOf(line);
  site.letGo();
  await card(page, "이거 보세요").waitFor();
  assert.equal(await heightOf(line), before, "the card takes the place that was kept for it");
  assert.equal(await card(page, "이거 보세요").getAttribute("href"), link);
  await page.waitForFunction(() => document.querySelector("article ul img")?.naturalWidth > 0);
  await row(page, "이거 보세요").getByRole("list", { name: words("previews") }).waitFor();
  assert.equal(await line.getByRole("button", { name: words("preview_remove", { title: "봄의 정원" }) }).count(), 0, "it is not joon's");
  await sound(page, "a conversation with a link");
  await look("previews-phone");
  assert.deepEqual(outside, [], "no device of a reader asks the site");
  // A link that leads to nothing gives its place back.
  await house.who("nari").door.post(space, `아무것도 없어요 ${site.origin}/nothing`);
  await hears(page, "아무것도 없어요");
  await row(page, "아무것도 없어요").locator(".place").waitFor({ state: "detached" });
});

story("the author takes it away for everybody, by keyboard too", async (house) => {
  const words = wordsOf("en");
  await house.room("Pond", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: DESKTOP });
  for (const { page } of [nari, joon]) {
    await page.goto("/");
    await enter(page, "Pond");
  }
  await say(nari.page, `Look at ${site.origin}/pond`);
  for (const { page } of [nari, joon]) await card(page, "Look at").waitFor();
  await nari.picture("previews-desktop");
  const away = row(nari.page, "Look at").getByRole("button", { name: words("preview_remove", { title: "봄의 정원" }) });
  await away.focus();
  await nari.page.keyboard.press("Enter");
  for (const { page } of [nari, joon]) {
    await card(page, "Look at").waitFor({ state: "detached" });
    await row(page, "Look at").getByRole("link", { name: `${site.origin}/pond` }).waitFor();
    assert.equal(await row(page, "Look at").locator(".place").count(), 0);
  }
  assert.equal(site.asked.filter(({ path }) => path === "/pond").length, 1, "the site is asked once for both");
});

story("nari lets the workspace show none", async (house) => {
  const words = wordsOf("en");
  const space = await house.room("Meadow", ["joon"]);
  const { page, picture: look } = await house.seat("nari", { viewport: DESKTOP });
  await page.goto("/admin/previews");
  const toggle = pane(page, "main").getByRole("switch", { name: words("previews_show") });
  await toggle.waitFor();
  assert.ok(await toggle.isChecked());
  await sound(page, "the setting of link previews");
  await look("previews-setting");
  const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.url().endsWith("/workspace"));
  await toggle.press("Space");
  assert.equal((await saved).status(), 200);
  await house.who("joon").door.post(space, `Nobody asks ${site.origin}/meadow`);
  await page.goto(`/s/${space}`);
  await hears(page, "Nobody asks");
  assert.equal(await row(page, "Nobody asks").locator(".place").count(), 0, "no place is kept");
  // Someone who does not know yet learns of it, and the place goes.
  const joon = await house.seat("joon", { viewport: PHONE });
  await joon.page.goto(`/s/${space}`);
  await hears(joon.page, "Nobody asks");
  await row(joon.page, "Nobody asks").locator(".place").waitFor({ state: "detached" });
  assert.equal(site.asked.filter(({ path }) => path === "/meadow").length, 0);
  await page.goto("/admin/previews");
  const again = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await toggle.press("Space");
  assert.equal((await again).status(), 200);
});
