import { expect, test } from "vitest";
import { quote } from "./quote";

const of = (text: string) => quote(text, (id) => (id === "mina" ? "Mina" : "Somebody"), "everyone");

test("a quote marks every line", () => {
  expect(of("one\ntwo")).toBe("> one\n> two\n");
});

test("a quote calls nobody again", () => {
  expect(of("<@mina> and <!everyone>, look")).toBe("> @Mina and everyone, look\n");
});
