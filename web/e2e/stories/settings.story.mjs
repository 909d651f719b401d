// What those who run the house choose: rights, name and look, mail, push, and what takes room. The house begins
// without a mail server; nari names one on her phone.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const words = wordsOf("en");
const story = houseFor({ settings: { MAIL_URL: undefined, MAIL_FROM: undefined, OUTGOING_ALLOWED: "127.0.0.1" } });
const main = (page) => pane(page, "main");

story("an owner on the phone names the mail server, which is used at once", async (house) => {
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/admin/mail");
  await page.getByText(words("mail_without")).first().waitFor();
  assert.equal(await page.getByRole("button", { name: words("mail_test") }).count(), 0, "there is nothing to test yet");
  await sound(page, "mail settings before there is a mail server");
  await page.locator("[name=host]").fill("127.0.0.1");
  await page.locator("[name=port]").fill(new URL(house.mailUrl).port);
  await page.getByLabel(words("mail_security")).selectOption("none");
  await page.locator("[name=from]").fill("Hanbit <hello@example.com>");
  await main(page).getByRole("button", { name: words("save"), exact: true }).click();
  await page.getByRole("button", { name: words("mail_test") }).click();
  await page.getByRole("status").filter({ hasText: "250" }).waitFor();
  await sound(page, "mail settings after a test");
  assert.match((await house.nextMail(addressOf("nari"))).subject, /test mail/);
  const { door } = house.who("nari");
  await door.call("POST /people", { body: { email: addressOf("haneul"), role: "member" } });
  assert.match((await house.nextMail(addressOf("haneul"))).link, /\/i\//);
  await page.getByRole("button", { name: words("mail_forget") }).click();
  await page.getByRole("dialog").getByRole("button", { name: words("mail_forget") }).click();
  await page.getByRole("button", { name: words("mail_test") }).waitFor({ state: "detached" });
});

story("what a member may not do is not offered to them", async (house) => {
  await house.welcome("joon");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  const offers = async () => {
    await joon.page.goto("/");
    await joon.page.getByRole("button", { name: words("new_something") }).click();
    await joon.page.getByRole("menuitem", { name: words("new_chat") }).waitFor();
    return joon.page.getByRole("menuitem", { name: words("new_space") }).count();
  };
  assert.equal(await offers(), 1);
  await nari.page.goto("/admin/settings");
  const saved = nari.page.waitForResponse((answer) => answer.url().endsWith("/workspace/settings") && answer.request().method() === "PATCH");
  await nari.page.getByRole("group", { name: words("who_creates_spaces") }).getByRole("radio", { name: words("admins_and_owners") }).check();
  await saved;
  // The device hears of it when it next asks.
  const heard = joon.page.waitForResponse((answer) => answer.url().endsWith("/api/v1/workspace"));
  await joon.page.goto("/");
  await heard;
  assert.equal(await offers(), 0);
});

story("whoever comes to the door sees whose it is", async (house) => {
  const nari = await house.seat("nari", { viewport: PHONE });
  await nari.page.goto("/admin/branding");
  await nari.page.locator("[name=name]").fill("Hanbit Gardens");
  await nari.page.locator("[name=welcome]").fill("Come in, mind the dog.");
  await main(nari.page).getByRole("button", { name: words("save"), exact: true }).click();
  await main(nari.page).getByRole("button", { name: words("save"), exact: true, disabled: true }).waitFor();
  const dara = await house.person("dara", { viewport: PHONE });
  await dara.page.goto("/signin");
  await dara.page.getByText("Hanbit Gardens").waitFor();
  await dara.page.getByText("Come in, mind the dog.").waitFor();
});

story("what takes room leads to where it is looked after", async (house) => {
  const { door } = house.who("nari");
  await door.space("Attic", { kind: "open" });
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/admin/storage");
  await page.getByRole("link", { name: /Attic/ }).click();
  const row = page.locator("li[aria-current]").filter({ hasText: "Attic" });
  await row.waitFor();
  await row.getByRole("button", { name: words("space_actions_of", { name: "Attic" }) }).click();
  await page.getByRole("menu").getByText(words("audit_kind_retention"), { exact: true }).click();
  const where = page.getByLabel(words("retention_where"));
  await where.waitFor();
  assert.equal(await where.evaluate((one) => one.selectedOptions[0].textContent), "Attic");
});

story("an owner sees whether push can work and whom push services may write to", async (house) => {
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/admin/push");
  await page.getByText(words("push_can")).waitFor();
  await page.getByText(words("push_try_none")).waitFor();
  await page.getByLabel(words("push_contact_label")).fill("nari@example.com");
  await main(page).getByRole("button", { name: words("save"), exact: true }).click();
  await page.getByText("mailto:nari@example.com").waitFor();
});
