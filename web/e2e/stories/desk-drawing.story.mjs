// A visitor on a phone shows something with the camera: who helps holds it still and draws on it, and she sees the ink on
// the same picture as it comes. Over at once when she takes back her leave. And a picture that she sends is drawn on too.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { callFlags, equip, press, seesFace } from "../harness/calls.mjs";
import { agentAt, openDesk } from "../harness/desk.mjs";
import { accessible, sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** dara comes to the page of a desk that lets her show something, joon helps her. */
async function together(house, wants, { viewport = PHONE, page: pages = false } = {}) {
  const desk = await openDesk(house, { name: "Repairs", offers: { voice: true, video: "one_way", page: pages, draw: false, act: false, camera: true } });
  const agent = await agentAt(house, desk);
  const dara = await house.person("dara", { viewport });
  await equip(dara);
  await dara.page.goto(`/h/${desk.key}`);
  await dara.page.getByRole("button", { name: words(wants) }).click();
  await dara.page.getByRole("textbox", { name: words("visit_write") }).waitFor();
  await dara.page.getByText(words("visit_next")).waitFor();
  const ticket = await agent.takes();
  const joon = await house.seat("joon", { viewport: DESKTOP });
  await equip(joon);
  await joon.page.goto(`/agent/${ticket}`);
  return { dara, joon, agent, ticket, desk };
}

const held = (page) => page.getByRole("dialog", { name: words("still_frame") });
const still = (page) => page.getByRole("dialog", { name: words("still_of", { who: "Joon" }) });

/** A line that lies flat has no height, and is seen all the same: whether it is in the picture is asked of its colour. */
const stroke = (page, colour, state = "attached") => page.locator(`div.picture .stroke.${colour}`).waitFor({ state });

/** Draws from one place of the picture to another, in fractions of it. */
async function draws(page, from, to) {
  const box = await pictureBox(page);
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), { steps: 4 });
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

/** Where the picture stands on the screen: shown whole in the room of its element. */
const pictureBox = (page) =>
  page.locator("div.picture img").evaluate((img) => {
    const room = img.getBoundingClientRect();
    const scale = Math.min(room.width / img.naturalWidth, room.height / img.naturalHeight);
    const [width, height] = [img.naturalWidth * scale, img.naturalHeight * scale];
    return { x: room.x + (room.width - width) / 2, y: room.y + (room.height - height) / 2, width, height };
  });

/** The colour that is seen at a place of the picture: read from what the browser has painted. */
async function colourAt(page, [x, y]) {
  const box = await pictureBox(page);
  const clip = { x: box.x + x * box.width - 1, y: box.y + y * box.height - 1, width: 3, height: 3 };
  const png = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (it) => it.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const brush = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    brush.drawImage(bitmap, 0, 0);
    return [...brush.getImageData(1, 1, 1, 1).data.slice(0, 3)];
  }, png);
}

const near = (seen, colour) => Math.hypot(...seen.map((it, i) => it - colour[i])) < 70;
/** The colours of ink, and of dara's camera. */
const RED = [217, 45, 32];
const BLUE = [23, 92, 211];
const DARA = [190, 130, 20];

story("joon freezes what dara shows and draws on it, she sees it on the same picture, and it is over when she says so", async (house) => {
  const { dara, joon, agent, ticket, desk } = await together(house, "visit_ask_voice");
  await joon.page.getByRole("button", { name: words("ticket_call"), exact: true }).click();
  await dara.page.getByRole("button", { name: words("call_camera_on") }).click();
  await dara.page.getByRole("button", { name: words("visit_camera_yes") }).click();
  await seesFace(joon.page, "dara");
  await joon.page.getByRole("button", { name: words("still_hold") }).click();
  await held(joon.page).getByText(words("still_seen")).waitFor();
  await still(dara.page).getByRole("img").waitFor();
  assert.ok(near(await colourAt(dara.page, [0.5, 0.5]), DARA), "it is what she shows");

  await draws(joon.page, [0.2, 0.5], [0.8, 0.5]);
  await held(joon.page).getByRole("radio", { name: words("seen_blue") }).check();
  await draws(joon.page, [0.5, 0.75], [0.7, 0.75]);
  await stroke(dara.page, "blue");
  for (const { page } of [joon, dara]) {
    assert.ok(near(await colourAt(page, [0.4, 0.5]), RED), "the red stroke is there");
    assert.ok(near(await colourAt(page, [0.6, 0.75]), BLUE), "and the blue one");
    assert.ok(near(await colourAt(page, [0.4, 0.25]), DARA), "and nothing where nothing was drawn");
  }
  await accessible(dara.page, "a picture that stands still");
  await sound(joon.page, "a picture that is drawn on");
  await Promise.all([dara.picture("desk-drawing-phone"), joon.picture("desk-drawing-agent")]);

  // Whoever comes back sees all of it.
  await dara.page.reload();
  await stroke(dara.page, "blue");
  await stroke(dara.page, "red");
  await held(joon.page).getByRole("button", { name: words("seen_undo") }).click();
  await stroke(dara.page, "blue", "detached");

  await held(joon.page).getByRole("button", { name: words("still_keep") }).click();
  await joon.page.getByText(words("still_kept")).waitFor();
  const files = async () => {
    const { events } = await agent.door.call("GET /spaces/{id}/events", { id: ticket, query: { after: 0, limit: 500 } });
    return events.filter((it) => it.type === "message.posted").flatMap((it) => it.body.files ?? []);
  };
  assert.deepEqual((await files()).map(({ type }) => type), ["image/jpeg"]);
  // Her leave is taken back on another of her devices: the picture is gone on both sides.
  const token = await dara.page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(".token"))[1]);
  await dara.page.evaluate((token) => fetch("/api/v1/visit/consent", { method: "POST", credentials: "omit", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify({ to: "camera", given: false }) }), token);
  await still(dara.page).waitFor({ state: "detached" });
  await held(joon.page).waitFor({ state: "detached" });
  assert.equal(await joon.page.getByRole("button", { name: words("still_hold") }).count(), 0);

  // A colleague listens in, and both are told as long as she does.
  const both = await Promise.all(["joon", "mina"].map((name) => house.welcome(name)));
  await house.who("nari").door.call("PUT /desks/{id}/agents", { id: desk.id, body: { agents: both.map(({ id }) => ({ person: id, skills: [], languages: [] })), teams: [] } });
  const mina = await house.seat("mina", { viewport: DESKTOP });
  await equip(mina);
  await mina.page.goto(`/agent/${ticket}`);
  await mina.page.getByRole("button", { name: words("ticket_actions") }).click();
  await mina.page.getByRole("menuitem", { name: words("ticket_listen") }).click();
  const told = ({ page }) => page.getByText(words("call_listens", { who: "Mina" }));
  for (const one of [joon, dara]) await told(one).waitFor();
  await accessible(dara.page, "somebody listens");
  await Promise.all([dara.picture("desk-listens-phone"), joon.picture("desk-listens-agent")]);
  await press(mina.page, "call_leave");
  for (const one of [joon, dara]) await told(one).waitFor({ state: "detached" });
  await press(joon.page, "call_leave");
});

story("a picture that dara sends is drawn on before her eyes, until she has seen enough", async (house) => {
  const { dara, joon } = await together(house, "visit_ask_chat");
  const shot = await dara.page.screenshot();
  await dara.page.locator("input[type=file]").setInputFiles({ name: "screen.png", mimeType: "image/png", buffer: shot });
  await dara.page.getByRole("button", { name: words("send") }).click();
  await joon.page.getByRole("button", { name: /screen\.png/ }).first().click();
  await joon.page.getByRole("button", { name: words("still_draw") }).click();
  await still(dara.page).getByText(words("still_draws", { who: "Joon" })).waitFor();
  await draws(joon.page, [0.3, 0.3], [0.7, 0.3]);
  await stroke(dara.page, "red");
  assert.ok(near(await colourAt(dara.page, [0.5, 0.3]), RED));
  await dara.picture("desk-drawing-picture-phone");
  await still(dara.page).getByRole("button", { name: words("still_enough") }).click();
  await joon.page.getByRole("dialog", { name: words("still_picture") }).waitFor({ state: "detached" });
});

story("dara shows her screen, with a leave of its own, and joon holds it still", async (house) => {
  const { dara, joon } = await together(house, "visit_ask_voice", { viewport: DESKTOP, page: true });
  await joon.page.getByRole("button", { name: words("ticket_call"), exact: true }).click();
  await dara.page.getByRole("button", { name: words("call_share"), exact: true }).click();
  await sound(dara.page, "a screen is about to be shown");
  await dara.page.getByRole("button", { name: words("visit_screen_yes") }).click();
  await joon.page.waitForFunction(() => [...document.querySelectorAll("video[data-track$='/screen']")].some((it) => it.videoWidth > 0));
  await joon.page.getByRole("button", { name: words("still_hold") }).click();
  await still(dara.page).getByRole("img").waitFor();
  await dara.picture("desk-screen-desktop");
  await still(dara.page).getByRole("button", { name: words("still_enough") }).click();
  await held(joon.page).waitFor({ state: "detached" });
  await dara.page.getByRole("button", { name: words("call_share_stop") }).click();
  await joon.page.waitForFunction(() => ![...document.querySelectorAll("video[data-track$='/screen']")].some((it) => it.videoWidth > 0));
  await press(joon.page, "call_leave");
});
