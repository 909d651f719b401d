// A screen that shares a file with others is asked for through a file of its own, of one line, that hands its component
// on. On a slow line that is one more round trip in the way of the first screen, so the scripts ask for the shared file
// itself. The files of one line stay: the manifest names them.
import type { Plugin, Rolldown } from "vite";

const HANDS_ON = /^export\s*\{\s*([\w$]+) as default\s*\}\s*from\s*["'`]\.\/([^"'`]+)["'`];?\s*$/;
const ASKS = /import\(\s*["'`]\.\/([^"'`]+)["'`]\s*\)/g;

/** By the name of each file that only hands a component on: where the component is. */
function handedOn(bundle: Rolldown.OutputBundle): Map<string, { file: string; name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  for (const file of Object.values(bundle)) {
    const [, name, from] = (file.type === "chunk" && file.isDynamicEntry && HANDS_ON.exec(file.code)) || [];
    if (name && from) found.set(file.fileName.split("/").pop() ?? "", { file: from, name });
  }
  return found;
}

export function facades(): Plugin {
  return {
    name: "madang-facades",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const known = handedOn(bundle);
        if (!known.size) this.error("no file that only hands on was found: look at build/facades.ts");
        for (const file of Object.values(bundle)) {
          if (file.type !== "chunk") continue;
          file.code = file.code.replace(ASKS, (asked, name: string) => {
            const to = known.get(name);
            return to ? `import("./${to.file}").then(e=>({default:e.${to.name}}))` : asked;
          });
        }
      },
    },
  };
}
