// Programs in a call, by an independent client (aiortc, see testing/whip): what it sends is seen and heard in a browser,
// and it sees and hears what a browser sends.
import assert from "node:assert/strict";
import { DESKTOP } from "../harness/browser.mjs";
import { callFlags, equip, hearsVoice, people, press, seesFace, seesNoFace, startCall } from "../harness/calls.mjs";
import { sound } from "../harness/look.mjs";
import { program } from "../harness/program.mjs";
import { houseFor } from "../harness/story.mjs";
import { box } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor({ flags: callFlags });
const words = wordsOf("en");

/** Makes a token in the call, as its sheet shows it. */
async function connect(page, way) {
  await press(page, "call_more");
  await page.getByRole("dialog", { name: words("call_more") }).getByRole("button", { name: words("call_programs"), exact: true }).click();
  const sheet = page.getByRole("dialog", { name: words("call_programs") });
  await sheet.getByRole("radio", { name: words(way) }).check({ force: true });
  await sheet.getByRole("button", { name: words("call_programs_make") }).click();
  const url = await sheet.getByRole("textbox", { name: words("call_programs_url") }).inputValue();
  const token = await sheet.getByRole("textbox", { name: words("call_programs_token") }).inputValue();
  return { sheet, url, token };
}

async function calling(house, title) {
  const space = await house.room(title, ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await equip(nari);
  await nari.page.goto(`/s/${space}`);
  await box(nari.page).waitFor();
  await startCall(nari.page);
  return nari;
}

story("a program that is no browser sends to a call, and is seen and heard until its token is ended", async (house) => {
  const nari = await calling(house, "Studio");
  const { sheet, ...obs } = await connect(nari.page, "call_programs_send");
  await sound(nari.page, "a token for a program");
  await nari.picture("program-token-desktop");
  for (let open = 2; open > 0; open--) await nari.page.keyboard.press("Escape");
  const said = program("send", obs, 600);
  await Promise.all([seesFace(nari.page, "obs"), hearsVoice(nari.page, "obs")]);
  await nari.page.getByText(words("call_screen_of", { who: words("call_program_of", { what: "OBS", who: "Nari" }) })).first().waitFor();
  await nari.picture("program-desktop");
  await press(nari.page, "call_more");
  await nari.page.getByRole("dialog", { name: words("call_more") }).getByRole("button", { name: words("call_programs"), exact: true }).click();
  await sheet.getByRole("button", { name: words("call_programs_end_of", { name: "OBS" }) }).click();
  await seesNoFace(nari.page, "obs");
  for (let open = 2; open > 0; open--) await nari.page.keyboard.press("Escape");
  await press(nari.page, "call_leave");
  said.stop();
});

story("a display that is no browser shows whoever is in the call", async (house) => {
  const nari = await calling(house, "Lobby");
  const { sheet, ...display } = await connect(nari.page, "call_programs_show");
  await sheet.waitFor();
  for (let open = 2; open > 0; open--) await nari.page.keyboard.press("Escape");
  const seen = JSON.parse(await program("show", display, 12));
  assert.ok(seen.pictures > 30, JSON.stringify(seen));
  assert.ok(Math.hypot(...people.nari.colour.map((it, i) => it - seen.colour[i])) < 60, JSON.stringify(seen));
  assert.ok(seen.loudest > 1_000, JSON.stringify(seen));
  await press(nari.page, "call_leave");
});
