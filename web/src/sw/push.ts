// Push in the service worker: every push shows a notification (a browser that sees none takes the subscription
// away), a press opens the message, an answer or "read" is sent from here. What is shown came from the house,
// encrypted to this device, in the person's language.

export {};

const worker = self as unknown as ServiceWorkerGlobalScope;

interface Data { kind?: string; call?: string; path?: string; space?: string; seq?: number; thread?: number | null; lang?: string; mark?: string }
interface Said {
  app_badge?: string;
  /** The spaces whose notifications may stay; what was read elsewhere is not among them. */
  unread?: string[];
  notification?: { title: string; navigate?: string; data?: Data; require_interaction?: boolean } & NotificationOptions;
}

const look = { icon: "/icons/mark-192.png", badge: "/icons/mark-192.png" };
const korean = (lang = navigator.language) => lang.startsWith("ko");

worker.addEventListener("push", (event) => event.waitUntil(arrived(event)));

async function arrived(event: PushEvent): Promise<void> {
  const { notification, unread, app_badge } = read(event);
  // Safari shows a declarative message by itself, and gives no data then.
  if (!event.data && "notification" in event && event.notification) return;
  const { title, navigate: _, require_interaction: requireInteraction = false, ...options } = notification ?? { title: korean() ? "마당" : "Madang", body: korean() ? "새 메시지가 있어요" : "A new message" };
  const pages = await worker.clients.matchAll({ type: "window" });
  // It came in sight while the push was on its way: shown all the same, without a sound.
  const silent = pages.some((page) => page.visibilityState === "visible");
  await worker.registration.showNotification(title, { ...look, ...options, requireInteraction, silent, renotify: !silent && !!options.tag } as NotificationOptions);
  for (const page of pages) page.postMessage({ pushed: options.data });
  if (unread) for (const one of await worker.registration.getNotifications()) if (stale(one, unread)) one.close();
  const count = Number(app_badge);
  if (app_badge !== undefined) await (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => undefined);
}

function read(event: PushEvent): Said {
  try {
    return (event.data?.json() as Said | null) ?? {};
  } catch {
    return {};
  }
}

/** Of a space that was read meanwhile. */
function stale({ tag, data }: Notification, unread: string[]): boolean {
  return (data as Data | null)?.space === tag && !unread.includes(tag);
}

// A press on a notification opens what it is about, in a page that is open if there is one.
worker.addEventListener("notificationclick", (event) => {
  const { notification, action, reply } = event as NotificationEvent & { reply?: string };
  const data = (notification.data ?? {}) as Data;
  notification.close();
  if (action === "read" && data.space) event.waitUntil(ask("PUT", `spaces/${data.space}/read`, { seq: data.seq }));
  else if (action === "decline" && data.call) event.waitUntil(ask("POST", `calls/${data.call}/decline`, {}));
  // The page takes the call when it rings there (features/calls/house.svelte.ts).
  else if (action === "answer" && data.call) event.waitUntil(show(`${data.path}#answer-${data.call}`));
  else if (action === "reply" && data.space && reply?.trim()) event.waitUntil(answer(data, reply));
  else event.waitUntil(show(data.path ?? "/"));
});

async function answer({ space, seq, thread, path, lang }: Data, text: string): Promise<void> {
  const sent = await ask("POST", `spaces/${space}/messages`, { client_id: crypto.randomUUID(), text, ...(thread && { thread }) });
  if (sent) return void (await ask("PUT", `spaces/${space}/read`, { seq }));
  const title = korean(lang) ? "답장을 보내지 못했어요" : "Your reply was not sent";
  await worker.registration.showNotification(title, { ...look, body: text, tag: `${space}/reply`, data: { path } });
}

/** Whether the house did it. */
async function ask(method: string, of: string, body: unknown): Promise<boolean> {
  const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return fetch(`/api/v1/${of}`, init).then(({ ok }) => ok, () => false);
}

async function show(path: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!open) return void (await worker.clients.openWindow(path));
  open.postMessage({ go: path });
  await open.focus();
}

// The browser gave this device another address. Not all of them say so: the page renews it at every start too.
worker.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(renew());
});

async function renew(): Promise<void> {
  const { key } = (await (await fetch("/api/v1/me/push")).json()) as { key: string };
  const subscription = await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await fetch("/api/v1/me/push", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(subscription) });
}
