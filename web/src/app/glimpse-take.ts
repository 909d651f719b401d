// Takes what is in sight, for the next start to show (glimpse.ts): elements, their classes and their texts, of the
// list of chats and of a conversation. Nothing of what is written but not sent, of menus and dialogs, or out of sight.
// The engine decides whether it is kept.
import type { Node as Kept } from "../engine/glimpse";
import { covered, styleOfPage } from "./glimpse";
import { nav } from "./nav.svelte";
import { session } from "./session.svelte";

/** After a change, so that many changes are one. */
const QUIET = 1_500;
/** More elements than a screen full has. */
const MOST = 900;
const LEFT_OUT = new Set(["script", "style", "link", "iframe", "object", "embed", "dialog", "audio", "video", "canvas"]);
/** What styles go by, and what a picture is drawn from. */
const ATTRIBUTES = /^(class|style|role|dir|lang|type|placeholder|disabled|open|rows|width|height|viewBox|d|data-narrow|aria-(current|pressed|selected|disabled|hidden|expanded))$/;
const SPACE = /^\/s\/([^/?#]+)/;

class Take {
  readonly spaces = new Set<string>();
  private elements = 0;

  /** The element as it stands; nothing when it is out of sight, or not to be kept. */
  of(element: Element): Kept | undefined {
    const tag = element.localName;
    if (LEFT_OUT.has(tag) || ++this.elements > MOST || !inSight(element)) return undefined;
    return [tag, this.attributes(element), this.inside(element)];
  }

  get tooMuch(): boolean {
    return this.elements > MOST;
  }

  private inside(element: Element): Kept[] {
    const found: Kept[] = [];
    for (const child of element.childNodes) {
      if (child instanceof Text && child.data !== "") found.push(child.data);
      else if (child instanceof Element) {
        const kept = this.of(child);
        if (kept !== undefined) found.push(kept);
      }
    }
    return element.localName === "textarea" ? [] : found;
  }

  private attributes(element: Element): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const { name, value } of element.attributes) {
      // Only what is of this house: nothing is fetched from elsewhere.
      const address = (name === "href" || name === "src") && /^\/(?!\/)/.test(value);
      if (address || ATTRIBUTES.test(name)) kept[name] = value;
      const space = address && SPACE.exec(value)?.[1];
      if (space) this.spaces.add(space);
    }
    return kept;
  }
}

/** Parts of a drawing stand where the drawing does. */
function inSight(element: Element): boolean {
  if (element instanceof SVGElement && element.ownerSVGElement) return true;
  if (!element.checkVisibility()) return false;
  const { top, bottom, height } = element.getBoundingClientRect();
  return height === 0 || (top < innerHeight && bottom > 0);
}

/** A start shows a list from its top and a conversation at its end: taken elsewhere it would jump. */
function asItOpens(shell: Element): boolean {
  return [...shell.querySelectorAll<HTMLElement>("[role=log], .body")].every((one) => {
    if (one.clientHeight === 0) return true;
    return one.role === "log" ? one.scrollHeight - one.scrollTop - one.clientHeight < 2 : one.scrollTop === 0;
  });
}

const isTaken = (): boolean => nav.route?.name === "chats" || nav.route?.name === "space";

function take(): void {
  const shell = document.querySelector("#app .shell");
  const { me } = session;
  const style = styleOfPage();
  if (!shell || !me || !style || covered() || !isTaken() || shell.querySelector(".skeleton") || !asItOpens(shell)) return;
  const taken = new Take();
  const kept = taken.of(shell);
  if (kept === undefined || taken.tooMuch || !taken.spaces.size) return;
  const space = nav.route && "space" in nav.route.params ? nav.route.params.space : undefined;
  if (space) taken.spaces.add(space);
  const root = Object.fromEntries([...document.documentElement.attributes].filter(({ name }) => name === "lang" || name.startsWith("data-")).map(({ name, value }) => [name, value]));
  session.client.glimpse({ path: nav.path, person: me.id, spaces: [...taken.spaces], at: Date.now(), style, width: innerWidth, root, nodes: [kept] });
}

/** Takes one a little after every change, and when the page goes out of sight. */
export function startGlimpses(): () => void {
  const app = document.getElementById("app");
  if (!app) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): void => {
    timer = undefined;
    take();
  };
  const soon = (): void => {
    timer ??= setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(now), QUIET);
  };
  const onLeave = (): void => {
    // Also when nothing changed since: the engine forgets one whenever it may tell too much.
    if (document.visibilityState !== "hidden") return;
    clearTimeout(timer);
    now();
  };
  const changes = new MutationObserver(soon);
  changes.observe(app, { childList: true, subtree: true, characterData: true });
  document.addEventListener("visibilitychange", onLeave);
  soon();
  return () => {
    clearTimeout(timer);
    changes.disconnect();
    document.removeEventListener("visibilitychange", onLeave);
  };
}
