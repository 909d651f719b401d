// What everybody draws on the shared screens of a call, as state; fades by itself.
import type { CallSignal, Id, TrackName } from "../../engine/wire";
import { blank, draw, faded, type Sheet } from "./ink";

const TICK = 100;

export class Sheets {
  private all = $state.raw<ReadonlyMap<TrackName, Sheet>>(new Map());
  private timer: ReturnType<typeof setInterval> | undefined;

  of(track: TrackName): Sheet {
    return this.all.get(track) ?? blank;
  }

  take(by: Id, signal: CallSignal): void {
    if (!("track" in signal)) return;
    this.all = new Map(this.all).set(signal.track, draw(this.of(signal.track), by, signal, Date.now()));
    this.timer ??= setInterval(() => this.fade(), TICK);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private fade(): void {
    const now = Date.now();
    let left = false;
    let changed = false;
    const next = new Map<TrackName, Sheet>();
    for (const [track, sheet] of this.all) {
      const after = faded(sheet, now);
      changed ||= after !== sheet;
      left ||= after.strokes.some((it) => !it.stay) || after.fingers.length > 0;
      next.set(track, after);
    }
    // What is fading is painted anew by whoever shows it; here only what is gone changes.
    if (changed) this.all = next;
    if (left) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
