// The real server: its own data folder, a port that the system chose, its log kept for the end.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const execute = promisify(execFile);

const house = resolve(import.meta.dirname, "../../..");
export const binary = process.env.MADANG_BIN ?? join(house, "target/debug/madang");
const ready = /madang is ready at (https?:\/\/[\d.]+:(\d+))/;
const patience = 30_000;

/** What shows one process a later time than everybody else's: `laterBy(20)` days. testing/install.sh brings libfaketime. */
function laterBy(days) {
  const library = readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`).find(existsSync);
  if (!library) throw new Error("testing/install.sh installs libfaketime");
  // Waiting goes by the clock that never jumps.
  return { LD_PRELOAD: library, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1" };
}

/**
 * Starts `madang serve`.
 * @param {{settings?: Record<string, string | undefined>}} options settings: more `MADANG_…` variables, without the prefix;
 * one that is undefined is not set at all
 */
export async function startServer({ settings = {} } = {}) {
  const data = await mkdtemp(join(tmpdir(), "madang-e2e-"));
  const log = [];
  let child, origin, port = "0";

  async function start({ later = 0 } = {}) {
    const env = { ...process.env, ...(later && laterBy(later)) };
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) delete env[`MADANG_${name}`];
      else env[`MADANG_${name}`] = value;
    }
    child = spawn(binary, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { env, stdio: ["ignore", "pipe", "pipe"] });
    const started = new Promise((fine, broken) => {
      const tooLate = setTimeout(() => {
        broken(new Error(`the server is not ready after ${patience} ms\n${log.join("\n")}`));
        // Nobody stops it otherwise, and the stories would wait for its end.
        child.kill("SIGKILL");
      }, patience);
      const read = (line) => {
        log.push(line);
        const found = ready.exec(line);
        if (!found) return;
        clearTimeout(tooLate);
        [, origin, port] = found;
        fine();
      };
      createInterface({ input: child.stdout }).on("line", read);
      createInterface({ input: child.stderr }).on("line", read);
      child.once("error", broken);
      child.once("exit", (code, signal) => broken(new Error(`the server ended (${code ?? signal})\n${log.join("\n")}`)));
    });
    await started;
  }

  /** Ends it, by default as a supervisor would. Answers with its exit code. */
  async function stop(signal = "SIGTERM") {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  await start();
  return {
    get origin() { return origin; },
    data,
    log,
    stop,
    /** Starts it again on the same port: open pages find it by themselves. With `later`, so many days have passed. */
    start,
    async restart(signal) {
      await stop(signal);
      await start();
    },
    /** Another command of the binary on the same data: `server.command("backup", folder)`. */
    command: (...args) => execute(binary, [...args, "--data", data]),
    async remove() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
    /** Files of the data folder, and the log, that hold one of these secrets in the clear. */
    async leaks(secrets) {
      const found = [];
      const holds = (bytes) => secrets.some((secret) => bytes.includes(secret));
      for (const name of await readdir(data, { recursive: true, withFileTypes: true })) {
        if (!name.isFile()) continue;
        const path = join(name.parentPath ?? name.path, name.name);
        if (holds(await readFile(path))) found.push(path);
      }
      if (holds(Buffer.from(log.join("\n")))) found.push("the log");
      return found;
    },
  };
}
