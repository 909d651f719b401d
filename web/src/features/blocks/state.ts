// What stands in the fields of a surface: what the app put there first, and what is sent when something is pressed. Pure.
import type { Block, Element, Option, Value, Values } from "./shapes";

const option = (one: Option | undefined): Option | null => one ?? null;

/** The value of an element that nobody has touched; undefined for one that holds none, like a button. */
export function initial(element: Element, here?: string): Value | undefined {
  const { type } = element;
  switch (type) {
    case "static_select": case "external_select": case "radio_buttons":
      return { type, selected_option: option(element.initial_option) };
    case "multi_static_select": case "multi_external_select": case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "users_select": return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select": return { type, selected_users: element.initial_users ?? [] };
    case "conversations_select": return { type, selected_conversation: element.initial_conversation ?? (element.default_to_current_conversation && here ? here : null) };
    case "multi_conversations_select": return { type, selected_conversations: element.initial_conversations ?? (element.default_to_current_conversation && here ? [here] : []) };
    case "channels_select": return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select": return { type, selected_channels: element.initial_channels ?? [] };
    case "datepicker": return { type, selected_date: element.initial_date ?? null };
    case "timepicker": return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker": return { type, selected_date_time: element.initial_date_time ?? null };
    case "plain_text_input": case "email_text_input": case "url_text_input": case "number_input":
      return { type, value: typeof element.initial_value === "string" ? element.initial_value : null };
    case "rich_text_input": return { type, rich_text_value: typeof element.initial_value === "object" ? element.initial_value : null };
    case "file_input": return { type, files: [] };
    default: return undefined;
  }
}

/** The elements of a block that can be pressed or filled in. */
export function elementsOf(block: Block): Element[] {
  const inside = (block.child_blocks ?? []).flatMap(elementsOf);
  const cards = block.type === "carousel" ? ((block.elements ?? []) as Block[]).flatMap(elementsOf) : [];
  const own = block.type === "actions" || block.type === "context_actions" ? ((block.elements ?? []) as Element[]) : [];
  return [...(block.element ? [block.element] : []), ...(block.accessory ? [block.accessory] : []), ...own, ...(block.actions ?? []), ...inside, ...cards];
}

/** All blocks, those within others too, so that every field is found under the block it stands in. */
export const everyBlock = (blocks: readonly Block[]): Block[] => blocks.flatMap((block) => [block, ...everyBlock(block.child_blocks ?? []), ...(block.type === "carousel" ? everyBlock((block.elements ?? []) as Block[]) : [])]);

/** What is sent: of every field what was chosen or written, else what the app put there. */
export function stateOf(blocks: readonly Block[], changed: Values, here?: string): Values {
  const out: Values = {};
  for (const { block_id: block = "", ...rest } of everyBlock(blocks)) {
    for (const element of elementsOf({ ...rest, child_blocks: [], ...(rest.type === "carousel" && { elements: [] }) })) {
      const id = element.action_id ?? "";
      const value = changed[block]?.[id] ?? initial(element, here);
      if (value) (out[block] ??= {})[id] = value;
    }
  }
  return out;
}

export const isEmpty = (value: Value | undefined): boolean => {
  if (!value) return true;
  const { type: _, ...rest } = value;
  return Object.values(rest).every((one) => one === null || one === undefined || one === "" || (Array.isArray(one) && one.length === 0));
};

/** The option as the app gave it, without what it does not send back. */
export const chosen = ({ text, value, description }: Option): Option => ({ text, ...(value !== undefined && { value }), ...(description && { description }) });
