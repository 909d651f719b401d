// The three dresses of the one app, told by its address: framed in somebody's page (`/w/frame/KEY`), a page of its own
// (`/h/KEY`), and a kiosk (`/h/KEY?kiosk`), which forgets everything after each visit. Pure.
import type { Via } from "../../src/engine/wire-desk";

export interface Dress {
  kind: "frame" | "page" | "kiosk";
  desk: string;
  via: Via;
  /** What the embedding page is written in. */
  language: string | null;
}

export function dressOf(path: string, query: string): Dress | undefined {
  const [, way, key] = /^\/(w\/frame|h)\/([A-Za-z0-9]{1,64})\/?$/.exec(path) ?? [];
  if (!way || !key) return undefined;
  const asked = new URLSearchParams(query);
  const language = asked.get("language");
  if (way !== "h") return { kind: "frame", desk: key, via: "widget", language };
  return asked.has("kiosk") ? { kind: "kiosk", desk: key, via: "kiosk", language } : { kind: "page", desk: key, via: "page", language };
}
