// Keeping the reader's place while rows come and go above and below. Works on elements with `data-key`
// (every line) and `data-seq` (messages and notices).

/** Nearer than this to the end counts as being at the end. */
export const NEAR_END = 40;
/** With less than this left above or below, more is fetched. */
export const MORE_WITHIN = 1000;
/** What lies farther away than this is let go of, while lines are made at the other end. */
export const FAR = 1800;

export type Place = { element: Element; top: number };

const rowsOf = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>("[data-key]");

/** The first row in sight and where it stands. */
export function firstVisible(scroller: HTMLElement): Place | null {
  const edge = scroller.getBoundingClientRect().top;
  for (const element of rowsOf(scroller)) {
    const box = element.getBoundingClientRect();
    if (box.bottom > edge) return { element, top: box.top };
  }
  return null;
}

/** Puts that row back where it stood; nothing to do where the browser has anchored it. */
export function keepPlace(scroller: HTMLElement, place: Place): void {
  if (!place.element.isConnected) return;
  const moved = place.element.getBoundingClientRect().top - place.top;
  if (Math.abs(moved) > 0.5) scroller.scrollTop += moved;
}

/** The seq of the last row of which at least half is in sight. */
export function lastRead(scroller: HTMLElement): number {
  const edge = scroller.getBoundingClientRect().bottom;
  let seq = 0;
  for (const element of rowsOf(scroller)) {
    const box = element.getBoundingClientRect();
    if (box.top + box.height / 2 > edge) break;
    seq = Math.max(seq, Number(element.dataset["seq"] ?? 0));
  }
  return seq;
}
