// Tells the service worker which files make up this version: `__SHELL__` in sw.js becomes the list that every
// start needs, `__REST__` the file that lists the lazy routes, and `__BUILD__` a hash of both.
import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;

/** What every start needs: the entry and the house, all they import statically, the styles and images of those, the engine. */
export function shellFiles(bundle: Bundle): Set<string> {
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
  const page = bundle["index.html"];
  const html = page?.type === "asset" ? String(page.source) : "";
  for (const name of Object.keys(bundle)) {
    if (html.includes(`/${name}"`) || /^assets\/(worker|sprite|house)-/.test(name)) visit(name);
  }
  return found;
}

/** The page names the style of the house too, and lets its early script run at once: what was seen last is shown before the house is read (src/app/glimpse.ts). */
function asItStarts(page: string, bundle: Bundle): string {
  const style = Object.keys(bundle).find((name) => /^assets\/house-[^/]+\.css$/.test(name));
  if (!style) throw new Error("the style of the house was not found in the bundle");
  const scripts = page.match(/ *<script type="module"[^>]*><\/script>\n/g);
  if (scripts?.length !== 2 || !scripts[0]?.includes("/early-")) throw new Error("the page's scripts were not found: early and first");
  // The early one waits neither for the page nor for its styles, and stands behind their names, which it reads.
  const [early, first] = [scripts[0].replace("<script ", "<script async "), scripts[1]];
  return page.replace(/ *<script type="module"[^>]*><\/script>\n/g, "").replace("</head>", `  <link rel="stylesheet" crossorigin href="/${style}">\n${early}${first}  </head>`);
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
        if (page?.type === "asset") page.source = asItStarts(String(page.source), bundle);
        const shell = shellFiles(bundle);
        if (shell.size < 3) this.error("the page's own files were not found in the bundle");
        const rest = Object.keys(bundle).filter((name) => name.startsWith("assets/") && !shell.has(name) && !/in-page|emoji|upload-tus|seen-/.test(name));
        const hash = createHash("sha256");
        for (const name of [...shell, ...rest].sort()) hash.update(name);
        if (page?.type === "asset") hash.update(page.source);
        const build = hash.digest("hex").slice(0, 12);
        const list = (names: Iterable<string>) => [...names].sort().map((name) => `/${name}`).join(" ");
        // A file of its own: the worker is compared byte by byte at every start, and stays small.
        const later = `assets/later-${build}.txt`;
        this.emitFile({ type: "asset", fileName: later, source: list(rest) });
        worker.code = worker.code.replace("__SHELL__", list(shell)).replace("__REST__", `/${later}`).replace("__BUILD__", build);
      },
    },
  };
}
