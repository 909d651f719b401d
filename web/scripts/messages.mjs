// Compiles the words (messages/*.json) into src/paraglide, if they changed since: it takes ten seconds, and every build,
// check and test wants them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { compile } from "@inlang/paraglide-js";

const at = (path) => new URL(`../${path}`, import.meta.url);
const outdir = "src/paraglide";
const stamp = at(`${outdir}/made-of.txt`);

const hash = createHash("sha256");
const sources = ["project.inlang/settings.json", "package-lock.json", "scripts/messages.mjs", ...readdirSync(at("messages/")).map((name) => `messages/${name}`)];
for (const name of sources.sort()) hash.update(name).update("\0").update(readFileSync(at(name)));
const made = hash.digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== made) {
  process.chdir(at("").pathname);
  await compile({ project: "./project.inlang", outdir: `./${outdir}`, strategy: ["globalVariable", "baseLocale"], emitGitIgnore: false });
  writeFileSync(stamp, made);
}
