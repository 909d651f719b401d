// A push service on loopback (RFC 8030) and a device that is subscribed there: it opens what only it can read
// (RFC 8291, RFC 8188). Chromium's own push service is Google's; a story hands the opened message to the service
// worker by the DevTools protocol, as the browser would.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

const patience = 15_000;

export async function openPushService() {
  const came = [];
  const waiting = [];
  const server = createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    came.push({ headers: request.headers, body: Buffer.concat(parts) });
    answer.writeHead(201).end();
    for (const look of waiting.splice(0)) look();
  });
  await new Promise((fine) => server.listen(0, "127.0.0.1", fine));

  const key = createECDH("prime256v1");
  key.generateKeys();
  const auth = randomBytes(16);

  /** The text of a message to this device. */
  function open(body) {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + body[20]);
    const record = body.subarray(21 + body[20]);
    const derive = (secret, salt, info, length) => Buffer.from(hkdfSync("sha256", secret, salt, info, length));
    const first = derive(key.computeSecret(sender), auth, Buffer.concat([Buffer.from("WebPush: info\0"), key.getPublicKey(), sender]), 32);
    const cipher = createDecipheriv("aes-128-gcm", derive(first, salt, "Content-Encoding: aes128gcm\0", 16), derive(first, salt, "Content-Encoding: nonce\0", 12));
    cipher.setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    const end = plain.lastIndexOf(2);
    assert.ok(plain.subarray(end + 1).every((byte) => byte === 0), "only zeros follow the delimiter");
    return plain.subarray(0, end).toString();
  }

  return {
    /** As `PushSubscription.toJSON()` gives it. */
    subscription: {
      endpoint: `http://127.0.0.1:${server.address().port}/push/1`,
      keys: { p256dh: key.getPublicKey("base64url"), auth: auth.toString("base64url") },
    },
    /** The next message, opened. */
    async next() {
      const until = Date.now() + patience;
      while (!came.length) {
        const left = until - Date.now();
        assert.ok(left > 0, `no push in ${patience} ms`);
        await new Promise((next) => {
          const timer = setTimeout(next, left);
          waiting.push(() => {
            clearTimeout(timer);
            next();
          });
        });
      }
      return open(came.shift().body);
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** Hands messages to the service worker of a page's origin; gives the function that does it. */
export async function pushTo(page) {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise((found) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const one = registrations.find(({ isDeleted }) => !isDeleted);
      if (one) found(one.registrationId);
    });
  });
  await devtools.send("ServiceWorker.enable");
  const registrationId = await registered;
  const origin = new URL(page.url()).origin;
  return (data) => devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
}
