// How long and how often a join link can hold, as choices. What the house has chosen is among them, whatever it is.
import { m } from "../../lib/i18n.svelte";

const DAY = 86_400;
type Option = { value: string; label: string };

const among = (usual: readonly number[], chosen: number): number[] => [...new Set([...usual, chosen])].filter((one) => one > 0).sort((a, b) => a - b);

/** By days; the value 0 is for without end. `chosen` is in seconds. */
export const lastings = (chosen: number): Option[] => [
  ...among([1, 7, 30, 90], chosen / DAY).map((days) => ({ value: String(days), label: m.days({ count: days }) })),
  { value: "0", label: m.link_for_ever() },
];

/** The empty value is for any number. */
export const usings = (chosen: number): Option[] => [{ value: "", label: m.link_uses_any() }, ...among([1, 5, 20, 100], chosen).map((count) => ({ value: String(count), label: m.times({ count }) }))];
