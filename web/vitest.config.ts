// Unit tests run on Node, without a browser; the texts were compiled before (see "pretest").
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // The client library of uploads has a build for Node of its own; the tests run what browsers run.
  resolve: { alias: { "tus-js-client": new URL("./node_modules/tus-js-client/lib.esm/browser/index.js", import.meta.url).pathname } },
  test: { include: ["src/**/*.test.ts", "widget/**/*.test.ts", "booking/**/*.test.ts"], environment: "node", server: { deps: { inline: [/tus-js-client/] } } },
});
