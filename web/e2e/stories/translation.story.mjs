// A message in the reader's language: on the phone by its sheet, on the desktop by its menu; what the service cannot
// do is said, and tried again.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { act, enter, hears, row } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const sentences = { "Shall we plant the garden on Friday?": "금요일에 마당에 꽃을 심을까요?", "Let us plant it on Monday.": "월요일에 심어요." };
const service = { asked: [], broken: false };
const server = createServer(async (request, answer) => {
  const asked = JSON.parse(Buffer.concat(await request.toArray()).toString());
  service.asked.push(asked);
  const told = service.broken ? { error: "out of memory" } : { translatedText: asked.target === "ko" ? (sentences[asked.q] ?? asked.q) : asked.q, detectedLanguage: { language: "en", confidence: 99 } };
  answer.writeHead(service.broken ? 500 : 200, { "content-type": "application/json" }).end(JSON.stringify(told));
});
await new Promise((fine) => server.listen(0, "127.0.0.1", fine));
after(() => server.close());

const story = houseFor({ settings: { TRANSLATE_URL: `http://127.0.0.1:${server.address().port}` } });

story("joon reads in Korean what nari wrote in English, and an edit is translated anew", async (house) => {
  const words = wordsOf("ko");
  const space = await house.room("Translated", ["joon"]);
  const { page, picture } = await house.seat("joon", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  await page.goto("/");
  await enter(page, "Translated");
  const nari = house.who("nari").door;
  const [said] = Object.keys(sentences);
  const seq = await nari.post(space, said);
  await hears(page, said);
  service.broken = true;
  await act(page, said, "action_translate", { locale: "ko" });
  const line = row(page, said);
  await line.getByRole("button", { name: words("retry") }).waitFor();
  await sound(page, "translation failed");
  service.broken = false;
  await line.getByRole("button", { name: words("retry") }).click();
  await line.getByText(sentences[said]).waitFor();
  await line.getByText(words("translated_from", { language: "영어" })).waitFor();
  await sound(page, "translation");
  await picture("translation-phone-dark");

  const [, edited] = Object.keys(sentences);
  await nari.call("PATCH /spaces/{id}/messages/{seq}", { id: space, seq, body: { text: edited, client_id: "edited-once" } });
  await row(page, edited).getByText(sentences[edited]).waitFor();
  await row(page, edited).getByRole("button", { name: words("translation_hide") }).click();
  await row(page, edited).getByText(sentences[edited]).waitFor({ state: "detached" });
  assert.deepEqual([...new Set(service.asked.map(({ target }) => target))], ["ko"]);
});

story("what is in the reader's language already is said so", async (house) => {
  const words = wordsOf("en");
  const space = await house.room("At home", ["mina"]);
  const { page, picture } = await house.seat("mina", { viewport: DESKTOP });
  await page.goto("/");
  await enter(page, "At home");
  await house.who("nari").door.post(space, "Nothing to translate.");
  await hears(page, "Nothing to translate.");
  await act(page, "Nothing to translate.", "action_translate");
  await row(page, "Nothing to translate.").getByText(words("translated_same")).waitFor();
  await sound(page, "translation not needed");
  await picture("translation-desktop-light");
});
