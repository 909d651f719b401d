// The first day: nari opens the house, invites joon by mail, and they talk. Two real browsers, real mail.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, enter, hears, pane, say, unreadOf } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ founded: null });
const words = wordsOf("en");

story("nari opens the house, invites joon by mail, and both talk and see who has read", async (house) => {
  const nari = await house.person("nari", { viewport: DESKTOP });
  await nari.page.goto("/");
  await nari.page.locator("[name=workspace]").fill("Hanbit");
  await nari.page.locator("[name=name]").fill("Nari");
  await nari.page.locator("[name=email]").fill(addressOf("nari"));
  await nari.page.locator("[name=password]").fill(passwordOf("nari"));
  await sound(nari.page, "set-up");
  await nari.page.getByRole("button", { name: words("setup_button") }).click();
  await pane(nari.page, "list").getByRole("link", { name: "General" }).waitFor();
  await sound(nari.page, "chats");

  // People are invited by their address; the mail really leaves the house.
  await nari.page.goto("/people");
  await nari.page.getByRole("button", { name: words("invite_people") }).first().click();
  const dialog = nari.page.getByRole("dialog", { name: words("invite_people") });
  await dialog.locator("input").first().fill(addressOf("joon"));
  await dialog.locator("input").first().press("Tab");
  await sound(nari.page, "invite people");
  await dialog.getByRole("button", { name: words("invite"), exact: true }).click();
  const mail = await house.nextMail(addressOf("joon"));
  assert.match(mail.subject, /Nari/);

  const joon = await house.person("joon", { viewport: PHONE });
  await joon.page.goto(mail.link);
  await joon.page.locator("[name=name]").fill("Joon");
  await joon.page.locator("input[type=password]").fill(passwordOf("joon"));
  await sound(joon.page, "invitation");
  await joon.page.getByRole("button", { name: words("invitation_button") }).click();

  // Both in the same space: what one posts, the other sees; the number counts down to nothing.
  await nari.page.goto("/");
  await enter(nari.page, "General");
  await say(nari.page, "Good morning *everybody*");
  await hears(nari.page, "Good morning everybody");
  await unreadOf(nari.page, "Good morning everybody", 1).waitFor();
  await enter(joon.page, "General");
  await hears(joon.page, "Good morning everybody");
  await unreadOf(nari.page, "Good morning everybody", 1).waitFor({ state: "detached" });
  await say(joon.page, "Hello Nari");
  await hears(nari.page, "Hello Nari");
  await box(nari.page).waitFor();
  await sound(nari.page, "space on a desktop");
  await sound(joon.page, "space on a phone");
});
