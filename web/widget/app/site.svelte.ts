// The page that embeds the app, as the app knows it (bridge.ts): whether it shows us, and what it is told.
import { toPage, type FromFrame, type Line, type Size } from "../bridge";
import type { Page } from "../../src/engine/wire-desk";

export interface SiteHouse { page(page: Page): void; identity(token: string): void }

export class Site {
  /** Somebody embeds us; else the app is a page of its own. */
  readonly framed = parent !== self;
  /** Until the page has said so nobody looks: it brings us along unseen. */
  shown = $state(parent === self);
  /** Whatever was to be told before it was there is told then. */
  private line = $state.raw<Line<FromFrame>>();
  private last: Record<string, string> = {};

  constructor(house: SiteHouse) {
    toPage((line) => {
      this.line = line;
      this.last = {};
    }, (word) => {
      if (word.type === "shown") this.shown = word.shown;
      else if (word.type === "identity") house.identity(word.token);
      else house.page({ url: word.url, title: word.title });
    });
  }

  visit = (open: boolean): void => this.tell({ type: "visit", open });
  unread = (count: number): void => this.tell({ type: "unread", count });
  size = (size: Size): void => this.tell({ type: "size", size });
  open = (): void => this.line?.send({ type: "open" });
  close = (): void => this.line?.send({ type: "close" });

  /** The page is shown over the other end of what is answered, until `unshare`. */
  share(): MessagePort | undefined {
    if (!this.line) return undefined;
    const { port1, port2 } = new MessageChannel();
    this.line.send({ type: "share" }, [port2]);
    return port1;
  }

  unshare = (): void => this.line?.send({ type: "unshare" });

  /** What is so is told once. */
  private tell(word: FromFrame): void {
    const said = JSON.stringify(word);
    if (!this.line || this.last[word.type] === said) return;
    this.last[word.type] = said;
    this.line.send(word);
  }
}
