// Photos and documents between nari's desktop and joon's phone: every way in, what the other side sees, and
// what an unreliable world does to them.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { acceptInvitation, openWorkspace } from "../harness/arrive.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, openHouse } from "../harness/house.mjs";
import { sound } from "../harness/look.mjs";
import { digest, film, handOver, noise, pdf, photo } from "../harness/media.mjs";

const log = (page) => page.locator("[role=log]").first();
const tray = (page) => page.getByRole("list", { name: "Attached files" }).getByRole("listitem");
const send = (page) => page.getByRole("button", { name: "Send", exact: true }).last().click();
const choose = (page, ...files) => page.locator("input[data-attach=any]").last().setInputFiles(files);
const row = (page, text) => log(page).locator("article", { hasText: text }).last();
const loaded = (images) => images.evaluateAll((all) => all.every((it) => it.complete && it.naturalWidth > 0));

/** Until something read from a page is so. */
async function until(what, read, good) {
  const end = Date.now() + 20_000;
  let value;
  do {
    value = await read();
    if (good(value)) return value;
    await new Promise((next) => setTimeout(next, 50));
  } while (Date.now() < end);
  throw new Error(`${what}: still ${JSON.stringify(value)}`);
}

/** Nari's house with joon in it, both in the space that is there from the start. */
async function twoInGeneral(t, settings = {}) {
  const house = await openHouse({ settings });
  let closed = false;
  t.after(() => closed || house.close());
  const nari = await house.person("nari", { viewport: DESKTOP });
  await openWorkspace(nari.page);
  await nari.page.evaluate((email) => fetch("/api/v1/people", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, role: "member" }) }), addressOf("joon"));
  const { link } = await house.nextMail(addressOf("joon"));
  const joon = await house.person("joon", { viewport: PHONE });
  await acceptInvitation(joon.page, link, "joon", { as: "Joon" });
  for (const { page } of [nari, joon]) {
    await page.getByText("General").first().click();
    await page.locator("input[data-attach=any]").last().waitFor({ state: "attached" });
  }
  return { house, nari, joon, end: async () => ((closed = true), house.close()) };
}

/** A finger on the glass, from one point to another. */
async function swipe(page, from, to) {
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch("touchStart", [from]);
  for (let step = 1; step <= 5; step++) await touch("touchMove", [[from[0] + ((to[0] - from[0]) * step) / 5, from[1] + ((to[1] - from[1]) * step) / 5]]);
  await touch("touchEnd", []);
  await cdp.detach();
}

test("photos and documents arrive by every way in, and are looked at, enlarged and taken along", async (t) => {
  const { nari, joon, end } = await twoInGeneral(t);
  const plan = { name: "계획서.pdf", mimeType: "application/pdf", buffer: pdf("The plan") };
  const photos = [];
  for (const [i, name] of ["one", "two", "three"].entries()) photos.push(await photo(nari.page, `${name}.jpg`, { hue: i * 90, ...(i === 1 && { width: 800, height: 1400 }) }));

  // Chosen, several at once; one taken out again.
  await choose(nari.page, ...photos, plan, { name: "wrong.txt", mimeType: "text/plain", buffer: Buffer.from("not this one") });
  await tray(nari.page).nth(4).waitFor();
  await sound(nari.page, "tray");
  await nari.picture("files-tray");
  await nari.page.getByRole("button", { name: "Remove wrong.txt" }).click();
  await nari.page.locator("textarea").last().fill("From the excursion");

  // The other side keeps the places free before a single picture has come.
  let held = [];
  await joon.page.route("**/thumb?*", (route) => (held ? void held.push(route) : route.continue()));
  await send(nari.page);
  assert.equal(await tray(nari.page).count(), 0);
  const place = () => row(joon.page, "From the excursion").boundingBox();
  await row(joon.page, "From the excursion").locator(".cell").nth(2).waitFor();
  await until("the first picture is asked for", async () => held.length, (asked) => asked > 0);
  const before = await place();
  const waiting = held;
  held = null;
  await Promise.all(waiting.map((route) => route.continue()));
  await until("the pictures", () => loaded(row(joon.page, "From the excursion").locator("img")), Boolean);
  assert.deepEqual(await place(), before, "nothing moved when the pictures came");
  await sound(joon.page, "pictures in a conversation");
  await joon.picture("files-phone");

  // The viewer: opened, walked through by finger and key, enlarged, closed; the focus is back where it was.
  await row(joon.page, "From the excursion").getByRole("button", { name: "Open one.jpg" }).click();
  const viewer = joon.page.getByRole("dialog");
  await viewer.getByText("1 / 3").waitFor();
  const shown = viewer.locator(".slide:not([aria-hidden=true]) img");
  await until("the picture", () => loaded(shown), Boolean);
  await sound(joon.page, "viewer");
  await joon.picture("files-viewer-phone");
  await swipe(joon.page, [300, 400], [60, 400]);
  await viewer.getByText("2 / 3").waitFor();
  await joon.page.keyboard.press("ArrowRight");
  await viewer.getByText("3 / 3").waitFor();
  await until("the picture", () => loaded(shown), Boolean);
  const wide = () => shown.evaluate((it) => it.getBoundingClientRect().width);
  const whole = await wide();
  await joon.page.touchscreen.tap(180, 400);
  await joon.page.touchscreen.tap(180, 400);
  await until("enlarged", wide, (width) => width > whole * 2);
  await joon.page.keyboard.press("0");
  await until("whole again", wide, (width) => Math.abs(width - whole) < 1);
  await swipe(joon.page, [180, 300], [180, 600]);
  await viewer.waitFor({ state: "detached" });
  assert.equal(await joon.page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Open one.jpg");

  // Taken along, the bytes are those that were sent.
  const [download] = await Promise.all([joon.page.waitForEvent("download"), joon.page.getByRole("link", { name: "Download 계획서.pdf" }).click()]);
  assert.equal(download.suggestedFilename(), "계획서.pdf");
  assert.equal(digest(await readFile(await download.path())), digest(plan.buffer));

  // Dragged and pasted.
  const drag = await handOver(nari.page, "drop", [await photo(nari.page, "dragged.png", { type: "image/png", hue: 200 })]);
  await drag.over();
  await nari.page.getByText("Drop here to attach").waitFor();
  await nari.picture("files-drop");
  await drag.drop();
  await handOver(nari.page, "paste", [await photo(nari.page, "image.png", { type: "image/png", width: 300, height: 200, hue: 120 }), { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("안녕 notes\n".repeat(2000)) }]);
  await tray(nari.page).nth(2).waitFor();
  await nari.page.locator("textarea").last().fill("By hand");
  await send(nari.page);
  await until("what she wrote is in sight", () => row(nari.page, "By hand").evaluate((it) => it.getBoundingClientRect().bottom <= it.closest("[role=log]").getBoundingClientRect().bottom + 1), Boolean);
  await row(joon.page, "By hand").getByRole("button", { name: /^notes\.txt/ }).waitFor();

  // A text is read in place, and all files of the space stand in one list that leads back to the message.
  await nari.page.getByRole("button", { name: "Space menu" }).click();
  await nari.page.getByRole("menuitem", { name: "Files" }).click();
  await nari.page.locator(".grid button").nth(4).waitFor();
  await sound(nari.page, "files of a space");
  await nari.picture("files-space");
  await nari.page.getByRole("radio", { name: "Documents" }).check();
  await nari.page.getByRole("button", { name: /notes\.txt/ }).last().click();
  await nari.page.getByRole("dialog").getByText("안녕 notes").first().waitFor();
  await sound(nari.page, "text preview");
  await nari.picture("files-text");
  // The next document is a PDF: in the browser's own viewer, or with a way to open it where there is none.
  await nari.page.getByRole("button", { name: "Next", exact: true }).click();
  const paper = nari.page.getByRole("dialog").locator(".slide:not([aria-hidden=true])");
  await paper.locator("iframe, .note").waitFor();
  assert.equal(await paper.locator("iframe").count(), (await nari.page.evaluate(() => navigator.pdfViewerEnabled)) ? 1 : 0);
  await nari.picture("files-pdf");
  await nari.page.getByRole("button", { name: "Previous", exact: true }).click();
  await nari.page.getByRole("dialog").getByText("안녕 notes").first().waitFor();
  await nari.page.getByRole("button", { name: "Show in conversation" }).click();
  await nari.page.waitForURL(/\/m\/\d+$/);
  await row(nari.page, "By hand").waitFor();
  await end();
});

test("a film plays in place, by ranges", async (t) => {
  const { nari, joon, end } = await twoInGeneral(t);
  const ranges = [];
  joon.page.on("response", (response) => {
    if (response.url().includes("walk.webm")) ranges.push([response.status(), response.request().headers().range]);
  });
  await choose(nari.page, await film(nari.page, "walk.webm"));
  await nari.page.locator("textarea").last().fill("A walk");
  await send(nari.page);
  const video = row(joon.page, "A walk").locator("video");
  await video.waitFor();
  await until("the film plays", () => video.evaluate(async (it) => (await it.play().catch(() => {}), it.currentTime)), (time) => time > 0);
  assert.ok(ranges.some(([status, range]) => status === 206 && range?.startsWith("bytes=")), JSON.stringify(ranges));
  await sound(joon.page, "a film in a conversation");
  await joon.picture("files-film");
  await end();
});

test("an upload outlives a killed server, a lost network and a reload, and can be taken back", async (t) => {
  const { house, nari, joon, end } = await twoInGeneral(t);
  const folder = await mkdtemp(join(tmpdir(), "madang-large-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const large = noise(96 * 1024 * 1024);
  await writeFile(join(folder, "large.bin"), large);
  const share = () => nari.page.getByRole("progressbar").first().getAttribute("aria-valuenow", { timeout: 1_000 }).then(Number, () => 0);

  // The server is killed in the middle: what has arrived is not sent again.
  await nari.page.locator("input[data-attach=any]").last().setInputFiles(join(folder, "large.bin"));
  const reached = await until("a third has arrived", share, (percent) => percent >= 34);
  await house.server.stop("SIGKILL");
  await nari.page.locator("textarea").last().fill("Rather large");
  await send(nari.page);
  await row(nari.page, "Rather large").getByRole("progressbar").waitFor();
  await nari.picture("files-waiting");
  const least = nari.page.evaluate(() => new Promise((resolve) => {
    let least = 100;
    const look = () => {
      const bar = document.querySelector("[role=log] [role=progressbar]");
      if (!bar) return resolve(least);
      if (bar.ariaValueNow !== null) least = Math.min(least, Number(bar.ariaValueNow));
      requestAnimationFrame(look);
    };
    look();
  }));
  await house.server.start();
  const link = joon.page.getByRole("link", { name: /^large\.bin/ });
  await link.waitFor({ timeout: 60_000 });
  assert.ok((await least) >= 33, `it went on at ${await least} % after ${reached} %`);
  const [download] = await Promise.all([joon.page.waitForEvent("download"), link.click()]);
  assert.equal(digest(await readFile(await download.path())), digest(large));

  // Without a network it waits, over a reload too, and goes by itself.
  await nari.context.setOffline(true);
  await choose(nari.page, await photo(nari.page, "tunnel.jpg"));
  await tray(nari.page).first().waitFor();
  await nari.page.locator("textarea").last().fill("From the tunnel");
  await send(nari.page);
  await row(nari.page, "From the tunnel").locator("img").waitFor();
  await nari.picture("files-offline");
  await nari.page.reload();
  await row(nari.page, "From the tunnel").locator("img").waitFor();
  await nari.context.setOffline(false);
  await row(joon.page, "From the tunnel").locator("img").waitFor();

  // Taken back while it is under way: nothing of it is sent.
  await nari.context.setOffline(true);
  await choose(nari.page, { name: "mistake.txt", mimeType: "text/plain", buffer: Buffer.from("a mistake") });
  await tray(nari.page).first().waitFor();
  await nari.page.locator("textarea").last().fill("Without the mistake");
  await send(nari.page);
  await row(nari.page, "Without the mistake").getByRole("button", { name: "Remove mistake.txt" }).click();
  await nari.context.setOffline(false);
  await row(joon.page, "Without the mistake").waitFor();
  assert.equal(await joon.page.getByText("mistake.txt").count(), 0);
  await end();
});

test("a file that is too large is refused with words before it is sent, and faces are cut from pictures", async (t) => {
  const { nari, joon, end } = await twoInGeneral(t, { UPLOAD_LIMIT: "100000" });
  await choose(nari.page, { name: "film.mp4", mimeType: "video/mp4", buffer: noise(200_000) }, { name: "small.txt", mimeType: "text/plain", buffer: Buffer.from("small") });
  await nari.page.getByText("“film.mp4” is too large: 100 KB at most.").waitFor();
  await tray(nari.page).first().waitFor();
  assert.equal(await tray(nari.page).count(), 1);
  await nari.page.getByRole("button", { name: "Remove small.txt" }).click();
  await nari.page.goto("/me/profile");
  await nari.page.locator("input[data-picture]").setInputFiles(await photo(nari.page, "face.jpg", { hue: 300 }));
  const crop = nari.page.getByRole("dialog");
  await crop.locator("canvas").focus();
  await nari.page.keyboard.press("ArrowLeft");
  await crop.getByLabel("Zoom").fill("2");
  await sound(nari.page, "cutting a picture");
  await nari.picture("files-crop");
  await crop.getByRole("button", { name: "Save" }).click();
  await crop.waitFor({ state: "detached" });
  await until("her own face", () => loaded(nari.page.locator(".edit img")), Boolean);
  await nari.page.goto("/");
  await nari.page.getByText("General").first().click();
  await nari.page.locator("textarea").last().fill("My new face");
  await send(nari.page);
  await until("her face at joon's", () => loaded(row(joon.page, "My new face").locator(".avatar img")), Boolean);
  await nari.page.goto("/me/profile");
  await nari.page.getByRole("button", { name: "Remove the picture" }).click();
  await nari.page.locator(".edit img").waitFor({ state: "detached" });
  await end();
});
