// Shows the page to the agent of a visit: what the frame asks for over its port is done here, in the page of the site.
// Ends with everything it brought when the visitor stops, when they leave, and when the port is silent for good.
import { overwriteGetLocale } from "../../src/paraglide/runtime.js";
import { m } from "../../src/paraglide/messages.js";
import type { Share } from "../bridge";
import type { FromShared, May, ToPage } from "../cobrowse";
import { spoken } from "../loader/language";
import type { Point } from "../point";
import { Bar } from "./bar";
import { Ink, type Box } from "./ink";
import { Recorder } from "./recorder";

export const share: Share = (port, { language, widget }) => {
  const locale = spoken(language, "", []);
  overwriteGetLocale(() => locale);
  let shown: Shown | undefined;
  port.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.type === "begin") {
      shown?.end();
      shown = new Shown(data.agent, data.masks, locale, widget, (word) => port.postMessage(word));
    } else shown?.hear(data);
  };
  return () => {
    shown?.end();
    shown = undefined;
    port.close();
  };
};

class Shown {
  private readonly bar: Bar;
  private readonly ink: Ink;
  private readonly recorder: Recorder;
  private may: readonly May[] = ["page"];
  private n = 0;
  private ended = false;

  constructor(private readonly agent: string, masks: readonly string[], language: string, widget: HTMLElement, private readonly tell: (word: FromShared) => void) {
    this.recorder = new Recorder(masks, {
      events: (full, events) => this.tell({ type: "events", n: ++this.n, full, events }),
      showing: (showing) => {
        this.bar.is(showing);
        this.tell({ type: "showing", showing });
      },
    });
    this.bar = new Bar(agent, language, {
      stop: () => {
        // At once, whatever the frame does with the word.
        this.end();
        this.tell({ type: "stop" });
      },
      pause: (paused) => this.recorder.pause(paused),
      withdraw: (to) => this.tell({ type: "consent", to, given: false }),
    });
    this.ink = new Ink(this.bar.canvas, (node) => this.box(node));
    this.recorder.begin();
    if (covers(widget)) this.tell({ type: "covered" });
  }

  hear(word: ToPage): void {
    if (this.ended) return;
    if (word.type === "full") this.recorder.begin();
    else if (word.type === "may") {
      this.may = word.to;
      this.bar.agreed(word.to);
    } else if (word.type === "point") void this.point(word.point);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.recorder.stop();
    this.ink.wipe();
    this.bar.remove();
  }

  private async point(point: Point): Promise<void> {
    if (point.kind === "click") return this.press(point.node, point.id);
    if (point.kind === "show" && !(await this.inSight(point.node))) return;
    if (!this.ended) this.ink.show(point);
  }

  /** Shown where it is; the page scrolls to what is out of sight only where the visitor has agreed to that. */
  private async inSight(node: number): Promise<boolean> {
    const element = this.recorder.find(node);
    if (!element) return false;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const seen = bottom > 60 && top < innerHeight - 20 && right > 0 && left < innerWidth;
    if (seen) return true;
    if (!(await this.allowed("point", m.shared_ask_scroll({ who: this.agent }), m.shared_scroll()))) return false;
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    return true;
  }

  private async press(node: number, id: string): Promise<void> {
    const done = await this.pressed(node);
    this.tell({ type: "answer", answer: { kind: "clicked", id, done } });
  }

  private async pressed(node: number): Promise<boolean> {
    if (!(await this.allowed("act", m.shared_ask_act({ who: this.agent }), m.shared_agree()))) return false;
    if (!(await this.inSight(node))) return false;
    const element = this.recorder.find(node);
    if (!element) return false;
    this.ink.show({ kind: "show", node });
    const agreed = await this.bar.ask(m.shared_ask_press({ who: this.agent }), m.shared_press(), element.getBoundingClientRect());
    this.ink.show({ kind: "clear" });
    if (!agreed || this.ended || !element.isConnected || !this.may.includes("act")) return false;
    const target = element.closest<HTMLElement>("a, button, input, select, textarea, label, summary, [role=button], [role=link], [tabindex]") ?? element;
    if (target instanceof HTMLElement) {
      target.focus({ preventScroll: true });
      target.click();
    } else target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    return true;
  }

  /** Whether the visitor has agreed, or does when asked; the log is told by the frame. */
  private async allowed(to: May, words: string, yes: string): Promise<boolean> {
    if (this.may.includes(to)) return true;
    if (!(await this.bar.ask(words, yes, undefined)) || this.ended) return false;
    this.may = [...this.may, to];
    this.tell({ type: "consent", to, given: true });
    return true;
  }

  private box(node: number | undefined): Box | undefined {
    if (node === undefined) return { left: 0, top: 0, width: innerWidth, height: innerHeight };
    const box = this.recorder.find(node)?.getBoundingClientRect();
    return box && box.width + box.height > 0 ? box : undefined;
  }
}

/** Whether hardly anything of the page is seen beside the help. What is inside its closed root is asked for by what is hit. */
function covers(widget: HTMLElement): boolean {
  const sides = [0.2, 0.5, 0.8];
  const hit = sides.flatMap((x) => sides.map((y) => document.elementFromPoint(innerWidth * x, innerHeight * y) === widget));
  return hit.filter(Boolean).length > 6;
}
