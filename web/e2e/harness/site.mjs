// A site on loopback with one page and its picture. It answers when the story lets it, so that the story sees the
// page before and after.
import { createServer } from "node:http";

export async function openSite({ title, description, picture }) {
  const asked = [];
  let hold = Promise.resolve();
  let release = () => {};
  const server = createServer(async (request, answer) => {
    asked.push({ path: request.url, headers: request.headers });
    await hold;
    if (request.url.startsWith("/picture")) return answer.writeHead(200, { "content-type": "image/jpeg" }).end(picture());
    if (request.url === "/nothing") return answer.writeHead(404).end();
    const page = `<!doctype html><meta charset=utf-8><title>${title}</title><meta name=description content="${description}"><meta property=og:image content="/picture.jpg">`;
    answer.writeHead(200, { "content-type": "text/html" }).end(page);
  });
  await new Promise((fine) => server.listen(0, "127.0.0.1", fine));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    asked,
    /** Nobody gets an answer until `letGo`. */
    hold() {
      hold = new Promise((go) => (release = go));
    },
    letGo: () => release(),
    close() {
      release();
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
