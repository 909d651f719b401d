// Korean as the first language: the whole first day on a phone, the input method, long names, large text.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { openIme } from "../harness/ime.mjs";
import { fits } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { act, box, hears, pane, row, say, unreadOf } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

/** What can be pressed or filled in and lies outside the screen, and not in something that scrolls sideways by itself. */
const outside = (page) =>
  page.evaluate(() => {
    const scrolls = (one) => one && one !== document.body && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth || scrolls(one.parentElement));
    return [...document.querySelectorAll("button, a[href]:not(.skip), input, textarea, select")]
      .filter((one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !scrolls(one.parentElement))
      .map((one) => ({ name: one.getAttribute("aria-label") ?? one.textContent.trim().slice(0, 30), box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
      .map(({ name, box }) => `${name} ${Math.round(box.left)}…${Math.round(box.right)}`);
  });

const empty = houseFor({ founded: null });
const story = houseFor({ founded: { workspace: "한빛전자", name: "나리", language: "ko" } });
const ko = wordsOf("ko");
const korean = { locale: "ko" };
/** Words of the other language on the screen, apart from names and addresses. */
const english = /\b(the|you|send|sent|reply|replies|unread|people|message|space|chats?|sign|name|invite|settings?)\b/i;

const onlyKorean = async (page, screen) => {
  const text = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll("[aria-label], [placeholder], [title]")].map((one) => `${one.getAttribute("aria-label") ?? ""} ${one.getAttribute("placeholder") ?? ""} ${one.getAttribute("title") ?? ""}`).join(" "));
  assert.equal(english.exec(text.replaceAll("English", ""))?.[0], undefined, `${screen} speaks English`);
  assert.equal(await page.locator("html").getAttribute("lang"), "ko", screen);
};

empty("나리 opens a house, invites 준호, and both write, all in Korean on phones", async (house) => {
  const nari = await house.person("nari", { viewport: PHONE, locale: "ko-KR" });
  await nari.page.goto("/");
  await nari.page.locator("[name=workspace]").fill("한빛전자");
  await onlyKorean(nari.page, "set-up");
  await nari.page.locator("[name=name]").fill("나리");
  await nari.page.locator("[name=email]").fill(addressOf("nari"));
  await nari.page.locator("[name=password]").fill(passwordOf("nari"));
  await nari.page.getByRole("button", { name: ko("setup_button") }).click();
  await nari.page.getByRole("button", { name: ko("new_something") }).click();
  await nari.page.getByRole("menuitem", { name: ko("new_space") }).click();
  const dialog = nari.page.getByRole("dialog", { name: ko("new_space") });
  await dialog.getByLabel(ko("space_name")).fill("제품팀");
  await dialog.locator("input[type=email]").fill(addressOf("junho"));
  await onlyKorean(nari.page, "new space");
  await dialog.getByRole("button", { name: ko("create"), exact: true }).click();
  await pane(nari.page, "main").getByRole("heading", { name: "제품팀" }).waitFor();

  // The mail speaks the language of whoever invites.
  const mail = await house.nextMail(addressOf("junho"));
  assert.match(mail.subject, /[가-힣]/);
  assert.match(mail.text, /[가-힣]/);
  assert.match(mail.subject + mail.text, /나리/);
  const junho = await house.person("junho", { viewport: PHONE, locale: "ko-KR" });
  await junho.page.goto(mail.link);
  await junho.page.locator("[name=name]").fill("박준호");
  await junho.page.locator("input[type=password]").fill(passwordOf("junho"));
  await onlyKorean(junho.page, "invitation");
  await junho.page.getByRole("button", { name: ko("invitation_button") }).click();
  await box(junho.page).waitFor();

  await say(nari.page, "안녕하세요? 오늘 3시에 회의해요.", korean);
  await hears(junho.page, "오늘 3시에 회의해요");
  await unreadOf(nari.page, "오늘 3시에 회의해요", 1, korean).waitFor({ state: "detached" });
  await act(junho.page, "오늘 3시에 회의해요", "action_thread", korean);
  await say(junho.page, "네, 알겠습니다", { ...korean, where: "side" });
  await row(nari.page, "오늘 3시에 회의해요").getByRole("button", { name: ko("replies", { count: 1 }) }).waitFor();
  await pane(nari.page, "main").getByText(ko("notice_added", { who: "나리", whom: "박준호" })).or(pane(nari.page, "main").getByText(ko("notice_joined", { who: "박준호" }))).first().waitFor();
  await onlyKorean(nari.page, "space");
  for (const [name, path] of Object.entries({ chats: "/", activity: "/a", me: "/me", profile: "/me/profile", devices: "/me/devices", appearance: "/me/appearance", people: "/people" })) {
    await nari.page.goto(path);
    await nari.page.getByRole("heading", { level: 1 }).first().waitFor();
    await onlyKorean(nari.page, name);
  }
});

story("Enter sends a Korean sentence once and whole, and leaves other input methods alone", async (house) => {
  const space = await house.room("입력기", []);
  const nari = await house.seat("nari", { viewport: DESKTOP, locale: "ko-KR" });
  const { page } = nari;
  await page.goto(`/s/${space}`);
  await box(page).click();
  const ime = await openIme(page);
  const value = () => box(page).inputValue();
  const sent = () => pane(page, "main").locator("article .bubble").allInnerTexts();

  // 1. The last syllable is still under composition: one Enter sends all of it, and nothing stays behind.
  await ime.compose("안");
  await ime.compose("안녕");
  await ime.enterCommitting("안녕");
  await ime.keyUp();
  await hears(page, "안녕");
  assert.equal(await value(), "");

  // 2. macOS delivers the committing Enter twice: composing, then plain. Still one message.
  await ime.compose("요");
  await ime.enterCommitting("요");
  await ime.enter();
  await hears(page, "요");
  await page.waitForFunction(() => document.querySelector("[data-pane=main] textarea").value === "");

  // 3. Without composition Enter sends.
  await page.keyboard.insertText("plain letters");
  await ime.enter();
  await hears(page, "plain letters");

  // 4. Japanese: Enter chooses the candidate and sends nothing; the next one sends.
  await ime.compose("にほん");
  await ime.compose("日本");
  await ime.enterCommitting("日本");
  await ime.keyUp();
  assert.equal(await value(), "日本");
  await ime.enter();
  await hears(page, "日本");

  // 5. Shift and Enter make a line.
  await page.keyboard.insertText("첫 줄");
  await ime.enter({ shift: true });
  await page.keyboard.insertText("둘째 줄");
  assert.equal(await value(), "첫 줄\n둘째 줄");
  await ime.enter();
  await hears(page, "둘째 줄");

  assert.deepEqual((await sent()).map((one) => one.trim()), ["안녕", "요", "plain letters", "日本", "첫 줄\n둘째 줄"]);
});

story("long names and text at 200 % push nothing off a phone", async (house) => {
  const long = "가나다라마바사아자차카타파하".repeat(5);
  const { door } = house.who("nari");
  const space = await door.space(long, { description: `${long} ${"Donaudampfschifffahrtsgesellschaft".repeat(2)}` });
  await house.welcome("bora", { as: long });
  await door.call("POST /spaces/{id}/members", { id: space, body: { person: house.who("bora").id } });
  const bora = house.who("bora").door;
  const seq = await bora.post(space, `${"띄어쓰기없이아주긴말".repeat(20)} https://example.com/${"a".repeat(200)}`);
  await door.post(space, "```\nlet veryLongLineOfCode = 'that does not break anywhere, however long it becomes and whoever reads it';\n```");
  await door.react(space, seq, "🎉");
  await door.pin(space, seq);
  await door.post(space, "댓글도 길어요 ".repeat(30), { thread: seq });

  const { page } = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
  await page.goto("/me/appearance");
  await page.getByRole("radio", { name: ko("text_size_value", { percent: "200" }), exact: true }).check();
  await page.waitForFunction(() => parseFloat(getComputedStyle(document.documentElement).fontSize) >= 32);
  for (const path of ["/", `/s/${space}`, `/s/${space}/t/${seq}`, `/s/${space}/people`, `/s/${space}/pins`, "/a", "/me", "/me/profile", "/me/devices", "/me/appearance", "/people", "/teams", "/me/tokens"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await fits(page, `${path} at 200 %`);
    // What can be pressed is inside the screen.
    assert.deepEqual(await outside(page), [], `${path} at 200 %`);
  }
  await page.goto(`/s/${space}`);
  await box(page).waitFor();
  await say(page, "크게 보여요", korean);
  await hears(page, "크게 보여요");
});
