// What addresses outside can be told of, in words.
import { m } from "../../lib/i18n.svelte";

const NAMES: Record<string, () => string> = {
  "contact.created": m.webhook_contact_created, "contact.changed": m.webhook_contact_changed, "contact.merged": m.webhook_contact_merged, "contact.erased": m.webhook_contact_erased,
  "message.posted": m.webhook_message_posted, "message.edited": m.webhook_message_edited, "message.removed": m.webhook_message_removed,
  "reaction.added": m.webhook_reaction_added, "reaction.removed": m.webhook_reaction_removed, "member.joined": m.webhook_member_joined, "member.left": m.webhook_member_left,
  "space.created": m.webhook_space_created, "space.archived": m.webhook_space_archived,
};
export const eventName = (event: string): string => NAMES[event]?.() ?? event;

/** Whether it happens in a space, rather than to a contact. */
export const inSpaces = (event: string): boolean => !event.startsWith("contact.");
