// A screen in a shop: one large button, one visitor after the other, and nothing of the last one for the next.
import assert from "node:assert/strict";
import { DESKTOP } from "../harness/browser.mjs";
import { agentAt, openDesk } from "../harness/desk.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const VISITS = 20;

story(`${VISITS} visitors one after the other, and nothing of any is left`, async (house) => {
  const desk = await openDesk(house, { name: "At the door", offers: { voice: false, video: "none", page: false, draw: false, act: false, camera: false }, same_agent: false });
  const agent = await agentAt(house, desk);
  const kiosk = await house.person("kiosk", { viewport: DESKTOP });
  const { page } = kiosk;
  const counts = async () => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("HeapProfiler.collectGarbage");
    const { nodes } = await cdp.send("Memory.getDOMCounters");
    await cdp.detach();
    return nodes;
  };
  await page.goto(`/h/${desk.key}?kiosk`);
  const before = await page.evaluate(() => Object.keys(localStorage).sort());
  const spaces = new Set();
  let early = 0;
  for (let n = 1; n <= VISITS; n++) {
    const secret = `my number is ${7000 + n}`;
    await page.getByRole("button", { name: words("visit_ask_chat") }).click();
    const box = page.getByRole("textbox", { name: words("visit_write") });
    await box.fill(secret);
    await box.press("Enter");
    await page.getByText(secret).waitFor();
    const ticket = await agent.takes();
    spaces.add(ticket);
    await agent.says(ticket, `Hello visitor ${n}`);
    await page.getByText(`Hello visitor ${n}`).waitFor();
    if (n === 1) {
      await sound(page, "a visit at a kiosk");
      await kiosk.picture("desk-kiosk-visit");
    }
    await box.fill("half a sentence that nobody else is to read");
    await page.getByRole("button", { name: words("visit_finish") }).click();
    await page.getByRole("dialog", { name: words("visit_finish_question") }).getByRole("button", { name: words("visit_finish") }).click();
    await page.getByRole("button", { name: words("visit_ask_chat") }).waitFor();
    if (n === 1) {
      await sound(page, "a kiosk");
      await kiosk.picture("desk-kiosk-desktop");
    }
    if (n === 3) early = await counts();
    const left = await page.evaluate(() => ({ text: document.documentElement.outerHTML, local: Object.keys(localStorage).sort(), session: Object.keys(sessionStorage).length, cookies: document.cookie }));
    assert.doesNotMatch(left.text, /my number|half a sentence|Hello visitor/);
    assert.deepEqual([left.local, left.session, left.cookies], [before, 0, ""]);
    assert.equal((await agent.ticket(ticket)).state, "closed");
  }
  assert.equal(spaces.size, VISITS, "every visitor is somebody else");
  const late = await counts();
  console.log(`nodes held after 3 visits ${early}, after ${VISITS} ${late}`);
  assert.ok(late < early * 1.25 + 200, `${late} nodes are held after ${VISITS} visits, ${early} were after 3`);
});

story("whoever walks away from a kiosk is counted down, and wiped", async (house) => {
  const desk = await openDesk(house, { name: "Walked away" });
  const agent = await agentAt(house, desk);
  const kiosk = await house.person("kiosk", { viewport: DESKTOP, colorScheme: "dark" });
  const { page } = kiosk;
  await page.clock.install();
  await page.goto(`/h/${desk.key}?kiosk`);
  await page.getByRole("button", { name: words("visit_ask_chat") }).click();
  await page.getByRole("textbox", { name: words("visit_write") }).waitFor();
  const ticket = await agent.takes();
  await page.getByText(words("visit_notice_here", { who: "Joon" })).waitFor();
  await page.clock.runFor(92_000);
  const asks = page.getByRole("dialog", { name: words("visit_still_there") });
  await asks.waitFor();
  await sound(page, "a kiosk that asks");
  await kiosk.picture("desk-kiosk-idle");
  await asks.getByRole("button", { name: words("visit_still_here") }).click();
  await asks.waitFor({ state: "detached" });
  await page.clock.runFor(92_000);
  await asks.waitFor();
  await page.clock.runFor(22_000);
  await page.getByRole("button", { name: words("visit_ask_video") }).waitFor();
  assert.equal((await agent.ticket(ticket)).state, "closed");
});
