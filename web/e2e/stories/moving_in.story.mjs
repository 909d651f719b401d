// Moving in from the app: the owner looks at what an export holds, says who is who, and brings it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const CHAT = `신제품 TF 님과 카카오톡 대화
저장한 날짜 : 2024-01-02 15:20:41

--------------- 2024년 1월 1일 월요일 ---------------
[박준호] [오전 9:00] 새해 복 많이 받으세요
[처음 보는 사람] [오전 9:01] 네, 감사합니다
`;

story("nari brings a KakaoTalk room on her phone, and joon finds what he wrote there", async (house) => {
  const words = wordsOf("ko");
  await house.welcome("joon");
  const folder = await mkdtemp(join(tmpdir(), "madang-"));
  try {
    const { page, picture } = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
    await page.goto("/admin/import");
    const main = pane(page, "main");
    await main.getByRole("heading", { name: words("import_title") }).waitFor();
    await sound(page, "moving in, nothing brought yet");

    // What is none says so, and goes from the list.
    await writeFile(join(folder, "export.zip"), "this is no ZIP");
    await page.locator("input[data-import]").setInputFiles(join(folder, "export.zip"));
    const broken = main.getByRole("article", { name: "export.zip" });
    await broken.getByText(words("import_failed")).waitFor();
    await broken.getByRole("button", { name: words("import_forget") }).click();
    await broken.waitFor({ state: "detached" });

    await writeFile(join(folder, "chat.txt"), CHAT);
    await main.getByRole("radio", { name: words("import_kakaotalk") }).check();
    await page.locator("input[data-import]").setInputFiles(join(folder, "chat.txt"));
    const card = main.getByRole("article", { name: "chat.txt" });
    await card.getByText(words("import_looked")).waitFor();
    await card.getByLabel("박준호").fill(addressOf("joon"));
    await sound(page, "an export that was looked at");
    await picture("moving-in-looked-phone");
    await card.getByRole("button", { name: words("import_look_again") }).click();
    await card.getByRole("button", { name: words("import_bring") }).click();
    await card.getByText(words("import_done")).waitFor();
    await sound(page, "an import that is done");
    await picture("moving-in-done-phone");

    const joon = await house.seat("joon", { viewport: DESKTOP, locale: "ko-KR" });
    await joon.page.goto("/");
    await pane(joon.page, "list").getByText("신제품 TF").click();
    await hears(joon.page, "새해 복 많이 받으세요");
    assert.equal(await joon.page.locator("[data-unread]").count(), 0, "old messages are read");
    await joon.page.goto("/admin/import");
    await pane(joon.page, "main").getByText(words("admin_not_yours")).waitFor();
  } finally {
    await rm(folder, { recursive: true });
  }
});
