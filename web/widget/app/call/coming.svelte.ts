// Whether a call of the ticket is joined by itself (the visitor wished to be called), rings, or was left.
import type { Call } from "../../../src/engine/wire";
import type { Site } from "../site.svelte";
import type { Visit } from "../visit.svelte";

export interface Coming {
  /** The call that the visitor is in. */
  readonly joined: Call | undefined;
  /** One that waits for an answer. */
  readonly rings: Call | undefined;
  /** One that was left or declined and still runs. */
  readonly left: boolean;
  join(): void;
  leave(why?: string): void;
  readonly why: string | undefined;
}

/** Call while a component is made. */
export function callOf(visit: Visit, site: Site): Coming {
  /** Which call was answered, and which was not wanted. */
  let answered = $state<string>();
  let refused = $state<string>();
  let why = $state<string>();
  const others = $derived(visit.call?.participants.some(({ person }) => person !== visit.me?.id) ?? false);
  const wished = $derived(visit.ticket?.wants !== "chat" && visit.ticket?.state === "open");
  const wanted = $derived(visit.call && visit.call.id !== refused && (visit.call.id === answered || (wished && others)) ? visit.call : undefined);

  $effect(() => {
    if (wanted) answered = wanted.id;
  });
  $effect(() => {
    if (visit.call && visit.call.id !== refused) site.open();
  });

  return {
    get joined() {
      return wanted;
    },
    get rings() {
      return visit.call && !wanted && visit.call.id !== refused && others ? visit.call : undefined;
    },
    get left() {
      return !!visit.call && visit.call.id === refused && others;
    },
    get why() {
      return why;
    },
    join() {
      why = undefined;
      refused = undefined;
      answered = visit.call?.id;
    },
    leave(words) {
      why = words;
      refused = visit.call?.id ?? answered;
      answered = undefined;
    },
  };
}
