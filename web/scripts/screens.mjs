// Takes a picture of every screen into target/screens (phone and desktop, Korean and English, light and dark),
// and copies those that the documents show into docs/images. `npm run screens`; not part of the tests.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const house = fileURLToPath(new URL("../../", import.meta.url));
const pictures = `${house}target/screens`;
/** What the README and the guides show, and the picture it is. */
const shown = {
  "desktop.png": "guests-desktop-en-light.png",
  "desktop-ko.png": "thread-desktop-ko-light.png",
  "phone-ko.png": "space-phone-ko-light.png",
  "phone-dark.png": "chats-phone-ko-dark.png",
};

rmSync(pictures, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["--test", "--test-timeout=900000", "e2e/stories/screens.story.mjs"], {
  cwd: `${house}web`,
  env: { ...process.env, MADANG_PICTURES: pictures },
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
mkdirSync(`${house}docs/images`, { recursive: true });
for (const [name, picture] of Object.entries(shown)) copyFileSync(`${pictures}/${picture}`, `${house}docs/images/${name}`);
console.log(`pictures of every screen are in ${pictures}`);
