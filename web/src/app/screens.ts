// Which components a route shows, and under which tab. Each is its own chunk, fetched when first needed.
// A route stands here once its screen works; until then its address says "nothing here".
import type { Component } from "svelte";
import type { IconName } from "../ui/icons/names";
import type { Route, RouteName } from "./paths";
import type { seldom as Seldom } from "./seldom";

/** Every screen is given the parts of its path. */
export type ScreenProps = { params: Record<string, string> };
export type Screen = Component<Partial<ScreenProps>>;
export type Load = () => Promise<{ default: Component<any> }>; // a screen that needs no part of its path takes none
export type TabName = "chats" | "calls" | "help" | "activity" | "me";

/** A screen in the shell: list, then content, then the pane at the side. */
export type Shown = { tab: TabName; list: Load; main?: Load; side?: Load };
/** A screen of its own, without tabs: sign-in, set-up, joining. `offline`: it does without the engine, or waits for it by itself. */
export type Alone = { alone: Load; offline?: boolean };

/** Named in a file of their own: the first script is read by who goes to none of them. */
const seldom = (name: keyof typeof Seldom): Load => () => import("./seldom").then(({ seldom }) => seldom[name]() as ReturnType<Load>);
const chats: Load = () => import("../features/chats/Chats.svelte");
export const space: Load = () => import("../features/space/Space.svelte");
const activity: Load = () => import("../features/activity/Activity.svelte");
const me: Load = () => import("../features/me/Me.svelte");
const thread: Load = () => import("../features/thread/Thread.svelte");
const teams = seldom("teams");
const help: Load = () => import("../features/help/Help.svelte");
const contacts = seldom("contacts");
const inMe = (main: Load): Shown => ({ tab: "me", list: me, main });
const inAdmin = inMe(seldom("admin"));
const inSpace = { tab: "chats", list: chats, main: space } as const;

/** The tabs and panes, with the list of chats and a conversation: one file. */
export const house = () => import("./Shell.svelte");

export const screens: Partial<Record<RouteName, Shown | Alone>> & { signin: Alone } = {
  chats: { tab: "chats", list: chats },
  space: inSpace,
  message: inSpace,
  thread: { ...inSpace, side: thread },
  reply: { ...inSpace, side: thread },
  spacePeople: { ...inSpace, side: () => import("../features/people/SpacePeople.svelte") },
  spaceFiles: { ...inSpace, side: () => import("../features/space/SpaceFiles.svelte") },
  spaceStanding: { ...inSpace, side: () => import("../features/catchup/Standing.svelte") },
  spacePins: { ...inSpace, side: () => import("../features/space/Pins.svelte") },
  app: { tab: "chats", list: chats, main: () => import("../features/apps/Home.svelte") },
  search: { tab: "chats", list: chats, main: () => import("../features/search/Search.svelte") },
  calls: { tab: "calls", list: () => import("../features/calls/Place.svelte") },
  help: { tab: "help", list: help },
  report: { tab: "help", list: help, main: seldom("report") },
  ticket: { tab: "help", list: help, main: () => import("../features/desk/Ticket.svelte") },
  contacts: { tab: "help", list: contacts },
  contact: { tab: "help", list: contacts, main: seldom("contact") },
  activity: { tab: "activity", list: activity },
  catchUp: { tab: "activity", list: activity, main: () => import("../features/catchup/CatchUp.svelte") },
  saved: { tab: "activity", list: activity, main: () => import("../features/later/Saved.svelte") },
  scheduled: { tab: "activity", list: activity, main: seldom("scheduled") },
  me: { tab: "me", list: me },
  profile: inMe(seldom("profile")),
  devices: inMe(seldom("devices")),
  appearance: inMe(seldom("appearance")),
  tokens: inMe(seldom("tokens")),
  letIn: inMe(seldom("letIn")),
  notifications: inMe(seldom("notifications")),
  admin: inAdmin,
  adminPart: inAdmin,
  adminOne: inAdmin,
  people: inMe(seldom("people")),
  teams: inMe(teams),
  team: { ...inMe(teams), side: seldom("team") },
  setup: { alone: () => import("../features/join/Setup.svelte") },
  signin: { alone: () => import("../features/join/SignIn.svelte"), offline: true },
  reset: { alone: () => import("../features/join/Reset.svelte") },
  resetToken: { alone: () => import("../features/join/NewPassword.svelte") },
  confirm: { alone: () => import("../features/join/Confirm.svelte") },
  invitation: { alone: () => import("../features/join/Invitation.svelte") },
  join: { alone: () => import("../features/join/Join.svelte") },
};

if (import.meta.env.DEV || import.meta.env.VITE_GALLERY === "1") {
  screens.gallery = { alone: () => import("../features/gallery/Gallery.svelte"), offline: true };
}

export const screenOf = (route: Route | null): Shown | Alone | null => (route && screens[route.name]) ?? null;

/** The tabs, in order. */
export const tabs: readonly { name: TabName; icon: IconName }[] = [
  { name: "chats", icon: "chats" },
  { name: "calls", icon: "call" },
  { name: "help", icon: "help" },
  { name: "activity", icon: "activity" },
  { name: "me", icon: "me" },
];
