// Tells the service worker what the shell is: it replaces `__SHELL__` in sw.js by the list of files
// that every start needs, and `__BUILD__` by a hash of that list. Lazy routes are cached when first used.
import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;

/** The entry chunk, all it imports statically, and the styles and images those need. */
export function shellFiles(bundle: Bundle): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const file = bundle[name];
    if (!file || found.has(name)) return;
    found.add(name);
    if (file.type !== "chunk") return;
    file.viteMetadata?.importedCss.forEach(visit);
    file.viteMetadata?.importedAssets.forEach(visit);
    file.imports.forEach(visit);
  };
  for (const file of Object.values(bundle)) {
    if (file.type === "chunk" && file.isEntry && file.fileName !== "sw.js") visit(file.fileName);
  }
  return [...found].sort();
}

export function precache(): Plugin {
  return {
    name: "madang-precache",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk") return;
        const page = bundle["index.html"];
        const hash = createHash("sha256");
        const files = shellFiles(bundle);
        for (const name of files) hash.update(name);
        if (page?.type === "asset") hash.update(page.source);
        worker.code = worker.code
          .replace("__SHELL__", files.map((name) => `/${name}`).join(" "))
          .replace("__BUILD__", hash.digest("hex").slice(0, 12));
      },
    },
  };
}
