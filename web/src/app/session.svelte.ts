// The page's connection to the engine, as state that screens read: who is signed in, how the connection
// is, who everybody is. Started once by App.svelte.
import { ApiError, connect, type Client, type ClientState, type Stop } from "../engine/client";
import type { Id, Person } from "../engine/wire";
import { language, m } from "../lib/i18n.svelte";
import { remember } from "./newcomer";

let client = $state.raw<Client | null>(null);
let state = $state.raw<ClientState>({ phase: "booting", online: true, connection: "connecting", pending: 0, failed: 0, skew: 0 });
let people = $state.raw<ReadonlyMap<Id, Person>>(new Map());
const asked = new Set<Id>();

export const session = {
  /** The engine; only read where the shell or a form is shown, which is after it was reached. */
  get client(): Client {
    if (!client) throw new Error("the engine is not connected yet");
    return client;
  },
  get connected(): boolean {
    return client !== null;
  },
  get state(): ClientState {
    return state;
  },
  get me(): Person | undefined {
    return state.me;
  },
  get people(): ReadonlyMap<Id, Person> {
    return people;
  },
};

/** The engine, as soon as it can be spoken to: for what is shown before. */
export const reached = (): Promise<Client> => connect();

/** Somebody by id. Who is not known yet is asked for, and appears when the answer is there. */
export function person(id: Id): Person | undefined {
  const found = people.get(id) ?? (state.me?.id === id ? state.me : undefined);
  if (!found && client && !asked.has(id)) {
    asked.add(id);
    void client.person(id).catch(() => asked.delete(id));
  }
  return found;
}

/** A name to show for somebody, whoever it is. */
export const nameOf = (id: Id): string => person(id)?.name ?? m.somebody();

function took(next: ClientState): void {
  if (next.phase !== state.phase && next.phase !== "booting") remember(next.phase === "ready");
  state = next;
}

/** Reaches the engine; call inside an effect root. */
export function startSession(): () => void {
  const stops: Stop[] = [];
  let ended = false;
  void connect().then((reached) => {
    if (ended) return;
    client = reached;
    stops.push(reached.state(took), reached.people((next) => (people = next)));
  });
  return () => {
    ended = true;
    for (const stop of stops) stop();
  };
}

/** Errors speak the language of the screen. */
export function tellLanguage(): void {
  $effect(() => client?.language(language.locale));
}

/** A live value of the engine for as long as the component lives; undefined until the first answer.
 *  What `follow` reads (a path's parts) is followed too: when it changes, the value starts anew. */
export function live<T>(follow: (client: Client, give: (value: T) => void) => Stop): { readonly value: T | undefined } {
  let value = $state.raw<T | undefined>(undefined);
  $effect.pre(() => {
    const engine = client;
    value = undefined;
    if (!engine) return;
    return follow(engine, (next) => (value = next));
  });
  return {
    get value() {
      return value;
    },
  };
}

/** What to say about a call that failed. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.code === "offline" || !error.message ? m.error_offline() : error.message;
  return m.error_unknown();
}
