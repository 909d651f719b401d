// How the page is built at which guests book, into dist/b: small, with hashed files, and apart from the app, since guests
// have no account and see nothing of it.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { svelteConstants } from "./build/svelte-constants.ts";
import { wordRuntime } from "./build/word-runtime.ts";
import { words } from "./build/words.ts";

export default defineConfig({
  root: "booking",
  base: "/b/",
  publicDir: false,
  plugins: [
    words(),
    svelte({ configFile: "../svelte.config.js" }),
    svelteConstants(),
    wordRuntime(),
  ],
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    outDir: "../dist/b",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
});
