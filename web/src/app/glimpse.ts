// Shows what the screen looked like last, before the engine and the screens are there. It is only looked at: it
// takes no press and no screen reader finds it. The screens put themselves in its place (`uncover`).
// How it is taken stands in glimpse-take.ts, where it is kept in engine/glimpse.ts.
import { readGlimpse, type Glimpse, type Node as Kept } from "../engine/glimpse";

/** A start does not wait longer than this for it. */
const PATIENCE = 400;
/** After this it goes away whatever has come: nobody should press on a picture for long. */
const LONGEST = 6_000;
/** What is older tells of a past day, and how many messages wait is far off. */
const OLD = 7 * 86_400_000;
const SVG = "http://www.w3.org/2000/svg";

let shown: HTMLElement | undefined;

/** The styles of the first screens: the page names them itself, or at the door the first alone. */
export const styleOfPage = (): string => [...document.querySelectorAll<HTMLLinkElement>("link[href*='/first-'],link[href*='/house-'][rel=stylesheet]")].map((it) => it.getAttribute("href")).join(" ");

function build(kept: Kept, drawing = false): Node {
  if (typeof kept === "string") return document.createTextNode(kept);
  const [tag, attributes, inside] = kept;
  const within = drawing || tag === "svg";
  const element = within ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    // The policy of the page lets scripts set styles, and no attribute.
    if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside.map((one) => build(one, within)));
  return element;
}

const fits = ({ style, width, at }: Glimpse): boolean => style !== "" && style === styleOfPage() && width === innerWidth && Date.now() - at < OLD;

function paint(glimpse: Glimpse): void {
  for (const [name, value] of Object.entries(glimpse.root)) document.documentElement.setAttribute(name, value);
  shown = document.createElement("div");
  shown.id = "glimpse";
  shown.inert = true;
  shown.append(...glimpse.nodes.map((one) => build(one)));
  document.body.append(shown);
  // A conversation is taken at its end and opens there.
  for (const one of shown.querySelectorAll("[role=log]")) one.scrollTop = one.scrollHeight;
  setTimeout(uncover, LONGEST);
}

const painted = (): Promise<void> => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
const late = (): Promise<undefined> => new Promise((next) => setTimeout(next, PATIENCE));

/** Resolves when it has been painted, or when there is nothing to show. A page that is not started from the device's
 *  own copy has none, and does not ask. */
export async function showGlimpse(): Promise<void> {
  if (!navigator.serviceWorker?.controller || document.hidden) return;
  const glimpse = await Promise.race([readGlimpse(location.origin, location.pathname), late()]).catch(() => undefined);
  // The early script may run while the page is still being read.
  if (!glimpse || !document.body || !fits(glimpse)) return;
  paint(glimpse);
  await Promise.race([painted(), late()]);
}

/** The screen itself is there. */
export function uncover(): void {
  shown?.remove();
  shown = undefined;
}

export const covered = (): boolean => shown !== undefined;
