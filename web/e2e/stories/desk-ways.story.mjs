// A visitor is known: by an address that she shows with a code from a mail, on every device, and by what the site signs on
// which she is signed in. Her device shows first that it is no program.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { agentAt, help, inFrame, openDesk } from "../harness/desk.mjs";
import { accessible, sound } from "../harness/look.mjs";
import { openShop } from "../harness/shop.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();

const codeOf = (mail) => /\b(\d{3}) (\d{3})\b/.exec(mail.text).slice(1).join("");

/** What the server of a site signs for its page (RFC 7519, HS256). */
function signed(secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

async function says(page, words, text) {
  await page.getByRole("textbox", { name: words("visit_write") }).fill(text);
  await page.getByRole("button", { name: words("send"), exact: true }).click();
}

story("dara keeps her conversation under her address, takes it along by mail, and is back by the address alone", async (house) => {
  const words = wordsOf("ko");
  const email = "dara@example.com";
  // The puzzle is solved while she waits a moment.
  const desk = await openDesk(house, { name: "한옥차", proof: "always" });
  const agent = await agentAt(house, desk);
  const { page, picture } = await house.person("dara", { viewport: PHONE, locale: "ko-KR" });
  await page.goto(`/h/${desk.key}`);
  await page.getByRole("button", { name: words("visit_ask_chat") }).click();
  await page.getByText(words("visit_next")).waitFor();
  await says(page, words, "차가 안 왔어요");
  const ticket = await agent.takes();
  await agent.says(ticket, "내일 도착해요");
  await page.getByText("내일 도착해요").waitFor();

  await page.getByRole("button", { name: words("visit_menu"), exact: true }).click();
  await page.getByRole("menuitem", { name: words("visit_keep") }).click();
  const dialog = page.getByRole("dialog", { name: words("visit_keep") });
  await sound(page, "leaving an address");
  await picture("desk-keep-phone");
  await dialog.getByRole("textbox").fill(email);
  await dialog.getByRole("button", { name: words("visit_mail_code") }).click();
  await dialog.getByText(words("visit_mail_sent", { email })).waitFor();
  const code = codeOf(await house.nextMail(email));
  await dialog.getByRole("textbox").fill("12");
  await dialog.getByRole("button", { name: words("visit_continue") }).click();
  await dialog.getByText(words("visit_code_six")).waitFor();
  await sound(page, "the code of a mail");
  await picture("desk-mailed-code-phone");
  await dialog.getByRole("textbox").fill(code);
  await dialog.getByRole("button", { name: words("visit_continue") }).click();
  await dialog.getByText(words("visit_keep_done"), { exact: true }).waitFor();
  await dialog.getByRole("button", { name: words("close") }).last().click();

  await agent.notes(ticket, "단골");
  await agent.closes(ticket);
  await page.getByRole("button", { name: words("visit_transcript") }).click();
  await page.getByText(words("visit_transcript_sent", { email })).waitFor();
  await sound(page, "a conversation that goes out by mail");
  await picture("desk-transcript-phone");
  const letter = await house.nextMail(email);
  assert.match(letter.text, /차가 안 왔어요[\s\S]*내일 도착해요/);
  assert.doesNotMatch(letter.text + letter.html, /단골/);

  // Another device knows nothing of her; the address is enough.
  const laptop = await house.person("dara", { viewport: DESKTOP, locale: "ko-KR", colorScheme: "dark" });
  await laptop.page.goto(`/h/${desk.key}`);
  await laptop.page.getByRole("button", { name: words("visit_was_here") }).click();
  const door = laptop.page.getByRole("dialog", { name: words("visit_was_here") });
  await door.getByRole("textbox").fill(email);
  await door.getByRole("button", { name: words("visit_mail_code") }).click();
  await door.getByText(words("visit_mail_sent_if", { email })).waitFor();
  await sound(laptop.page, "the code at the door");
  await laptop.picture("desk-was-here-desktop");
  await door.getByRole("textbox").fill(codeOf(await house.nextMail(email)));
  await door.getByRole("button", { name: words("visit_continue") }).click();
  await laptop.page.getByText("내일 도착해요").waitFor();
});

story("dara is signed in at the shop, and is helped there by her name, in one ticket", async (house) => {
  const words = wordsOf("en");
  const desk = await openDesk(house, { name: "Shop", ask_name: true });
  const agent = await agentAt(house, desk);
  const { secret } = await house.who("nari").door.call("POST /desks/{id}/secret", { id: desk.id, body: {} });
  const shop = await openShop(house.server.origin, desk.key, { near: true });
  try {
    await desk.allow(shop.origin);
    const arrives = async (token) => {
      const dara = await house.person("dara", { viewport: DESKTOP });
      await dara.page.goto(shop.origin);
      await help(dara.page).waitFor();
      await dara.page.evaluate((it) => globalThis.madang.identify(it), token);
      await help(dara.page).press();
      const frame = await inFrame(dara.page, desk);
      await frame.getByRole("button", { name: words("visit_ask_chat") }).waitFor();
      return frame;
    };
    const token = signed(secret, { sub: "42", name: "Dara of the shop", aud: desk.key });
    const first = await arrives(token);
    await first.getByRole("textbox", { name: words("visit_name") }).waitFor({ state: "detached" });
    await accessible(first, "a desk for who is signed in");
    await first.getByRole("button", { name: words("visit_ask_chat") }).click();
    await says(first, words, "Where is my order?");
    const ticket = await agent.takes();
    assert.equal((await agent.ticket(ticket)).visitor.name, "Dara of the shop");
    await agent.closes(ticket);
    // Elsewhere: the same conversation, its next round.
    const second = await arrives(token);
    await second.getByRole("button", { name: words("visit_ask_chat") }).click();
    await second.getByText("Where is my order?").waitFor();
    assert.equal((await agent.ticket(ticket)).round, 2);
    // What is not signed by the shop is refused, and she is told.
    const third = await arrives(signed("mdk_a guess", { sub: "42", aud: desk.key }));
    await third.getByRole("button", { name: words("visit_ask_chat") }).click();
    await third.getByRole("alert").waitFor();
    assert.equal((await agent.door.call("GET /desks/{id}/tickets", { id: desk.id, query: { view: "all" } })).tickets.length, 1);
  } finally {
    await shop.close();
  }
});
