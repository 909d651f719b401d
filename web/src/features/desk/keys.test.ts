import { describe, expect, it } from "vitest";
import { deskKeyOf } from "./keys";

const press = (code: string, more: object = {}) => ({ code, key: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("the keys of the console", () => {
  it.each([["KeyJ", "next"], ["KeyK", "previous"], ["KeyC", "close"], ["KeyS", "snooze"], ["KeyT", "transfer"], ["KeyN", "note"], ["KeyA", "take"], ["Slash", "write"], ["KeyQ", null]])("%s is %s", (code, does) => {
    expect(deskKeyOf(press(code), false)).toBe(does);
  });

  it("leave letters to fields and combinations to the browser", () => {
    expect(deskKeyOf(press("KeyC"), true)).toBeNull();
    for (const held of ["ctrlKey", "metaKey", "altKey", "shiftKey"]) expect(deskKeyOf(press("KeyC", { [held]: true }), false)).toBeNull();
  });
});
