// The picture of the visitor's page, built from what its recorder sent (rrweb) in a frame that runs nothing, scaled to the
// room that is there.
import { Replayer } from "@rrweb/replay";
import type { Box } from "../../../../../widget/page/ink";

interface Seen { type: number; timestamp: number; data: { width?: number; height?: number } }
const META = 4;
const RESIZED = 4;

export class Picture {
  private replayer: Replayer | undefined;
  private width = 0;
  private height = 0;
  private scale = 1;
  private left = 0;
  private top = 0;

  constructor(private readonly root: HTMLElement, private readonly sized: () => void) {}

  get seen(): boolean {
    return this.replayer !== undefined && this.width > 0;
  }

  play(full: boolean, events: readonly unknown[]): void {
    if (full) this.begin(events as Seen[]);
    if (!this.replayer) return;
    for (const event of events as Seen[]) {
      this.measure(event);
      this.replayer.addEvent(event as never);
    }
  }

  end(): void {
    this.replayer?.destroy();
    this.replayer = undefined;
    this.root.replaceChildren();
  }

  /** As large as fits. */
  fit(): void {
    const { clientWidth, clientHeight } = document.documentElement;
    if (!this.width || !this.height) return;
    this.scale = Math.min(clientWidth / this.width, clientHeight / this.height);
    this.left = (clientWidth - this.width * this.scale) / 2;
    this.top = (clientHeight - this.height * this.scale) / 2;
    this.root.style.transform = `translate(${this.left}px, ${this.top}px) scale(${this.scale})`;
    this.sized();
  }

  /** Where a node is seen, or the whole viewport. */
  box(node: number | undefined): Box | undefined {
    if (node === undefined) return { left: this.left, top: this.top, width: this.width * this.scale, height: this.height * this.scale };
    const found = this.replayer?.getMirror().getNode(node);
    // Of another window, so `instanceof` says nothing.
    if (!found || found.nodeType !== 1 || !found.isConnected) return undefined;
    const box = (found as Element).getBoundingClientRect();
    if (box.width + box.height === 0) return undefined;
    return { left: this.left + box.left * this.scale, top: this.top + box.top * this.scale, width: box.width * this.scale, height: box.height * this.scale };
  }

  /** The element at a place of this window. */
  at(x: number, y: number): number | undefined {
    const inside = this.replayer?.iframe.contentDocument?.elementFromPoint((x - this.left) / this.scale, (y - this.top) / this.scale);
    const id = inside && this.replayer?.getMirror().getId(inside as never);
    return id && id > 0 ? id : undefined;
  }

  private begin(events: readonly Seen[]): void {
    this.end();
    const replayer = new Replayer([], {
      root: this.root,
      liveMode: true,
      mouseTail: false,
      showWarning: false,
      showDebug: false,
      triggerFocus: false,
      useVirtualDom: false,
      pauseAnimation: false,
      // What is not shown is a grey box, and nothing catches the eye by moving.
      insertStyleRules: ["[rr_width] { background: #8884; border-radius: 4px }", "noscript, script, template { display: none !important }"],
    });
    replayer.startLive((events[0]?.timestamp ?? Date.now()) - 1);
    this.replayer = replayer;
  }

  private measure({ type, data }: Seen): void {
    if (type !== META && !(type === 3 && (data as { source?: number }).source === RESIZED)) return;
    const { width, height } = data;
    if (!(width && height) || width > 20_000 || height > 20_000) return;
    this.width = width;
    this.height = height;
    this.fit();
  }
}
