// How the help that other sites embed is built, into dist/w: the visitor's app (framed, as a page, and at a kiosk) with
// hashed files, the part that shows a page to an agent under a fixed name, and, with `--mode loader`, the one script that
// sites name. That one is a classic script in one piece, because a page embeds it with nothing but its address.
import { existsSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type UserConfig } from "vite";
import { recordedStyles } from "./build/recorded-styles.ts";
import { svelteConstants } from "./build/svelte-constants.ts";
import { wordRuntime } from "./build/word-runtime.ts";
import { words } from "./build/words.ts";

const at = (path: string) => new URL(path, import.meta.url).pathname;
/** The part that shows a page, where it is there. */
const page = at("widget/page/share.ts");
const target = ["chrome123", "firefox125", "safari17.5"];

const app: UserConfig = {
  root: "widget",
  base: "/w/",
  publicDir: false,
  plugins: [words(), svelte({ configFile: "../svelte.config.js" }), svelteConstants(), wordRuntime(), recordedStyles()],
  build: {
    target,
    outDir: "../dist/w",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { app: at("widget/index.html"), ...(existsSync(page) && { page }) },
      preserveEntrySignatures: "exports-only",
      output: {
        // Words and controls that several lazy parts share are in one file: a file for each word packs badly.
        codeSplitting: { groups: [{ name: "shared", test: /src\/(ui|lib|paraglide)\//, minShareCount: 2, entriesAware: true }] },
        entryFileNames: (chunk) => (chunk.name === "page" ? "page.js" : "assets/[name]-[hash].js"),
        chunkFileNames: ({ name }) => `assets/${name.split("~")[0]}-[hash].js`,
      },
    },
  },
};

const loader: UserConfig = {
  publicDir: false,
  plugins: [words(), wordRuntime()],
  build: {
    target,
    outDir: "dist/w",
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: { entry: "widget/loader/main.ts", formats: ["iife"], name: "madangHelp", fileName: () => "madang.js" },
  },
};

export default defineConfig(({ mode }) => (mode === "loader" ? loader : app));
