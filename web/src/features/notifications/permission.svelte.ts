// Whether this device shows notifications: what the browser allows, and what the person chose here. Asked for
// by a button, never by itself.

const KEY = "madang.notifications";
export type Allowed = "granted" | "denied" | "default" | "impossible";

const now = (): Allowed => ("Notification" in globalThis && "serviceWorker" in navigator ? Notification.permission : "impossible");

let allowed = $state<Allowed>(now());
let chosen = $state(globalThis.localStorage?.getItem(KEY) !== "off");

export const permission = {
  get allowed(): Allowed {
    return allowed;
  },
  /** The person's choice on this device, which counts where the browser allows it. */
  get chosen(): boolean {
    return chosen;
  },
  set chosen(on: boolean) {
    chosen = on;
    localStorage.setItem(KEY, on ? "on" : "off");
  },
  get on(): boolean {
    return allowed === "granted" && chosen;
  },
  async ask(): Promise<void> {
    await Notification.requestPermission();
    allowed = now();
    if (allowed === "granted") permission.chosen = true;
  },
  /** Looks again: the person may have changed it in the browser's settings. */
  look(): void {
    allowed = now();
  },
};
