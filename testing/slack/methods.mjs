// Every method that the SDKs know: what the house does not have says so, and nothing else.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { spawnSync } from "node:child_process";

import { PYTHON } from "./bots.mjs";

/** From the methods that @slack/web-api binds. */
async function javascript() {
  const main = createRequire(import.meta.url).resolve("@slack/web-api");
  const source = await readFile(join(dirname(main), "methods.js"), "utf8");
  return [...source.matchAll(/bindApiCall\w*\(this, ['"]([\w.]+)['"]/g)].map((it) => it[1]);
}

/** From the calls in Python's slack_sdk. */
async function python() {
  const found = spawnSync(PYTHON, ["-c", "import slack_sdk.web, os; print(os.path.dirname(slack_sdk.web.__file__))"], { encoding: "utf8" });
  const folder = found.stdout.trim();
  const source = await readFile(join(folder, "client.py"), "utf8");
  assert.ok((await readdir(folder)).includes("async_client.py"));
  return [...source.matchAll(/api_call\(\s*"([\w.]+)"/g)].map((it) => it[1]);
}

export async function known() {
  const all = new Set([...(await javascript()), ...(await python())]);
  assert.ok(all.size > 250, `the SDKs know ${all.size} methods`);
  return [...all].sort();
}

/** From the table of our own. */
export async function registered() {
  const folder = new URL("../../crates/madang-slack/src/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((it) => it.endsWith(".rs"));
  const sources = await Promise.all(files.map((it) => readFile(new URL(it, folder), "utf8")));
  return sources.flatMap((it) => [...it.matchAll(/method!\(\s*"([\w.]+)"/g)].map((found) => found[1]));
}

/** Asks each of them without arguments; gives those that are there. */
export async function asked(house, token) {
  const there = [];
  for (const method of await known()) {
    const answer = await fetch(house.api + method, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, `${method} is ${answer.status}`);
    const said = await answer.json();
    assert.equal(typeof said.ok, "boolean", method);
    if (said.error !== "unknown_method") there.push({ method, said });
  }
  return there;
}
