// @slack/oauth, as a site would use it to let its app in: its own addresses, its own state, our page in between.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { InstallProvider } from "@slack/oauth";

import { manifest } from "./manifests.mjs";

export async function letsAnAppIn({ house, space }) {
  const site = createServer();
  await new Promise((go) => site.listen(0, "127.0.0.1", go));
  const origin = `http://127.0.0.1:${site.address().port}`;
  const back = `${origin}/back`;
  const made = await house.install(manifest("Letin", { oauth: { redirect_urls: [back] } }));
  const installer = new InstallProvider({
    clientId: made.client_id,
    clientSecret: made.client_secret,
    stateSecret: "a secret of the site",
    authorizationUrl: `${house.origin}/oauth/v2/authorize`,
    clientOptions: { slackApiUrl: house.api },
    logLevel: "error",
  });
  let installation;
  site.on("request", async (request, response) => {
    if (request.url.startsWith("/install")) {
      const options = { scopes: ["chat:write", "incoming-webhook"], userScopes: ["users:read"], redirectUri: back };
      return installer.handleInstallPath(request, response, {}, options);
    }
    return installer.handleCallback(request, response, {
      success: (found, _, __, answer) => {
        installation = found;
        answer.end("in");
      },
      failure: (error, _, __, answer) => answer.writeHead(400).end(String(error)),
    });
  });
  try {
    // The site's page leads to ours, and remembers its state in a cookie.
    const page = await (await fetch(`${origin}/install`)).text();
    const begun = await fetch(`${origin}/install`, { redirect: "manual" });
    const cookie = begun.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
    const text = page.includes("authorize") && !begun.headers.get("location") ? await begun.text() : begun.headers.get("location");
    const url = new URL(/https?:\/\/[^"' ]*\/oauth\/v2\/authorize[^"' ]*/.exec(text)[0].replaceAll("&amp;", "&"));
    assert.equal(url.origin, house.origin);
    // Our page, as an administrator presses it.
    const asked = Object.fromEntries(url.searchParams);
    const headers = { authorization: `Bearer ${house.owner.token}`, "content-type": "application/json" };
    const ask = async (method, body) => (await fetch(house.api + method, { method: "POST", headers, body: JSON.stringify(body) })).json();
    const wanted = await ask("madang.oauth", asked);
    assert.deepEqual([wanted.ok, wanted.may, wanted.app.name], [true, true, "Letin"]);
    const decided = await ask("madang.oauth.decide", { ...asked, allow: true, space });
    assert.ok(decided.ok, JSON.stringify(decided));
    const came = await fetch(decided.redirect, { headers: { cookie } });
    assert.equal(await came.text(), "in");
    assert.equal(installation.bot.userId, made.bot_user_id);
    assert.ok(installation.bot.id.startsWith("B") && installation.bot.token.startsWith("xoxb-"));
    assert.ok(installation.user.token.startsWith("xoxp-"));
    const told = await fetch(installation.incomingWebhook.url, { method: "POST", body: JSON.stringify({ text: "들어왔어요" }) });
    assert.equal(await told.text(), "ok");
    assert.equal(installation.appId, made.app_id);
  } finally {
    site.close();
  }
}
