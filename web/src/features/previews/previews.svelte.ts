// What links lead to, as the house tells it: asked once on this page for each message that comes near the screen, a
// few at a time. Whether the workspace shows any is remembered, so that no place is kept for what will not come.
import { SvelteMap } from "svelte/reactivity";
import { pause } from "../../app/parts";
import { session } from "../../app/session.svelte";
import type { Preview } from "../../engine/routes";
import type { Id, Seq } from "../../engine/wire";
import { rememberShown } from "./shown";

/** Questions at once. */
const AT_ONCE = 4;
/** How often it is asked what a slow site says, or a line that breaks. */
const TRIES = 4;

const known = new SvelteMap<string, readonly Preview[]>();
const asked = new Set<string>();
const queue: (() => Promise<void>)[] = [];
let running = 0;

const keyOf = (space: Id, seq: Seq, hrefs: readonly string[]) => [space, seq, ...hrefs].join(" ");

/** What is known; undefined while nobody has answered. */
export const previewsOf = (space: Id, seq: Seq, hrefs: readonly string[]) => known.get(keyOf(space, seq, hrefs));

/** Asks, unless it was. */
export function askPreviews(space: Id, seq: Seq, hrefs: readonly string[]): void {
  const key = keyOf(space, seq, hrefs);
  if (asked.has(key)) return;
  asked.add(key);
  queue.push(() => ask(space, seq, key));
  while (running < AT_ONCE && queue.length) void run();
}

async function run(): Promise<void> {
  running++;
  for (let next = queue.shift(); next; next = queue.shift()) await next();
  running--;
}

async function ask(id: Id, seq: Seq, key: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const last = tries === TRIES;
    try {
      const answer = await session.client.api.call("GET /spaces/{id}/messages/{seq}/previews", { id, seq });
      rememberShown(!answer.off);
      if (!answer.pending || last || answer.previews.length) known.set(key, answer.previews);
      if (!answer.pending || last) return;
    } catch {
      if (last) {
        // The next visit to the message asks again.
        asked.delete(key);
        known.set(key, []);
        return;
      }
    }
    await pause(tries);
  }
}

let checked: Promise<void> | undefined;

/** Asks once on this page whether the workspace shows any. */
export function checkShown(): Promise<void> {
  checked ??= session.client.api.call("GET /workspace").then(
    ({ workspace }) => rememberShown(workspace.previews),
    () => (checked = undefined),
  );
  return checked;
}
