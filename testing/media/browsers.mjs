// People in real browsers: each hears and sees the others and nobody else, whatever is muted,
// forbidden, lost or blocked.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lobby.mjs";

const near = (tone) => (heard) => Math.abs(heard - tone) < 40;
const isRed = (it) => it.frames > 20 && it.red > 150 && it.green < 100 && it.blue < 100;
const isBlue = (it) => it.frames > 20 && it.blue > 150 && it.red < 100 && it.green < 100;
const isGreen = (it) => it.frames > 20 && it.green > 100 && it.red < 100 && it.blue < 100;

const want = (who, others, height = 720) =>
  who.ask("want", {
    slots: others.map((other, index) => ({ mid: who.videoSlots[index], track: `${other.name}/camera`, height, priority: 1 })),
  });
const hearsOnly = (who, ...tones) => async () => {
  const heard = await who.hears();
  const all = tones.every((tone) => heard.some(near(tone))) && heard.every((it) => tones.some((tone) => near(tone)(it)));
  return (all && heard.length === tones.length) || heard;
};
const sees = (who, slot, like) => async () => {
  const picture = await who.sees(slot);
  return like(picture) || picture;
};
const moves = async (who, slot) => {
  const before = (await who.sees(slot)).frames;
  return async () => (await who.sees(slot)).frames > before + 10;
};

test("two hear and see each other, and mute, a smaller frame and a restart of ICE do what they should", async () => {
  const lobby = await open();
  try {
    const nari = await lobby.person({ id: 1, tone: 440, colour: "#e02020" });
    const joon = await lobby.person({ id: 2, tone: 1000, colour: "#2020e0" });
    await want(nari, [joon]);
    await want(joon, [nari]);
    const begun = Date.now();
    await until("Nari sees Joon's colour", 20, sees(nari, 0, isBlue));
    console.log(`  seen after ${Date.now() - begun} ms`);
    await until("Joon sees Nari's colour", 20, sees(joon, 0, isRed));
    await until("Nari hears Joon alone", 20, hearsOnly(nari, 1000));
    await until("Joon hears Nari alone", 20, hearsOnly(joon, 440));
    await until("the full picture comes", 30, async () => {
      const it = await nari.sees(0);
      return it.height === 720 || { it, numbers: await nari.ask("numbers"), send: (await joon.told()).slots, sent: (await joon.stats()).outbound };
    });
    console.log(`  720 lines after ${Date.now() - begun} ms`);
    const stats = await nari.stats();
    assert.equal(stats.protocol, "udp");
    assert.match(stats.srtpCipher, /GCM/);

    await want(nari, [joon], 170);
    await until("a small frame gets a small picture", 15, sees(nari, 0, (it) => it.height === 180));
    await until("Joon is not asked for more", 15, async () => {
      const told = await joon.told();
      return JSON.stringify(told.slots.send.camera) === '["q"]' || told.slots.send;
    });

    await nari.ask("allow", { muted: ["microphone"] });
    await until("muted by the host, Nari is not heard though she sends", 10, hearsOnly(joon));
    await nari.ask("allow", { muted: [] });
    await until("and is heard again", 10, hearsOnly(joon, 440));

    await nari.restart();
    await until("a restart of ICE changes nothing", 10, await moves(joon, 0));
    await until("and she is heard", 10, hearsOnly(joon, 440));

    await joon.ask("leave");
    await until("whoever left is not heard", 10, hearsOnly(nari));
  } finally {
    await lobby.close();
  }
});

test("a visitor's camera is never sent nor forwarded, and another call is nobody's business", async () => {
  const lobby = await open();
  try {
    const nari = await lobby.person({ id: 1, tone: 440, colour: "#e02020" });
    const joon = await lobby.person({ id: 2, tone: 1000, colour: "#2020e0" });
    const dara = await lobby.person({ id: 3, tone: 1700, colour: "#20c020", rights: { camera: false } });
    const other = await lobby.person({ id: 4, call: 2, tone: 2500, colour: "#20c020" });
    assert.equal(dara.answer.split("m=")[2].match(/a=(inactive|recvonly|sendonly|sendrecv)/)[1], "inactive");
    await want(nari, [joon, dara, other]);
    await want(joon, [nari, dara]);
    await want(dara, [joon, nari]);
    await until("Nari sees Joon", 20, sees(nari, 0, isBlue));
    await until("Dara sees Nari", 20, sees(dara, 1, isRed));
    await until("Nari hears both", 20, hearsOnly(nari, 1000, 1700));
    await until("Dara hears both", 20, hearsOnly(dara, 440, 1000));
    await until("who is alone in a call hears nobody", 5, hearsOnly(other));
    assert.equal((await nari.sees(1)).frames, 0, "a visitor's camera is never forwarded");
    assert.equal((await joon.sees(1)).frames, 0);
    assert.equal((await nari.sees(2)).frames, 0, "what is in another call is nobody's business");
    const camera = (await dara.stats()).outbound.filter((it) => it.kind === "video" && it.mid === "1");
    assert.ok(camera.every((it) => it.packetsSent === 0), "and not even sent");
  } finally {
    await lobby.close();
  }
});

test("where no UDP goes the call goes over TCP", async () => {
  const lobby = await open({ LOBBY_TCP: "1" });
  try {
    const nari = await lobby.person({ id: 1, tone: 440, colour: "#e02020", policy: "tcp" });
    const joon = await lobby.person({ id: 2, tone: 1000, colour: "#2020e0" });
    await want(nari, [joon]);
    await want(joon, [nari]);
    await until("Nari sees Joon over TCP", 20, sees(nari, 0, isBlue));
    await until("Joon sees Nari", 20, sees(joon, 0, isRed));
    await until("Nari hears Joon", 20, hearsOnly(nari, 1000));
    assert.equal((await nari.stats()).protocol, "tcp");
  } finally {
    await lobby.close();
  }
});

test("with full ICE, and a camera in one size, the call works as well", async () => {
  const lobby = await open({ LOBBY_FULL_ICE: "1" });
  try {
    const nari = await lobby.person({ id: 1, tone: 440, colour: "#e02020", simulcast: false });
    const joon = await lobby.person({ id: 2, tone: 1000, colour: "#20c020" });
    await want(nari, [joon]);
    await want(joon, [nari]);
    await until("Nari sees Joon with full ICE", 20, sees(nari, 0, isGreen));
    await until("Joon sees Nari, who sends one size", 20, sees(joon, 0, isRed));
  } finally {
    await lobby.close();
  }
});
