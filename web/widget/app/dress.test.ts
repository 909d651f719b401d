import { expect, test } from "vitest";
import { dressOf } from "./dress";

test.each([
  ["/w/frame/abcDEF123456", "?language=ko", { kind: "frame", desk: "abcDEF123456", via: "widget", language: "ko" }],
  ["/h/abcDEF123456", "", { kind: "page", desk: "abcDEF123456", via: "page", language: null }],
  ["/h/abcDEF123456/", "?kiosk", { kind: "kiosk", desk: "abcDEF123456", via: "kiosk", language: null }],
  ["/h/abcDEF123456", "?kiosk=1&language=en", { kind: "kiosk", desk: "abcDEF123456", via: "kiosk", language: "en" }],
])("%s%s is worn as it says", (path, query, dress) => {
  expect(dressOf(path, query)).toEqual(dress);
});

test.each(["/", "/h/", "/h/a/b", "/h/..%2fapi", "/w/frame", "/hh/abc"])("%s is no desk", (path) => {
  expect(dressOf(path, "")).toBeUndefined();
});
