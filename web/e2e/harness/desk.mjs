// Desks, who helps at them, and the help as it stands in somebody's page.
import { randomUUID } from "node:crypto";

/** Open day and night, in both languages. */
const ALWAYS = { zone: "Asia/Seoul", week: [{ days: [0, 1, 2, 3, 4, 5, 6], from: "00:00", to: "00:00" }], others: [] };
const usual = {
  languages: ["ko", "en"], welcome: { en: "Hello! What can we do for you?", ko: "안녕하세요! 무엇을 도와드릴까요?" }, closed: { en: "We are out.", ko: "지금은 쉬는 시간이에요." },
  hours: ALWAYS, skills: [], offers: { voice: true, video: "one_way", page: false, draw: false, act: false, camera: false },
  origins: [], ring_seconds: 20, per_agent: 30, waiting_most: 50, same_agent: true, ask_name: false, targets: {}, masks: [], canned: [],
};

/** nari opens a desk: `{ id, key, name, allow(origin) }`. */
export async function openDesk(house, more = {}) {
  const { door } = house.who("nari");
  let settings = { ...usual, name: "Help", ...more };
  const { desk } = await door.call("POST /desks", { body: { settings } });
  const change = async (to) => {
    settings = { ...settings, ...to };
    await door.call("PUT /desks/{id}", { id: desk.id, body: { settings } });
  };
  return { id: desk.id, key: desk.key, name: settings.name, change, /** This site may frame it. */ allow: (origin) => change({ origins: [origin] }) };
}

/** Somebody of the house who stands at this desk and is reachable. */
export async function agentAt(house, desk, name = "joon") {
  const { door, id } = await house.welcome(name);
  await house.who("nari").door.call("PUT /desks/{id}/agents", { id: desk.id, body: { agents: [{ person: id, skills: [], languages: ["ko", "en"] }], teams: [] } });
  await door.call("PUT /me/agent", { body: { reachable: true } });
  const ticket = async (space) => (await door.call("GET /tickets/{space}", { space })).ticket;
  return {
    door,
    ticket,
    /** Takes the ticket that waits at the desk; gives its space. */
    async takes() {
      const { tickets } = await door.call("GET /desks/{id}/tickets", { id: desk.id, query: { view: "waiting" } });
      if (tickets.length !== 1) throw new Error(`${tickets.length} tickets wait at ${desk.name}`);
      await door.call("POST /tickets/{space}/take", { space: tickets[0].space, body: {} });
      return tickets[0].space;
    },
    says: (space, text) => door.post(space, text),
    notes: (space, text) => door.call("POST /spaces/{id}/messages", { id: space, body: { client_id: randomUUID(), text, note: true } }),
    closes: (space) => door.call("POST /tickets/{space}/close", { space, body: {} }),
    /** The newest message of somebody else. */
    async reads(space) {
      const { events } = await door.call("GET /spaces/{id}/events", { id: space, query: { after: 0, limit: 500 } });
      return events.filter((it) => it.type === "message.posted" && it.author !== id).at(-1)?.body.text;
    },
    rating: async (space) => (await ticket(space)).rating,
  };
}

/** The button that a site has of us. It stands in a closed shadow root: seen by eyes and by screen readers, and by no script. */
export function help(page) {
  const host = page.locator("madang-help");
  return {
    waitFor: () => host.waitFor(),
    async press() {
      await host.waitFor();
      const { x, y, width, height } = await host.boundingBox();
      await page.mouse.click(x + width / 2, y + height / 2);
    },
    /** Waits until a screen reader says this of the button. */
    async says(name) {
      const reader = await page.context().newCDPSession(page);
      const { root } = await reader.send("DOM.getDocument", { depth: 0 });
      const until = Date.now() + 20_000;
      for (;;) {
        const { nodes } = await reader.send("Accessibility.queryAXTree", { nodeId: root.nodeId, role: "button" });
        const names = nodes.map((it) => it.name?.value);
        if (names.includes(name)) break;
        if (Date.now() > until) throw new Error(`no button says "${name}" but ${JSON.stringify(names)}`);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await reader.detach();
    },
  };
}

/** The frame of the desk in somebody's page, once it is there. */
export async function inFrame(page, desk) {
  const found = () => page.frames().find((frame) => frame.url().includes(`/w/frame/${desk.key}`));
  for (let frame = found(); ; frame = found()) {
    if (frame) {
      await frame.locator(".app").waitFor();
      return frame;
    }
    await page.waitForEvent("framenavigated");
  }
}
