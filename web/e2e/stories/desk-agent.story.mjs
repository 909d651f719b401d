// The agent's side of a desk, told by real browsers: nari sets a desk up, joon is reachable and is rung, helps a visitor
// who has nothing but the API, leaves a note that the visitor never sees, hands the ticket to mina, who finishes it on
// her phone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { openDesk, visit } from "../harness/visitor.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const en = wordsOf("en");
const ko = wordsOf("ko");

const list = (page) => pane(page, "list");
const main = (page) => pane(page, "main");
const offer = (page) => page.getByRole("alertdialog");
const reachable = (page, words) => list(page).getByRole("switch", { name: words("desk_reachable") });

async function beReachable(page, words) {
  await page.goto("/agent");
  const on = reachable(page, words);
  await on.and(page.locator(":enabled")).waitFor();
  if (await on.isChecked()) return;
  await on.check();
  await page.getByText(words("desk_reachable_on")).waitFor();
}

story("nari sets a desk up: hours for a whole week, what it says, who helps, and how people come to it", async (house) => {
  await house.welcome("joon");
  const nari = await house.seat("nari", { viewport: PHONE });
  const { page } = nari;
  await page.goto("/admin");
  await page.getByRole("link", { name: en("desks") }).click();
  await page.getByText(en("desks_none")).waitFor();
  await sound(page, "no desks");
  await page.getByRole("button", { name: en("desk_new") }).first().click();
  await page.getByRole("heading", { name: en("desk_new") }).waitFor();

  // What is missing is told at its field.
  await page.getByLabel(en("desk_skills")).fill("Orders, Refunds");
  await page.getByRole("button", { name: en("desk_make") }).click();
  await page.getByText(en("desk_name_first")).waitFor();
  await page.getByLabel(en("desk_name"), { exact: false }).first().fill("Support");

  // A Monday that goes on past midnight, for every day.
  const monday = page.getByRole("group", { name: "Monday", exact: true });
  await monday.getByLabel(en("hours_from", { day: "Monday" })).fill("20:00");
  await monday.getByLabel(en("hours_to", { day: "Monday" })).fill("02:00");
  await monday.getByText(en("hours_overnight")).waitFor();
  await monday.getByLabel(en("hours_from", { day: "Monday" })).fill("00:00");
  await monday.getByLabel(en("hours_to", { day: "Monday" })).fill("00:00");
  await monday.getByText(en("hours_midnight")).waitFor();
  await monday.getByRole("button", { name: en("hours_another") }).click();
  await monday.getByText(/overlap|both times/).waitFor();
  await sound(page, "hours that need mending");
  await monday.getByRole("button", { name: /remove the shift/ }).last().click();
  await page.getByRole("button", { name: en("hours_copy", { day: "Monday" }) }).click();
  await page.getByRole("menuitem", { name: en("hours_copy_all") }).click();
  await page.getByText(en("desk_open_always")).waitFor();

  await page.getByRole("button", { name: en("desk_canned_add") }).click();
  const replies = page.getByRole("region", { name: en("desk_canned") });
  await replies.getByLabel(en("desk_canned_name"), { exact: false }).fill("Greeting");
  await replies.getByLabel(en("desk_canned_text"), { exact: false }).fill("Hello {visitor}, {agent} of {desk} here.");
  await page.getByRole("button", { name: en("add_people") }).click();
  await page.locator("dialog[open] li button").filter({ hasText: "Joon" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: en("add"), exact: true }).click();
  await page.getByRole("group", { name: en("desk_agent_knows", { name: "Joon" }) }).getByRole("button", { name: "Refunds" }).click();
  await sound(page, "a new desk");
  await page.getByRole("button", { name: en("desk_make") }).click();
  await page.getByText(en("desk_saved")).waitFor();

  const { desks } = await house.who("nari").door.call("GET /desks");
  assert.equal(desks.length, 1);
  const [desk] = desks;
  assert.equal(desk.open.now, true);
  assert.deepEqual(desk.agents, [{ person: house.who("joon").id, skills: ["Refunds"], languages: [] }]);
  assert.deepEqual(desk.settings.canned, [{ name: "Greeting", text: "Hello {visitor}, {agent} of {desk} here." }]);
  await page.getByRole("img", { name: en("desk_qr", { name: "Support" }) }).waitFor();
  await page.getByText(`data-desk="${desk.key}"`).waitFor();
  await sound(page, "a desk");
  await nari.picture("desk-phone-light");

  // A member sees the desk as one that may be asked.
  await house.welcome("mina");
  const mina = await house.seat("mina", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  await mina.page.goto("/");
  await mina.page.getByRole("link", { name: ko("tab_help") }).click();
  await mina.page.getByRole("link", { name: /Support/ }).waitFor();
  await mina.page.getByText(ko("desk_open_always")).waitFor();
  await sound(mina.page, "desks to ask");
  await mina.picture("help-ask-phone-dark");

  await page.getByRole("button", { name: en("desk_actions") }).click();
  await page.getByRole("menuitem", { name: en("desk_end") }).click();
  await page.locator("dialog[open]").getByRole("button", { name: en("desk_end") }).click();
  await page.getByText(en("desks_none")).waitFor();
});

story("joon is rung, helps, leaves a note, hands over to mina, who snoozes, closes and reopens on her phone", async (house) => {
  for (const name of ["joon", "mina"]) await house.welcome(name);
  const desk = await openDesk(house, ["joon", "mina"], { canned: [{ name: "Greeting", text: "Hello {visitor}, {agent} of {desk} here." }, { name: "Solved", text: "Glad it works, {visitor}!", tags: ["solved"], close: true }] });
  const joon = await house.seat("joon", { viewport: DESKTOP });
  const mina = await house.seat("mina", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  await beReachable(joon.page, en);
  await sound(joon.page, "an empty queue");
  // It rings on whatever screen one is.
  await joon.page.goto("/me");

  const outsider = await house.person("dara", { viewport: PHONE });
  await outsider.page.goto("/signin");
  const dara = await visit(house, desk, { page: { url: "https://shop.example/cart?secret=1", title: "Cart" } });
  const overheard = await dara.listen(outsider.page);
  await dara.say("My order has not come");

  await offer(joon.page).getByRole("heading", { name: "Dara" }).waitFor();
  await sound(joon.page, "an offer");
  await joon.picture("offer-desktop-light");
  await offer(joon.page).getByRole("button", { name: en("offer_accept") }).click();
  await hears(joon.page, "My order has not come");
  await main(joon.page).getByText(en("ticket_said_accepted", { who: "Joon" })).waitFor();
  assert.equal(await offer(joon.page).count(), 0, "it rings no more");
  assert.equal((await dara.ticket()).state, "open");

  // A reply that is kept, called up by its name, with the names filled in.
  await box(joon.page).pressSequentially("/greet");
  await main(joon.page).getByRole("option", { name: /Greeting/ }).click();
  await main(joon.page).getByRole("button", { name: en("send"), exact: true }).click();
  await hears(joon.page, "Hello Dara, Joon of Support here.");
  await sound(joon.page, "a ticket");
  await joon.picture("ticket-desktop-light");

  // A note, by its key.
  const secret = "geheim-nicht-zeigen: she shouted at us last week";
  await main(joon.page).getByRole("heading", { name: "Dara" }).first().focus();
  await joon.page.keyboard.press("n");
  await main(joon.page).getByText(en("note_only_team")).first().waitFor();
  await say(joon.page, secret);
  await row(joon.page, secret).getByText(en("note_only_team")).waitFor();
  await joon.picture("note-desktop-light");

  // A colleague reads it without being in the ticket.
  await mina.page.goto("/agent");
  await list(mina.page).getByRole("button", { name: new RegExp(`^${ko("ticket_open")}`) }).click();
  await list(mina.page).getByRole("link", { name: /Dara/ }).click();
  await hears(mina.page, secret);
  await sound(mina.page, "a ticket that a colleague looks at");
  await mina.picture("ticket-phone-dark");

  // Handed over with a word that the visitor does not see either.
  await joon.page.getByRole("button", { name: en("ticket_actions") }).click();
  await joon.page.getByRole("menuitem", { name: en("ticket_transfer") }).click();
  const dialog = joon.page.locator("dialog[open]");
  await dialog.getByRole("button", { name: /Mina/ }).click();
  await dialog.getByLabel(en("ticket_transfer_note")).fill("geheim-nicht-zeigen: refund her");
  await sound(joon.page, "handing over");
  await dialog.getByRole("button", { name: en("ticket_transfer_do") }).click();
  await joon.page.getByText(en("ticket_handed", { who: "Mina" })).waitFor();
  await main(mina.page).getByText(ko("ticket_said_handed", { who: "Joon", whom: "Mina" })).waitFor();
  await hears(mina.page, "refund her");
  await say(mina.page, "Mina here, I will refund you", { locale: "ko" });
  await hears(joon.page, "Mina here, I will refund you");

  // Put aside; the visitor's word wakes it.
  await mina.page.getByRole("button", { name: ko("ticket_actions") }).click();
  await mina.page.getByRole("menuitem", { name: ko("ticket_snooze") }).click();
  await mina.page.locator("dialog[open]").getByRole("button", { name: new RegExp(ko("when_hour")) }).click();
  await main(mina.page).getByText(new RegExp(ko("ticket_snoozed"))).first().waitFor();
  await dara.say("Thank you! Here is my account");
  await main(mina.page).getByText(ko("ticket_said_woken_message")).waitFor();

  // A kept reply does all of it at once: it is said, the ticket is tagged and closed.
  await mina.page.getByRole("button", { name: ko("ticket_actions") }).click();
  await mina.page.getByRole("menuitem", { name: ko("ticket_macro") }).click();
  await sound(mina.page, "kept replies to run");
  await mina.picture("macros-phone-dark");
  await mina.page.locator("dialog[open]").getByRole("button", { name: /Solved/ }).click();
  await main(mina.page).getByText(ko("ticket_said_closed", { who: "Mina" })).waitFor();
  await hears(mina.page, "Glad it works, Dara!");
  await main(mina.page).getByText(ko("ticket_said_tagged", { who: "Mina", tags: "solved" })).waitFor();
  assert.equal((await dara.ticket()).state, "closed");
  await dara.rate(5, "quick and kind");
  await mina.page.goto("/agent");
  await list(mina.page).getByRole("button", { name: ko("ticket_closed"), exact: true }).click();
  await list(mina.page).getByRole("img", { name: ko("ticket_stars", { count: 5 }) }).waitFor();
  await list(mina.page).getByRole("link", { name: /Dara/ }).click();
  await main(mina.page).getByText("quick and kind").waitFor();
  await mina.picture("ticket-rated-phone-dark");
  await main(mina.page).getByRole("button", { name: ko("ticket_reopen") }).first().click();
  await main(mina.page).getByText(ko("ticket_said_opened_again", { who: "Mina", way: ko("ticket_via_page"), wants: ko("ticket_wants_chat"), round: 2 })).waitFor();
  await hears(mina.page, "Thank you! Here is my account");

  // How it went: nari sees both, mina herself alone.
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/agent/report/${desk.id}`);
  const report = main(nari.page);
  await report.getByRole("definition").filter({ hasText: en("report_ratings", { count: 1 }) }).getByText("★ 5.0").waitFor();
  await report.getByRole("cell", { name: "★ 5.0" }).waitFor();
  await sound(nari.page, "a report");
  await nari.picture("report-desktop-light");
  const download = nari.page.waitForEvent("download");
  await report.getByRole("link", { name: en("report_csv") }).click();
  assert.match(await readFile(await (await download).path(), "utf8"), /^\uFEFFticket,number,round[^]*,agent,[^]*,5,0,0\r\n/);
  await mina.page.goto("/agent");
  await list(mina.page).getByRole("link", { name: ko("report_title") }).click();
  await main(mina.page).getByRole("heading", { name: ko("report_me") }).waitFor();
  await sound(mina.page, "a report on a phone");
  await mina.picture("report-phone-dark");

  // The visitor's line held neither note nor what the router decided.
  const { events, traffic } = await dara.everything();
  const live = await overheard();
  assert.match(live, /Mina here, I will refund you/, "the socket was heard to the end");
  for (const heard of [traffic, live]) {
    assert.doesNotMatch(heard, /geheim-nicht-zeigen/, "no note leaves the house");
    assert.doesNotMatch(heard, /ticket\.(offered|passed|snoozed|woken|tagged)/, "nor what the house decides");
  }
  assert.ok(events.some(({ type }) => type === "hidden"), "their places are kept");
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, i) => i + 1), "and there is no gap");
});

story("whoever passes is not rung again at once: it rings the next; a wish for a face begins the call with one press", async (house) => {
  for (const name of ["joon", "mina"]) await house.welcome(name);
  const desk = await openDesk(house, ["joon", "mina"], { name: "Video desk" });
  const joon = await house.seat("joon", { viewport: DESKTOP });
  const mina = await house.seat("mina", { viewport: PHONE, locale: "ko-KR" });
  await beReachable(joon.page, en);
  await beReachable(mina.page, ko);
  // The switch is the same on all devices.
  const other = await house.seat("joon", { viewport: PHONE });
  await other.page.goto("/agent");
  assert.equal(await reachable(other.page, en).isChecked(), true);

  const dara = await visit(house, desk, { wants: "video" });
  const first = await Promise.race([joon, mina].map((one) => offer(one.page).waitFor().then(() => one)));
  const second = first === joon ? mina : joon;
  await first.picture("offer-video");
  await offer(first.page).getByRole("button", { name: first === joon ? en("offer_pass") : ko("offer_pass") }).click();
  await offer(second.page).waitFor();
  assert.equal(await offer(first.page).count(), 0);
  await offer(second.page).getByRole("button", { name: second === joon ? en("offer_accept") : ko("offer_accept") }).click();
  await second.page.locator("video").first().waitFor();
  const { calls } = await house.who(second === joon ? "joon" : "mina").door.call("GET /calls");
  assert.deepEqual(calls.map(({ space, video }) => [space, video]), [[dara.space, true]]);
  assert.equal((await dara.ticket()).state, "open");
});
