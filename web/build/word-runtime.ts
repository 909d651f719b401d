// Which language the screen speaks is said by src/lib/i18n.svelte.ts alone. The runtime that comes with the words finds
// it out from addresses, cookies and headers too, which a build would carry in its first file; in its place the build
// has what is used. Whoever imports more of it finds that it is not there, and the build fails.
import type { Plugin } from "vite";

const RUNTIME = /src\/paraglide\/runtime\.js$/;

export function smallRuntime(code: string): string | undefined {
  const base = /export const baseLocale = ("[\w-]+");/.exec(code)?.[1];
  const all = /export const locales = [^[]*(\["[\w",\s-]+"\])/.exec(code)?.[1];
  if (!base || !all || !/export const experimentalStaticLocale = undefined;/.test(code)) return undefined;
  return `export const baseLocale = ${base};
export const locales = ${all};
export const experimentalStaticLocale = undefined;
export let getLocale = () => baseLocale;
export const overwriteGetLocale = (how) => { getLocale = how; };
`;
}

export function wordRuntime(): Plugin {
  return {
    name: "madang-word-runtime",
    apply: "build",
    transform(code, id) {
      if (!RUNTIME.test(id)) return null;
      const small = smallRuntime(code);
      if (!small) this.error("the runtime of the words is written in another way: look at build/word-runtime.ts");
      return { code: small, map: null };
    },
  };
}
