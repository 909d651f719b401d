// Draws the screen of sign-in ahead, for whoever comes without a session: see scripts/door.mjs.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** The front is not known to the build. */
const front: Plugin = {
  name: "madang-front-still",
  enforce: "pre",
  resolveId: (source, importer) => (source === "./Door.svelte" && importer?.endsWith("/join/SignIn.svelte") ? fileURLToPath(new URL("door/FrontStill.svelte", import.meta.url)) : null),
};

export default defineConfig({
  publicDir: false,
  plugins: [
    front,
    svelte(),
  ],
  build: { ssr: "door/still.ts", outDir: "node_modules/.door", emptyOutDir: true, target: "node20", minify: false },
  ssr: { noExternal: true },
});
