// Where the contents of files are: the original, and the safe pictures that the server makes of it.
import type { FileRef } from "../../engine/wire";

const base = (file: FileRef): string => `/api/v1/files/${encodeURIComponent(file.id)}`;

/** To be kept by the person; the server names it. */
export const originalOf = (file: FileRef): string => `${base(file)}/${encodeURIComponent(file.name || "file")}`;
/** To be shown in place, where the server takes the type for safe. */
export const inlineOf = (file: FileRef): string => `${originalOf(file)}?inline=1`;

export type ThumbWidth = 320 | 960 | 1920;
export const thumbOf = (file: FileRef, width: ThumbWidth): string => `${base(file)}/thumb?w=${width}`;

/** The widths that are worth having for this picture. A smaller original is served as it is wide. */
export function thumbsOf(file: FileRef): string {
  const widths = ([320, 960, 1920] as const).filter((_, i, all) => i === 0 || (file.width ?? 0) > all[i - 1]!);
  return widths.map((width) => `${thumbOf(file, width)} ${Math.min(width, file.width ?? width)}w`).join(", ");
}
