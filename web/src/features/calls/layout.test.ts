import { expect, test } from "vitest";
import type { Call, Participant } from "../../engine/wire";
import { grid, main, page, seats } from "./layout";

const who = (id: string, more: Partial<Participant> = {}): Participant => ({ id, person: `p-${id}`, at: 1, state: "connected", microphone: true, camera: true, screen: false, ...more });
const call = (...participants: Participant[]): Call => ({ id: "c", space: "s", at: 1, by: "p-a", video: true, locked: false, host: "a", participants });
const names = (all: ReturnType<typeof seats>) => all.map(({ key }) => key);

test("a shared screen stands before the people, one's own too, and oneself is not among the others", () => {
  expect(names(seats(call(who("me", { screen: true }), who("a"), who("b", { screen: true })), "me"))).toEqual(["me/screen", "b/screen", "a/camera", "b/camera"]);
});

test("whoever speaks comes to the first page without moving those before", () => {
  const all = seats(call(...["a", "b", "c", "d", "e", "f"].map((id) => who(id))), "me");
  expect(names(page(all, 4, 0).shown)).toEqual(["a/camera", "b/camera", "c/camera", "d/camera"]);
  expect(names(page(all, 4, 0, "f").shown)).toEqual(["a/camera", "b/camera", "c/camera", "f/camera"]);
  expect(names(page(all, 4, 1, "f").shown)).toEqual(["e/camera", "f/camera"]);
  expect(page(all, 4, 0).pages).toBe(2);
});

test("a pinned one stands large before a screen, a screen before who speaks", () => {
  const all = seats(call(who("a"), who("b"), who("c", { screen: true })), "me");
  expect(main(all, { speaker: "b" })?.key).toBe("c/screen");
  expect(main(all, { speaker: "b", pinned: "a/camera" })?.key).toBe("a/camera");
  const people = all.slice(1);
  expect(main(people, { speaker: "b" })?.key).toBe("b/camera");
  // A pause in the talk moves nobody.
  expect(main(people, { speaker: null, before: "b/camera" })?.key).toBe("b/camera");
});

test("tiles stand one above the other on a phone, side by side on a desk", () => {
  expect(grid(1, 360, 600)).toEqual({ columns: 1, rows: 1 });
  expect(grid(2, 360, 600)).toEqual({ columns: 1, rows: 2 });
  expect(grid(4, 360, 600)).toEqual({ columns: 2, rows: 2 });
  expect(grid(2, 1280, 640)).toEqual({ columns: 2, rows: 1 });
  expect(grid(9, 1280, 700)).toEqual({ columns: 3, rows: 3 });
});
