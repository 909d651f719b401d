import { describe, expect, it } from "vitest";
import { openFrame as openWhole, sealFrame } from "./frames";
import { KeyRing, kidOf, OLD_KEYS, Replay, SWITCH } from "./keyring";
import { baseKey, readHeader } from "./sframe";

const secret = (mark: number) => baseKey(new Uint8Array(16).fill(mark));
const picture = (key: boolean, size = 200) => Uint8Array.from({ length: size }, (_, i) => (i ? i % 251 : key ? 0x10 : 0x11));
const headerOf = (frame: Uint8Array) => readHeader(frame.subarray(frame.length - 1 - frame.at(-1)!, -1));
const openFrame = async (...how: Parameters<typeof openWhole>) => (await openWhole(...how))?.data;
const names = ["nari", "joon", "mina"];

/** Rings of the members of an epoch, over one clock. */
function rings(count: number) {
  const clock = { now: 0 };
  const all = Array.from({ length: count }, () => new KeyRing(() => clock.now));
  return { clock, all };
}
async function agree(all: readonly KeyRing[], epoch: number, mark: number) {
  const base = await secret(mark);
  all.forEach((ring, me) => ring.add({ epoch, base, me, members: names.slice(0, all.length) }));
}

describe("the keys of a sealed call", () => {
  it("open what another member sealed; what the server reads stays clear, all else is noise", async () => {
    const { all: [nari, joon] } = rings(2);
    await agree([nari!, joon!], 1, 7);
    for (const [key, clear] of [[true, 10], [false, 3]] as const) {
      const frame = picture(key);
      const sealed = (await sealFrame(nari!, "video", frame))!;
      expect(sealed.subarray(0, clear)).toEqual(frame.subarray(0, clear));
      expect(sealed.subarray(clear, clear + 40)).not.toEqual(frame.subarray(clear, clear + 40));
      expect(await openFrame(joon!, "video", sealed)).toEqual(frame);
    }
    const voice = Uint8Array.of(0xfc, 1, 2, 3);
    const sealed = (await sealFrame(nari!, "audio", voice))!;
    expect(sealed.subarray(0, 4)).not.toEqual(voice);
    expect(await openFrame(joon!, "audio", sealed)).toEqual(voice);
  });

  it("say whose frame it was, whoever passes it on", async () => {
    const { all: [nari, joon, mina] } = rings(3);
    await agree([nari!, joon!, mina!], 1, 7);
    for (const [ring, name] of [[nari, "nari"], [joon, "joon"]] as const) {
      const sealed = (await sealFrame(ring!, "video", picture(true)))!;
      expect((await openWhole(mina!, "video", sealed))?.sender).toBe(name);
    }
  });

  it("send nothing before there is one, and open nothing with none", async () => {
    const { all: [nari, joon] } = rings(2);
    expect(await sealFrame(nari!, "audio", Uint8Array.of(1))).toBeUndefined();
    await agree([nari!], 1, 7);
    const sealed = (await sealFrame(nari!, "audio", Uint8Array.of(1)))!;
    expect(await openFrame(joon!, "audio", sealed)).toBeUndefined();
  });

  it("open no frame twice, none that was changed, and none of one's own that comes back", async () => {
    const { all: [nari, joon] } = rings(2);
    await agree([nari!, joon!], 1, 7);
    const sealed = (await sealFrame(nari!, "video", picture(true)))!;
    const changed = sealed.slice();
    changed[1]! ^= 1;
    expect(await openFrame(joon!, "video", changed), "what is clear is protected too").toBeUndefined();
    expect(await openFrame(joon!, "video", sealed)).toBeDefined();
    expect(await openFrame(joon!, "video", sealed)).toBeUndefined();
    expect(await openFrame(nari!, "video", sealed)).toBeUndefined();
    for (const torn of [sealed.subarray(0, 12), sealed.subarray(0, -1), new Uint8Array(0), Uint8Array.of(255)]) expect(await openFrame(joon!, "video", torn)).toBeUndefined();
  });

  it("are never used twice with the same number, whatever is sealed at the same time", async () => {
    const { all: [nari], clock } = rings(1);
    await agree([nari!], 1, 7);
    const some = () => Promise.all(Array.from({ length: 50 }, (_, i) => sealFrame(nari!, i % 2 ? "audio" : "video", picture(false, 20))));
    const first = await some();
    await agree([nari!], 1, 7);
    const more = await some();
    await agree([nari!], 2, 8);
    clock.now += SWITCH;
    const last = await some();
    const used = [...first, ...more, ...last].map((frame) => headerOf(frame!)!).map(({ kid, ctr }) => `${kid} ${ctr}`);
    expect(new Set(used).size).toBe(150);
    expect(headerOf(last[0]!)!.kid).toBe(kidOf(0, 2));
  });

  it("change a moment after an epoch; those of before open for ten seconds more", async () => {
    const { all, clock } = rings(2);
    const [nari, joon] = all;
    await agree(all, 1, 7);
    await agree(all, 2, 8);
    const late = (await sealFrame(nari!, "audio", Uint8Array.of(1)))!;
    const lost = (await sealFrame(nari!, "audio", Uint8Array.of(2)))!;
    expect(headerOf(late)!.kid).toBe(kidOf(0, 1));
    clock.now = SWITCH;
    const fresh = (await sealFrame(nari!, "audio", Uint8Array.of(3)))!;
    expect(headerOf(fresh)!.kid).toBe(kidOf(0, 2));
    clock.now = OLD_KEYS - 1;
    expect(await openFrame(joon!, "audio", late)).toEqual(Uint8Array.of(1));
    clock.now = OLD_KEYS;
    expect(await openFrame(joon!, "audio", lost)).toBeUndefined();
    expect(await openFrame(joon!, "audio", fresh)).toEqual(Uint8Array.of(3));
  });

  it("of somebody who left open nothing of the next epoch", async () => {
    const { all: [nari, joon, mina], clock } = rings(3);
    await agree([nari!, joon!, mina!], 1, 7);
    await agree([nari!, joon!], 2, 8);
    clock.now = SWITCH;
    const sealed = (await sealFrame(nari!, "audio", Uint8Array.of(1)))!;
    expect(await openFrame(joon!, "audio", sealed)).toBeDefined();
    expect(await openFrame(mina!, "audio", sealed)).toBeUndefined();
    // Not under the same name with the old secret either.
    mina!.add({ epoch: 2, base: await secret(7), me: 2, members: names });
    expect(await openFrame(mina!, "audio", sealed)).toBeUndefined();
  });

  it("know what came before, within a window", () => {
    const seen = new Replay();
    for (const ctr of [5, 3, 4_000]) seen.add(ctr);
    expect([3, 5, 4_000, 4, 3_999, 4_001].map((ctr) => seen.has(ctr))).toEqual([true, true, true, true, false, false]);
  });
});
