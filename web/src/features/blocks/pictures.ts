// Where the pictures are that apps show: those from outside come through the house, which asks for them itself, so that
// nobody outside learns who reads what. Pure.
import { fileOf } from "./ids";
import type { Picture } from "./shapes";

export const outside = (url: string): string => `/api/v1/pictures/outside?url=${encodeURIComponent(url)}`;

/** The address of a picture; undefined where there is none. `width`: of one that lies in the house. */
export function pictureOf(one: Picture | string | undefined, width: 320 | 960 = 960): string | undefined {
  if (!one) return undefined;
  if (typeof one === "string") return /^https?:\/\//i.test(one) ? outside(one) : undefined;
  const id = one.slack_file?.id ?? /\/files-pri\/[^/]*?-?(F[0-9A-Z]+|[0-9a-z]{13})\//.exec(one.slack_file?.url ?? "")?.[1];
  const file = id && fileOf(id);
  if (file) return `/api/v1/files/${file}/thumb?w=${width}`;
  return pictureOf(one.image_url ?? one.slack_file?.url, width);
}

/** `:tada:` to `tada`. */
export const emojiNameOf = (icon: string): string | undefined => /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):$/.exec(icon)?.[1];
