// Finding: in Korean on a phone and in English at a desk, with the network and without it.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, enter, hears, pane, row } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();

const ask = (page, words) => pane(page, "main").getByRole("searchbox", { name: words("search") });
const found = (page) => pane(page, "main").getByRole("tabpanel");

story("joon finds what was said in Korean, on the phone", async (house) => {
  const words = wordsOf("ko");
  const space = await house.room("봄 행사 준비", ["joon"]);
  const nari = house.who("nari").door;
  await nari.post(space, "내일 대회의실에서 예산을 정합시다");
  await nari.post(space, "점심은 김치찌개 어때요?");
  const { page, picture } = await house.seat("joon", { viewport: PHONE, locale: "ko-KR" });
  await page.goto("/");
  await page.getByRole("button", { name: words("search"), exact: true }).click();
  await ask(page, words).waitFor();
  await sound(page, "search, before anything is asked");
  await picture("search-begin-phone");

  // A part of a compound with a particle behind it.
  await ask(page, words).fill("회의");
  await found(page).getByRole("link", { name: /대회의실에서/ }).waitFor();
  assert.equal(await found(page).locator("mark").first().textContent(), "회의");
  await sound(page, "search with results");
  await picture("search-phone");

  // Initial consonants find the space; the other keyboard is understood.
  await ask(page, words).fill("ㅂㅎㅅ");
  await found(page).getByRole("link", { name: "봄 행사 준비", exact: true }).waitFor();
  await ask(page, words).fill("rlacl");
  await page.getByRole("button", { name: words("search_meant", { meant: "김치" }) }).click();
  await found(page).getByRole("link", { name: /김치찌개/ }).click();
  await hears(page, "점심은 김치찌개 어때요?");

  // The way back leads to what was found; the question is remembered.
  await page.goBack();
  await found(page).getByRole("link", { name: /김치찌개/ }).waitFor();
  await ask(page, words).fill("");
  await page.getByRole("button", { name: "김치" }).waitFor();
});

story("mina narrows a search, and finds nothing of what is not hers", async (house) => {
  const words = wordsOf("en");
  const garden = await house.room("Garden", ["joon", "mina"]);
  const secret = await house.room("Secret", ["joon"]);
  const [nari, joon] = [house.who("nari").door, house.who("joon").door];
  await nari.post(garden, "The budget is settled");
  await joon.post(garden, "See https://madang.example about the budget");
  await joon.post(secret, "The budget nobody knows");
  const { page, picture } = await house.seat("mina", { viewport: DESKTOP });
  await page.goto("/search?q=budget");
  await found(page).getByRole("link", { name: /settled/ }).waitFor();
  assert.equal(await found(page).getByText("nobody knows").count(), 0);
  await picture("search-desktop");
  await ask(page, words).fill("budget has:link");
  await found(page).getByRole("link", { name: /settled/ }).waitFor({ state: "detached" });
  await found(page).getByRole("link", { name: /madang\.example/ }).waitFor();
  await ask(page, words).fill("from:joon budget");
  await found(page).getByRole("link", { name: /madang\.example/ }).waitFor();
  await ask(page, words).fill("has:magic budget");
  await found(page).getByText(words("search_unclear", { word: "has:magic" })).waitFor();
  await ask(page, words).fill("nothing like this");
  await found(page).getByText(words("search_nothing_text")).waitFor();
  await sound(page, "search without results");
});

story("without a network the device finds what it holds", async (house) => {
  const words = wordsOf("en");
  const space = await house.room("Workshop", ["joon"]);
  await house.who("nari").door.post(space, "The ladder is in the cellar");
  const { page, context } = await house.seat("joon", { viewport: PHONE });
  await page.goto("/");
  await enter(page, "Workshop");
  await hears(page, "The ladder is in the cellar");
  await page.goBack();
  await page.getByRole("button", { name: words("search"), exact: true }).click();
  await ask(page, words).waitFor();
  await context.setOffline(true);
  await ask(page, words).fill("ladder");
  await found(page).getByRole("link", { name: /cellar/ }).waitFor();
  await found(page).getByText(words("search_local")).waitFor();
  await found(page).getByRole("link", { name: /cellar/ }).click();
  await row(page, "The ladder is in the cellar").waitFor();
  await box(page).waitFor();
  await context.setOffline(false);
});
