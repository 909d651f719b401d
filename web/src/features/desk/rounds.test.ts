import { expect, it } from "vitest";
import type { NoticeRow } from "../../engine/wire";
import { roundsOf } from "./rounds";

it("tells of each round who helped and how it was rated, also when it was rated after the next began", () => {
  let seq = 0;
  const row = (type: string, body: object): NoticeRow => ({ seq: ++seq, at: seq * 10, author: "dara", changed: seq, type, body }) as NoticeRow;
  const opened = (round: number) => row("ticket.opened", { desk: "d", round, via: "page", wants: "chat", language: "ko" });
  const rows = [row("member.joined", { person: "dara", role: "guest" }), opened(1), row("ticket.assigned", { agent: "mina", why: "taken" }), row("ticket.assigned", { agent: "joon", why: "transferred" }), row("ticket.closed", { by: "agent" }), opened(2), row("ticket.rated", { round: 1, stars: 4, comment: "" })];
  expect(roundsOf(rows)).toEqual([{ round: 1, opened: 20, agent: "joon", stars: 4 }, { round: 2, opened: 60 }]);
});
