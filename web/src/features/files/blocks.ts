// How the files of a message lie in its bubble: pictures in one grid, players and cards below each other. Pure,
// and every size is known from the log alone, so that nothing moves when content arrives.
import type { FileRef } from "../../engine/wire";

export interface Block {
  kind: "pictures" | "video" | "audio" | "card";
  files: readonly FileRef[];
  /** Of pictures: width in rem and width over height. */
  width?: number;
  ratio?: number;
}

/** What the server makes safe pictures of. */
const RASTER = /^image\/(jpeg|png|webp|gif)$/;
const WIDEST = 20;
const TALLEST = 21;
const GRIDS: Record<number, number> = { 2: 2, 3: 1.5 };

/** `pending`: the keys of files that are on their way and are shown from this device. */
export const isPicture = (file: FileRef, pending?: ReadonlySet<string>): boolean =>
  RASTER.test(file.type) && !!file.width && !!file.height && (!!file.thumb || !!pending?.has(file.id));

/** A voice message, as this client names it (features/voice). */
export const isVoice = (file: Pick<FileRef, "name">): boolean => /^voice-\d+\./.test(file.name);

export function blocksOf(files: readonly FileRef[], pending: ReadonlySet<string>, plays: (type: string) => boolean): Block[] {
  const pictures = files.filter((file) => isPicture(file, pending));
  const others = files.filter((file) => !pictures.includes(file));
  const blocks = others.map((file): Block => {
    // A recorded voice in a container for films has no picture.
    const kind = /^(?:audio|video)/.exec(isVoice(file) ? "audio" : file.type)?.[0] as "audio" | "video" | undefined;
    return { kind: kind && plays(file.type) ? kind : "card", files: [file] };
  });
  return pictures.length ? [{ kind: "pictures", files: pictures, ...frame(pictures) }, ...blocks] : blocks;
}

/** One picture keeps its own proportion within reason; several share a frame. */
function frame(pictures: readonly FileRef[]): { width: number; ratio: number } {
  if (pictures.length > 1) return { width: WIDEST, ratio: GRIDS[pictures.length] ?? 4 / 3 };
  const { width = 1, height = 1 } = pictures[0]!;
  const ratio = Math.min(2.4, Math.max(0.6, width / height));
  return { width: Math.max(8, Math.min(WIDEST, TALLEST * ratio, width / 16)), ratio };
}
