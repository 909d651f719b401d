// The question and what was found for it. Lives beside the screen, so that coming back from a result finds
// both as they were. The device answers first, from what it holds; the server's answer takes its place.
import { session, wordsOf } from "../../app/session.svelte";
import type { Found, FoundMessage } from "../../engine/client";
import { plainWords } from "../../lib/search/ask";
import { excerpt } from "../../lib/search/fold";
import { oneLine } from "../../lib/words.svelte";

export type Order = "newest" | "best";
export type Kind = "all" | "messages" | "files" | "people" | "spaces";

/** How long typing must pause before the server is asked. */
const PAUSE = 150;
const RECENT = "madang.searches";
const RECENTS = 8;

const nothing: Found = { messages: [], files: [], people: [], spaces: [] };

class Question {
  text = $state("");
  order = $state<Order>("newest");
  kind = $state<Kind>("all");
  found = $state.raw<Found>(nothing);
  /** What is shown is the device's own, while the server is asked or cannot be. */
  local = $state(false);
  asking = $state(false);
  failed = $state("");
  recent = $state.raw<readonly string[]>(readRecent());
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  get empty(): boolean {
    return !this.text.trim();
  }

  get nothingFound(): boolean {
    const { messages, files, people, spaces } = this.found;
    return !messages.length && !files.length && !people.length && !spaces.length;
  }

  /** The text or the order changed. */
  ask(now = false): void {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.failed = "";
    if (this.empty) {
      [this.found, this.asking, this.local] = [nothing, false, false];
      return;
    }
    this.asking = true;
    void this.askDevice(turn);
    this.timer = setTimeout(() => void this.askServer(turn), now ? 0 : PAUSE);
  }

  write(text: string): void {
    this.text = text;
    this.ask(true);
  }

  /** The next page of messages. */
  async more(): Promise<void> {
    const cursor = this.found.next_cursor;
    if (!cursor) return;
    const turn = this.turn;
    try {
      const more = await session.client.api.call("GET /search", { query: { ...this.query(), kind: "messages", cursor } });
      if (turn !== this.turn) return;
      const { next_cursor: _, ...found } = this.found;
      this.found = { ...found, messages: [...found.messages, ...more.messages], ...(more.next_cursor && { next_cursor: more.next_cursor }) };
    } catch (error) {
      if (turn === this.turn) this.failed = wordsOf(error);
    }
  }

  /** Somebody followed a result: the question was a good one. */
  remember(): void {
    const text = this.text.trim();
    if (!text) return;
    this.recent = [text, ...this.recent.filter((it) => it !== text)].slice(0, RECENTS);
    localStorage.setItem(RECENT, JSON.stringify(this.recent));
  }

  forgetRecent(): void {
    this.recent = [];
    localStorage.removeItem(RECENT);
  }

  private query() {
    return { q: this.text, order: this.order, tz: Intl.DateTimeFormat().resolvedOptions().timeZone };
  }

  private async askDevice(turn: number): Promise<void> {
    const words = plainWords(this.text);
    if (!words?.length) return;
    const held = await session.client.searchHeld(words).catch(() => []);
    if (turn !== this.turn || !this.asking) return;
    const messages = held.map(({ space, row }): FoundMessage => ({ space, row, excerpt: excerpt(row.type === "message" ? oneLine(row.text) : "", words) }));
    this.found = { ...nothing, messages };
    this.local = true;
  }

  private async askServer(turn: number): Promise<void> {
    try {
      const found = await session.client.api.call("GET /search", { query: this.query() });
      if (turn !== this.turn) return;
      [this.found, this.local] = [found, false];
    } catch (error) {
      if (turn !== this.turn) return;
      this.failed = wordsOf(error);
    }
    this.asking = false;
  }
}

function readRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((it): it is string => typeof it === "string").slice(0, RECENTS) : [];
  } catch {
    return [];
  }
}

export const question = new Question();
