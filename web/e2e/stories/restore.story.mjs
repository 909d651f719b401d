// A restored backup is another history: open pages notice by themselves and read again.
import assert from "node:assert/strict";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, row, say } from "../harness/talk.mjs";

const story = houseFor();

story("an open page finds its way by itself when the house was restored from a backup", async (house) => {
  const space = await house.room("History", ["joon"]);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  await Promise.all([nari.page.goto(`/s/${space}`), joon.page.goto(`/s/${space}`)]);
  await Promise.all([box(nari.page).waitFor(), box(joon.page).waitFor()]);
  await say(nari.page, "Before the backup");
  await hears(joon.page, "Before the backup");

  const aside = await mkdtemp(join(tmpdir(), "madang-e2e-backup-"));
  try {
    await house.server.command("backup", join(aside, "backup"));
    await say(joon.page, "After the backup");
    await hears(nari.page, "After the backup");

    await house.server.stop();
    await rename(house.server.data, join(aside, "lost"));
    await house.server.command("restore", join(aside, "backup"), "--root-key", join(aside, "lost", "root.key"));
    await house.server.start();

    // Nobody touches the pages: what the restored house does not know is gone from both.
    await Promise.all([nari.page, joon.page].map((page) => row(page, "After the backup").waitFor({ state: "detached", timeout: 40_000 })));
    await Promise.all([hears(nari.page, "Before the backup"), hears(joon.page, "Before the backup")]);
    await say(joon.page, "A new beginning");
    await hears(nari.page, "A new beginning");
    await say(nari.page, "I hear you");
    await hears(joon.page, "I hear you");
    await nari.page.reload();
    await hears(nari.page, "I hear you");
    assert.equal(await row(nari.page, "After the backup").count(), 0);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
});
