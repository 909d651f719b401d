// Teams, told by two real browsers: nari makes one, fills it, gives it a space at its making; joon comes in.
// Beside it what else belongs to running a house: a token shown once, an address that Enter must not lose.
import assert from "node:assert/strict";
import test from "node:test";
import { acceptInvitation, openWorkspace } from "../harness/arrive.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, openHouse } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";

/** nari's house with joon in it, both signed in. */
async function withJoon(t) {
  const house = await openHouse();
  let closed = false;
  t.after(() => closed || house.close());
  const nari = await house.person("nari", { viewport: DESKTOP });
  await openWorkspace(nari.page);
  await nari.page.goto("/people");
  await nari.page.getByRole("button", { name: "Invite people" }).first().click();
  await nari.page.locator("dialog input").first().fill(addressOf("joon"));
  await nari.page.locator("dialog").getByRole("button", { name: "Invite" }).last().click();
  const { link } = await house.nextMail(addressOf("joon"));
  const joon = await house.person("joon", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  await acceptInvitation(joon.page, link, "joon", { as: "Joon", locale: "ko" });
  return { house, nari, joon, close: () => { closed = true; return house.close(); } };
}

test("a team takes its people into its spaces, a token is shown once, and Enter keeps a typed address", async (t) => {
  const { house, nari, joon, close } = await withJoon(t);
  const { page } = nari;

  await page.goto("/teams");
  await page.getByRole("button", { name: "New team" }).first().click();
  await page.locator("dialog input").fill("Design");
  await sound(page, "new team");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Design" }).waitFor();
  await page.getByRole("button", { name: "Add people" }).click();
  await page.locator("dialog li button").filter({ hasText: "Joon" }).click();
  await sound(page, "people for a team");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.locator("[data-pane=side]").getByText("Joon").first().waitFor();
  await sound(page, "a team");
  await nari.picture("team-desktop-light");

  // A space for the team, with somebody from outside: Enter takes the address and makes no space yet.
  await page.goto("/");
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New space" }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByLabel("Name of the space").fill("Atelier");
  const emails = dialog.getByLabel("People, by e-mail");
  await emails.fill("sam@");
  await emails.press("Enter");
  await dialog.getByText("does not look like an e-mail address").waitFor();
  await dialog.getByRole("button", { name: "Create" }).click();
  assert.equal(await dialog.isVisible(), true, "a half address is not sent away");
  await emails.fill(addressOf("sam"));
  await emails.press("Enter");
  await dialog.getByRole("button", { name: `Remove ${addressOf("sam")}` }).waitFor();
  await dialog.getByLabel("For a team").selectOption({ label: "Design" });
  await sound(page, "new space for a team");
  await nari.picture("new-space-desktop-light");
  await emails.press("Enter");
  await page.getByRole("heading", { name: "Atelier" }).waitFor();
  assert.match((await house.nextMail(addressOf("sam"))).text, /Atelier/);
  await joon.page.getByText("Atelier").first().waitFor();

  await joon.page.goto("/teams");
  await joon.page.getByText("Design").click();
  await joon.page.getByText("Atelier").first().waitFor();
  assert.equal(await joon.page.getByRole("button", { name: "사람 추가" }).count(), 0, "a member looks on");
  await sound(joon.page, "a team on a phone");
  await joon.picture("team-phone-dark");

  await page.goto("/me/tokens");
  await page.getByLabel("What is it for?").fill("Nightly report");
  await page.getByRole("button", { name: "Create token" }).click();
  const secret = await page.getByLabel("New token").inputValue();
  await sound(page, "tokens");
  await nari.picture("tokens-desktop-light");
  const me = (token) => fetch(`${house.server.origin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status);
  assert.equal(await me(secret), 200);
  await page.reload();
  await page.getByText("Nightly report").waitFor();
  assert.equal(await page.getByLabel("New token").count(), 0, "it is shown once");
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No tokens yet").waitFor();
  assert.equal(await me(secret), 401);
  await close();
});
