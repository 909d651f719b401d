// Somebody else's site that embeds the help: testing/site with a strict policy, on a host of its own, so that it is
// another site than the house for the browser as well. It lets in the scripts and frames of the house, and no more.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../testing/site");
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };

/** `desk` is the key of the desk that it names, `language` what it is written in. `near`: another origin of the same site,
 *  for a private browser as a story has it lets no frame of another site keep anything. */
export async function openShop(house, desk, { language = "en", near = false } = {}) {
  const policy = `default-src 'self'; script-src 'self' ${house}; frame-src ${house}; style-src 'self'; img-src 'self' data:`;
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, "http://shop");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    if (!/^[\w-]+\.(html|css|js)$/.test(name)) return answer.writeHead(404).end();
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text === undefined) return answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": types[extname(name)], "content-security-policy": policy });
    answer.end(text.replaceAll("{{HOUSE}}", house).replaceAll("{{DESK}}", desk).replaceAll("{{LANGUAGE}}", language));
  });
  await new Promise((fine) => server.listen(0, "127.0.0.1", fine));
  return {
    origin: `http://${near ? "127.0.0.1" : "localhost"}:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
