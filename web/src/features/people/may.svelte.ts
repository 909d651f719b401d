// What the workspace lets me do, as this device last heard: nothing is offered that would be refused.
import { session } from "../../app/session.svelte";

const KEY = "madang.may";
const usual = { create_spaces: true, invite_guests: true, record_calls: true };
let mine = $state.raw<typeof usual>({ ...usual, ...kept() });

/** What is not to be read counts as nothing. */
function kept(): Partial<typeof usual> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<typeof usual>;
  } catch {
    return {};
  }
}

export const may = {
  get createSpaces(): boolean {
    return mine.create_spaces;
  },
  /** By address and by link. */
  get inviteGuests(): boolean {
    return mine.invite_guests;
  },
  /** Calls that I host. */
  get recordCalls(): boolean {
    return mine.record_calls;
  },
};

/** Asks anew. Without an answer all stays as it was; the house refuses what is not allowed. */
export async function askMay() {
  const answer = await session.client.api.call("GET /workspace").catch(() => undefined);
  if (answer) localStorage.setItem(KEY, JSON.stringify((mine = { ...usual, ...answer.may })));
  return answer;
}
