import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { press } from "./press";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A row under a finger, and how often its actions were opened. */
function row() {
  const element = Object.assign(new EventTarget(), { style: { translate: "" }, closest: () => null });
  const onlong = vi.fn();
  press({ onlong })(element as unknown as HTMLElement);
  const send = (type: string, timeStamp: number, more = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { pointerType: "touch", isPrimary: true, pointerId: 1, clientX: 10, clientY: 10, ...more });
    Object.defineProperty(event, "timeStamp", { value: timeStamp });
    element.dispatchEvent(event);
    return event;
  };
  return { send, onlong };
}

test("a finger that rests opens the actions, once", () => {
  const { send, onlong } = row();
  send("pointerdown", 0);
  vi.advanceTimersByTime(449);
  expect(onlong).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(send("contextmenu", 500).defaultPrevented).toBe(true);
  expect(onlong).toHaveBeenCalledOnce();
});

test("on a busy page the browser's own long press counts, though the timer had no turn", () => {
  const { send, onlong } = row();
  send("pointerdown", 0);
  expect(send("contextmenu", 500).defaultPrevented).toBe(true);
  vi.runAllTimers();
  expect(onlong).toHaveBeenCalledOnce();
  const other = row();
  other.send("pointerdown", 0);
  other.send("pointercancel", 510);
  expect(other.onlong).toHaveBeenCalledOnce();
});

test("scrolling, lifting and moving are no long press", () => {
  const { send, onlong } = row();
  send("pointerdown", 0);
  send("pointercancel", 120);
  send("pointerdown", 1_000);
  send("pointerup", 1_200);
  vi.runAllTimers();
  expect(onlong).not.toHaveBeenCalled();
});
