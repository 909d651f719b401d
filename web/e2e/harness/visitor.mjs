// A desk as a story needs one: open round the clock, with these people at it; and a visitor who has nothing but the
// API, as the programs on other sites have.
import { randomUUID } from "node:crypto";

const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** Nari opens a desk; gives it as the API does. `more` are other settings. */
export async function openDesk(house, people, { agents = people.map((name) => ({ person: house.who(name).id })), ...more } = {}) {
  const { door } = house.who("nari");
  const settings = { name: "Support", hours: { zone: "Asia/Seoul", week: [{ days: everyDay, from: "00:00", to: "24:00" }] }, ...more };
  const { desk } = await door.call("POST /desks", { body: { settings } });
  return (await door.call("PUT /desks/{id}/agents", { id: desk.id, body: { agents, teams: [] } })).desk;
}

/** Somebody without an account comes to a desk. */
export async function visit(house, desk, { name = "Dara", language = "en", wants = "chat", ...more } = {}) {
  const call = async (route, { token, body } = {}) => {
    const [method, path] = route.split(" ");
    const answer = await fetch(`${house.server.origin}/api/v1${path}`, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text}`);
    return { text, json: text ? JSON.parse(text) : undefined };
  };
  const begun = (await call(`POST /desk/${desk.key}/visits`, { body: { name, language, wants, via: "page", ...more } })).json;
  const { token, space } = begun;
  const mine = (route, body) => call(route, { token, body });
  return {
    ...begun,
    say: async (text) => (await mine(`POST /spaces/${space}/messages`, { client_id: randomUUID(), text })).json.event,
    /** All that this visitor can read of the ticket, as it came over the line. */
    async everything() {
      const events = await mine(`GET /spaces/${space}/events?after=0&limit=200`);
      const pages = await mine(`GET /spaces/${space}/pages/0`);
      const visit = await mine("GET /visit");
      return { events: events.json.events, traffic: [events.text, pages.text, visit.text].join("\n") };
    },
    rate: (stars, comment) => mine("POST /visit/rate", { stars, comment }),
    open: (wants) => mine("POST /visit/open", { wants, via: "page" }),
    ticket: async () => (await mine("GET /visit")).json.ticket,
    /** Has a page listen on the socket as the visitor; answers how to read what came. */
    async listen(page) {
      await page.evaluate((token) => {
        const frames = (globalThis.heard = []);
        const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/socket`, ["madang", token]);
        socket.onmessage = ({ data }) => frames.push(data);
        return new Promise((fine, broken) => {
          socket.onerror = () => broken(new Error("the visitor's socket was refused"));
          socket.onopen = () => {
            socket.send(JSON.stringify({ type: "hello", device: "story-visitor", epoch: 0, rev: 0, heads: [], people_at: 0 }));
            fine();
          };
        });
      }, token);
      return () => page.evaluate(() => globalThis.heard.join("\n"));
    },
  };
}
