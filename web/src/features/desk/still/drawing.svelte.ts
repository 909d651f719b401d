// An agent's drawing on a picture that stands still: the house hands the picture to the visitor, the socket what is drawn
// on it. Ends here as soon as it is over there: the visitor has seen enough, has taken their consent back, has gone.
import { session, wordsOf } from "../../../app/session.svelte";
import { ApiError } from "../../../engine/client";
import type { SeenFrame, Still } from "../../../engine/wire-desk";
import { m } from "../../../lib/i18n.svelte";
import { LONGEST, type Place, type Point } from "../../../../widget/point";
import { Pen } from "../page/frame/pen";
import type { HeldStill } from "./now.svelte";
import { Strokes } from "./strokes";

/** Words a second that a drawing is told anew with: the house lets through thirty of a device. */
const PACE = 50;

export class Drawing {
  /** The visitor has it before them. */
  seen = $state(false);
  some = $state(false);
  failed = $state("");
  readonly strokes = new Strokes();
  readonly pen: Pen;
  private still: Still | undefined;
  /** Which one the visitor said they look at: their word may come before the answer that names it here. */
  private looked: string | undefined;
  private telling = 0;
  private readonly stopSeen: () => void;
  private over = false;

  constructor(private readonly held: HeldStill, private readonly show: (point: Point) => void, private readonly ended: (why: string) => void) {
    this.pen = new Pen((point) => this.said(point), () => crypto.randomUUID());
    Object.assign(this.pen, { tool: "draw", stays: true });
    this.stopSeen = session.client.seen(held.space, (frame) => this.heard(frame));
    void this.begin();
  }

  async begin(): Promise<void> {
    this.failed = "";
    const { space, of, picture } = this.held;
    try {
      const answer = await fetch(`/api/v1/tickets/${encodeURIComponent(space)}/still?of=${of}`, { method: "POST", headers: { "Content-Type": picture.type }, body: picture });
      const said = (await answer.json()) as { still: Still } & { error?: { code: string; message: string } };
      if (!answer.ok) throw new ApiError(answer.status, said.error?.code ?? "unknown", said.error?.message ?? "");
      if (this.over) return void this.letGo();
      this.still = said.still;
      this.look();
    } catch (error) {
      if (error instanceof ApiError && error.code === "no_consent") return this.end(m.still_no_consent());
      this.failed = error instanceof ApiError ? wordsOf(error) : m.still_unsent();
    }
  }

  undo(): void {
    this.pen.undo();
  }

  clear(): void {
    this.pen.clear();
  }

  /** Goes on: the picture is gone on both sides. */
  stop(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.telling);
    this.stopSeen();
    if (this.still) void this.letGo();
  }

  private letGo(): Promise<unknown> {
    return session.client.api.call("DELETE /tickets/{space}/still", { space: this.held.space }).catch(() => undefined);
  }

  private end(why: string): void {
    if (this.over) return;
    this.still = undefined;
    this.stop();
    this.ended(why);
  }

  private said(point: Point): void {
    this.show(point);
    this.strokes.take(point);
    this.some = this.strokes.some;
    this.tell(point);
  }

  private tell(point: Point): void {
    if (this.still) void session.client.point(this.held.space, { ...rounded(point), still: this.still.id });
  }

  private heard(frame: SeenFrame): void {
    if (frame.type === "still") {
      if (this.still && frame.still?.id !== this.still.id) this.end(m.still_over());
    } else if (frame.type === "point" && frame.kind === "looks") {
      this.looked = frame.still;
      this.look();
    }
  }

  private look(): void {
    if (!this.still || this.looked !== this.still.id) return;
    this.seen = true;
    this.anew();
  }

  /** Whoever begins to look, or comes back, sees all that was drawn so far. */
  private anew(): void {
    clearTimeout(this.telling);
    const words: Point[] = [{ kind: "clear" }, ...this.strokes.words()];
    const next = (): void => {
      const word = words.shift();
      if (!word || this.over) return;
      this.tell(word);
      this.telling = window.setTimeout(next, PACE);
    };
    if (words.length > 1) next();
  }
}

/** A ten-thousandth of the picture is less than anybody sees, and a word of the socket is short. */
const rounded = (point: Point): Point => (point.kind === "ink" ? { ...point, points: point.points.slice(0, LONGEST).map(([x, y]): Place => [round(x), round(y)]) } : point);
const round = (it: number): number => Math.round(it * 1e4) / 1e4;
