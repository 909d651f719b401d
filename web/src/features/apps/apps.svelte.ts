// The apps of the house as a person meets them: what may be asked of them, what they show to this person alone, and the
// modals they have opened. Nothing of it is kept: a page begins without.
import { session } from "../../app/session.svelte";
import type { AppFrame, Ephemeral } from "../../engine/wire-apps";
import type { Id } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import { Scene } from "../blocks/scene.svelte";
import type { View } from "../blocks/shapes";
import { ask, tab, wordsOfNotDone, type AppFace, type Shortcut } from "./methods";

/** What was asked less than this ago, in milliseconds, is not asked again. */
const FRESH = 60_000;
/** As Slack has it: a modal, one on it, and one on that. */
const DEEPEST = 3;

/** A modal, with what stands in its fields. */
export class Shown {
  view = $state.raw<View>({});
  readonly scene: Scene;

  constructor(view: View) {
    this.view = view;
    this.scene = new Scene(() => this.view.blocks ?? [], { container: () => ({ type: "view", view_id: this.view.id ?? "" }) });
  }

  renew(view: View): void {
    this.view = view;
    this.scene.renew();
  }
}

/** What an app says that it is doing, until it has said something, or for this long in milliseconds. */
const AT_MOST = 120_000;
type Doing = AppFrame & { type: "assistant" };
type Prompted = AppFrame & { type: "assistant_prompts" };

let list = $state.raw<readonly AppFace[]>([]);
let ephemerals = $state.raw<readonly Ephemeral[]>([]);
let stack = $state.raw<readonly Shown[]>([]);
let homes = $state.raw<ReadonlyMap<Id, View>>(new Map());
let doing = $state.raw<readonly Doing[]>([]);
let prompted = $state.raw<readonly Prompted[]>([]);
let asked = -Infinity;
let asking: Promise<void> | undefined;

export const apps = {
  get list(): readonly AppFace[] {
    return list;
  },
  /** From the first modal to the one on top. */
  get stack(): readonly Shown[] {
    return stack;
  },
  homeOf: (app: Id): View | undefined => homes.get(app),
  doing: (space: Id, thread?: number): readonly Doing[] => doing.filter((one) => one.space === space && one.thread === thread),
  prompts: (space: Id, thread?: number): readonly Prompted[] => prompted.filter((one) => one.space === space && one.thread === thread),
  of: (space: Id, thread?: number): readonly Ephemeral[] => ephemerals.filter((one) => one.space === space && one.thread === thread),
};

/** Asks what apps there are, unless that is known. */
export function loadApps(): Promise<void> {
  if (performance.now() - asked < FRESH) return Promise.resolve();
  asking ??= ask("madang.apps", {})
    .then(({ apps: all }) => void (list = all))
    // Without an answer they are those of before, until somebody asks again.
    .catch(() => undefined)
    .finally(() => ([asking, asked] = [undefined, performance.now()]));
  return asking;
}

/** What the engine hears. Answers how to stop. */
export function followApps(): () => void {
  const stop = session.client.apps(heard);
  return () => {
    stop();
    [list, ephemerals, stack, homes, asked, doing, prompted] = [[], [], [], new Map(), -Infinity, [], []];
  };
}

export function heard(frame: AppFrame): void {
  switch (frame.type) {
    case "ephemeral": {
      const { type: _, ...said } = frame;
      // The same once more is what the app put in its place.
      ephemerals = [...ephemerals.filter((one) => one.id !== said.id), said];
      return;
    }
    case "ephemeral_gone":
      return dismiss(frame.id);
    case "app_home":
      homes = new Map(homes).set(frame.app, frame.view as View);
      return;
    case "assistant":
      doing = [...doing.filter((one) => !same(one, frame)), ...(frame.status ? [frame] : [])];
      setTimeout(() => done(frame), AT_MOST);
      return;
    case "assistant_prompts":
      prompted = [...prompted.filter((one) => !same(one, frame)), ...(frame.prompts.length ? [frame] : [])];
      return;
    case "view":
      if (frame.client !== undefined && frame.client !== tab && frame.action !== "update") return;
      return viewed(frame.action, frame.view as View);
  }
}

const same = (a: Doing | Prompted, b: Doing | Prompted): boolean => a.space === b.space && a.thread === b.thread && a.app === b.app;

/** What the app said it was doing is over. */
export const done = (one: Doing): void => void (doing = doing.filter((other) => other !== one));

/** One of them was asked, or none is wanted. */
export const answered = (one: Prompted): void => void (prompted = prompted.filter((other) => other !== one));

export const dismiss = (id: string): void => void (ephemerals = ephemerals.filter((one) => one.id !== id));

/** What has become of the modals. An answer and a frame may both tell of it, in either order. */
export function viewed(action: "open" | "push" | "update" | "close", view: View): void {
  const held = stack.find((one) => one.view.id === view.id);
  if (action === "close") stack = stack.filter((one) => one.view.id !== view.id);
  else if (held) held.renew(view);
  else if (action === "open") stack = [new Shown(view)];
  else if (action === "push") stack = [...stack, new Shown(view)].slice(-DEEPEST);
}

/** Takes the modal on top away, or all of them. */
export const closeTop = (all = false): void => void (stack = all ? [] : stack.slice(0, -1));

export async function openHome(app: Id): Promise<void> {
  const { view } = await ask("madang.home", { app });
  if (view) homes = new Map(homes).set(app, view);
}

async function tell(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    toast(wordsOfNotDone(error), { kind: "error" });
  }
}

/** Shortcuts of one kind, with the app each belongs to. */
export function shortcuts(type: Shortcut["type"]): { app: AppFace; shortcut: Shortcut }[] {
  // Asked by whoever shows them, which is not to wait for the answer: they come when it is there.
  queueMicrotask(() => void loadApps());
  return list.flatMap((app) => app.shortcuts.filter((one) => one.type === type).map((shortcut) => ({ app, shortcut })));
}

export const shortcutLabel = (app: AppFace, shortcut: Shortcut): string => m.app_shortcut({ name: shortcut.name, app: app.name });

export const runShortcut = (app: AppFace, shortcut: Shortcut, at: { channel?: Id; message_ts?: string } = {}): void => void tell(ask("madang.shortcut", { app: app.id, callback_id: shortcut.callback_id, ...at }));

export const runCommand = (channel: Id, command: string, text: string, thread_ts?: string): void => void tell(ask("chat.command", { channel, command, text, ...(thread_ts !== undefined && { thread_ts }) }));
