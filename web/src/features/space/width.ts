// How wide a conversation is, for the bubbles in it. A container query would say it too, but has Chromium look at the
// style of every message again at each key that is pressed beside them: 200 ms a key on a slow phone.

/** At most so many letters wide, time and count go below the bubble. */
const NARROW = 18;

/** Tells the rows within in `--wide`, and by `data-narrow` when large letters leave little room. */
export function keepWidth(scroller: HTMLElement): () => void {
  const sizes = new ResizeObserver(() => {
    const wide = scroller.clientWidth;
    scroller.style.setProperty("--wide", `${wide}px`);
    scroller.toggleAttribute("data-narrow", wide <= NARROW * parseFloat(getComputedStyle(document.documentElement).fontSize));
  });
  sizes.observe(scroller);
  return () => sizes.disconnect();
}
