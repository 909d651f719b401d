import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../src/engine/api";
import type { Event } from "../../src/engine/wire";
import { Outbox, type Unsent } from "./outbox";
import { memoryShelf } from "./shelf";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A house whose answers are given one by one; the last one is given from then on. */
function house(...answers: ("yes" | Error)[]) {
  const asked: string[] = [];
  const posted: Event[] = [];
  let unsent: readonly Unsent[] = [];
  const post = async (body: { client_id: string; text: string }) => {
    asked.push(`${body.client_id} ${body.text}`);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return { event: { space: "s", seq: asked.length, at: 1, author: "dara", type: "message.posted", body: { text: body.text } } as Event };
  };
  return { asked, posted, get unsent() { return unsent; }, door: { post, posted: (event: Event) => void posted.push(event), changed: (now: readonly Unsent[]) => void (unsent = now), random: () => 0.5 } };
}
const offline = new ApiError(0, "offline", "");

test("what was said is sent in order, and is nowhere afterwards", async () => {
  const { door, posted, asked } = house("yes");
  const shelf = memoryShelf();
  const outbox = new Outbox(shelf, door);
  outbox.say("one", [], 1);
  outbox.say("two", [], 2);
  await vi.runAllTimersAsync();
  expect(posted.map(({ body }) => (body as { text: string }).text)).toEqual(["one", "two"]);
  expect(asked.length).toBe(2);
  expect(shelf.get("unsent")).toBeNull();
});

test("without a network it is kept, and said with the same id by the next page", async () => {
  const shelf = memoryShelf();
  const cut = house(offline);
  const first = new Outbox(shelf, cut.door);
  first.say("is anybody there?", [], 1);
  await vi.advanceTimersByTimeAsync(10_000);
  first.stop();
  const [id] = cut.unsent.map((it) => it.id);
  const back = house("yes");
  new Outbox(shelf, back.door).wake();
  await vi.runAllTimersAsync();
  expect(back.asked).toEqual([`${id} is anybody there?`]);
});

test("it is tried again with longer and longer pauses, and at once when the network is back", async () => {
  const { door, asked } = house(offline);
  const outbox = new Outbox(memoryShelf(), door);
  outbox.say("hello", [], 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000 + 2_000);
  expect(asked.length).toBe(3);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked.length).toBe(3);
  outbox.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.length).toBe(4);
  outbox.stop();
});

test("what is refused holds up nothing", async () => {
  const { door, posted, asked } = house(new ApiError(413, "too_large", "Too long."), "yes");
  const outbox = new Outbox(memoryShelf(), door);
  outbox.say("long", [], 1);
  outbox.say("short", [], 2);
  await vi.runAllTimersAsync();
  expect(asked.map((one) => one.split(" ")[1])).toEqual(["long", "short"]);
  expect(posted.length).toBe(1);
});

test("a refused message is kept in sight until it is dropped", async () => {
  const refusing = house(new ApiError(413, "too_large", "Too long."));
  const outbox = new Outbox(memoryShelf(), refusing.door);
  outbox.say("long", [], 1);
  await vi.runAllTimersAsync();
  expect(refusing.unsent).toMatchObject([{ text: "long", refused: "Too long." }]);
  outbox.again(refusing.unsent[0]!.id);
  await vi.runAllTimersAsync();
  expect(refusing.asked.length).toBe(2);
  outbox.discard(refusing.unsent[0]!.id);
  expect(refusing.unsent).toEqual([]);
});

test("whatever stands on the shelf, it begins", () => {
  const shelf = memoryShelf();
  for (const kept of ["{", "3", '[{"id":1}]', '[{"id":"a","text":"b","files":[],"at":1}]']) {
    shelf.put("unsent", kept);
    const one = house("yes");
    new Outbox(shelf, one.door);
    expect(one.unsent.length).toBe(kept.includes('"text"') ? 1 : 0);
  }
});
