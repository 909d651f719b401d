// Short notices at the foot of the screen. `toast("…")` from anywhere; Toasts.svelte shows them.

export type Toast = {
  id: number;
  text: string;
  kind: "info" | "ok" | "error";
  action?: { label: string; run: () => void };
};

const SHORT = 4_000;
/** Long enough to reach for an undo. */
const LONG = 8_000;

let next = 0;
export const toasts = $state<Toast[]>([]);

export function toast(text: string, options: { kind?: Toast["kind"]; action?: Toast["action"] } = {}): number {
  const id = (next += 1);
  const action = options.action ? { action: options.action } : {};
  toasts.push({ id, text, kind: options.kind ?? "info", ...action });
  if (toasts.length > 3) toasts.shift();
  setTimeout(() => dismiss(id), options.action || options.kind === "error" ? LONG : SHORT);
  return id;
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((one) => one.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
