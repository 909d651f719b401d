// The ways to ask at a desk: what it offers, and only a message while it is closed. Pure.
import type { Wants } from "../../src/engine/wire-desk";
import type { DeskDoor } from "../../src/engine/wire-visit";

export interface Offered { wants: Wants; /** Closed: what is written is read when the desk opens. */ later: boolean; /** Of a video call: the visitor is not seen. */ oneWay: boolean }

export function offered({ open, offers }: Pick<DeskDoor, "open" | "offers">): Offered[] {
  const chat: Offered = { wants: "chat", later: !open.now, oneWay: false };
  if (!open.now) return [chat];
  return [
    ...(offers.video === "none" ? [] : [{ wants: "video" as const, later: false, oneWay: offers.video === "one_way" }]),
    ...(offers.voice ? [{ wants: "voice" as const, later: false, oneWay: false }] : []),
    chat,
  ];
}
