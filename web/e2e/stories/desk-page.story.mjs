// A visitor shows a page to who helps: masked, drawn on, pressed with leave, and over at one press. And what somebody
// hostile shows runs nowhere.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { accessible } from "../harness/look.mjs";
import { openOrders } from "../harness/orders.mjs";
import { passwordOf } from "../harness/house.mjs";
import { houseFor } from "../harness/story.mjs";
import { pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const ALWAYS = { zone: "Asia/Seoul", week: [{ days: [0, 1, 2, 3, 4, 5, 6], from: "00:00", to: "00:00" }] };
/** Only a failure waits so long. */
const PATIENCE = 20_000;
const main = (page) => pane(page, "main");

async function openDesk(house, more = {}) {
  const { door } = house.who("nari");
  const settings = {
    name: "Orders", languages: ["en", "ko"], welcome: {}, closed: {}, hours: ALWAYS, skills: [], offers: { voice: false, video: "none", page: true, draw: true, act: true, camera: false },
    origins: [], ring_seconds: 20, per_agent: 9, waiting_most: 50, same_agent: false, ask_name: false, targets: {}, masks: [".salary"], canned: [], ...more,
  };
  const { desk } = await door.call("POST /desks", { body: { settings } });
  const joon = await house.welcome("joon");
  await door.call("PUT /desks/{id}/agents", { id: desk.id, body: { agents: [{ person: joon.id, skills: [], languages: [] }], teams: [] } });
  await joon.door.call("PUT /me/agent", { body: { reachable: true } });
  return { ...desk, allow: (origin) => door.call("PUT /desks/{id}", { id: desk.id, body: { settings: { ...settings, origins: [origin] } } }) };
}

/** dara asks on the page of a site, joon takes it and has it before him. */
async function bothThere(house, { dara: daraHow = {}, joon: joonHow = {} } = {}) {
  const desk = await openDesk(house);
  const shop = await openOrders(house.server.origin, desk.key);
  await desk.allow(shop.origin);
  const dara = await house.person("dara", { viewport: DESKTOP, ...daraHow });
  await dara.context.addInitScript(keepSent);
  await dara.page.goto(shop.origin);
  await pressInside(dara.page, "widget_help");
  const frame = await frameOf(dara.page, (url) => url.pathname === `/w/frame/${desk.key}`);
  await frame.getByRole("button", { name: words("visit_ask_chat") }).click();
  await frame.getByText(words("visit_next")).waitFor();
  const { door } = house.who("joon");
  const { tickets } = await door.call("GET /desks/{id}/tickets", { id: desk.id, query: { view: "waiting" } });
  const [{ space }] = tickets;
  await door.call("POST /tickets/{space}/take", { space, body: {} });
  const joon = await house.seat("joon", { viewport: DESKTOP, ...joonHow });
  await joon.page.goto(`/agent/${space}`);
  const heard = await overhear(joon.page, space);
  return { desk, shop, dara, joon, frame, space, heard, events: async () => (await door.call("GET /spaces/{id}/events", { id: space, query: { after: 0, limit: 500 } })).events };
}

/** A second device of whoever is signed in at this page, which hears all that theirs hear of the ticket. */
async function overhear(page, space) {
  await page.evaluate(async (space) => {
    globalThis.overheard = [];
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/socket`);
    await new Promise((done) => {
      socket.onopen = () => socket.send(JSON.stringify({ type: "hello", device: "ear", epoch: 0, rev: 0, heads: [], people_at: 0 }));
      socket.onmessage = ({ data }) => {
        globalThis.overheard.push(data);
        if (JSON.parse(data).type === "welcome") done(socket.send(JSON.stringify({ type: "watch", space, on: true })));
      };
    });
  }, space);
  return () => page.evaluate(() => globalThis.overheard);
}

/** Runs in every frame of a visitor: what they send is kept as it was before it was packed. */
function keepSent() {
  const { fetch } = globalThis;
  globalThis.sent = [];
  globalThis.fetch = async (url, init) => {
    const body = init?.body;
    const text = body instanceof Blob ? new Response(body.stream().pipeThrough(new DecompressionStream("gzip"))).text() : Promise.resolve(String(body ?? ""));
    globalThis.sent.push(await text);
    return fetch(url, init);
  };
}

async function frameOf(page, is) {
  for (;;) {
    const found = page.frames().find((it) => it.url().startsWith("http") && is(new URL(it.url())));
    if (found) return found;
    await page.waitForEvent("framenavigated");
  }
}

/** The picture of the page at the agent's: the frame that holds it, and what its inside says. */
async function pictureAt(page) {
  const outer = await frameOf(page, (url) => url.pathname === "/seen.html");
  await outer.waitForFunction(() => document.querySelector("#page iframe")?.contentDocument?.querySelector("h1"));
  return {
    outer,
    text: () => outer.evaluate(() => document.querySelector("#page iframe").contentDocument.documentElement.outerHTML),
    shows: (text) => outer.waitForFunction((text) => document.querySelector("#page iframe")?.contentDocument?.body?.textContent.includes(text), text),
    /** Where an element of the page is seen on the agent's screen. */
    at: async (selector) => {
      const inside = await outer.evaluate((selector) => {
        const frame = document.querySelector("#page iframe");
        const [box, room] = [frame.contentDocument.querySelector(selector).getBoundingClientRect(), frame.getBoundingClientRect()];
        const scale = room.width / frame.offsetWidth;
        return { x: room.left + box.left * scale, y: room.top + box.top * scale, width: box.width * scale, height: box.height * scale };
      }, selector);
      const around = await (await outer.frameElement()).boundingBox();
      return { ...inside, x: around.x + inside.x, y: around.y + inside.y };
    },
  };
}

const tool = (page, name) => main(page).getByRole("toolbar", { name: words("seen_tools") }).getByRole("button", { name: words(name), exact: true });

story("joon sees dara's page, but nothing that she types, and it is over at one press", async (house) => {
  const { dara, joon, frame, shop, heard, events } = await bothThere(house);
  try {
    // Where she goes is followed, without what an address may open; and with what she comes.
    await dara.page.evaluate(() => {
      history.pushState({}, "", "/order?token=opens-something#part");
      document.title = "Her order";
    });
    const card = joon.page.getByRole("complementary", { name: words("ticket_card") });
    await card.getByRole("link", { name: "Her order" }).waitFor();
    assert.match(await card.textContent(), /localhost:\d+\/order/);
    // Of which screen a frame of another site hears is for the browser to say.
    for (const fact of [/^\d+ × \d+$/, /Linux/]) await card.getByText(fact).waitFor();
    await main(joon.page).getByRole("button", { name: words("seen_ask") }).click();
    await frame.getByText(words("shared_asked", { who: "Joon" })).waitFor();
    await accessible(frame, "a page is asked for");
    await dara.picture("desk-page-asked");
    // A secret that stood there before it is shown.
    const secret = passwordOf("dara");
    await dara.page.fill("#name", secret);
    await dara.page.fill("#note", `${secret} in a note`);
    await frame.getByRole("button", { name: words("shared_show") }).click();
    const picture = await pictureAt(joon.page);
    await picture.shows("Your order");
    await dara.page.locator("#free").pressSequentially(`${secret} free`);
    await dara.page.fill("#name", `${secret} again`);
    await dara.page.locator("#more").click();
    await picture.shows("A line that came later");
    await dara.picture("desk-page-shown");
    await joon.picture("desk-page-seen");
    await accessible(dara.page, "a page that is shown");

    // A field that nobody may see: nothing is shown while it is written into.
    await dara.page.locator("#password").pressSequentially(secret);
    await main(joon.page).getByText(words("seen_paused")).waitFor();
    await dara.page.locator("#card").pressSequentially("4242424242424242");
    await dara.page.locator("#more").focus();
    await picture.shows("Your order");
    const seen = await picture.text();
    const [received, sent] = [await heard(), await frame.evaluate(() => globalThis.sent)];
    const traffic = [received.join("\n"), sent.join("\n"), seen];
    for (const hidden of [secret, "424242424242", "salary-of-the-agent", "marked-as-secret", "blocked-as-secret", "hidden-in-the-form"]) {
      for (const part of traffic) assert.ok(!part.includes(hidden), `${hidden} is nowhere`);
    }
    for (const all of [received, sent]) assert.ok(all.some((one) => one.includes("Your order")), "the page itself was heard of");
    assert.deepEqual((await events()).filter(({ type }) => type === "consent.given").map(({ body }) => body.to), ["page"]);

    // Stopped on the page itself.
    const before = (await heard()).length;
    await pressInside(dara.page, "shared_stop");
    await main(joon.page).getByRole("button", { name: words("seen_ask") }).waitFor();
    await dara.page.locator("#more").click();
    await frame.getByText(words("shared_offer", { who: "Joon" })).waitFor();
    assert.equal((await heard()).slice(before).filter((one) => one.includes('"cobrowse"') && !one.includes('"over"')).length, 0, "nothing follows");
    assert.equal(await dara.page.locator("madang-page").count(), 0);
    assert.ok((await events()).some(({ type }) => type === "consent.withdrawn"));
  } finally {
    await shop.close();
  }
});

/** Presses a button of ours on somebody's page, where it is seen: into a closed shadow root nobody else reaches. */
async function pressInside(page, name) {
  const box = await boxInside(page, words(name));
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** Where a button with this text is, asked of the browser's own tree of the page. */
async function boxInside(page, text) {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("DOM.enable");
    for (const until = Date.now() + PATIENCE; ; ) {
      assert.ok(Date.now() < until, `${text} is nowhere on the page`);
      const { nodes } = await session.send("DOM.getFlattenedDocument", { depth: -1, pierce: true });
      const letters = nodes.find((node) => node.nodeType === 3 && node.nodeValue === text);
      const holder = letters && nodes.find((node) => node.nodeId === letters.parentId);
      const model = holder && (await session.send("DOM.getBoxModel", { nodeId: holder.nodeId }).catch(() => undefined))?.model;
      if (model?.width) return { x: model.border[0], y: model.border[1], width: model.width, height: model.height };
      await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
    }
  } finally {
    await session.detach();
  }
}

/** The marks on the visitor's page, as the browser draws them. */
async function markOf(page, look) {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("DOM.enable");
    for (const until = Date.now() + PATIENCE; ; ) {
      assert.ok(Date.now() < until, `${look} is nowhere on the page`);
      const { nodes } = await session.send("DOM.getFlattenedDocument", { depth: -1, pierce: true });
      const mark = nodes.find((node) => node.attributes?.some((value, i) => node.attributes[i - 1] === "class" && value.split(" ").includes(look)));
      const model = mark && (await session.send("DOM.getBoxModel", { nodeId: mark.nodeId }).catch(() => undefined))?.model;
      if (model) return { x: model.border[0], y: model.border[1], width: model.width, height: model.height };
      await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
    }
  } finally {
    await session.detach();
  }
}

story("what joon draws stays on its element while dara scrolls, and he presses for her only with her leave", async (house) => {
  const { dara, joon, frame, shop, events } = await bothThere(house, { dara: { viewport: PHONE }, joon: { viewport: PHONE } });
  try {
    await main(joon.page).getByRole("button", { name: words("seen_ask") }).click();
    await frame.getByRole("button", { name: words("shared_show") }).click();
    const picture = await pictureAt(joon.page);
    // The help goes out of the way by itself on a phone.
    await boxInside(dara.page, words("widget_help"));
    await main(joon.page).getByRole("button", { name: words("seen_larger") }).click();
    await tool(joon.page, "seen_draw").click();
    await main(joon.page).getByRole("checkbox", { name: words("seen_stays") }).check();
    await main(joon.page).getByRole("radio", { name: words("seen_blue") }).check();
    await joon.page.locator("iframe").scrollIntoViewIfNeeded();
    const title = await picture.at("h1");
    await joon.page.mouse.move(title.x + 4, title.y + title.height / 2);
    await joon.page.mouse.down();
    for (let step = 1; step <= 8; step++) await joon.page.mouse.move(title.x + 4 + step * 10, title.y + title.height / 2 + (step % 2 ? 3 : -3));
    await joon.page.mouse.up();
    const offset = async () => {
      const [mark, heading] = [await markOf(dara.page, "stroke"), await dara.page.locator("h1").boundingBox()];
      return { x: Math.round(mark.x - heading.x), y: Math.round(mark.y - heading.y), top: heading.y };
    };
    const first = await offset();
    await joon.picture("desk-page-ink-agent");
    await dara.picture("desk-page-ink");
    // It catches no press: the heading's own place is still the page's.
    assert.equal(await dara.page.evaluate(() => document.elementFromPoint(60, document.querySelector("h1").getBoundingClientRect().y + 10)?.localName), "h1");
    await dara.page.evaluate(() => new Promise((done) => { addEventListener("scroll", () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true }); scrollTo(0, 30); }));
    const second = await offset();
    assert.ok(second.top < first.top, "it has scrolled");
    assert.ok(Math.abs(second.x - first.x) <= 1 && Math.abs(second.y - first.y) <= 1, `ink moved on its element: ${JSON.stringify([first, second])}`);

    // "Press for them": leave for it, leave to scroll there, and leave for this press.
    await tool(joon.page, "seen_press").click();
    await main(joon.page).getByText(words("seen_pick_press")).waitFor();
    const pay = await payOf(joon, picture);
    await joon.page.mouse.click(pay.x, pay.y);
    await main(joon.page).getByText(words("seen_pressing")).waitFor();
    await pressInside(dara.page, "shared_agree");
    await boxInside(dara.page, words("shared_press"));
    await dara.picture("desk-page-press");
    assert.equal(await dara.page.locator("#more").evaluate((it) => it.closest("form").querySelectorAll("p").length), 2, "nothing was pressed yet");
    await pressInside(dara.page, "shared_not_now");
    await main(joon.page).getByText(words("seen_not_pressed")).waitFor();
    const again = await payOf(joon, picture);
    await joon.page.mouse.click(again.x, again.y);
    await pressInside(dara.page, "shared_press");
    await main(joon.page).getByText(words("seen_pressed")).waitFor();
    await dara.page.getByText("A line that came later").waitFor();
    await picture.shows("A line that came later");
    assert.deepEqual((await events()).filter(({ type }) => type === "consent.given").map(({ body }) => body.to), ["page", "act"]);

    // Showing what is out of sight asks for leave to scroll.
    await pressInside(dara.page, "shared_stop");
    await main(joon.page).getByRole("button", { name: words("seen_ask") }).waitFor();
  } finally {
    await shop.close();
  }
});

async function payOf(joon, picture) {
  const box = await picture.at("#more");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** What somebody sends who is no recorder: everything that could run, fetch or lead away. */
function hostile(evil) {
  const element = (id, tagName, attributes = {}, childNodes = []) => ({ type: 2, id, tagName, attributes, childNodes });
  const text = (id, textContent) => ({ type: 3, id, textContent });
  const run = "parent.parent.pwned = top.pwned = 1";
  const body = element(4, "body", { onload: run, background: `${evil}/background` }, [
    element(5, "h1", {}, [text(6, "Hostile")]),
    element(7, "script", {}, [text(8, run)]),
    element(9, "script", { src: `${evil}/script.js` }),
    element(10, "img", { src: `${evil}/pixel.gif`, onerror: run, srcset: `${evil}/2x 2x` }),
    element(11, "iframe", { srcdoc: `<script>${run}</script>`, src: `${evil}/frame` }),
    element(12, "a", { id: "link", href: `javascript:${run}`, style: "position:fixed;inset:0;display:block" }, [text(13, "press me")]),
    element(14, "form", { action: `${evil}/form`, id: "form" }, [element(15, "input", { name: "a", value: "b" }), element(16, "button", { type: "submit", formaction: `${evil}/b` })]),
    element(17, "link", { rel: "stylesheet", href: `${evil}/style.css` }),
    element(18, "style", {}, [text(19, `@import "${evil}/import.css"; body { background: url(${evil}/url.png) } h1 { background: \\75rl(${evil}/escaped.png) } @font-face { font-family: x; src: url(${evil}/font.woff2) } h1 { font-family: x }`)]),
    { ...element(20, "svg", {}, [{ ...element(21, "script", {}, [text(22, run)]), isSVG: true }, { ...element(23, "image", { href: `${evil}/image.svg`, "xlink:href": `${evil}/image.svg` }), isSVG: true }]), isSVG: true },
    element(24, "object", { data: `${evil}/object` }), element(25, "embed", { src: `${evil}/embed` }), element(26, "video", { src: `${evil}/video`, poster: `${evil}/poster`, autoplay: "" }),
    element(27, "meta", { "http-equiv": "refresh", content: `0;url=${evil}/refresh` }), element(28, "base", { href: evil }),
  ]);
  const document = { type: 0, id: 1, childNodes: [element(2, "html", {}, [element(3, "head"), body])] };
  return [
    { type: 4, timestamp: 1, data: { href: `${evil}/`, width: 800, height: 600 } },
    { type: 2, timestamp: 2, data: { node: document, initialOffset: { top: 0, left: 0 } } },
  ];
}

story("a hostile page runs, fetches and leads nowhere at joon's, with what the house takes out and without", async (house) => {
  const desk = await openDesk(house);
  const asked = [];
  const { createServer } = await import("node:http");
  const evil = createServer((request, answer) => (asked.push(request.url), answer.writeHead(200).end("")));
  await new Promise((fine) => evil.listen(0, "127.0.0.1", fine));
  const address = `http://127.0.0.1:${evil.address().port}`;
  // What a policy refuses is complained of by the browser, and that is what is wanted here: nobody watches this one.
  const context = await house.browser.newContext({ viewport: DESKTOP, locale: "en-GB" });
  try {
    const origin = house.server.origin;
    const post = async (path, token, body) => (await fetch(`${origin}/api/v1${path}`, { method: "POST", headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) })).json();
    const { token, space } = await post(`/desk/${desk.key}/visits`, undefined, { language: "en", via: "widget", wants: "chat" });
    const joon = house.who("joon");
    await joon.door.call("POST /tickets/{space}/take", { space, body: {} });
    const [key, value] = joon.door.cookie.split(/=(.*)/s);
    await context.addCookies([{ name: key, value, url: origin }]);
    const page = await context.newPage();
    const refused = await post("/visit/cobrowse", token, { n: 1, full: true, source: "x", events: [] });
    assert.equal(refused.error.code, "no_consent", "not without leave");
    await post("/visit/consent", token, { to: "page", given: true });
    await page.goto(`${origin}/agent/${space}`);
    const outer = await frameOf(page, (url) => url.pathname === "/seen.html");
    const shown = async () => outer.waitForFunction(() => document.querySelector("#page iframe")?.contentDocument?.body?.textContent.includes("Hostile"));
    const quiet = async (how) => {
      await shown();
      await outer.evaluate(async () => {
        const inside = document.querySelector("#page iframe").contentDocument;
        inside.querySelector("#link")?.click();
        try { inside.querySelector("#form")?.requestSubmit(); } catch { /* refused */ }
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
      });
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined, how);
      assert.equal(await outer.evaluate(() => globalThis.pwned), undefined, how);
      assert.equal(new URL(page.url()).pathname, `/agent/${space}`, how);
      assert.deepEqual(asked, [], how);
    };
    while (!(await post("/visit/cobrowse", token, { n: 1, full: true, source: "x", events: hostile(address) })).watching);
    await quiet("what the house let through");
    assert.equal(await outer.evaluate(() => document.querySelector("#page iframe").contentDocument.querySelectorAll("script, iframe, link, object, embed, meta, base").length), 0);

    // The same without what the house takes out: the sandbox and the policy alone hold it.
    const bare = await context.newPage();
    await bare.goto(`${origin}/seen.html`);
    await bare.evaluate(async (events) => {
      const channel = new MessageChannel();
      window.postMessage("madang:seen", location.origin, [channel.port2]);
      channel.port1.postMessage({ type: "events", full: true, events });
      await new Promise((next) => setTimeout(next));
    }, hostile(address));
    await bare.waitForFunction(() => document.querySelector("#page iframe")?.contentDocument?.body?.textContent.includes("Hostile"));
    await bare.evaluate(() => {
      const inside = document.querySelector("#page iframe").contentDocument;
      inside.querySelector("#link")?.click();
      try { inside.querySelector("#form")?.requestSubmit(); } catch { /* refused */ }
    });
    await bare.evaluate(() => fetch("/api/v1/me").then(() => { throw new Error("it reached the house"); }, () => undefined));
    assert.equal(await bare.evaluate(() => globalThis.pwned), undefined);
    assert.deepEqual(asked, []);
  } finally {
    await context.close();
    evil.closeAllConnections();
    await new Promise((closed) => evil.close(closed));
  }
});
