// What a file is to a person: its icon, and whether it can be looked at here. Pure.
import type { FileRef } from "../../engine/wire";
import type { IconName } from "../../ui/icons/names";
import { isPicture } from "./blocks";

export type Look = "picture" | "video" | "text" | "pdf";

const TEXT_NAMES = /\.(txt|md|csv|tsv|log|json|ya?ml|toml|xml|ini|sql|sh|py|rs|ts|js|css|html?|c|h|cpp|java|kt|go|rb|diff|patch|srt|vtt)$/i;
const TEXT_TYPES = /^(text\/|application\/(json|xml|toml|yaml|x-yaml|sql)$)/;

/** How a file is looked at in the viewer; undefined where it can only be taken along. */
export function lookOf(file: FileRef): Look | undefined {
  if (isPicture(file)) return "picture";
  if (file.type.startsWith("video/")) return "video";
  if (file.type === "application/pdf") return "pdf";
  if (TEXT_TYPES.test(file.type) || (file.type === "application/octet-stream" && TEXT_NAMES.test(file.name))) return "text";
  return undefined;
}

export function iconOf({ type, name }: FileRef): IconName {
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "audio";
  if (/zip|tar|compressed|rar|7z/.test(type)) return "archive";
  if (/sheet|excel|csv/.test(type) || /\.(xlsx?|ods|csv)$/i.test(name)) return "sheet";
  if (type === "application/pdf" || type.startsWith("text/") || /word|document|hwp|presentation/.test(type) || /\.(hwpx?|docx?|odt|pptx?)$/i.test(name)) return "document";
  return "file";
}

/** The end of a name, as a word on a card: PDF, HWP. */
export const endingOf = (name: string): string => /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1]?.toUpperCase() ?? "";
