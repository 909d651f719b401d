import { describe, expect, it } from "vitest";
import vectors from "../../../../../testing/vectors/sframe.json";
import { baseKey, frameKey, open, readHeader, seal, writeHeader } from "./sframe";

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (it) => parseInt(it, 16));
const hex = (it: Uint8Array) => [...it].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe("SFrame", () => {
  it("writes and reads headers as RFC 9605 C.1 has them", () => {
    for (const { kid, ctr, encoded } of vectors.header) {
      expect(hex(writeHeader(kid, ctr)), `${kid} ${ctr}`).toBe(encoded);
      expect(readHeader(bytes(encoded))).toEqual({ kid, ctr, length: encoded.length / 2 });
    }
  });

  it("refuses a header that is cut off or names numbers beyond reach", () => {
    for (const bad of ["", "80", "08", "9901", "0fffffffffffffffff"]) expect(readHeader(bytes(bad)), bad).toBeUndefined();
  });

  it("derives keys and seals as RFC 9605 C.3 has it", async () => {
    const { base_key, kid, ctr, sframe_salt, metadata, pt, ct } = vectors.frame;
    const key = await frameKey(await baseKey(bytes(base_key)), kid);
    expect(hex(key.salt)).toBe(sframe_salt);
    const { header, sealed } = await seal(key, ctr, bytes(metadata), bytes(pt));
    expect(hex(header) + hex(sealed)).toBe(ct);
    expect(hex(await open(key, ctr, header, bytes(metadata), sealed))).toBe(pt);
  });

  it("opens nothing under another counter, other metadata or the key of another sender", async () => {
    const base = await baseKey(bytes(vectors.frame.base_key));
    const [key, other] = await Promise.all([frameKey(base, 256), frameKey(base, 512)]);
    const { header, sealed } = await seal(key, 7, bytes("aa"), bytes("0102"));
    await expect(open(key, 8, header, bytes("aa"), sealed)).rejects.toThrow();
    await expect(open(key, 7, header, bytes("ab"), sealed)).rejects.toThrow();
    await expect(open(other, 7, header, bytes("aa"), sealed)).rejects.toThrow();
  });
});
