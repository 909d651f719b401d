// A program in a call that is no browser (aiortc, see testing/whip).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { people } from "./calls.mjs";

const python = fileURLToPath(new URL("../../../target/whip/bin/python", import.meta.url));
const script = fileURLToPath(new URL("../../../testing/whip/program.py", import.meta.url));
// What the program sends (testing/whip/program.py).
people.obs = { tone: 1000, colour: [150, 40, 190] };

/** Runs the program; `said` is what it printed, once it has ended. `more` are variables for it. */
export function program(what, { url, token }, seconds, more = {}) {
  assert.ok(existsSync(python), "testing/install.sh installs aiortc");
  const child = spawn(python, [script, what, url, token, String(seconds)], { env: { ...process.env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let wrong = "";
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (wrong += text));
  const said = new Promise((resolve, reject) => child.on("exit", (code) => (code === 0 ? resolve(out) : reject(new Error(`the program ended with ${code}: ${wrong}`)))));
  said.catch(() => undefined);
  return Object.assign(said, { stop: () => child.kill() });
}
