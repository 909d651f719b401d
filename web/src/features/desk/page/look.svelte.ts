// The agent's look at a visitor's page: what comes goes into the frame that shows it, what the agent shows goes out. Lives
// as long as its ticket is on the screen.
import { session } from "../../../app/session.svelte";
import type { Id } from "../../../engine/wire";
import type { SeenFrame } from "../../../engine/wire-desk";
import { m } from "../../../lib/i18n.svelte";
import type { Showing } from "../../../../widget/cobrowse";
import type { Colour } from "../../../../widget/point";
import { READY, toldOf, type FromFrame, type ToFrame, type Tool } from "./words";

/** What comes before the frame is there. With more, all of the page is asked for anew. */
const WAIT = 200;

export class Look {
  /** How it goes with the page; undefined before anything of it came. */
  showing = $state<Showing>();
  /** There is a picture. */
  seen = $state(false);
  ink = $state(false);
  asked = $state(false);
  tool = $state<Tool>("point");
  colour = $state<Colour>("red");
  stays = $state(false);
  /** What the last press or choice has led to. */
  said = $state("");
  private port: MessagePort | undefined;
  private waiting: Extract<ToFrame, { type: "events" }>[] = [];
  private clicks = new Set<string>();
  private stopSeen: () => void;

  constructor(private readonly space: Id) {
    this.stopSeen = this.follow();
  }

  private follow(): () => void {
    return session.client.seen(this.space, (frame) => this.heard(frame));
  }

  stop(): void {
    this.stopSeen();
    this.port?.close();
  }

  /** Joins the frame to this when it has come; answers how to let go of it. */
  join(frame: HTMLIFrameElement): () => void {
    const met = ({ source, origin, data }: MessageEvent): void => {
      const { contentWindow } = frame;
      if (!contentWindow || source !== contentWindow || origin !== location.origin || data !== READY) return;
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      port1.onmessage = ({ data: word }: MessageEvent<FromFrame>) => this.word(word);
      contentWindow.postMessage(READY, location.origin, [port2]);
      this.hold();
      for (const events of this.waiting.splice(0)) port1.postMessage(events);
    };
    addEventListener("message", met);
    return () => {
      removeEventListener("message", met);
      this.port?.close();
      this.port = undefined;
    };
  }

  hold(tool: Tool = this.tool): void {
    this.tool = tool;
    this.said = tool === "show" ? m.seen_pick_show() : tool === "press" ? m.seen_pick_press() : "";
    this.tell({ type: "hold", tool, colour: this.colour, stays: this.stays });
  }

  undo = (): void => this.tell({ type: "undo" });
  clear = (): void => this.tell({ type: "clear" });

  ask(): void {
    this.asked = true;
    void session.client.point(this.space, { kind: "ask", to: "page" });
  }

  /** The visitor has taken back their consent: nothing of the page stays. */
  gone(): void {
    this.showing = undefined;
    this.seen = false;
    this.asked = false;
    this.said = "";
    this.waiting = [];
  }

  private heard(frame: SeenFrame): void {
    if (frame.type === "cobrowse") {
      const told = toldOf(frame.events);
      if (told === "over") this.gone();
      else this.showing = told ?? this.showing ?? "preparing";
      const word = { type: "events", full: frame.full, events: frame.events } as const;
      if (this.port) return this.tell(word);
      if (frame.full) this.waiting = [];
      this.waiting.push(word);
      if (this.waiting.length > WAIT) {
        this.waiting = [];
        this.stopSeen();
        this.stopSeen = this.follow();
      }
    } else if (frame.type === "point" && frame.kind === "clicked" && this.clicks.delete(frame.id)) this.said = frame.done ? m.seen_pressed() : m.seen_not_pressed();
  }

  private word(word: FromFrame): void {
    switch (word.type) {
      case "point":
        if (word.point.kind === "click") {
          this.clicks.add(word.point.id);
          this.said = m.seen_pressing();
        }
        void session.client.point(this.space, word.point);
        break;
      case "seen":
        this.seen = word.seen;
        break;
      case "ink":
        this.ink = word.some;
    }
  }

  private tell(word: ToFrame): void {
    this.port?.postMessage(word);
  }
}
