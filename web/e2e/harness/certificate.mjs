// A certificate for this machine that one browser and one process believe in, and nobody else.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The settings of a server that speaks https with it, and the flag by which Chromium takes it, also outside of pages. */
export function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "madang-e2e-tls-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(folder, name));
  const of = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, ...of], { stdio: "ignore" });
  const known = createPublicKey(new X509Certificate(readFileSync(cert)).publicKey.export({ type: "spki", format: "pem" }));
  const print = createHash("sha256").update(known.export({ type: "spki", format: "der" })).digest("base64");
  // What the story itself asks over HTTP: its process talks to this server alone.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  return { settings: { TLS_CERT: cert, TLS_KEY: key }, flags: [`--ignore-certificate-errors-spki-list=${print}`], file: cert };
}
