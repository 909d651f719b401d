// Walking between screens: the history, one click handler for every link of ours, and the present route.
import { href, match, type Route } from "./paths";

export { href };

let path = $state(location.pathname);
let steps = $state(0);

const route = $derived<Route | null>(match(path));

export const nav = {
  /** The present screen; null when the address means none. */
  get route(): Route | null {
    return route;
  },
  get path(): string {
    return path;
  },
  /** Counts arrivals, so that focus moves even when the same screen is chosen again. */
  get steps(): number {
    return steps;
  },
};

function arrive(): void {
  path = location.pathname;
  steps += 1;
}

/** A step in the history that stays on the same path belongs to an open sheet, not to us. */
function onPopState(): void {
  if (path !== location.pathname) arrive();
}

/** Goes to a path of ours. `replace` leaves no step to come back to. */
export function go(to: string, { replace = false } = {}): void {
  const inside = (history.state as { depth?: number } | null)?.depth ?? 0;
  if (replace || to === location.pathname) history.replaceState({ depth: inside }, "", to);
  else history.pushState({ depth: inside + 1 }, "", to);
  arrive();
}

/** One step back inside the app; where there is none (a deep link), up to the given path. */
export function back(up: string): void {
  if (((history.state as { depth?: number } | null)?.depth ?? 0) > 0) history.back();
  else go(up, { replace: true });
}

/** Starts listening; answers how to stop. */
export function startNav(): () => void {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin || !match(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
  };
  document.addEventListener("click", onClick);
  addEventListener("popstate", onPopState);
  return () => {
    document.removeEventListener("click", onClick);
    removeEventListener("popstate", onPopState);
  };
}
