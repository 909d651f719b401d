// A bad network between a browser and the media server (the netsim of madang-test): seeded loss, delay and jitter, a
// blackout, another address. What the browser is told of the server's media is changed to lead there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { binary } from "./server.mjs";

const tool = join(dirname(binary), "madang-test");

/** Has a page remember the media server's UDP port. Before any of its scripts run. */
export const listensForPort = ({ context }) => context.addInitScript(noted);
/** That port, once the page is in a call. */
export const portOf = async (page) => (await page.waitForFunction(() => globalThis.__mediaPort)).jsonValue();
/** Has the media of a seat take this way and no other. Before it opens a page. */
export const leadsTo = ({ context }, port) => context.addInitScript(led, port);

// Run in the page.
function noted() {
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (said) {
    globalThis.__mediaPort = Number(/^a=candidate:\S+ \d+ udp \d+ \S+ (\d+)/im.exec(said.sdp)?.[1]);
    return set.call(this, said);
  };
}
function led(port) {
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const lines = sdp.split("\r\n").filter((line) => !/^a=candidate:\S+ \d+ tcp /i.test(line));
    const elsewhere = lines.map((line) => line.replace(/^(a=candidate:\S+ \d+ udp \d+ \S+ )\d+/i, `$1${port}`));
    return set.call(this, { type, sdp: elsewhere.join("\r\n") });
  };
  // Relays would be a way around it.
  globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, { construct: (Real, [how]) => new Real({ ...how, iceServers: [] }) });
}

/** Starts the network before the server's media port. `tell` gives it an order and waits until it has obeyed. */
export async function openNetsim(port, seed) {
  assert.ok(existsSync(tool), `${tool} is not there: cargo build -p madang-test`);
  const child = spawn(tool, ["netsim", `127.0.0.1:${port}`, `seed=${seed}`], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async () => {
    const { value, done } = await lines.next();
    assert.ok(!done, "the network ended");
    return value;
  };
  const said = await heard();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    port: Number(/ at \S+:(\d+) /.exec(said)?.[1]),
    async tell(order) {
      child.stdin.write(`${order}\n`);
      return heard();
    },
    async close() {
      child.stdin.end();
      assert.equal(await ended, 0, "the network ended well");
    },
  };
}
