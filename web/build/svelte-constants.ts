// Svelte guards what only hydration, legacy components and tracing need with `let` flags, "so it can be treeshaken
// out" when nothing turns them on. Rolldown does not see through a `let` of another module, so the build makes them
// constants. A component that would turn one on imports a function that is gone, and the build fails.
import type { Plugin } from "vite";

const FLAGS = /svelte\/src\/internal\/flags\/index\.js$/;
const HYDRATION = /svelte\/src\/internal\/client\/dom\/hydration\.js$/;

export function constantFlags(code: string): string {
  return code.replaceAll(/export let (\w+_flag) = false;/g, "export const $1 = false;").replaceAll(/export function \w+_flag\(\) \{[^}]*\}/g, "");
}

export function neverHydrating(code: string): string {
  return code.replace("export let hydrating = false;", "export const hydrating = false;").replace("\thydrating = value;\n", "");
}

export function svelteConstants(): Plugin {
  return {
    name: "madang-svelte-constants",
    apply: "build",
    transform(code, id) {
      const change = FLAGS.test(id) ? constantFlags : HYDRATION.test(id) ? neverHydrating : null;
      if (!change) return null;
      const changed = change(code);
      if (changed === code || /export let (\w+_flag|hydrating)\b/.test(changed)) this.error("Svelte's flags are written in another way: look at build/svelte-constants.ts");
      return { code: changed, map: null };
    },
  };
}
