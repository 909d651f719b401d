// A wire of its own between one browser and the server, which a story can cut and mend. Unlike the browser's
// "offline" it also holds for workers, and the browser is not told of it.
import net from "node:net";

/** @param {() => number} port where the server is at present */
export async function openLine(port) {
  const pairs = new Set();
  let whole = true;
  let answers = true;
  let numbered = 0;
  const log = [];
  /** What passed, for whoever looks into a failure: the first line of each request and answer, and every end. */
  const note = (wire, what) => log.push(`${new Date().toISOString()} wire ${wire} ${what}`);
  const firstLine = (bytes) => /^(?:[A-Z]+ \S+ HTTP|HTTP\/1\.1 \d+)[^\r]*/.exec(bytes.subarray(0, 300).toString("latin1"))?.[0];

  const server = net.createServer((near) => {
    if (!whole) return near.destroy();
    const far = net.connect(port(), "127.0.0.1");
    const pair = [near, far];
    const wire = ++numbered;
    pairs.add(pair);
    const end = () => {
      if (pairs.delete(pair)) note(wire, "ended");
      near.destroy();
      far.destroy();
    };
    for (const side of pair) side.setNoDelay(true).on("error", end).on("close", end);
    const pass = (to, bytes, goes = true) => {
      const line = firstLine(bytes);
      if (line) note(wire, goes ? line : `${line} (lost)`);
      if (goes) to.write(bytes);
    };
    near.on("data", (bytes) => pass(far, bytes));
    far.on("data", (bytes) => pass(near, bytes, answers));
  });
  await new Promise((fine, broken) => {
    server.once("error", broken);
    server.listen(0, "127.0.0.1", fine);
  });
  const hangUp = () => {
    if (pairs.size) note("*", "hung up");
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  return {
    log,
    origin: `http://127.0.0.1:${server.address().port}`,
    /** Nothing gets through any more, and nobody is told why. */
    cut() {
      whole = false;
      hangUp();
    },
    /** What is sent arrives; what is answered does not. */
    loseAnswers() {
      answers = false;
    },
    mend() {
      hangUp();
      whole = answers = true;
    },
    close() {
      hangUp();
      return new Promise((closed) => server.close(closed));
    },
  };
}
