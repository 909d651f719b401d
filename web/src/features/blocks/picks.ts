// What the selects of Block Kit have in common: which field of a value they fill, and what stands in it.
import type { Element, Group, Option, Value } from "./shapes";
import { chosen, initial } from "./state";
import { theirs, spaceOf, personOf } from "./ids";
import { personName, spaceName } from "./names.svelte";
import { labelOf, wordsOf } from "./text";
import type { SpaceItem } from "../../engine/view";

/** One that may be chosen. */
export interface Pick { id: string; label: string; aside?: string; group?: string; option?: Option; /** Ours, of a person or a space. */ own?: string }

export const isMany = (element: Element): boolean => element.type.startsWith("multi_");
/** `users`, `conversations`, `channels`, `static`, `external`. */
export const kindOf = (element: Element): string => element.type.replace(/^multi_|_select$/g, "");

/** `selected_option`, `selected_users`, … */
export const fieldOf = (element: Element): string => Object.keys(initial(element) ?? {}).find((key) => key !== "type") ?? "selected_option";

export const offered = (element: Element): Option[] => element.option_groups?.flatMap((group) => group.options) ?? element.options ?? [];

const ofOption = (option: Option, emojiOf: (name: string) => string, group?: string): Pick => ({
  id: option.value ?? labelOf(option, emojiOf), label: labelOf(option, emojiOf), option, ...(option.description && { aside: wordsOf(option.description, emojiOf) }), ...(group !== undefined && { group }),
});

export function picksOf(given: { options?: Option[] | undefined; option_groups?: Group[] | undefined }, emojiOf: (name: string) => string): Pick[] {
  if (given.option_groups) return given.option_groups.flatMap(({ label, options }) => options.map((option) => ofOption(option, emojiOf, wordsOf(label, emojiOf))));
  return (given.options ?? []).map((option) => ofOption(option, emojiOf));
}

/** What stands in a field, to be shown. */
export function pickedOf(element: Element, value: Value | undefined, emojiOf: (name: string) => string): Pick[] {
  const held = value?.[fieldOf(element)];
  const all = held === null || held === undefined ? [] : Array.isArray(held) ? (held as (Option | string)[]) : [held as Option | string];
  const kind = kindOf(element);
  return all.map((one) => {
    if (typeof one !== "string") return ofOption(one, emojiOf);
    const own = kind === "users" ? personOf(one) : spaceOf(one);
    return { id: one, label: kind === "users" ? personName(one) : spaceName(one), ...(own && { own }) };
  });
}

export function valueOf(element: Element, picks: readonly Pick[]): Value {
  const each = picks.map((one) => (one.option ? chosen(one.option) : one.id));
  return { type: element.type, [fieldOf(element)]: isMany(element) ? each : (each[0] ?? null) };
}

/** `im`, `mpim`, `private`, `public`. */
const sortOf = ({ summary }: SpaceItem): string => (summary.kind === "direct" ? (summary.members > 2 ? "mpim" : "im") : summary.kind === "open" ? "public" : "private");
const LETTERS: Record<string, string> = { im: "D", mpim: "G" };

/** The spaces that a select offers. */
export function spacesFor(element: Element, spaces: readonly SpaceItem[]): Pick[] {
  const include = kindOf(element) === "channels" ? ["public"] : element.filter?.include;
  return spaces
    .filter((one) => one.summary.kind !== "ticket" && !one.summary.archived && (!include?.length || include.includes(sortOf(one))))
    .map((one) => ({ id: theirs(LETTERS[sortOf(one)] ?? "C", one.key), label: one.title, own: one.key }));
}
