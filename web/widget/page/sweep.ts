// What the recorder found, before it leaves the page: without addresses that may hold secrets, without what pages copy
// out of their fields, and no deeper than readers of JSON go. The house checks it all again.
import { MASK } from "./secrets";

export interface Node { type: number; id: number; tagName?: string; textContent?: string; attributes?: Record<string, unknown>; childNodes?: Node[] }
interface Add { parentId: number; nextId: number | null; node: Node }
export interface Recorded { type: number; timestamp: number; data: Record<string, unknown> }

const SNAPSHOT = 2;
const CHANGE = 3;
const META = 4;
/** Elements within elements that go out in one piece. */
const DEEP = 40;
/** Shorter words stand in pages by chance. */
const WORD = 4;
const KEPT = new Set(["submit", "button", "reset"]);
const fetched = new Set(["src", "srcset", "poster", "action", "formaction", "data", "background", "ping", "srcdoc", "xlink:href"]);

/** One event of the recorder as those that go out. `typed`: what stands in the fields of the page. */
export function sweep(event: Recorded, typed: readonly string[]): Recorded[] {
  const secrets = typed.filter((it) => it.trim().length >= WORD);
  const { data } = event;
  if (event.type === META) return [{ ...event, data: { ...data, href: plain(String(data["href"] ?? "")) } }];
  if (event.type === SNAPSHOT) {
    const late: Add[] = [];
    const node = copy(data["node"] as Node, secrets, 0, late);
    return [{ ...event, data: { ...data, node } }, ...pieces(event.timestamp, late, secrets)];
  }
  if (event.type !== CHANGE || data["source"] !== 0) return [event];
  const late: Add[] = [];
  const adds = (data["adds"] as Add[]).map((add) => ({ ...add, node: copy(add.node, secrets, 0, late) }));
  const texts = (data["texts"] as { id: number; value: string | null }[]).map((text) => ({ ...text, value: text.value === null ? null : without(text.value, secrets) }));
  const attributes = (data["attributes"] as { id: number; attributes: Record<string, unknown> }[]).map((it) => ({ ...it, attributes: swept(it.attributes, secrets) }));
  return [{ ...event, data: { ...data, adds, texts, attributes } }, ...pieces(event.timestamp, late, secrets)];
}

/** What was too deep comes after, each piece as a change of its own. */
function pieces(timestamp: number, late: Add[], secrets: readonly string[]): Recorded[] {
  const out: Recorded[] = [];
  let waiting = late;
  while (waiting.length) {
    const deeper: Add[] = [];
    const adds = waiting.map((add) => ({ ...add, node: copy(add.node, secrets, 0, deeper) }));
    out.push({ type: CHANGE, timestamp, data: { source: 0, texts: [], attributes: [], removes: [], adds } });
    waiting = deeper;
  }
  return out;
}

function copy(node: Node, secrets: readonly string[], depth: number, late: Add[]): Node {
  const out: Node = { ...node };
  if (node.textContent !== undefined) out.textContent = without(node.textContent, secrets);
  if (node.attributes) out.attributes = swept(node.attributes, secrets, node.tagName);
  if (!node.childNodes) return out;
  if (depth >= DEEP) {
    late.push(...node.childNodes.map((child) => ({ parentId: node.id, nextId: null, node: child })));
    out.childNodes = [];
  } else out.childNodes = node.childNodes.map((child) => copy(child, secrets, depth + 1, late));
  return out;
}

function swept(attributes: Record<string, unknown>, secrets: readonly string[], tag?: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const lower = name.toLowerCase();
    if (lower.startsWith("on")) continue;
    if (typeof value !== "string") out[name] = value;
    else if (fetched.has(lower)) {
      if (value.startsWith("data:image/")) out[name] = value;
    } else if (lower === "href") out[name] = value.startsWith("#") ? value : "#";
    else if (lower === "value" && tag === "input" && !KEPT.has(String(attributes["type"] ?? "").toLowerCase())) out[name] = value && MASK;
    else if (lower === "class" || lower === "id" || lower === "style" || lower === "type" || lower.startsWith("_css") || lower.startsWith("rr_")) out[name] = value;
    else out[name] = secrets.some((secret) => value.includes(secret)) ? MASK : value;
  }
  return out;
}

/** A text that is what stands in a field, as that beside a field that grows with what is typed, is hidden as the field is. */
function without(text: string, secrets: readonly string[]): string {
  return secrets.some((secret) => text.trim() === secret.trim()) ? MASK : text;
}

/** An address without what stands behind `?` and `#`, and without names and passwords. */
export function plain(address: string): string {
  try {
    const { origin, pathname } = new URL(address);
    return origin === "null" ? "" : origin + pathname;
  } catch {
    return "";
  }
}
