// What happens when a screen comes into sight: its name becomes the page's title, and after a step
// between screens its heading takes the focus, so that keyboards and screen readers start there.
import { language, m } from "../lib/i18n.svelte";
import { nav } from "./nav.svelte";
import { waitingInAll } from "./waiting.svelte";

/** Call while a screen's component starts. A heading inside a pane counts only in the current pane. */
export function arriveAt(heading: () => HTMLElement | undefined, title: () => string): void {
  const isCurrent = (element: HTMLElement) => {
    const pane = element.closest("[data-pane]");
    return !pane || pane.hasAttribute("data-current");
  };
  $effect(() => {
    const element = heading();
    const text = title();
    void language.locale;
    void nav.path;
    const waits = waitingInAll();
    if (element && isCurrent(element)) document.title = `${waits ? `(${waits}) ` : ""}${text} · ${m.app_name()}`;
  });
  $effect(() => {
    const element = heading();
    if (nav.steps > 0 && element && isCurrent(element)) element.focus({ preventScroll: true });
  });
}
