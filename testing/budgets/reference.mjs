// The page that the starts are measured beside: the style of the client in one sheet, a list of a dozen lines, no script.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";

const dist = new URL("../../web/dist/", import.meta.url);
const line = (n) => `<li><a href="#${n}"><span>A line of the list, as long as a name and some words of a message ${n}</span></a></li>`;
const page = (style) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Reference</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/${style}"></head><body><main><h1>Chats</h1><ul>${Array.from({ length: 12 }, (_, n) => line(n)).join("")}</ul></main></body></html>`;

/** Serves it on a port of its own. The style sheet is kept by the browser, as every file of the client is. */
export function openReference() {
  const styles = readdirSync(new URL("assets/", dist)).filter((name) => /^(first|house)-.*\.css$/.test(name));
  const css = Buffer.concat(styles.map((name) => readFileSync(new URL(`assets/${name}`, dist))));
  const style = "first.css";
  const server = createServer(({ url }, answer) => {
    const isStyle = url === `/${style}`;
    answer.writeHead(200, { "content-type": isStyle ? "text/css" : "text/html; charset=utf-8", "cache-control": "max-age=31536000, immutable" });
    answer.end(isStyle ? css : page(style));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ origin: `http://127.0.0.1:${server.address().port}`, stop: () => (server.closeAllConnections(), server.close()) }));
  });
}
