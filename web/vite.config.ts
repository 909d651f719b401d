// How the web client is built: one hashed bundle per route, one service worker with a fixed name,
// nothing inlined into the page (the content security policy allows no inline script, style or data: font).
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { facades } from "./build/facades.ts";
import { leanFields } from "./build/lean-fields.ts";
import { precache } from "./build/precache.ts";
import { svelteConstants } from "./build/svelte-constants.ts";
import { wordRuntime } from "./build/word-runtime.ts";
import { words } from "./build/words.ts";

const house = process.env["MADANG_ORIGIN"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [
    words(),
    svelte(),
    svelteConstants(),
    wordRuntime(),
    facades(),
    precache(),
  ],
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    assetsInlineLimit: 0,
    // Styles of lazy screens, and the two large files that whole screens come in: what else their scripts import they name
    // themselves, and the list of it would stand in the first file.
    modulePreload: { polyfill: false, resolveDependencies: (_file, needed) => needed.filter((it) => it.endsWith(".css") || /\/(door|house)-/.test(it)) },
    manifest: true,
    cssCodeSplit: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { app: "index.html", sw: "src/sw/sw.ts", seen: "seen.html" },
      output: {
        // One file for what every visit needs, one for the door, one for the list of chats and a conversation: each packs
        // better than thirty, and is one round trip.
        codeSplitting: {
          // What several lazy screens share of controls and words is one more: else each word is a file, and the list
          // of these files in the first one is longer than what they hold.
          groups: [
            // Read before the rest, which takes a slow phone a while.
            { name: "early", test: /src\/(app\/(early|glimpse|newcomer)|engine\/(glimpse|spawn)|lib\/trusted)\.ts$/, priority: 6 },
            // With what both the door and the house need: neither is to bring the other along (scripts/budget.mjs would show it).
            { name: "first", test: /src\/(app\/(main|arrive\.svelte)\.ts|features\/chats\/filters\.ts|paraglide\/messages\/(clear|close)\.js)$/, priority: 5 },
            { name: "door", test: /src\/features\/join\/SignIn\.svelte$/, priority: 4 },
            { name: "house", test: /src\/(app\/Shell|features\/chats\/Chats|features\/space\/Space)\.svelte$/, priority: 3 },
            { name: "shared", test: /src\/(ui|paraglide)\//, minShareCount: 2, priority: 1 },
            // The styles of all lazy screens in one file: the list of fifty would stand in the first script.
            { name: "styles", test: /\.css$/, priority: 1 },
          ],
        },
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  // What the bundler notes for itself would stand in the engine's file fifty times.
  worker: { format: "es", plugins: () => [leanFields()], rolldownOptions: { output: { comments: { annotation: false } } } },
  server: {
    proxy: {
      "/api": { target: house, ws: true },
      "/files": { target: house },
    },
  },
});
