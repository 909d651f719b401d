// The first day: nari opens the house, invites joon by mail, and they talk. Two real browsers, real mail.
import assert from "node:assert/strict";
import test from "node:test";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, openHouse, passwordOf } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";

const say = async (page, text) => {
  const box = page.locator("textarea").last();
  await box.fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).last().click();
};

test("nari opens the house, invites joon by mail, and both talk and see who has read", async (t) => {
  const house = await openHouse();
  // A story that fails half-way leaves no server and no browser behind.
  let closed = false;
  t.after(() => closed || house.close());
  const nari = await house.person("nari", { viewport: DESKTOP });
  await nari.page.goto("/");
  await nari.page.locator("[name=workspace]").fill("Hanbit");
  await nari.page.locator("[name=name]").fill("Nari");
  await nari.page.locator("[name=email]").fill(addressOf("nari"));
  await nari.page.locator("[name=password]").fill(passwordOf("nari"));
  await sound(nari.page, "set-up");
  await nari.picture("setup");
  await nari.page.getByRole("button", { name: "Open the workspace" }).click();
  await nari.page.getByText("General").first().waitFor();
  await sound(nari.page, "chats");
  await nari.picture("chats");

  // People are invited by their address; the mail really leaves the house.
  await nari.page.goto("/people");
  await nari.page.getByRole("button", { name: "Invite people" }).first().click();
  await nari.page.locator("dialog input").first().fill(addressOf("joon"));
  await nari.page.locator("dialog input").first().press("Tab");
  await sound(nari.page, "invite people");
  await nari.page.locator("dialog").getByRole("button", { name: "Invite" }).last().click();
  const mail = await house.nextMail(addressOf("joon"));
  assert.match(mail.subject, /Nari/);

  const joon = await house.person("joon", { viewport: PHONE });
  await joon.page.goto(mail.link);
  await joon.page.locator("[name=name]").fill("Joon");
  await joon.page.locator("input[type=password]").fill(passwordOf("joon"));
  await sound(joon.page, "invitation");
  await joon.picture("invitation");
  await joon.page.getByRole("button", { name: "Accept" }).click();
  await joon.page.getByText("General").first().waitFor();

  // Both in the same space: what one posts, the other sees; the number counts down to nothing.
  await nari.page.goto("/");
  await nari.page.getByText("General").first().click();
  await say(nari.page, "Good morning *everybody*");
  await nari.page.locator("[role=log]").getByText("Good morning").first().waitFor();
  await nari.page.getByRole("button", { name: /has not read this/ }).first().waitFor({ state: "attached" });
  await joon.page.getByText("General").first().click();
  await joon.page.locator("[role=log]").getByText("Good morning").first().waitFor();
  await nari.page.getByRole("button", { name: /has not read this/ }).first().waitFor({ state: "detached" });
  await say(joon.page, "Hello Nari");
  await nari.page.locator("[role=log]").getByText("Hello Nari").first().waitFor();
  await sound(nari.page, "space on a desktop");
  await sound(joon.page, "space on a phone");
  await nari.picture("space-desktop");
  await joon.picture("space-phone");

  // Offline: the message waits, is sent once, and keeps its place.
  await joon.context.setOffline(true);
  await say(joon.page, "From the tunnel");
  await joon.page.locator("[role=log]").getByText("From the tunnel").first().waitFor();
  await joon.context.setOffline(false);
  await nari.page.locator("[role=log]").getByText("From the tunnel").first().waitFor();
  assert.equal(await nari.page.locator("[role=log]").getByText("From the tunnel").count(), 1);
  closed = true;
  await house.close();
});
