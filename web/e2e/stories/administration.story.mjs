// Who runs the house: roles, invitations, teams, tokens, people who leave. nari owns it, joon becomes an admin.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const main = (page) => pane(page, "main");
const line = (page, text) => main(page).getByRole("listitem").filter({ hasText: text });

/** Chooses from the menu of a person or an invitation. */
async function choose(page, name, item) {
  await page.getByRole("button", { name: words("person_actions", { name }) }).click();
  await page.getByRole("menu").getByText(words(item), { exact: true }).click();
}

async function invite(page, ...emails) {
  await page.getByRole("button", { name: words("invite_people") }).click();
  const dialog = page.getByRole("dialog", { name: words("invite_people") });
  await dialog.locator("input").first().fill(emails.join(", "));
  await dialog.getByRole("button", { name: words("invite"), exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

story("an admin invites and lets go; a member does neither", async (house) => {
  await house.welcome("joon");
  await house.welcome("mina");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  await nari.page.goto("/people");
  await joon.page.goto("/people");
  await line(joon.page, "Mina").waitFor();
  assert.equal(await joon.page.getByRole("button", { name: words("invite_people") }).count(), 0, "a member invites nobody");

  await choose(nari.page, "Joon", "role_admin");
  await line(nari.page, "Joon").getByText(`${words("role_admin")} · ${addressOf("joon")}`).waitFor();
  await joon.page.reload();
  await invite(joon.page, addressOf("haneul"), addressOf("bora"));
  await line(joon.page, addressOf("haneul")).getByText(`${words("invited")} · ${words("role_member")}`).waitFor();
  const [first] = [await house.nextMail(addressOf("haneul")), await house.nextMail(addressOf("bora"))];
  assert.match(first.subject, /Joon/);

  // Sent again, the newer link works; revoked, none does.
  await choose(joon.page, addressOf("haneul"), "invite_again");
  const again = await house.nextMail(addressOf("haneul"));
  await choose(joon.page, addressOf("bora"), "revoke");
  await line(joon.page, addressOf("bora")).waitFor({ state: "detached" });
  const haneul = await house.person("haneul", { viewport: PHONE });
  await haneul.page.goto(again.link);
  await haneul.page.locator("[name=name]").fill("Haneul");
  await haneul.page.locator("input[type=password]").fill(passwordOf("haneul"));
  await haneul.page.getByRole("button", { name: words("invitation_button") }).click();
  await pane(haneul.page, "list").getByRole("heading", { name: words("tab_chats") }).waitFor();

  // The admin lets her go; she is at the door at once, and not in the list any more.
  await joon.page.reload();
  await choose(joon.page, "Haneul", "remove_from_workspace");
  await joon.page.getByRole("dialog").getByRole("button", { name: words("remove_from_workspace") }).click();
  await line(joon.page, "Haneul").waitFor({ state: "detached" });
  await haneul.page.getByRole("button", { name: words("signin_button") }).waitFor();
  // An owner is above an admin.
  assert.equal(await joon.page.getByRole("button", { name: words("person_actions", { name: "Nari" }) }).count(), 0);
});

story("whoever comes into a team comes into its spaces, on an open page and by itself", async (house) => {
  const { door } = house.who("nari");
  await house.welcome("mina");
  await door.space("Studio");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const mina = await house.seat("mina", { viewport: PHONE });
  await mina.page.goto("/");
  await pane(mina.page, "list").getByRole("heading", { name: words("tab_chats") }).waitFor();

  await nari.page.goto("/teams");
  await nari.page.getByRole("button", { name: words("new_team") }).first().click();
  const naming = nari.page.getByRole("dialog", { name: words("new_team") });
  await naming.getByLabel(words("team_name")).fill("Design");
  await naming.getByRole("button", { name: words("create"), exact: true }).click();
  const team = pane(nari.page, "side");
  await team.getByRole("heading", { name: "Design" }).waitFor();
  await team.getByRole("button", { name: words("add_space") }).click();
  await nari.page.getByRole("dialog").getByRole("button", { name: "Studio" }).click();
  await team.getByRole("link", { name: "Studio" }).waitFor();
  await team.getByRole("button", { name: words("add_people") }).click();
  await nari.page.getByRole("dialog").getByRole("button", { name: "Mina" }).click();
  await nari.page.getByRole("dialog").getByRole("button", { name: words("add"), exact: true }).click();
  await team.getByRole("button", { name: words("person_actions", { name: "Mina" }) }).waitFor();

  await pane(mina.page, "list").getByRole("link", { name: "Studio" }).click();
  await box(mina.page).waitFor();
  await say(mina.page, "I am here by the team");
  await hears(mina.page, "I am here by the team");
});

story("a token is shown once, works for a program, and stops when it is revoked", async (house) => {
  const { page } = await house.seat("nari", { viewport: DESKTOP });
  await page.goto("/me/tokens");
  await page.getByLabel(words("token_label")).fill("Nightly report");
  await page.getByRole("button", { name: words("make_token") }).click();
  await page.getByText(words("token_once")).waitFor();
  const token = await page.getByLabel(words("new_token")).inputValue();
  const me = () => fetch(`${house.server.origin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await (await me()).json()).me.name, "Nari");
  await page.reload();
  await line(page, "Nightly report").waitFor();
  assert.equal(await page.getByLabel(words("new_token")).count(), 0);
  await line(page, "Nightly report").getByRole("button", { name: words("revoke") }).click();
  await page.getByRole("dialog").getByRole("button", { name: words("revoke") }).click();
  await line(page, "Nightly report").waitFor({ state: "detached" });
  assert.equal((await me()).status, 401);
});

story("on the phone an owner reads who did what, checks the log and takes it along; a member does not", async (house) => {
  await house.welcome("mina");
  const { door } = house.who("nari");
  await door.call("POST /tokens", { body: { label: "=Nightly()" } });
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/me");
  await page.getByText(words("admin"), { exact: true }).click();
  await page.getByText(words("audit"), { exact: true }).click();
  const entries = (text) => page.locator("details").filter({ hasText: text });
  await entries(words("act_person_joined")).first().waitFor();
  await page.getByLabel(words("audit_kind")).selectOption("token");
  await entries(words("act_person_joined")).first().waitFor({ state: "detached" });
  const made = entries("=Nightly()").first();
  await made.locator("summary").click();
  await made.getByText(words("audit_way_web"), { exact: false }).waitFor();
  await made.getByRole("button", { name: words("audit_only", { name: "Nari" }) }).click();
  await page.getByRole("button", { name: words("audit_check") }).click();
  await page.getByRole("status").filter({ hasText: /none changed, none missing|unchanged and complete/ }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: words("audit_csv") }).click()]);
  const csv = await readFile(await download.path(), "utf8");
  assert.match(csv, /^\ufeffseq,at,act/);
  assert.ok(csv.includes("=Nightly()"));
  assert.ok(!csv.includes(',"='), "no cell begins like a formula");

  const mina = await house.seat("mina", { viewport: PHONE });
  await mina.page.goto("/me");
  await mina.page.getByText(words("workspace_people_hint")).waitFor();
  assert.equal(await mina.page.getByText(words("admin_hint")).count(), 0);
  await mina.page.goto("/admin/audit");
  await mina.page.getByText(words("admin_not_yours")).first().waitFor();
});

story("an owner on the phone deactivates somebody, who is at the door at once, and takes them back", async (house) => {
  await house.welcome("joon");
  const nari = await house.seat("nari", { viewport: PHONE });
  const joon = await house.seat("joon", { viewport: PHONE });
  await joon.page.goto("/");
  await pane(joon.page, "list").getByRole("heading", { name: words("tab_chats") }).waitFor();
  await nari.page.goto("/admin/people");
  await choose(nari.page, "Joon", "deactivate");
  await nari.page.getByRole("dialog").getByRole("button", { name: words("deactivate"), exact: true }).click();
  await joon.page.getByRole("button", { name: words("signin_button") }).waitFor();
  await line(nari.page, "Joon").waitFor({ state: "detached" });
  await nari.page.getByRole("radio", { name: words("people_deactivated") }).check();
  await line(nari.page, "Joon").waitFor();
  await choose(nari.page, "Joon", "reactivate");
  await line(nari.page, "Joon").waitFor({ state: "detached" });
  await nari.page.getByRole("radio", { name: words("people_active") }).check();
  await line(nari.page, "Joon").waitFor();
});

story("an owner on the phone looks how the house is, and has a mail sent", async (house) => {
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/admin/overview");
  await page.getByText(words("advice_backup")).waitFor();
  await page.getByRole("button", { name: words("mail_test") }).click();
  const mail = await house.nextMail(addressOf("nari"));
  assert.match(mail.subject, /test mail/);
});

story("an admin on the phone puts a space away, brings it back, and ends what leads into the workspace", async (house) => {
  const { door } = house.who("nari");
  const studio = await door.space("Atelier", { kind: "open" });
  await door.call("POST /spaces/{id}/links", { id: studio, body: {} });
  await door.call("POST /people", { body: { email: addressOf("dara"), role: "member" } });
  const { page } = await house.seat("nari", { viewport: PHONE });
  const act = async (item) => {
    await page.getByRole("button", { name: words("space_actions_of", { name: "Atelier" }) }).click();
    await page.getByRole("menu").getByText(words(item), { exact: true }).click();
  };
  await page.goto("/admin/spaces");
  await act("archive_space");
  await line(page, "Atelier").getByText(words("archived"), { exact: false }).waitFor();
  await act("delete_space");
  await page.getByRole("dialog").getByRole("button", { name: words("delete_space") }).click();
  await act("restore");
  await line(page, "Atelier").getByText(words("archived"), { exact: false }).waitFor();
  await act("unarchive");
  await line(page, "Atelier").getByText(words("kind_open"), { exact: false }).waitFor();
  await page.goto("/admin/links");
  await choose(page, addressOf("dara"), "revoke");
  await line(page, addressOf("dara")).waitFor({ state: "detached" });
  await line(page, "Atelier").getByRole("button", { name: words("revoke") }).click();
  await line(page, "Atelier").waitFor({ state: "detached" });
});

story("an owner on the phone says how long messages are kept, and is told first what that erases", async (house) => {
  const { page } = await house.seat("nari", { viewport: PHONE });
  await page.goto("/admin/retention");
  await page.getByLabel(words("retention_how_long")).selectOption("365");
  await page.getByRole("button", { name: words("save") }).click();
  const asked = page.getByRole("dialog", { name: words("retention_ask") });
  await asked.getByText(words("retention_ask_none")).waitFor();
  await asked.getByRole("button", { name: words("save") }).click();
  await line(page, words("retention_workspace")).getByText("365", { exact: false }).waitFor();
});
