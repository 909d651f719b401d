// A wire of its own between one browser and the server, which a story can cut and mend. Unlike the browser's
// "offline" it also holds for workers, and the browser is not told of it.
import net from "node:net";

/** @param {() => number} port where the server is at present */
export async function openLine(port) {
  const pairs = new Set();
  let whole = true;
  let answers = true;

  const server = net.createServer((near) => {
    if (!whole) return near.destroy();
    const far = net.connect(port(), "127.0.0.1");
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const side of pair) side.setNoDelay(true).on("error", end).on("close", end);
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => answers && near.write(bytes));
  });
  await new Promise((fine, broken) => {
    server.once("error", broken);
    server.listen(0, "127.0.0.1", fine);
  });
  const hangUp = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  return {
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
