// Reads the page and its changes, masked, for as long as somebody is shown it. Loaded after the visitor agreed, begun when
// the page is idle, and ended by itself where it would make the page slow.
import { record } from "@rrweb/record";
import type { Showing } from "../cobrowse";
import { Budget, LARGEST } from "./budget";
import { BLOCKED, blocked, MASK, MASKED } from "./secrets";
import { sweep, type Recorded } from "./sweep";

/** Changes are gathered for so long. */
const GATHER = 150;
/** Pointer and scroll of the visitor, at most so often. */
const SAMPLE = 100;
const SECRET = BLOCKED.slice(0, 6).join();

export interface Heard { events(full: boolean, events: Recorded[]): void; showing(showing: Showing): void }

export class Recorder {
  private stopReading: (() => void) | undefined;
  private waiting: Recorded[] = [];
  private full = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private budget = new Budget();
  private begun = 0;
  private paused = false;
  private overdue: MutationObserver[] = [];
  private showing: Showing | undefined;

  constructor(private readonly masks: readonly string[], private readonly heard: Heard) {
    addEventListener("focusin", this.#looked);
    addEventListener("focusout", this.#looked);
  }

  /** The element that the recorder calls by this number. */
  readonly find = (id: number): Element | undefined => {
    const node = record.mirror.getNode(id);
    return node instanceof Element && node.isConnected ? node : undefined;
  };

  /** Begins when the page has nothing better to do. */
  begin(): void {
    if (this.paused || this.showing === "slow") return;
    this.say("preparing");
    this.end();
    const turn = ++this.begun;
    const start = (): void => void (turn === this.begun && this.read());
    if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 2_000 });
    else setTimeout(start, 50);
  }

  pause(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    if (!paused) return this.begin();
    this.end();
    this.say("paused");
  }

  /** Nothing is read any more, and what was read and has not gone out does not. */
  stop(): void {
    this.end();
    removeEventListener("focusin", this.#looked);
    removeEventListener("focusout", this.#looked);
  }

  /** A field that nobody may see has the focus: what the page does with it is not shown either. */
  readonly #looked = ({ type, target }: FocusEvent): void => {
    if (!(target instanceof Element) || !target.matches(SECRET)) return;
    if (type === "focusin" && !this.paused) {
      this.byItself = true;
      this.pause(true);
    } else if (type === "focusout" && this.byItself) {
      this.byItself = false;
      this.pause(false);
    }
  };
  private byItself = false;

  private read(): void {
    if (document.getElementsByTagName("*").length > LARGEST) return this.say("too_large");
    this.watch((before) => {
      this.began = before;
    });
    const stop = record({
      emit: (event) => this.came(event as unknown as Recorded),
      maskAllInputs: true,
      maskInputFn: (text) => text && MASK,
      maskTextSelector: MASKED,
      blockSelector: blocked(this.masks, reads),
      slimDOMOptions: "all",
      sampling: { mousemove: SAMPLE, scroll: SAMPLE, media: 1_000, input: "last" },
      recordCanvas: false,
      collectFonts: false,
      inlineImages: false,
      recordCrossOriginIframes: false,
      errorHandler: () => true,
    });
    this.watch((after) => {
      if (this.budget.took(after - this.began, after)) {
        this.end();
        this.say("slow");
      }
    });
    this.stopReading = stop;
    this.flush();
    this.say("live");
  }

  private began = 0;

  /** Observers are told in the order in which they were made: one before and one after the recorder's see how long it takes. */
  private watch(at: (now: number) => void): void {
    const observer = new MutationObserver(() => at(performance.now()));
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    this.overdue.push(observer);
  }

  private came(event: Recorded): void {
    if (event.type === 2) this.full = true;
    this.waiting.push(event);
    this.timer ??= setTimeout(() => this.flush(), GATHER);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.waiting.length) return;
    const typed = written();
    const events = this.waiting.flatMap((event) => sweep(event, typed));
    const { full } = this;
    this.waiting = [];
    this.full = false;
    this.heard.events(full, events);
  }

  private end(): void {
    this.begun++;
    this.stopReading?.();
    this.stopReading = undefined;
    for (const observer of this.overdue.splice(0)) observer.disconnect();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.full = false;
  }

  private say(showing: Showing): void {
    if (this.showing === showing) return;
    this.showing = showing;
    this.heard.showing(showing);
  }
}

function reads(selector: string): boolean {
  try {
    return document.querySelector(selector) !== undefined;
  } catch {
    return false;
  }
}

/** What stands in the fields of the page at this moment. */
function written(): string[] {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=submit], [type=button], [type=reset], [type=checkbox], [type=radio]), textarea");
  return [...fields].map(({ value }) => value);
}
