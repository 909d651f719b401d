import { describe, expect, it } from "vitest";
import type { FileRef } from "../../engine/wire";
import { thumbsOf } from "./address";
import { blocksOf } from "./blocks";
import { inside, middleOf, moved, square } from "./crop";
import type { Line } from "../space/lines";
import { endingOf, iconOf, lookOf } from "./kinds";
import { decodeText } from "./text";
import { companions, filesOf } from "./viewing";
import { fit, pinch, within, WHOLE, zoomAt } from "./zoom";

const file = (name: string, type: string, more: Partial<FileRef> = {}): FileRef => ({ id: name, name, type, size: 1, ...more });
const photo = (name: string, width = 400, height = 300): FileRef => file(name, "image/jpeg", { width, height, thumb: true });
const plays = (type: string): boolean => type !== "video/quicktime";
const shape = (files: FileRef[], pending: string[] = []) => blocksOf(files, new Set(pending), plays).map((it) => [it.kind, ...it.files.map(({ name }) => name)]);

describe("the files of a message", () => {
  it("lie as one grid of pictures, then players and cards", () => {
    const files = [file("a.pdf", "application/pdf"), photo("b.jpg"), file("c.mp4", "video/mp4"), photo("d.jpg"), file("e.mov", "video/quicktime"), file("f.mp3", "audio/mpeg")];
    expect(shape(files)).toEqual([["pictures", "b.jpg", "d.jpg"], ["card", "a.pdf"], ["video", "c.mp4"], ["card", "e.mov"], ["audio", "f.mp3"]]);
  });

  it("are pictures only when a safe picture exists or comes from this device", () => {
    const coming = file("k1", "image/png", { width: 10, height: 10 });
    const drawing = file("k2", "image/svg+xml", { width: 10, height: 10 });
    expect(shape([coming, drawing], ["k1", "k2"])).toEqual([["pictures", "k1"], ["card", "k2"]]);
    expect(shape([coming])).toEqual([["card", "k1"]]);
  });

  it("have their frame before any of them is fetched", () => {
    const frame = (...files: FileRef[]) => blocksOf(files, new Set(), plays)[0];
    expect(frame(photo("wide", 4000, 1000))).toMatchObject({ width: 20, ratio: 2.4 });
    expect(frame(photo("tall", 1000, 4000))).toMatchObject({ ratio: 0.6, width: 21 * 0.6 });
    expect(frame(photo("small", 160, 160))).toMatchObject({ width: 10, ratio: 1 });
    expect(frame(photo("one"), photo("two"))).toMatchObject({ width: 20, ratio: 2 });
  });

  it("are fetched in widths that exist", () => {
    expect(thumbsOf(photo("p", 200))).toBe("/api/v1/files/p/thumb?w=320 200w");
    expect(thumbsOf(photo("p", 1200))).toContain("w=1920 1200w");
  });

  it("say what they are, and how they can be looked at", () => {
    const cases: [FileRef, string | undefined, string][] = [
      [photo("a.jpg"), "picture", "image"],
      [file("a.svg", "image/svg+xml"), undefined, "image"],
      [file("a.pdf", "application/pdf"), "pdf", "document"],
      [file("a.rs", "application/octet-stream"), "text", "file"],
      [file("가.hwp", "application/octet-stream"), undefined, "document"],
      [file("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), undefined, "sheet"],
      [file("a.zip", "application/zip"), undefined, "archive"],
    ];
    for (const [one, look, icon] of cases) expect([one.name, lookOf(one), iconOf(one)]).toEqual([one.name, look, icon]);
    expect(["a.tar.gz", "보고서.hwp", "none", ".gitignore-long"].map(endingOf)).toEqual(["GZ", "HWP", "", ""]);
  });
});

describe("what is looked at together", () => {
  const said = (key: string, seq: number, files: FileRef[], coming: FileRef[] = []): Line => ({
    kind: "message", key, mine: true, first: true, last: true,
    shown: { key, row: { type: "message", seq, at: 1, author: "nari", changed: seq, text: "", files }, ...(coming.length && { send: { clientId: key, kind: "post", state: "queued", uploads: coming.map((it) => ({ ...it, key: it.id })) } }) },
  });

  it("are pictures with pictures and papers with papers, those on their way left out, those just sent with them", () => {
    const [first, second, coming, paper] = [photo("first"), photo("second"), photo("coming"), file("paper.pdf", "application/pdf")];
    const all = filesOf([said("a", 1, [first, paper]), said("b", 0, [second, coming], [coming])], "garden");
    expect(companions(all, second).map((it) => it.file.name)).toEqual(["first", "second"]);
    expect(companions(all, paper).map((it) => it.file.name)).toEqual(["paper.pdf"]);
  });
});

describe("a text preview", () => {
  it("reads UTF-8, and Korean Windows where it is no UTF-8", () => {
    expect(decodeText(new TextEncoder().encode("안녕 hello"), true)).toBe("안녕 hello");
    expect(decodeText(Uint8Array.of(0xbe, 0xc8, 0xb3, 0xe7), true)).toBe("안녕");
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x48, 0xc5), true)).toBe("안");
  });

  it("may end in the middle of a letter", () => {
    expect(decodeText(new TextEncoder().encode("안녕").slice(0, 5), false)).toBe("안");
  });
});

describe("looking closer", () => {
  const stage = { width: 400, height: 800 };
  const shown = fit({ width: 1600, height: 800 }, stage);

  it("begins with the whole picture, never enlarged", () => {
    expect(shown).toEqual({ width: 400, height: 200 });
    expect(fit({ width: 100, height: 50 }, stage)).toEqual({ width: 100, height: 50 });
  });

  it("keeps what lies under the finger where it is", () => {
    const view = zoomAt(WHOLE, 6, { x: 100, y: 20 }, shown, stage);
    expect(view).toEqual({ scale: 6, x: -500, y: -100 });
    expect((100 - view.x) / view.scale).toBeCloseTo(100);
  });

  it("never shows more emptiness than it must", () => {
    expect(within({ scale: 2, x: 900, y: 50 }, shown, stage)).toEqual({ scale: 2, x: 200, y: 0 });
    expect(zoomAt({ scale: 2, x: 200, y: 0 }, 0.1, { x: 0, y: 0 }, shown, stage)).toEqual(WHOLE);
  });

  it("follows two fingers", () => {
    const view = pinch(WHOLE, [{ x: -50, y: 0 }, { x: 50, y: 0 }], [{ x: -100, y: 0 }, { x: 100, y: 0 }], shown, stage);
    expect(view).toEqual({ scale: 2, x: 0, y: 0 });
  });
});

describe("cutting a picture", () => {
  const picture = { width: 400, height: 200 };

  it("begins with the largest square in the middle", () => {
    expect(square(middleOf(picture), picture)).toEqual({ x: 100, y: 0, side: 200 });
  });

  it("moves with the finger and stops at the edge", () => {
    expect(square(moved(middleOf(picture), 50, 0, picture, 100), picture)).toEqual({ x: 0, y: 0, side: 200 });
    expect(square(inside({ scale: 2, x: 999, y: -9 }, picture), picture)).toEqual({ x: 300, y: 0, side: 100 });
  });
});
