// The page of the site while the visitor shows it: takes what the page's part reads (page/share.ts) to the house, and what
// the agent shows to the page. Runs for as long as the visitor's consent stands.
import type { Batch, FromShared, May, Showing, ToPage } from "../../cobrowse";
import { readPoint } from "../../point";
import type { Frame } from "../house";
import type { Site } from "../site.svelte";
import type { Visit } from "../visit.svelte";

/** Changes that wait for the line. With more it is quicker to send all of the page anew. */
const WAIT = 60;
/** After a line that failed. */
const AGAIN = 2_000;
/** Of a page, before it is packed (docs/protocol/desks.md). */
const LARGEST = 4_000_000;

export class Sharing {
  showing = $state<Showing>("preparing");
  /** The agent asks to be shown the page. */
  asked = $state(false);
  /** Of two tabs that show a page the one that did so last counts. */
  private readonly source = crypto.randomUUID();
  private port: MessagePort | undefined;
  private waiting: Batch[] = [];
  private sending = false;
  /** Somebody looks; else nothing needs to be sent. */
  private watched = true;
  private wholeNext = false;

  constructor(private readonly visit: Visit, private readonly site: Site) {}

  begin(agent: string, may: readonly May[]): void {
    if (this.port) return this.agreed(may);
    const port = this.site.share();
    if (!port) return;
    this.port = port;
    this.asked = false;
    this.showing = "preparing";
    port.onmessage = ({ data }: MessageEvent<FromShared>) => this.heard(data);
    this.tell({ type: "begin", masks: this.visit.desk?.masks ?? [], agent });
    this.agreed(may);
  }

  agreed(may: readonly May[]): void {
    this.tell({ type: "may", to: [...may] });
  }

  end(): void {
    if (!this.port) return;
    this.site.unshare();
    this.port.close();
    this.port = undefined;
    this.waiting = [];
  }

  /** The tab is looked at again. */
  seen(): void {
    if (this.port && this.watched) this.whole();
  }

  /** What the house says that is about the page. */
  frame(frame: Frame): void {
    if (frame.type === "watched") {
      // Of several tabs the one that is looked at is shown.
      if (document.hidden) return;
      this.watched = true;
      this.whole();
    } else if (frame.type === "point") {
      const point = readPoint(frame);
      if (point?.kind === "ask") this.asked = true;
      else if (point) this.tell({ type: "point", point });
    }
  }

  private heard(word: FromShared): void {
    switch (word.type) {
      case "events":
        return this.take({ n: word.n, full: word.full, events: word.events });
      case "showing":
        this.showing = word.showing;
        return this.take({ n: 0, full: false, events: [{ type: 5, timestamp: Date.now(), data: { tag: "madang", payload: { showing: word.showing } } }] });
      case "covered":
        return this.site.close();
      case "stop":
        this.end();
        return void this.consent("page", false);
      case "consent":
        return void this.consent(word.to, word.given);
      case "answer":
        return this.visit.send({ type: "point", space: this.visit.talk?.space, ...word.answer } as { type: string });
    }
  }

  private async consent(to: May, given: boolean): Promise<void> {
    for (;;) {
      try {
        return await this.visit.consent(to, given);
      } catch {
        // What was given may wait until it is given again; what was taken back is told until it is heard.
        if (given || !this.visit.talk) return;
        await passed(AGAIN);
      }
    }
  }

  private take(batch: Batch): void {
    if (!this.watched) return;
    if (batch.full) this.wholeNext = false;
    // What follows on something that was lost means nothing until all of it comes.
    else if (this.wholeNext && batch.n > 0) return;
    if (batch.full) this.waiting = [];
    this.waiting.push(batch);
    if (this.waiting.length > WAIT) return this.whole();
    void this.send();
  }

  private whole(): void {
    this.waiting = [];
    this.wholeNext = true;
    this.tell({ type: "full" });
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let batch = this.waiting.shift(); batch && this.port; batch = this.waiting.shift()) await this.post(batch);
    } finally {
      this.sending = false;
    }
  }

  private async post(batch: Batch): Promise<void> {
    const body = JSON.stringify({ ...batch, source: this.source });
    if (body.length > LARGEST) {
      this.showing = "too_large";
      return;
    }
    try {
      const answer = await this.visit.house.fetch("/api/v1/visit/cobrowse", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" },
        body: await packed(body),
      });
      // Taken back meanwhile; the ticket says so too.
      if (answer.status === 409 || answer.status === 403) this.end();
      else if (answer.status === 413) this.showing = "too_large";
      else if (!answer.ok) throw new Error(`${answer.status}`);
      else {
        const { watching, full } = (await answer.json()) as { watching: boolean; full: boolean };
        this.watched = watching;
        // The house has begun anew, and does not know the page.
        if (full) this.whole();
      }
    } catch {
      await passed(AGAIN);
      if (this.port) this.whole();
    }
  }

  private tell(word: ToPage): void {
    this.port?.postMessage(word);
  }
}

const passed = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

async function packed(text: string): Promise<Blob> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
}
