// The service worker's part of push, told what the browser tells it.
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

const shown: { title: string; options: Record<string, unknown> }[] = [];
const badge: (number | "clear")[] = [];
const asked: { path: string; method: string; body?: unknown }[] = [];
const open: { tag: string; data: unknown; close: () => void }[] = [];
const keys: unknown[] = [];
const house = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM";
const scope = new EventTarget();

beforeAll(async () => {
  const subscription = { endpoint: "https://push.example/2", keys: { p256dh: "p", auth: "a" } };
  Object.assign(scope, {
    clients: { matchAll: () => Promise.resolve([]) },
    registration: {
      showNotification: (title: string, options: Record<string, unknown>) => Promise.resolve(void shown.push({ title, options })),
      getNotifications: () => Promise.resolve(open),
      pushManager: { subscribe: ({ applicationServerKey }: { applicationServerKey: string }) => (keys.push(applicationServerKey), Promise.resolve(subscription)) },
    },
  });
  vi.stubGlobal("self", scope);
  vi.stubGlobal("navigator", {
    language: "ko-KR",
    setAppBadge: (count: number) => Promise.resolve(void badge.push(count)),
    clearAppBadge: () => Promise.resolve(void badge.push("clear")),
  });
  vi.stubGlobal("fetch", (path: string, { method = "GET", body }: { method?: string; body?: string } = {}) => {
    asked.push({ path, method, ...(body && { body: JSON.parse(body) as unknown }) });
    return Promise.resolve({ ok: true, json: () => Promise.resolve({ key: house, subscribed: false }) });
  });
  await import("./push");
});

beforeEach(() => [shown, badge, asked, open, keys].forEach((list) => list.splice(0)));

/** Gives an event to the worker, and waits as long as it asks to be waited for. */
async function happens(name: string, more: object = {}): Promise<void> {
  let done: Promise<unknown> = Promise.resolve();
  scope.dispatchEvent(Object.assign(new Event(name), { waitUntil: (promise: Promise<unknown>) => (done = promise) }, more));
  await done;
}

const pushed = (said: unknown) => happens("push", { data: { json: () => said } });

it("sets the number of what waits on the icon, and takes it away with the last", async () => {
  await pushed({ app_badge: "3", notification: { title: "Garden", tag: "g" } });
  await pushed({ app_badge: "0", notification: { title: "Garden", tag: "g" } });
  await pushed({ notification: { title: "Garden", tag: "g" } });
  expect(badge).toEqual([3, "clear"]);
});

it("shows something for every push, also for one that cannot be read", async () => {
  await happens("push", { data: { json: () => { throw new SyntaxError("no JSON"); } } });
  await pushed(null);
  await happens("push", { data: null });
  expect(shown.map(({ title }) => title)).toEqual(["마당", "마당", "마당"]);
});

it("takes away what was read elsewhere, and nothing else", async () => {
  const closed: string[] = [];
  const of = (tag: string, data: unknown) => open.push({ tag, data, close: () => closed.push(tag) });
  of("read", { space: "read" });
  of("unread", { space: "unread" });
  of("read/reply", { path: "/s/read" });
  await pushed({ unread: ["unread"], notification: { title: "Garden", tag: "unread" } });
  expect(closed).toEqual(["read"]);
});

it("tells the house the new address that the browser gave this device", async () => {
  await happens("pushsubscriptionchange");
  expect(keys).toEqual([house]);
  expect(asked).toEqual([
    { path: "/api/v1/me/push", method: "GET" },
    { path: "/api/v1/me/push", method: "PUT", body: { endpoint: "https://push.example/2", keys: { p256dh: "p", auth: "a" } } },
  ]);
});

it("marks as read from the notification", async () => {
  const notification = { data: { space: "9", seq: 4 }, close: () => undefined };
  await happens("notificationclick", { notification, action: "read" });
  expect(asked).toEqual([{ path: "/api/v1/spaces/9/read", method: "PUT", body: { seq: 4 } }]);
});

it("lets a call ring until somebody acts, declines from the notification, and opens the page to answer", async () => {
  await pushed({ notification: { title: "Nari", tag: "9/call", require_interaction: true, data: { kind: "call", call: "c", space: "9", path: "/s/9" } } });
  expect(shown[0]?.options).toMatchObject({ tag: "9/call", requireInteraction: true });
  const opened: string[] = [];
  Object.assign((scope as unknown as { clients: object }).clients, { openWindow: (path: string) => Promise.resolve(void opened.push(path)) });
  const notification = { data: { kind: "call", call: "c", space: "9", path: "/s/9" }, close: () => undefined };
  await happens("notificationclick", { notification, action: "decline" });
  await happens("notificationclick", { notification, action: "answer" });
  expect(asked).toEqual([{ path: "/api/v1/calls/c/decline", method: "POST", body: {} }]);
  expect(opened).toEqual(["/s/9#answer-c"]);
});
