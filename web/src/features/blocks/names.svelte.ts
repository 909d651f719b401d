// What apps name only by id: people, spaces, user groups. Asked of the engine when the first of them is shown.
import { person, session } from "../../app/session.svelte";
import { m } from "../../lib/i18n.svelte";
import type { SpaceItem } from "../../engine/view";
import { loadTeams, teams } from "../teams/teams.svelte";
import { ours, personOf, spaceOf } from "./ids";

let spaces = $state.raw<readonly SpaceItem[]>([]);
let following = false;

/** The spaces of this person, as the list of chats has them. */
export function mySpaces(): readonly SpaceItem[] {
  if (!following && session.connected) {
    following = true;
    // For as long as the page lives: names stand in any conversation.
    session.client.spaces((items) => (spaces = items));
  }
  return spaces;
}

export function personName(id: string, given?: string): string {
  const own = personOf(id);
  return (own && person(own)?.name) ?? given ?? (own ? m.somebody() : id);
}

export const spaceName = (id: string, given?: string): string => {
  const own = spaceOf(id);
  return mySpaces().find((one) => one.key === own)?.title ?? given ?? id;
};

let asked = false;
export function groupName(id: string, given?: string): string {
  const own = ours("S", id);
  if (own && !asked && !given) {
    asked = true;
    queueMicrotask(() => void loadTeams());
  }
  return teams.list?.find((one) => one.id === own)?.name ?? given ?? id;
}
