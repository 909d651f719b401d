// Leaving: nari takes the whole workspace along, joon what is his, and then he is erased, on every screen at once.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { enter, hears, pane, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");
const main = (page) => pane(page, "main");

/** A part of a ZIP, or the list of its parts. */
const unzip = (file, part) => execFileSync("unzip", part ? ["-p", file, part] : ["-Z1", file], { encoding: "utf8", maxBuffer: 1 << 26 });

/** Presses what downloads, and gives where it lies. */
async function downloaded(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return download.path();
}

story("nari exports, joon takes what is his, and once he is erased he is out and nameless on mina's screen", async (house) => {
  const garden = await house.room("Garden", ["joon", "mina"], { kind: "open" });
  const { door } = house.who("nari");
  const closed = await door.space("Board", { kind: "closed" });
  await door.call("POST /spaces/{id}/messages", { id: closed, body: { text: "only the board reads this" } });

  const joon = await house.seat("joon", { viewport: DESKTOP });
  const mina = await house.seat("mina", { viewport: PHONE });
  await joon.page.goto(`/s/${garden}`);
  await say(joon.page, "the roses are out");
  await mina.page.goto(`/s/${garden}`);
  await hears(mina.page, "the roses are out");
  await main(mina.page).locator("article", { hasText: "the roses are out" }).getByText("Joon").first().waitFor();

  // Open spaces only; everybody's closed ones stay out.
  const nari = await house.seat("nari", { viewport: PHONE });
  await nari.page.goto("/admin/export");
  await main(nari.page).getByText(words("export_none")).waitFor();
  await sound(nari.page, "nothing exported yet");
  await main(nari.page).getByRole("button", { name: words("export_begin"), exact: true }).click();
  const done = main(nari.page).getByRole("article", { name: words("export_open") });
  const all = await downloaded(nari.page, done.getByRole("link", { name: words("export_download") }));
  await sound(nari.page, "an export that is done");
  await nari.picture("export-done-phone");
  assert.match(unzip(all, `spaces/${garden}/messages.jsonl`), /the roses are out/);
  assert.ok(!unzip(all).includes(closed), "a closed space is left out");
  assert.match(unzip(all, "people.jsonl"), /Joon/);

  // With the private ones it asks first, and whoever is in them is told.
  await main(nari.page).getByRole("switch", { name: words("export_private") }).click();
  await main(nari.page).getByRole("button", { name: words("export_begin"), exact: true }).click();
  const asked = nari.page.getByRole("dialog", { name: words("export_ask") });
  await asked.waitFor();
  await sound(nari.page, "asked whether private conversations go too");
  await asked.getByRole("button", { name: words("export_ask_do") }).click();
  const whole = main(nari.page).getByRole("article", { name: words("export_everything") });
  const everything = await downloaded(nari.page, whole.getByRole("link", { name: words("export_download") }));
  assert.match(unzip(everything, `spaces/${closed}/messages.jsonl`), /only the board reads this/);
  await nari.page.goto(`/s/${closed}`);
  await main(nari.page).getByText(words("notice_exported", { who: "Nari" })).waitFor();

  // What joon takes along is his.
  await joon.page.goto("/me/profile");
  const own = await downloaded(joon.page, main(joon.page).getByRole("link", { name: words("my_data_zip") }));
  assert.match(unzip(own, "data.jsonl"), /the roses are out/);
  assert.ok(!unzip(own, "data.jsonl").includes("only the board"));
  await joon.page.goto("/");
  await enter(joon.page, "Garden");

  // Erased: out at once, without a name where mina reads, and the exports from before are gone.
  await nari.page.goto("/admin/people");
  await nari.page.getByRole("button", { name: words("person_actions", { name: "Joon" }) }).click();
  await nari.page.getByRole("menu").getByText(words("erase_person"), { exact: true }).click();
  const sure = nari.page.getByRole("dialog", { name: words("erase_title", { name: "Joon" }) });
  await sure.getByLabel(words("erase_type", { name: "Joon" })).fill("Joon");
  await sure.getByRole("button", { name: words("erase_person"), exact: true }).click();
  await joon.page.getByRole("button", { name: words("signin_button") }).waitFor();
  const left = main(mina.page).locator("article", { hasText: "the roses are out" });
  await left.getByText("Deleted person").first().waitFor();
  assert.equal(await main(mina.page).getByText("Joon").count(), 0, "his name is nowhere");
  await nari.page.goto("/admin/export");
  await main(nari.page).getByText(words("export_none")).waitFor();
});

story("a member finds no way to an export", async (house) => {
  await house.welcome("bora");
  const { page } = await house.seat("bora", { viewport: PHONE });
  await page.goto("/admin/export");
  await main(page).getByText(words("admin_not_yours")).first().waitFor();
  assert.equal(await page.getByRole("button", { name: words("export_begin"), exact: true }).count(), 0);
});
