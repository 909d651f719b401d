// Booking pages: made on a desk in Seoul, booked on a phone in New York, moved and cancelled by the link of a letter.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const dialog = (page, name) => page.getByRole("dialog", { name, exact: true });
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const days = (page) => page.locator(".grid button");
const times = (page) => page.locator(".times button");

/** The next month, where every day is whole, and a day of it; gives the time that was pressed. */
async function pick(page, day, nth) {
  const month = page.locator(".month p");
  const before = await month.textContent();
  await page.getByRole("button", { name: words("book_later") }).first().click();
  await page.waitForFunction((was) => document.querySelector(".month p")?.textContent !== was, before);
  await page.locator('.grid[aria-busy="false"]').waitFor();
  await days(page).nth(day).click();
  const time = times(page).nth(nth);
  const shown = await time.textContent();
  await time.click();
  return shown.trim();
}

/** A page of joon's that is open around the clock. */
async function openPage(house, more = {}) {
  const { id, door } = await house.welcome("joon");
  const settings = { title: "Garden hour", minutes: 60, notice_minutes: 0, horizon_days: 90, takers: [id], about: { en: "About anything that grows.", ko: "자라는 것이라면 무엇이든." },
    hours: { zone: "Asia/Seoul", week: [{ days: everyDay, from: "00:00", to: "24:00" }] }, ...more };
  return (await door.call("POST /booking-pages", { body: { settings } })).page;
}

story("a guest on a phone in New York books, moves and cancels, and the host in Seoul sees it", async (house) => {
  await house.welcome("joon");
  const joon = await house.seat("joon", { viewport: DESKTOP });
  await joon.page.goto("/c");
  await joon.page.getByRole("button", { name: words("bookings"), exact: true }).click();
  await dialog(joon.page, words("bookings")).getByText(words("bookings_none")).waitFor();
  await sound(joon.page, "bookings before there are any");
  await joon.page.getByRole("button", { name: words("booking_new") }).click();
  const form = dialog(joon.page, words("booking_new"));
  await form.getByRole("button", { name: words("booking_make") }).click();
  await form.getByText(words("booking_title_first")).waitFor();
  await form.getByLabel(words("booking_title"), { exact: true }).fill("Garden hour");
  await form.getByLabel(words("booking_horizon")).selectOption("90");
  await sound(joon.page, "a new booking page");
  await joon.picture("booking-new-desktop");
  await form.getByRole("button", { name: words("booking_make") }).click();
  const list = dialog(joon.page, words("bookings"));
  const address = new URL(await list.getByText("/b/").textContent()).pathname;

  const sam = await house.person("sam", { viewport: PHONE, timezone: "America/New_York", locale: "en-US" });
  await sam.page.goto(address);
  await days(sam.page).first().waitFor();
  await sound(sam.page, "a booking page on a phone");
  await sam.picture("booking-choose-phone");
  await pick(sam.page, 5, 1);
  await sam.page.getByRole("button", { name: words("book_do") }).click();
  await sam.page.getByText(words("book_name_first")).waitFor();
  await sam.page.getByLabel(words("your_name")).fill("Sam");
  await sam.page.getByLabel(words("email"), { exact: true }).fill("sam@partner.example");
  await sam.page.getByLabel(words("book_note")).fill("My roses wither.");
  await sound(sam.page, "who books, on a phone");
  await sam.picture("booking-form-phone");
  await sam.page.getByRole("button", { name: words("book_do") }).click();
  await sam.page.getByRole("heading", { name: words("book_booked") }).waitFor();
  await sound(sam.page, "a booking on a phone");
  await sam.picture("booking-done-phone");
  // Read again, the address shows the booking.
  await sam.page.reload();
  await sam.page.getByRole("heading", { name: words("book_booked") }).waitFor();

  const mail = await house.nextMail("sam@partner.example");
  assert.match(mail.subject, /Garden hour.*\(America\/New_York\)/);
  const link = new URL(/https?:\/\/\S+\/b\/\S+/.exec(mail.text)[0]).pathname;
  const toHost = await house.nextMail("joon@example.com");
  assert.match(toHost.subject, /Sam.*\(Asia\/Seoul\)/);
  assert.match(toHost.text, /My roses wither\./);
  // The host sees it among what is booked, and it is a meeting as any other.
  await joon.page.reload();
  await joon.page.getByRole("button", { name: words("bookings"), exact: true }).click();
  await list.getByText("Sam · Garden hour").waitFor();
  await sound(joon.page, "what is booked");
  await joon.picture("booking-list-desktop");

  const later = await house.person("sam-desk", { viewport: DESKTOP, timezone: "America/New_York", locale: "en-US" });
  await later.page.goto(link);
  await later.page.getByRole("button", { name: words("book_move") }).click();
  await later.page.locator('.grid[aria-busy="false"]').waitFor();
  await days(later.page).nth(8).click();
  const moved = (await times(later.page).nth(3).textContent()).trim();
  await sound(later.page, "a booking that is moved");
  await later.picture("booking-move-desktop");
  await times(later.page).nth(3).click();
  await later.page.locator("strong", { hasText: moved }).waitFor();
  assert.match((await house.nextMail("sam@partner.example")).subject, /^Changed: /);
  await later.page.getByRole("button", { name: words("book_cancel"), exact: true }).click();
  await dialog(later.page, words("book_cancel_title")).getByRole("button", { name: words("book_cancel_do") }).click();
  await later.page.getByRole("heading", { name: words("book_cancelled") }).waitFor();
  await sound(later.page, "a booking that was cancelled");
  assert.match((await house.nextMail("sam@partner.example")).subject, /^Cancelled: /);
  await joon.page.reload();
  await joon.page.getByRole("button", { name: words("bookings"), exact: true }).click();
  await list.getByText(words("bookings_none")).waitFor();
});

story("of two guests who chose the same time one gets it and the other chooses anew", async (house) => {
  const page = await openPage(house);
  const sam = await house.person("sam", { viewport: PHONE, colorScheme: "dark", locale: "ko-KR" });
  const mina = await house.person("mina", { viewport: DESKTOP });
  const korean = wordsOf("ko");
  const arrive = async ({ page: screen }, say, email) => {
    await screen.goto(new URL(page.url).pathname);
    await days(screen).first().waitFor();
    // The last day of the month is whole.
    await days(screen).last().click();
    await times(screen).last().click();
    await screen.getByLabel(say("your_name")).fill("Guest");
    await screen.getByLabel(say("email"), { exact: true }).fill(email);
  };
  await arrive(sam, korean, "sam@partner.example");
  await arrive(mina, words, "mina@partner.example");
  await mina.page.getByRole("button", { name: words("book_do") }).click();
  await mina.page.getByRole("heading", { name: words("book_booked") }).waitFor();
  await sam.page.getByRole("button", { name: korean("book_do") }).click();
  await sam.page.getByText("다른 분이 이 시간을 예약했어요").waitFor();
  await days(sam.page).last().waitFor();
  await sound(sam.page, "a time that somebody else took, in the dark");
  await sam.picture("booking-taken-phone-dark");
  // A page that is off says so, and what is none too.
  const { door } = house.who("joon");
  await door.call("PUT /booking-pages/{id}", { id: page.id, body: { settings: { ...page.settings, on: false } } });
  await sam.page.reload();
  await sam.page.getByText(korean("book_off"), { exact: true }).waitFor();
  await sam.page.goto("/b/0123456789ab");
  await sam.page.getByText(korean("book_unknown"), { exact: true }).waitFor();
  await sound(sam.page, "a booking page that is none");
});
