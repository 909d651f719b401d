// Lets the back button of the device close what lies on top instead of leaving the screen.
// Where the browser has CloseWatcher, an open <dialog> or popover hears the back button by itself.

/** Call when something opens; answers what to call when it has closed by other means. */
export function closeOnBack(close: () => void): () => void {
  if ("CloseWatcher" in globalThis) return () => undefined;
  const before = (history.state ?? {}) as object;
  history.pushState({ ...before, above: true }, "");
  const onPopState = () => {
    removeEventListener("popstate", onPopState);
    close();
  };
  addEventListener("popstate", onPopState);
  return () => {
    removeEventListener("popstate", onPopState);
    if ((history.state as { above?: boolean } | null)?.above) history.back();
  };
}
