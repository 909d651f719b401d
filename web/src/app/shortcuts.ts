// What the keys of every screen do (keys.ts says which they are). Open dialogs and menus keep their own keys.
import { isWaiting } from "../features/chats/filters";
import type { SpaceItem } from "../engine/view";
import { asked } from "./asked.svelte";
import { shortcutOf, stepTo, type Shortcut } from "./keys";
import { go, href, nav } from "./nav.svelte";

/** Listens; answers how to stop. `chats` are those of the list, in its order. */
export function startShortcuts(chats: () => readonly SpaceItem[]): () => void {
  const onKeydown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], :popover-open")) return;
    const typing = (event.target as Element).matches("input, textarea, select");
    const shortcut = shortcutOf(event, typing);
    if (shortcut && act(shortcut, chats())) event.preventDefault();
  };
  document.addEventListener("keydown", onKeydown);
  return () => document.removeEventListener("keydown", onKeydown);
}

/** False where there is nothing to do, and the key stays with the browser. */
function act(shortcut: Shortcut, chats: readonly SpaceItem[]): boolean {
  switch (shortcut) {
    case "help":
      asked.help = true;
      return true;
    case "find":
      if (!document.querySelector('[data-pane="list"]:not([hidden]) input[type="search"]')) go("/");
      asked.find = true;
      return true;
    case "close":
      return close();
    case "next":
    case "nextUnread":
      return walk(chats, 1, shortcut === "nextUnread");
    case "previous":
    case "previousUnread":
      return walk(chats, -1, shortcut === "previousUnread");
  }
}

function walk(chats: readonly SpaceItem[], by: 1 | -1, unread: boolean): boolean {
  const here = nav.route && "space" in nav.route.params ? nav.route.params.space : undefined;
  const to = stepTo(chats, (item) => item.key === here, by, unread ? isWaiting : undefined);
  if (to) go(href("space", { space: to.key }));
  return to !== undefined;
}

/** Closes the pane at the side. */
function close(): boolean {
  const { route } = nav;
  if (route?.name === "team") go(href("teams"));
  else if (route?.name === "thread" || route?.name === "reply" || route?.name === "spacePeople" || route?.name === "spaceFiles" || route?.name === "spacePins" || route?.name === "spaceStanding") go(href("space", { space: route.params.space }));
  else return false;
  return true;
}
