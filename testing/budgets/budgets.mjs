// What the web client may take. Sizes of the build stand in web/scripts/budget.mjs.
export const budgets = [
  { name: "lcp_cold", what: "largest paint, first visit", unit: "ms", target: 1_000, limit: 1_200 },
  { name: "lcp_warm", what: "largest paint, from cache", unit: "ms", target: 500, limit: 700 },
  { name: "slowest", what: "slowest of all presses and keys (INP)", unit: "ms", target: 80, limit: 120 },
  { name: "opened", what: "press to messages, a space of 100,000, from cache", unit: "ms", target: 200, limit: 300 },
  { name: "jumps", what: "600 steps upwards: jumps", unit: "", target: 0, limit: 0 },
  { name: "long", what: "600 steps upwards: tasks over 50 ms", unit: "", target: 0, limit: 2 },
  { name: "frame", what: "600 steps upwards: frame, 95 of 100", unit: "ms", target: 25, limit: 34 },
  { name: "cls", what: "layout that shifts (CLS)", unit: "", target: 0, limit: 0.02 },
  { name: "heap", what: "script memory after the session", unit: "MB", target: 40, limit: 60 },
  { name: "nodes", what: "elements in the page", unit: "", target: 2_500, limit: 3_500 },
  { name: "performance", what: "Lighthouse, phone: performance", unit: "", target: 97, limit: 93, atLeast: true },
  { name: "accessibility", what: "Lighthouse, phone: accessibility", unit: "", target: 100, limit: 100, atLeast: true },
  { name: "practices", what: "Lighthouse, phone: best practices", unit: "", target: 100, limit: 100, atLeast: true },
];
