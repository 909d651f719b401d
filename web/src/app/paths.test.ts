import { expect, test } from "vitest";
import { href, match, paths, type RouteName } from "./paths";

test("a written path is read back as the same screen", () => {
  expect(href("thread", { space: "s1", root: "64" })).toBe("/s/s1/t/64");
  const params = { space: "a/b ü", seq: "7", root: "9", token: "t?k#n", team: "t1", part: "audit", one: "d1", ticket: "k1", desk: "h1", contact: "c1", app: "a1" };
  for (const name of Object.keys(paths) as RouteName[]) {
    const written = (href as (name: RouteName, params: object) => string)(name, params);
    const parts = [...paths[name].matchAll(/:(\w+)/g)].map(([, part]) => part as keyof typeof params);
    expect(match(written)).toEqual({ name, params: Object.fromEntries(parts.map((part) => [part, params[part]])) });
  }
});

test("a slash at the end does not matter", () => {
  expect(match("/me/")?.name).toBe("me");
  expect(match("/s/x/people/")?.name).toBe("spacePeople");
});

test("a path that means nothing is nothing", () => {
  for (const path of ["/nowhere", "/s", "/s/x/m/one", "/s/x/m/0", "/s/x/t/-1", "/s/x/t/1e3", "/j/%E0%A4%A", "/me/devices/1"]) {
    expect(match(path), path).toBeNull();
  }
});
