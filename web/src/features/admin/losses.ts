// What could not be carried over from another house, in words. What this client does not know yet is shown by its name.
import { m } from "../../lib/i18n.svelte";

const words: Record<string, () => string> = {
  file_missing: m.loss_file_missing,
  file_too_large: m.loss_file_too_large,
  own_emoji: m.loss_own_emoji,
  root_missing: m.loss_root_missing,
  notice: m.loss_notice,
  removed: m.loss_removed,
  empty: m.loss_empty,
  split: m.loss_split,
  pin: m.loss_pin,
  unreadable: m.loss_unreadable,
  nobody_left: m.loss_nobody_left,
};

export const lossWords = (loss: string): string => words[loss]?.() ?? loss;
