// The words, compiled again when they change while somebody works on the app (`npm run dev`). A build finds them compiled:
// `npm run messages` stands before it, once for all that is built.
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import type { Plugin } from "vite";

export function words(): Plugin[] {
  const made = paraglideVitePlugin({ project: "./project.inlang", outdir: "./src/paraglide", strategy: ["globalVariable", "baseLocale"], emitGitIgnore: false });
  return [made].flat().map((plugin) => ({ ...(plugin as Plugin), apply: "serve" as const }));
}
