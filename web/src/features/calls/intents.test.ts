import { beforeEach, expect, test, vi } from "vitest";
import type { CallIntent } from "../../engine/routes";
import { Intents } from "./intents";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test("what is said in one moment is told in one request, the newest of each", async () => {
  const told: CallIntent[] = [];
  const intents = new Intents(async (intent) => (told.push(intent), true));
  intents.tell({ microphone: true, camera: false });
  intents.tell({ camera: true });
  await vi.runAllTimersAsync();
  expect(told).toEqual([{ microphone: true, camera: true }]);
});

test("what was not heard is told again, unless something newer was said meanwhile", async () => {
  const told: CallIntent[] = [];
  const intents = new Intents(async (intent) => {
    told.push(intent);
    if (told.length > 1) return true;
    intents.tell({ camera: false });
    return false;
  });
  intents.tell({ microphone: true, camera: true });
  await vi.runAllTimersAsync();
  expect(told).toEqual([{ microphone: true, camera: true }, { microphone: true, camera: false }]);
});

test("one request is under way at a time", async () => {
  let open = 0;
  let most = 0;
  const intents = new Intents(async () => {
    most = Math.max(most, ++open);
    await new Promise((done) => setTimeout(done, 500));
    open -= 1;
    return true;
  });
  for (const microphone of [true, false, true]) {
    intents.tell({ microphone });
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.runAllTimersAsync();
  expect(most).toBe(1);
});

test("nothing is told of a call that was left", async () => {
  const told: CallIntent[] = [];
  const intents = new Intents(async (intent) => (told.push(intent), true));
  intents.tell({ microphone: true });
  intents.close();
  await vi.runAllTimersAsync();
  expect(told).toEqual([]);
});
