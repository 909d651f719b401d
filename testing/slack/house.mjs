// A fresh house on this machine, with people and installed apps, for clients that were written for Slack.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { Person } from "./person.mjs";

const run = promisify(execFile);
const MADANG = process.env.MADANG_BIN ?? new URL("../../target/debug/madang", import.meta.url).pathname;
/** As long as anything may take on a busy machine. */
export const PATIENCE = 30_000;

/** Waits until `look` gives something, and gives that. */
export async function until(what, look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

/** A port that nobody has. */
export function freePort() {
  return new Promise((give, fail) => {
    const server = createServer().on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => give(port));
    });
  });
}

export class House {
  /** Sets one up and serves it. */
  static async open() {
    const house = new House();
    house.data = await mkdtemp(join(tmpdir(), "madang-slack-"));
    const owner = ["--workspace", "마당", "--email", "nari@example.com", "--name", "나리", "--password", "마당에 핀 꽃 한 송이"];
    const made = await house.command("setup", ...owner);
    house.owner = { id: made.person, token: made.token };
    await house.serve();
    return house;
  }

  /** One command of the command line; its JSON. */
  async command(...words) {
    const { stdout } = await run(MADANG, [...words, "--data", this.data], { env: { ...process.env, RUST_LOG: "warn" } });
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }

  async serve() {
    const options = ["--data", this.data, "--listen", this.address ?? "127.0.0.1:0", "--outgoing-allowed", "127.0.0.1", "--rate-limit", "0"];
    options.push("--media-listen", "off");
    this.process = spawn(MADANG, ["serve", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    this.log = [];
    createInterface({ input: this.process.stderr }).on("line", (line) => this.log.push(line));
    this.ended = new Promise((go) => this.process.once("exit", go));
    this.origin = await new Promise((give, fail) => {
      const lines = createInterface({ input: this.process.stdout });
      lines.on("line", (line) => {
        const found = /ready at (\S+)/.exec(line);
        if (found) give(found[1].replace(/\/$/, ""));
      });
      this.process.once("exit", (code) => fail(new Error(`madang ended with ${code}: ${this.log.join("\n")}`)));
    });
    this.address = this.origin.replace(/^http:\/\//, "");
    this.api = `${this.origin}/api/`;
  }

  /** Ends it, as an update does; `serve` begins it again at the same address. */
  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
  }

  async close() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** The native API as the owner. */
  async native(method, path, body) {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.owner.token}`, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} is ${answer.status}: ${said}`);
    return said ? JSON.parse(said) : undefined;
  }

  /** A space with everybody who is named; its native id. */
  async space(name, kind = "open") {
    return (await this.native("POST", "/spaces", { name, kind })).space.id;
  }

  /** A member with a device and a token that acts as their Slack client would. */
  async person(name) {
    const email = `${name}@example.com`;
    await this.command("person", "add", "--email", email, "--name", name, "--password", `${name} likes the garden`, "--json");
    const native = await this.command("token", "create", "--person", email, "--json");
    const slack = await this.command("token", "create", "--person", email, "--kind", "slack-user", "--json");
    return Person.connect(this, { id: native.person, name, email, token: native.token, slack: slack.token });
  }

  /** Installs an app from its manifest; what `madang app create` prints. */
  async install(manifest, { spaces = [], person } = {}) {
    const file = join(this.data, `manifest-${Math.random().toString(36).slice(2)}.json`);
    await writeFile(file, JSON.stringify(manifest));
    const more = spaces.flatMap((space) => ["--space", space]);
    if (person) more.push("--person", person);
    // What it prints holds addresses of the house.
    return this.command("app", "create", "--manifest", file, ...more, "--public-url", this.origin, "--json");
  }
}
