// An app asks to be let in (OAuth), as Slack's apps do: what it asks for is said in words, nothing is given before the press,
// and the answer goes to the address that was written down and to no other.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { openBot } from "../harness/bot.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ settings: { OUTGOING_ALLOWED: "127.0.0.1" } });
const english = wordsOf("en");
const korean = wordsOf("ko");

story("an app is let in by who may, is refused, and gets nothing where it asks wrongly", async (house) => {
  await house.room("Garden", ["joon"]);
  const back = `${house.server.origin}/healthz`;
  const bot = await openBot(house, { name: "Deploys", redirects: [back] });
  try {
    const asks = (more = {}) => `/oauth/v2/authorize?${new URLSearchParams({ client_id: bot.credentials.client_id, scope: "chat:write,channels:history", redirect_uri: back, state: "known", ...more })}`;
    const nari = await house.seat("nari", { viewport: PHONE, locale: "ko-KR" });
    const { page } = nari;
    await page.goto(asks());
    await page.getByRole("button", { name: korean("let_in_yes"), exact: true }).waitFor();
    await page.getByText("chat:write", { exact: true }).waitFor();
    await page.getByText(korean("let_in_goes", { host: new URL(back).host })).waitFor();
    await sound(page, "an app asks to be let in");
    await nari.picture("let-in-phone-light");

    // A refusal is an answer too, and gives nothing.
    await page.getByRole("button", { name: korean("let_in_no"), exact: true }).click();
    await page.waitForURL((url) => url.pathname === "/healthz");
    const refused = new URL(page.url()).searchParams;
    assert.deepEqual([refused.get("error"), refused.get("state"), refused.get("code")], ["access_denied", "known", null]);

    await page.goto(asks());
    await page.getByRole("button", { name: korean("let_in_yes"), exact: true }).click();
    await page.waitForURL((url) => url.pathname === "/healthz");
    const { searchParams: let_in } = new URL(page.url());
    assert.equal(let_in.get("state"), "known");
    const { client_id, client_secret } = bot.credentials;
    const given = await (await fetch(`${house.server.origin}/api/oauth.v2.access`, { method: "POST", body: new URLSearchParams({ client_id, client_secret, code: let_in.get("code"), redirect_uri: back }) })).json();
    assert.equal(given.ok, true, JSON.stringify(given));
    assert.match(given.access_token, /^xoxb-/);

    for (const [what, code] of [[{ client_id: "A0.0" }, "invalid_client_id"], [{ redirect_uri: "https://elsewhere.example/" }, "bad_redirect_uri"], [{ scope: "everything" }, "invalid_scope"]]) {
      await page.goto(asks(what));
      await page.getByText(korean("let_in_wrong_text", { code })).waitFor();
      assert.equal(await page.getByRole("button", { name: korean("let_in_yes"), exact: true }).count(), 0);
    }
    await sound(page, "an app asks wrongly");

    // A bot is let in by an administrator: whoever is none sees what is asked, and goes back without giving anything.
    const joon = await house.seat("joon", { viewport: DESKTOP });
    await joon.page.goto(asks());
    await joon.page.getByText(english("let_in_manager")).waitFor();
    assert.equal(await joon.page.getByRole("button", { name: english("let_in_yes"), exact: true }).count(), 0);
    await sound(joon.page, "an app asks somebody who may not");
    await joon.picture("let-in-member-desktop-light");
  } finally {
    await bot.close();
  }
});
