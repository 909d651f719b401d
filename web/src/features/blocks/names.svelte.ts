// What apps name only by id: people, spaces, user groups. Asked of the engine when the first of them is shown.
import { person, session } from "../../app/session.svelte";
import { m } from "../../lib/i18n.svelte";
import type { SpaceItem } from "../../engine/view";
import { ask, NotDone } from "../apps/methods";
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

/** Of a house that was brought here from Slack: shorter than ours, and known to the house alone. */
const THEIRS = /^[UWCDG][0-9A-Z]{6,10}$/;
let aliases = $state.raw<ReadonlyMap<string, { id: string; name: string }>>(new Map());
const sought = new Set<string>();

/** What an id of an imported house stands for, once the house has told; asked when the first of it is shown. */
function aliasOf(id: string): { id: string; name: string } | undefined {
  if (THEIRS.test(id) && !sought.has(id)) {
    sought.add(id);
    queueMicrotask(() => void seek(id));
  }
  return aliases.get(id);
}

async function seek(id: string): Promise<void> {
  try {
    const found = /^[UW]/.test(id)
      ? await ask("users.info", { user: id }).then(({ user }) => ({ id: user.id, name: user.real_name || user.name }))
      : await ask("conversations.info", { channel: id }).then(({ channel }) => ({ id: channel.id, name: channel.name ?? "" }));
    if (found.name) aliases = new Map(aliases).set(id, found);
  } catch (error) {
    // What could not be asked is asked for again with the next that is shown; what nobody knows is not.
    if (error instanceof NotDone && error.code === "offline") sought.delete(id);
  }
}

export function personName(id: string, given?: string): string {
  const own = personOf(id);
  return (own && person(own)?.name) ?? given ?? aliasOf(id)?.name ?? (own ? m.somebody() : id);
}

export const spaceName = (id: string, given?: string): string => {
  const own = spaceOf(id);
  return mySpaces().find((one) => one.key === own)?.title ?? given ?? aliasOf(id)?.name ?? id;
};

/** Where a space that is named stands here. */
export const spaceHere = (id: string): string | undefined => spaceOf(aliases.get(id)?.id ?? id);

let asked = false;
export function groupName(id: string, given?: string): string {
  const own = ours("S", id);
  if (own && !asked && !given) {
    asked = true;
    queueMicrotask(() => void loadTeams());
  }
  return teams.list?.find((one) => one.id === own)?.name ?? given ?? id;
}
