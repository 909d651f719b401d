// Somebody who knows nothing of us is helped: on a third party's page with a strict policy, at a desk's own page, from one
// screen to the next. Whoever helps does it over HTTP here; their console has stories of its own.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { agentAt, help, inFrame, openDesk } from "../harness/desk.mjs";
import { accessible, sound } from "../harness/look.mjs";
import { openShop } from "../harness/shop.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();

for (const [size, viewport, locale, colorScheme] of [["a phone", PHONE, "en-GB", "light"], ["a desk", DESKTOP, "ko-KR", "dark"]]) {
  story(`dara presses the button on somebody else's site and is helped, at ${size}`, async (house) => {
    const words = wordsOf(locale);
    const desk = await openDesk(house, { name: `Tea at ${size}` });
    const agent = await agentAt(house, desk);
    const shop = await openShop(house.server.origin, desk.key, { language: locale.slice(0, 2), near: viewport === DESKTOP });
    try {
      await desk.allow(shop.origin);
      const dara = await house.person("dara", { viewport, locale, colorScheme });
      await dara.page.goto(`${shop.origin}/?${size}`);
      const button = help(dara.page);
      await button.says(words("widget_help"));
      // Nothing of the house but its script is fetched before it is asked for, and no page sees into it.
      assert.deepEqual(await dara.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter((path) => path.startsWith("/w/"))), ["/w/madang.js"]);
      assert.equal(await dara.page.evaluate(() => document.querySelector("madang-help").shadowRoot), null);
      assert.deepEqual(await dara.page.evaluate(() => Object.keys(globalThis).filter((key) => /madang/i.test(key))), ["madang"]);
      await accessible(dara.page, "a site with the button");
      await dara.picture(`desk-button-${size.split(" ")[1]}`);
      await button.press();
      const frame = await inFrame(dara.page, desk);
      await frame.getByRole("heading", { name: desk.name }).waitFor();
      await accessible(frame, "a desk in a frame");
      await dara.picture(`desk-door-${size.split(" ")[1]}`);
      await frame.getByRole("button", { name: words("visit_ask_chat") }).click();
      await frame.getByText(words("visit_next")).waitFor();
      const box = frame.getByRole("textbox", { name: words("visit_write") });
      await box.fill("Where is my tea?");
      await box.press(viewport === PHONE ? "Tab" : "Enter");
      if (viewport === PHONE) await frame.getByRole("button", { name: words("send"), exact: true }).click();
      await accessible(frame, "waiting in line");
      await dara.picture(`desk-waiting-${size.split(" ")[1]}`);

      const ticket = await agent.takes();
      await frame.getByText(words("visit_notice_here", { who: "Joon" })).waitFor();
      assert.equal(await agent.reads(ticket), "Where is my tea?");
      await agent.says(ticket, "It comes *tomorrow*.");
      await frame.getByText("tomorrow").waitFor();
      await agent.notes(ticket, "She has asked before.");
      await agent.says(ticket, "Anything else?");
      await frame.getByText("Anything else?").waitFor();
      assert.equal(await frame.getByText("She has asked before.").count(), 0);
      await accessible(frame, "a conversation");
      await dara.picture(`desk-talk-${size.split(" ")[1]}`);

      // Closed, a message is counted on the button; the next page of the site brings the visit along.
      await frame.getByRole("button", { name: words("visit_minimise") }).click();
      await button.waitFor();
      assert.equal(await dara.page.evaluate(() => document.activeElement?.localName), "madang-help");
      await agent.says(ticket, "One more thing.");
      await button.says(`${words("widget_help")}, ${words("widget_unread", { count: 1 })}`);
      // Where the browser lets frames of other sites keep nothing, the visit lasts as long as the page.
      if (viewport === DESKTOP) await dara.page.goto(`${shop.origin}/order.html`);
      await button.says(`${words("widget_help")}, ${words("widget_unread", { count: 1 })}`);
      await button.press();
      const again = await inFrame(dara.page, desk);
      await again.getByText("One more thing.").waitFor();

      await agent.closes(ticket);
      await again.getByRole("radio", { name: words("visit_star_4"), exact: true }).check({ force: true });
      await again.getByRole("textbox", { name: words("visit_rate_comment") }).fill("Quick!");
      await accessible(again, "how it was");
      await dara.picture(`desk-rate-${size.split(" ")[1]}`);
      await again.getByRole("button", { name: words("visit_rate_send"), exact: true }).click();
      await again.getByText(words("visit_thanks")).waitFor();
      assert.deepEqual(await agent.rating(ticket), { stars: 4, comment: "Quick!" });
      await again.getByRole("button", { name: words("visit_again_chat") }).click();
      await again.getByText(words("visit_notice_again")).waitFor();
      assert.equal((await agent.ticket(ticket)).round, 2);
    } finally {
      await shop.close();
    }
  });
}

story("a page that the desk does not name cannot frame it, and the desk's own page nobody can", async (house) => {
  const desk = await openDesk(house, { name: "Framed" });
  const shop = await openShop(house.server.origin, desk.key);
  try {
    const policyOf = async (path) => (await fetch(`${house.server.origin}${path}`)).headers.get("content-security-policy");
    assert.match(await policyOf(`/w/frame/${desk.key}`), /frame-ancestors 'self';/);
    await desk.allow(shop.origin);
    assert.match(await policyOf(`/w/frame/${desk.key}`), new RegExp(`frame-ancestors 'self' ${shop.origin};`));
    assert.match(await policyOf(`/h/${desk.key}`), /frame-ancestors 'none';/);
    assert.match(await policyOf("/w/frame/nosuchdesk00"), /frame-ancestors 'self';/);
    for (const path of ["/w/madang.js"]) {
      const { headers } = await fetch(`${house.server.origin}${path}`);
      assert.equal(headers.get("cross-origin-resource-policy"), "cross-origin");
      assert.equal(headers.get("access-control-allow-origin"), "*");
    }
  } finally {
    await shop.close();
  }
});

story("dara begins on her phone, and goes on at the big screen with a code, in the same conversation", async (house) => {
  const words = wordsOf("en");
  const desk = await openDesk(house, { name: "Moving" });
  const agent = await agentAt(house, desk);
  const phone = await house.person("dara", { viewport: PHONE });
  await phone.page.goto(`/h/${desk.key}`);
  await phone.page.getByRole("button", { name: words("visit_ask_chat") }).click();
  await phone.page.getByRole("textbox", { name: words("visit_write") }).fill("My television is dark.");
  await phone.page.getByRole("button", { name: words("send"), exact: true }).click();
  const ticket = await agent.takes();
  await phone.page.getByRole("button", { name: words("visit_menu"), exact: true }).click();
  await phone.page.getByRole("menuitem", { name: words("visit_move") }).click();
  const shown = phone.page.locator("[data-code]");
  await shown.waitFor();
  await sound(phone.page, "a code to go on with");
  await phone.picture("desk-code-phone");
  const code = await shown.textContent();

  const television = await house.person("dara", { viewport: DESKTOP, colorScheme: "dark" });
  await television.page.goto(`/h/${desk.key}`);
  await television.page.getByRole("button", { name: words("visit_have_code") }).click();
  const entry = television.page.getByRole("dialog", { name: words("visit_have_code") });
  await entry.getByRole("textbox").fill("12");
  await entry.getByRole("button", { name: words("visit_continue") }).click();
  await entry.getByText(words("visit_code_six")).waitFor();
  await sound(television.page, "entering a code");
  await television.picture("desk-resume-desktop");
  await entry.getByRole("textbox").fill(code);
  await entry.getByRole("button", { name: words("visit_continue") }).click();
  await television.page.getByText("My television is dark.").waitFor();
  await agent.says(ticket, "Is the plug in?");
  await Promise.all([phone, television].map(({ page }) => page.getByText("Is the plug in?").waitFor()));
  await sound(television.page, "a conversation on a page of its own");
  await television.picture("desk-page-desktop");
  // It was good once, and there is no second ticket.
  const third = await house.person("dara", { viewport: PHONE });
  await third.page.goto(`/h/${desk.key}`);
  await third.page.getByRole("button", { name: words("visit_have_code") }).click();
  await third.page.getByRole("dialog").getByRole("textbox").fill(code);
  await third.page.getByRole("button", { name: words("visit_continue") }).click();
  await third.page.getByRole("dialog").locator(".error").waitFor();
  assert.equal((await agent.door.call("GET /desks/{id}/tickets", { id: desk.id, query: { view: "all" } })).tickets.length, 1);
});

story("at a closed desk dara reads when it opens, on her clock and on theirs, and leaves a message", async (house) => {
  const words = wordsOf("en");
  const desk = await openDesk(house, { name: "Closed", hours: { zone: "America/New_York", week: [], others: [{ from: "2099-01-04", shifts: [{ from: "09:00", to: "17:00" }] }] } });
  const agent = await agentAt(house, desk);
  const dara = await house.person("dara", { viewport: PHONE, timezone: "Asia/Seoul" });
  await dara.page.goto(`/h/${desk.key}`);
  await dara.page.getByText(words("visit_closed_now")).waitFor();
  await sound(dara.page, "a closed desk");
  await dara.picture("desk-closed-phone");
  assert.equal(await dara.page.getByRole("button", { name: words("visit_ask_chat") }).count(), 0);
  await dara.page.getByRole("button", { name: words("visit_leave_message") }).click();
  await dara.page.getByText(words("visit_message_kept")).waitFor();
  await dara.page.getByRole("textbox", { name: words("visit_write") }).fill("Please call me.");
  await dara.page.getByRole("button", { name: words("send"), exact: true }).click();
  await sound(dara.page, "a message at a closed desk");
  const ticket = await agent.takes();
  assert.equal(await agent.reads(ticket), "Please call me.");
});

story("what dara writes without a network is kept, and sent once when it is back", async (house) => {
  const words = wordsOf("en");
  const desk = await openDesk(house, { name: "Offline" });
  const agent = await agentAt(house, desk);
  const dara = await house.person("dara", { viewport: PHONE, wired: true });
  await dara.page.goto(`/h/${desk.key}`);
  await dara.page.getByRole("button", { name: words("visit_ask_chat") }).click();
  const box = dara.page.getByRole("textbox", { name: words("visit_write") });
  await box.waitFor();
  const ticket = await agent.takes();
  dara.line.cut();
  await dara.page.getByText(words("visit_offline")).waitFor();
  await box.fill("Are you there?");
  await dara.page.getByRole("button", { name: words("send"), exact: true }).click();
  await dara.page.locator("[data-unsent]").waitFor();
  await sound(dara.page, "a conversation without a network");
  await dara.picture("desk-offline-phone");
  dara.line.mend();
  await dara.page.locator("[data-unsent]").waitFor({ state: "detached" });
  await dara.page.getByText("Are you there?").waitFor();
  const { events } = await agent.door.call("GET /spaces/{id}/events", { id: ticket, query: { after: 0, limit: 500 } });
  assert.equal(events.filter((it) => it.body.text === "Are you there?").length, 1);
});
