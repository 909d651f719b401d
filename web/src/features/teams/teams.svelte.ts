// The teams as the two panes about them share them: asked once when they are first shown, led on by the answers
// of what is changed here.
import { session } from "../../app/session.svelte";
import type { SpaceItem } from "../../engine/view";
import type { Team } from "../../engine/wire";

let list = $state.raw<readonly Team[] | null>(null);
let error = $state.raw<unknown>(undefined);

export const teams = {
  /** By name; null until they are known. */
  get list(): readonly Team[] | null {
    return list;
  },
  get error(): unknown {
    return error;
  },
};

const byName = (a: Team, b: Team) => a.name.localeCompare(b.name);

export async function loadTeams(): Promise<void> {
  try {
    const answer = await session.client.api.call("GET /teams");
    list = [...answer.teams].sort(byName);
    error = undefined;
  } catch (fault) {
    error = fault;
  }
}

/** The team as an answer shows it. */
export function keepTeam(team: Team): void {
  list = [...(list ?? []).filter((one) => one.id !== team.id), team].sort(byName);
}

export function forgetTeam(id: string): void {
  list = (list ?? []).filter((one) => one.id !== id);
}

/** Who may give spaces to a team and take them from it: its people, and whoever manages teams. */
export const furnishes = (team: Team): boolean => managesTeams() || team.members.includes(session.me?.id ?? "");

/** Whether one may give this space away, or take it back: hosts their own, admins all. */
export const mayGive = (item: SpaceItem | undefined): boolean => managesTeams() || item?.summary.me?.role === "host";

/** Who makes, fills and dissolves teams. */
export const managesTeams = (): boolean => session.me?.role === "owner" || session.me?.role === "admin";
