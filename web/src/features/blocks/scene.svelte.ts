// A surface of an app that a person acts on: a message, something only they see, a modal, a home. It holds what stands in
// the fields, what is under way, and what went wrong.
import { untrack } from "svelte";
import { m } from "../../lib/i18n.svelte";
import { ask, wordsOfNotDone, type Container } from "../apps/methods";
import type { Block, Confirm, Element, Group, Option, Value, Values } from "./shapes";
import { elementsOf, everyBlock, initial, isEmpty, stateOf } from "./state";

const keyOf = (block: string, action: string): string => `${block}/${action}`;

export interface Place {
  container: () => Container;
  /** The space it stands in, in our way of writing. */
  space?: string;
  /** Not answered: it stands nowhere, like a message that is only on this device, or it is looked at alone. */
  still?: () => boolean;
}

export class Scene {
  /** What was changed here, by block and action. */
  values = $state.raw<Values>({});
  /** Under way: block/action. */
  busy = $state.raw<ReadonlySet<string>>(new Set());
  /** Below the field it is about, by block. */
  errors = $state.raw<Readonly<Record<string, string>>>({});
  /** What went wrong with the last press. */
  fault = $state("");
  /** Asked before a press counts. */
  asking = $state.raw<{ confirm: Confirm; go: () => void } | null>(null);

  constructor(readonly blocks: () => readonly Block[], readonly place: Place) {}

  get still(): boolean {
    return this.place.still?.() ?? false;
  }

  isBusy(block: Block, element: Element): boolean {
    return this.busy.has(keyOf(block.block_id ?? "", element.action_id ?? ""));
  }

  of(block: Block, element: Element): Value | undefined {
    return this.values[block.block_id ?? ""]?.[element.action_id ?? ""] ?? initial(element, this.place.space);
  }

  /** Keeps what stands in a field; the app is told if the field acts at once. */
  set(block: Block, element: Element, value: Value): void {
    const [id, action] = [block.block_id ?? "", element.action_id ?? ""];
    this.values = { ...this.values, [id]: { ...this.values[id], [action]: value } };
    if (this.errors[id]) {
      const { [id]: _, ...rest } = this.errors;
      this.errors = rest;
    }
  }

  /** Chosen or pressed: kept, and told to the app, after the person has said so where the app asks for that. */
  choose(block: Block, element: Element, value: Value): void {
    const before = this.values;
    const go = (): void => {
      if (initial(element)) this.set(block, element, value);
      void this.send(block, element, value, before);
    };
    if (block.type === "input") {
      this.set(block, element, value);
      if (block.dispatch_action) void this.send(block, element, value, before);
    } else if (element.confirm) this.asking = { confirm: element.confirm, go };
    else go();
  }

  private async send(block: Block, element: Element, value: Value, before: Values): Promise<void> {
    if (this.still) return;
    const ids = { block_id: block.block_id ?? "", action_id: element.action_id ?? "" };
    const key = keyOf(ids.block_id, ids.action_id);
    if (this.busy.has(key)) return;
    this.busy = new Set(this.busy).add(key);
    this.fault = "";
    try {
      await ask("blocks.actions", { container: this.place.container(), actions: [{ ...ids, ...value }], state: { values: this.state() } });
    } catch (error) {
      this.fault = wordsOfNotDone(error);
      // What the app never heard of does not stay chosen, or the two would disagree.
      if (block.type !== "input") this.values = before;
    } finally {
      const rest = new Set(this.busy);
      rest.delete(key);
      this.busy = rest;
    }
  }

  suggest(block: Block, element: Element, value: string): Promise<{ options?: Option[]; option_groups?: Group[] }> {
    return ask("blocks.suggestions", { container: this.place.container(), block_id: block.block_id ?? "", action_id: element.action_id ?? "", value });
  }

  state(): Values {
    return stateOf(this.blocks(), this.values, this.place.space);
  }

  /** Something was written that closing would lose. */
  get dirty(): boolean {
    return Object.keys(this.values).length > 0;
  }

  /** Whether the fields may be sent; says at each what is missing. */
  complete(): boolean {
    const errors: Record<string, string> = {};
    for (const block of everyBlock(this.blocks())) {
      if (block.type !== "input" || !block.element) continue;
      const value = this.of(block, block.element);
      const id = block.block_id ?? "";
      if (isEmpty(value)) {
        if (!block.optional) errors[id] = m.block_needed();
      } else {
        const wrong = wrongWith(block.element, value);
        if (wrong) errors[id] = wrong;
      }
    }
    this.errors = errors;
    return Object.keys(errors).length === 0;
  }

  /** The app has changed the surface: what was written in fields that are still there stays. */
  renew(): void {
    untrack(() => {
      const kept: Values = {};
      for (const block of everyBlock(this.blocks())) {
        for (const { action_id: action = "" } of elementsOf({ ...block, child_blocks: [] })) {
          const value = this.values[block.block_id ?? ""]?.[action];
          if (value) (kept[block.block_id ?? ""] ??= {})[action] = value;
        }
      }
      this.values = kept;
      this.errors = {};
      this.fault = "";
    });
  }
}

/** What a field says of what stands in it. */
export function wrongWith(element: Element, value: Value | undefined): string | undefined {
  const text = typeof value?.["value"] === "string" ? value["value"] : "";
  if (!text) return undefined;
  if (element.min_length && text.length < element.min_length) return m.block_too_short({ least: element.min_length });
  if (element.max_length && text.length > element.max_length) return m.block_too_long({ most: element.max_length });
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return m.block_no_email();
  if (element.type === "url_text_input" && !(URL.canParse(text) && /^https?:/i.test(text))) return m.block_no_url();
  if (element.type !== "number_input") return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || (!element.is_decimal_allowed && !Number.isInteger(number))) return element.is_decimal_allowed ? m.block_no_number() : m.block_no_whole_number();
  if (element.min_value !== undefined && number < Number(element.min_value)) return m.block_too_small({ least: element.min_value });
  if (element.max_value !== undefined && number > Number(element.max_value)) return m.block_too_big({ most: element.max_value });
  return undefined;
}
