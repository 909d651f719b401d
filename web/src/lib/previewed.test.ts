import { expect, it } from "vitest";
import written from "../../../testing/vectors/previews.json";
import { previewed, previewedElsewhere } from "./previewed";

it.each(written)("$name", ({ text, previews }) => expect(previewed(text)).toStrictEqual(previews));

it("links into the own house are left out, whatever begins like it", () => {
  const text = "https://Madang.example/s/1 https://madang.example https://madang.example.org";
  expect(previewedElsewhere(text, "https://madang.example")).toStrictEqual(["https://madang.example.org"]);
});
