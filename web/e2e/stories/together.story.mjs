// A house opens: nari at a desk in English, joon on a phone in Korean, sam with nothing but a link.
import assert from "node:assert/strict";
import test from "node:test";
import { PHONE } from "../harness/browser.mjs";
import { addressOf, openHouse, passwordOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";

const say = async (page, text) => {
  await page.locator("textarea").first().fill(text);
  await page.locator("form .send button").first().click();
};
const message = (page, text) => page.locator(".message", { hasText: text });

test("two people and a guest talk in a house that was set up in the browser", async (t) => {
  const house = await openHouse();
  let nari, joon, sam, link;
  try {
    await t.test("nari sets the house up and lands in her chats", async () => {
      nari = (await house.person("nari")).page;
      await nari.goto("/");
      await nari.waitForURL("**/setup");
      await sound(nari, "setup");
      await nari.getByLabel("Workspace").fill("Hanbit Electronics");
      await nari.getByLabel("Your name").fill("Nari Kim");
      await nari.getByLabel("E-mail").fill(addressOf("nari"));
      await nari.getByLabel("Password", { exact: true }).fill(passwordOf("nari"));
      await nari.getByRole("button", { name: "Open the workspace" }).click();
      await nari.getByText("No chats yet").waitFor();
      await sound(nari, "chats");
    });
    await t.test("she makes a space and asks joon in by mail; he comes in with a password of his own", async () => {
      await nari.getByRole("button", { name: "New", exact: true }).first().click();
      await nari.getByText("New space", { exact: true }).click();
      await nari.getByRole("dialog").getByRole("textbox").nth(0).fill("Courtyard");
      const emails = nari.getByRole("dialog").getByRole("textbox").nth(1);
      await emails.fill(addressOf("joon"));
      await emails.press("Enter");
      await nari.getByRole("button", { name: "Create", exact: true }).click();
      await nari.waitForURL("**/s/*");
      await nari.locator("textarea").waitFor();
      await sound(nari, "space");
      const mail = await house.nextMail(addressOf("joon"));
      joon = (await house.person("joon", { viewport: PHONE, locale: "ko-KR" })).page;
      await joon.goto(mail.link);
      await joon.locator("input[name=name]").fill("이준");
      await sound(joon, "invitation");
      await joon.locator("input[name=password]").fill(passwordOf("joon"));
      await joon.locator("button[type=submit]").click();
      await joon.waitForURL("**/s/*");
      await joon.locator("textarea").waitFor();
      await sound(joon, "space on a phone");
    });
    await t.test("joon sees at once what nari writes, and the number beside it goes when he has read", async () => {
      await say(nari, "Shall we meet at three?");
      await message(joon, "Shall we meet at three?").waitFor();
      await message(nari, "Shall we meet at three?").waitFor();
      await joon.bringToFront();
      await message(nari, "Shall we meet at three?").locator(".count").waitFor({ state: "detached" });
    });
    await t.test("what joon writes without a network is sent once, in order, when it is back", async () => {
      await joon.context().setOffline(true);
      await say(joon, "offline one");
      await say(joon, "offline two");
      await message(joon, "offline two").waitFor();
      assert.equal(await message(nari, "offline").count(), 0);
      await joon.context().setOffline(false);
      await message(nari, "offline two").waitFor();
      const texts = await message(nari, "offline").locator(".bubble").allInnerTexts();
      assert.deepEqual(texts.map((text) => text.trim()), ["offline one", "offline two"]);
    });
    await t.test("sam comes in by a link with just a name, and writes", async () => {
      await nari.goto(`${nari.url().replace(/\/people$/, "")}/people`);
      await nari.getByRole("button", { name: "Create link" }).click();
      link = await nari.locator("input[readonly]").inputValue();
      await sound(nari, "people of the space");
      sam = (await house.person("sam")).page;
      await sam.goto(link);
      await sam.getByLabel("Your name").fill("Sam");
      await sound(sam, "join link");
      await sam.getByRole("button", { name: "Join", exact: true }).click();
      await sam.waitForURL("**/s/*");
      await say(sam, "hello from sam");
      await message(joon, "hello from sam").waitFor();
    });
    await t.test("nari removes sam, and the space leaves sam's page", async () => {
      await nari.getByRole("button", { name: /Sam/ }).last().click();
      await nari.getByRole("menuitem").click();
      await nari.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await message(sam, "hello from sam").waitFor({ state: "detached" });
      await sam.getByText("Courtyard").first().waitFor({ state: "detached" });
    });
  } finally {
    await house.close();
  }
});
