// Two, then three people in real browsers: each hears and sees the others and nobody else.

import assert from "node:assert/strict";

import { open, until } from "./lobby.mjs";

const near = (tone) => (heard) => Math.abs(heard - tone) < 40;
const isRed = (it) => it.frames > 20 && it.red > 150 && it.green < 100 && it.blue < 100;
const isBlue = (it) => it.frames > 20 && it.blue > 150 && it.red < 100 && it.green < 100;

const lobby = await open();
try {
  const nari = await lobby.person({ id: 1, tone: 440, colour: "#e02020" });
  const joon = await lobby.person({ id: 2, tone: 1000, colour: "#2020e0" });
  const want = (who, others) =>
    who.ask("want", { slots: others.map((other, index) => ({ mid: who.videoSlots[index], track: `${other.name}/camera`, height: 720, priority: 1 })) });
  await want(nari, [joon]);
  await want(joon, [nari]);

  const begun = Date.now();
  await until("Nari sees Joon's colour", 20, async () => { const it = await nari.sees(0); return isBlue(it) || it; });
  console.log(`Nari sees Joon after ${Date.now() - begun} ms`);
  await until("Joon sees Nari's colour", 20, async () => { const it = await joon.sees(0); return isRed(it) || it; });
  await until("Nari hears Joon alone", 20, async () => { const it = await nari.hears(); return (it.length === 1 && it.every(near(1000))) || it; });
  await until("Joon hears Nari alone", 20, async () => { const it = await joon.hears(); return (it.length === 1 && it.every(near(440))) || it; });
  console.log("two hear and see each other", JSON.stringify((await nari.stats()).outbound), JSON.stringify((await nari.told())));

  await until("the full picture comes", 30, async () => { const it = await nari.sees(0); return it.height === 720 || [it, (await nari.ask("numbers"))]; });
  console.log(`Nari sees 720 lines after ${Date.now() - begun} ms`);
  const stats = await nari.stats();
  console.log(stats.protocol, stats.srtpCipher, stats.tlsVersion);
  assert.equal(stats.protocol, "udp");
} finally {
  await lobby.close();
}
