// The rounds of a ticket, as its log tells of them: when each began, who helped, how it was rated. Pure.
import type { Id, NoticeRow } from "../../engine/wire";

export interface Round { round: number; opened: number; agent?: Id; stars?: number }

export function roundsOf(rows: readonly NoticeRow[]): Round[] {
  const rounds: Round[] = [];
  for (const row of rows) {
    if (row.type === "ticket.opened") rounds.push({ round: row.body.round, opened: row.at });
    const now = rounds.at(-1);
    if (!now) continue;
    if (row.type === "ticket.assigned") now.agent = row.body.agent;
    if (row.type !== "ticket.rated") continue;
    const rated = rounds.find(({ round }) => round === row.body.round);
    if (rated) rated.stars = row.body.stars;
  }
  return rounds;
}
