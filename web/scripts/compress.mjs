// Writes a .br and a .gz beside every built file that is worth it, so that the server never compresses.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const worth = /\.(js|css|html|svg|webmanifest|json|map|txt)$/;

for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const file = new URL(name, dist);
  // The server fills in the door before it sends it.
  if (!worth.test(name) || name.startsWith("door.") || name.startsWith(".vite") || !statSync(file).isFile()) continue;
  const body = readFileSync(file);
  const packed = {
    br: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
    gz: gzipSync(body, { level: 9 }),
  };
  for (const [ending, bytes] of Object.entries(packed)) {
    if (bytes.length < body.length) writeFileSync(new URL(`${name}.${ending}`, dist), bytes);
    else rmSync(new URL(`${name}.${ending}`, dist), { force: true });
  }
}
