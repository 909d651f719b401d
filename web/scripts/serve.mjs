// Serves a built client on a free loopback port under the same security headers as the server, so that a
// look at it (scripts/look.mjs) also finds whatever those headers forbid. Development only.
import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

export const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "media-src 'self' blob:",
  "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'",
  "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types svelte-trusted-html madang-workers",
].join("; ");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };

/** Answers the address and how to stop. */
export function serve(root) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const api = path.startsWith("/api/");
    const wanted = join(root, path);
    const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(root, "index.html");
    response.writeHead(api ? 404 : 200, { "content-security-policy": policy, "content-type": types[extname(file)] ?? "application/octet-stream", "x-content-type-options": "nosniff" });
    response.end(api ? "{}" : readFileSync(file));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }));
  });
}
