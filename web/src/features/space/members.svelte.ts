// Who is in a space: asked once when somebody needs it, and again when its membership has changed.
import { session } from "../../app/session.svelte";
import type { Member } from "../../engine/client";
import type { Id, Invitation, Person } from "../../engine/wire";

type Held = { members: readonly Member[]; invited: readonly Invitation[]; error?: unknown };
let held = $state.raw<ReadonlyMap<Id, Held>>(new Map());
const hold = (space: Id, found: Held) => (held = new Map(held).set(space, found));
const asking = new Set<Id>();

/** Asks anew; what is held stays until the answer is there. */
export async function loadMembers(space: Id): Promise<void> {
  if (asking.has(space)) return;
  asking.add(space);
  try {
    const { members, invited } = await session.client.api.call("GET /spaces/{id}/members", { id: space });
    hold(space, { members, invited });
  } catch (error) {
    if (!held.has(space)) hold(space, { members: [], invited: [], error });
  } finally {
    asking.delete(space);
  }
}

export const heldMembers = (space: Id): Held | undefined => held.get(space);

/** The people of a space; empty until they are known. */
export function membersOf(space: Id): readonly Person[] {
  const found = held.get(space);
  if (!found) queueMicrotask(() => void loadMembers(space));
  return found?.members.map((one) => one.person) ?? [];
}
