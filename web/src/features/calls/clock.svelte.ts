// How long something has been going on, in seconds by the server's clock, as state that ticks.
import { session } from "../../app/session.svelte";
import { clock } from "./words";

/** Call while a component starts. `at` is microseconds since 1970. */
export function running(at: () => number): { readonly words: string } {
  let now = $state(Date.now());
  $effect(() => {
    const timer = setInterval(() => (now = Date.now()), 1_000);
    return () => clearInterval(timer);
  });
  return {
    get words() {
      return clock((now + session.state.skew) / 1_000 - at() / 1e6);
    },
  };
}
