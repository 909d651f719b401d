// What a line of activity says, and where it leads.
import { href } from "../../app/nav.svelte";
import { nameOf } from "../../app/session.svelte";
import type { Activity } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { emojiOf } from "../../lib/words.svelte";

export function activityTitle(one: Activity): string {
  const who = nameOf(one.actor);
  switch (one.kind) {
    case "mention":
      return m.activity_mention({ who });
    case "everyone":
      return m.activity_everyone({ who });
    case "reply":
      return m.activity_reply({ who });
    case "reaction":
      return m.activity_reaction({ who, emoji: emojiOf(one.emoji ?? "") });
    case "added":
      return m.activity_added({ who });
    case "reminder":
      return m.activity_reminder({ who });
    case "assigned":
      return m.activity_assigned({ who });
    case "due":
      return m.activity_due();
    case "meeting_planned":
      return m.activity_meeting_planned({ who });
    case "meeting_changed":
      return m.activity_meeting_changed({ who });
    case "meeting_cancelled":
      return m.activity_meeting_cancelled({ who });
    case "meeting_due":
      return m.activity_meeting_due();
    case "missed_call":
      return m.activity_missed_call({ who });
  }
}

/** The message it is about, in its thread where it stands in one; a space one was added to. */
export function hrefOfActivity({ kind, space, thread, message }: Activity): string {
  if (kind === "added") return href("space", { space });
  if (thread !== undefined) return href("reply", { space, root: String(thread), seq: String(message) });
  return href("message", { space, seq: String(message) });
}
