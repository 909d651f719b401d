import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EnterToSend } from "./ime";

/** A text area as an input method sees it: leaving it commits what is being composed. */
class Box {
  sent: string[] = [];
  composing = "";
  readonly enter: EnterToSend;
  constructor(public value: string, private readonly commits = true) {
    this.enter = new EnterToSend(this as unknown as HTMLTextAreaElement, () => {
      if (this.value) this.sent.push(this.value);
      this.value = "";
    });
  }
  compose(text: string): void {
    this.composing = text;
    this.enter.compositionupdate({ data: text } as CompositionEvent);
  }
  commit(): void {
    if (!this.composing) return;
    this.value += this.composing;
    this.composing = "";
    this.enter.compositionend();
  }
  press(keyCode: number, more: Partial<KeyboardEvent> = {}): boolean {
    let kept = true;
    const event = { key: "Enter", keyCode, isComposing: this.composing !== "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more, preventDefault: () => (kept = false) };
    this.enter.keydown(event as unknown as KeyboardEvent);
    if (this.commits && event.isComposing) this.commit();
    return kept;
  }
  blur(): void {
    this.commit();
  }
  focus(): void {}
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("Enter on the syllable that is still being composed sends it whole, once", () => {
  const box = new Box("안");
  box.compose("녕");
  expect(box.press(229)).toBe(false);
  vi.runAllTimers();
  expect(box.sent).toEqual(["안녕"]);
  expect(box.value).toBe("");
});

test("the same press that comes twice, composing and then plain, sends once", () => {
  const box = new Box("");
  box.compose("요");
  box.press(229);
  expect(box.press(13)).toBe(false);
  vi.runAllTimers();
  expect(box.sent).toEqual(["요"]);
});

test("Enter after Latin letters sends at once", () => {
  const box = new Box("hello");
  expect(box.press(13)).toBe(false);
  expect(box.sent).toEqual(["hello"]);
});

test("Enter that picks a Japanese candidate is left to the input method", () => {
  const box = new Box("", false);
  box.compose("東京");
  expect(box.press(229)).toBe(true);
  vi.runAllTimers();
  expect(box.sent).toEqual([]);
});

test("Shift and Enter make a new line", () => {
  const box = new Box("안녕");
  expect(box.press(13, { shiftKey: true })).toBe(true);
  expect(box.sent).toEqual([]);
});

test("where no commit comes, leaving the box brings the last syllable", () => {
  const box = new Box("감사", false);
  box.compose("해");
  box.press(229);
  vi.runAllTimers();
  expect(box.sent).toEqual(["감사해"]);
});
