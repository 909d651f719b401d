// Fingers, mouse and wheel over the stage of the viewer: swiping to the next one, pulling down to close, and
// looking closer at a picture. Holds where the picture is; draws nothing.
import { pinch, WHOLE, within, zoomAt, type Point, type Size, type View } from "./zoom";

interface Place { /** Of the picture when it is whole; nothing for what cannot be enlarged. */ shown(): Size | undefined; stage(): DOMRect }
interface Acts { step(by: 1 | -1): void; close(): void }

/** From here on a swipe counts, as a share of the stage and in pixels. */
const FAR_SHARE = 0.25;
const FAR = 90;
/** A quick short swipe counts too: pixels in a millisecond. */
const QUICK = 0.5;
const SLACK = 8;
const TWICE = 300;
const CLOSE_UP = 2.5;

export class Gestures {
  view = $state.raw<View>(WHOLE);
  /** How far the whole stage was dragged, in pixels. */
  drag = $state.raw<Point>({ x: 0, y: 0 });
  /** A finger is down: nothing is eased. */
  held = $state(false);
  #fingers = new Map<number, Point>();
  #start: (Point & { at: number }) | null = null;
  #way: "across" | "down" | "picture" | null = null;
  #tap: (Point & { at: number }) | null = null;
  #moved = false;

  constructor(private readonly place: Place, private readonly acts: Acts) {}

  whole(): void {
    this.view = WHOLE;
    this.drag = { x: 0, y: 0 };
  }

  zoom(factor: number, at: Point = { x: 0, y: 0 }): void {
    const shown = this.place.shown();
    if (shown) this.view = zoomAt(this.view, factor, at, shown, this.place.stage());
  }

  move(dx: number, dy: number): void {
    const shown = this.place.shown();
    if (shown) this.view = within({ ...this.view, x: this.view.x + dx, y: this.view.y + dy }, shown, this.place.stage());
  }

  down(event: PointerEvent): void {
    if ((event.target as Element).closest("video, audio, a, button, pre, iframe") || event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, this.#point(event));
    this.held = true;
    this.#moved ||= this.#fingers.size > 1;
    if (this.#fingers.size > 1) return;
    this.#moved = false;
    this.#way = null;
    this.#start = { ...this.#point(event), at: event.timeStamp };
  }

  moved(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#point(event);
    const shown = this.place.shown();
    if (this.#fingers.size === 2 && shown) {
      const other = [...this.#fingers].find(([id]) => id !== event.pointerId)![1];
      this.view = pinch(this.view, [other, before], [other, now], shown, this.place.stage());
      this.drag = { x: 0, y: 0 };
      this.#way = "picture";
    } else if (this.#start) this.#dragged(now, before);
    this.#fingers.set(event.pointerId, now);
  }

  #dragged(now: Point, before: Point): void {
    const start = this.#start!;
    const [dx, dy] = [now.x - start.x, now.y - start.y];
    if (!this.#way && Math.hypot(dx, dy) > SLACK) {
      this.#moved = true;
      this.#way = this.view.scale > 1 ? "picture" : Math.abs(dx) > Math.abs(dy) ? "across" : "down";
    }
    if (this.#way === "picture") this.move(now.x - before.x, now.y - before.y);
    if (this.#way === "across") this.drag = { x: dx, y: 0 };
    if (this.#way === "down") this.drag = { x: 0, y: Math.max(0, dy) };
  }

  up(event: PointerEvent): void {
    if (!this.#fingers.delete(event.pointerId) || this.#fingers.size) return;
    this.held = false;
    const { drag } = this;
    const time = Math.max(1, event.timeStamp - (this.#start?.at ?? 0));
    const far = (by: number, size: number): boolean => Math.abs(by) > Math.min(FAR, size * FAR_SHARE) || (Math.abs(by) > SLACK * 3 && Math.abs(by) / time > QUICK);
    const { width, height } = this.place.stage();
    if (event.type === "pointercancel") this.drag = { x: 0, y: 0 };
    else if (this.#way === "across" && far(drag.x, width)) this.acts.step(drag.x < 0 ? 1 : -1);
    else if (this.#way === "down" && far(drag.y, height)) this.acts.close();
    else {
      this.drag = { x: 0, y: 0 };
      if (!this.#moved) this.#tapped(event);
    }
    this.#start = null;
  }

  /** Twice on the same spot: closer, or back to the whole. */
  #tapped(event: PointerEvent): void {
    const now = { ...this.#point(event), at: event.timeStamp };
    const before = this.#tap;
    this.#tap = now;
    if (!before || now.at - before.at > TWICE || Math.hypot(now.x - before.x, now.y - before.y) > 40) return;
    this.#tap = null;
    if (this.view.scale > 1) this.view = WHOLE;
    else this.zoom(CLOSE_UP, now);
  }

  wheel(event: WheelEvent): void {
    if (!this.place.shown() || (event.target as Element).closest("pre")) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoom(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 100 : 400)), this.#point(event));
  }

  /** Measured from the middle of the stage. */
  #point(event: MouseEvent): Point {
    const stage = this.place.stage();
    return { x: event.clientX - stage.x - stage.width / 2, y: event.clientY - stage.y - stage.height / 2 };
  }
}
