// The `/` commands of the house and voice messages, told at a desk: found while typing, done by Enter; a voice is
// recorded, heard and sent.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const korean = wordsOf("ko");

story("a line that begins with a slash does what it says, and is no message unless it means nothing", async (house) => {
  const space = await house.room("Desk", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const { page } = nari;
  await page.goto(`/s/${space}`);
  const field = box(page);
  await field.pressSequentially("/po");
  const list = page.getByRole("listbox", { name: words("suggest_commands") });
  await list.getByText("/poll").waitFor();
  await sound(page, "commands");
  await nari.picture("commands-desktop-light");
  await field.press("Enter");
  await field.pressSequentially("Tea or coffee?");
  await field.press("Enter");
  const dialog = page.getByRole("dialog", { name: words("poll_new") });
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel(words("poll_question")).inputValue(), "Tea or coffee?");
  await page.keyboard.press("Escape");
  await field.fill("/topic All about desks");
  await field.press("Enter");
  await page.getByText("All about desks").first().waitFor();
  await field.fill("/nothing of that name");
  await field.press("Enter");
  await hears(page, "/nothing of that name");
  await field.fill("/remind 20m");
  await field.press("Enter");
  await page.getByRole("button", { name: words("saved_open") }).click();
  await pane(page, "main").locator("article", { hasText: "/nothing of that name" }).waitFor();
});

story("a voice is recorded, heard before it is sent, and played faster by who hears it", async (house) => {
  const space = await house.room("Voices", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.context.grantPermissions(["microphone"], { origin: house.server.origin });
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).fill("/voice");
  await box(nari.page).press("Enter");
  const dialog = nari.page.getByRole("dialog", { name: words("voice_new") });
  await dialog.getByText("0:01").waitFor();
  await sound(nari.page, "recording");
  await dialog.getByRole("button", { name: words("voice_stop") }).click();
  await dialog.getByRole("button", { name: words("voice_play") }).waitFor();
  await nari.page.waitForFunction(() => Number(document.querySelector("dialog input[type=range]")?.max) > 1);
  await nari.picture("voice-recorded-desktop-light");
  await dialog.getByRole("button", { name: words("voice_send") }).click();
  await pane(nari.page, "main").locator("article .voice").waitFor();

  const joon = await house.seat("joon", { viewport: PHONE, locale: "ko-KR" });
  await joon.page.goto(`/s/${space}`);
  const voice = pane(joon.page, "main").locator("article .voice");
  await voice.waitFor();
  await joon.page.waitForFunction(() => Number(document.querySelector("article input[type=range]")?.max) > 1);
  await voice.getByRole("button", { name: korean("voice_speed", { speed: 1 }) }).click();
  await voice.getByRole("button", { name: korean("voice_speed", { speed: 1.5 }) }).waitFor();
  await voice.getByRole("button", { name: korean("voice_play") }).click();
  await voice.getByRole("button", { name: korean("voice_pause") }).waitFor();
  await sound(joon.page, "a voice message");
  await joon.picture("voice-phone-light");
});
