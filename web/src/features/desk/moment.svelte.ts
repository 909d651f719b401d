// The present moment by the server's clock, in microseconds, as state that goes on: for how long somebody has waited.
import { session } from "../../app/session.svelte";

const EVERY = 5_000;

/** Call while a component starts. */
export function present(every = EVERY): { readonly now: number } {
  let device = $state(Date.now());
  $effect(() => {
    const timer = setInterval(() => (device = Date.now()), every);
    return () => clearInterval(timer);
  });
  return {
    get now() {
      return (device + session.state.skew) * 1_000;
    },
  };
}
