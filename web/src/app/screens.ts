// Which components a route shows, and under which tab. Each is its own chunk, fetched when first needed.
// A route stands here once its screen works; until then its address says "nothing here".
import type { Component } from "svelte";
import type { IconName } from "../ui/icons/names";
import type { Route, RouteName } from "./paths";

/** Every screen is given the parts of its path. */
export type ScreenProps = { params: Record<string, string> };
export type Screen = Component<Partial<ScreenProps>>;
export type Load = () => Promise<{ default: Component<any> }>; // a screen that needs no part of its path takes none
export type TabName = "chats" | "activity" | "me";

/** A screen in the shell: list, then content, then the pane at the side. */
export type Shown = { tab: TabName; list: Load; main?: Load; side?: Load };
/** A screen of its own, without tabs: sign-in, set-up, joining. */
export type Alone = { alone: Load };

const chats: Load = () => import("../features/chats/Chats.svelte");
const me: Load = () => import("../features/me/Me.svelte");

const screens: Partial<Record<RouteName, Shown | Alone>> = {
  chats: { tab: "chats", list: chats },
  me: { tab: "me", list: me },
  appearance: { tab: "me", list: me, main: () => import("../features/me/Appearance.svelte") },
};

if (import.meta.env.DEV || import.meta.env.VITE_GALLERY === "1") {
  screens.gallery = { alone: () => import("../features/gallery/Gallery.svelte") };
}

export const screenOf = (route: Route | null): Shown | Alone | null => (route && screens[route.name]) ?? null;

/** The tabs, in order; a tab is shown when its root screen exists. */
export const tabs: readonly { name: TabName; icon: IconName }[] = (
  [
    { name: "chats", icon: "chats" },
    { name: "activity", icon: "activity" },
    { name: "me", icon: "me" },
  ] as const
).filter((tab) => screens[tab.name]);
