// Long press and swipe on a row, for fingers. Both have a visible button beside them elsewhere.

const LONG_MS = 450;
const SLACK_PX = 8;
const SWIPE_PX = 56;

type Handlers = { onlong: () => void; onswipe?: () => void };

/** An attachment: `{@attach press({ onlong, onswipe })}`. */
export function press({ onlong, onswipe }: Handlers) {
  return (element: HTMLElement) => {
    let start: { x: number; y: number; id: number; at: number; still: boolean } | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let swiping = false;
    let pressed = false;

    const toStart = () => {
      clearTimeout(timer);
      start = null;
      swiping = false;
      element.style.translate = "";
    };
    const long = () => {
      navigator.vibrate?.(10);
      toStart();
      pressed = true;
      onlong();
    };
    const down = (event: PointerEvent) => {
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      if ((event.target as Element).closest("button, a, pre, label, input, select, textarea, .across")) return;
      pressed = false;
      start = { x: event.clientX, y: event.clientY, id: event.pointerId, at: event.timeStamp, still: true };
      timer = setTimeout(long, LONG_MS);
    };
    const move = (event: PointerEvent) => {
      if (!start || event.pointerId !== start.id) return;
      const dx = (event.clientX - start.x) * (getComputedStyle(element).direction === "rtl" ? -1 : 1);
      const dy = event.clientY - start.y;
      if (Math.hypot(dx, dy) > SLACK_PX) {
        clearTimeout(timer);
        start.still = false;
      }
      if (!swiping && Math.abs(dy) > SLACK_PX) return toStart();
      if (onswipe && dx > SLACK_PX) {
        swiping = true;
        element.style.translate = `${Math.min(dx, SWIPE_PX * 1.4)}px`;
      }
    };
    const up = (event: PointerEvent) => {
      const far = start && swiping && Math.abs(event.clientX - start.x) >= SWIPE_PX;
      toStart();
      if (far) onswipe?.();
    };
    // On a busy page the browser may take the finger for its own long press before the timer had its turn.
    const cancel = (event: PointerEvent) => {
      if (start?.still && event.pointerId === start.id && event.timeStamp - start.at >= LONG_MS) long();
      else toStart();
    };
    // A finger that lifts now would press what has opened under it.
    const lift = (event: TouchEvent) => {
      if (pressed && event.cancelable) event.preventDefault();
      pressed = false;
    };
    const menu = (event: Event) => {
      // A finger's long press also asks for the browser's own menu, and is one by that.
      if (start || (event as PointerEvent).pointerType === "touch") event.preventDefault();
      if (start?.still) long();
    };
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", cancel);
    element.addEventListener("touchend", lift, { passive: false });
    element.addEventListener("contextmenu", menu);
    return () => {
      toStart();
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", cancel);
      element.removeEventListener("touchend", lift);
      element.removeEventListener("contextmenu", menu);
    };
  };
}
