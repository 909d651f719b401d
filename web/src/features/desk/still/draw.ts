// Brings up a picture of the conversation to be drawn on before its visitor.
import type { FileRef, Id } from "../../../engine/wire";
import { m } from "../../../lib/i18n.svelte";
import { toast } from "../../../ui/toasts.svelte";
import { originalOf } from "../../files/address";
import { stills } from "./now.svelte";
import { pictureOf } from "./picture";

export async function drawOn(space: Id, file: FileRef): Promise<void> {
  try {
    const answer = await fetch(originalOf(file));
    if (!answer.ok) throw new Error(`${answer.status}`);
    stills.held = { space, of: "picture", picture: await pictureOf(await answer.blob()) };
  } catch {
    toast(m.picture_unreadable(), { kind: "error" });
  }
}
