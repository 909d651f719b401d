// What a screen reader is told of a conversation: the newest message of somebody else as it comes, and nothing that
// was removed since. Pure.
import type { WindowState } from "../../engine/view";
import type { Id, Row, Seq } from "../../engine/wire";

type Shown = Pick<WindowState, "rows">;
type Message = Extract<Row, { type: "message" }>;

const messageAt = ({ rows }: Shown, seq: Seq): Message | undefined => {
  const row = rows.findLast((shown) => shown.row.seq === seq)?.row;
  return row?.type === "message" && !row.removed ? row : undefined;
};

/** The message to be said when the last one of a window has become another. */
export function toSay(now: WindowState, me: Id | undefined): Message | undefined {
  const row = messageAt(now, now.last);
  return row?.author === me ? undefined : row;
}

/** Whether what was said may still be found in the live region. */
export const stillSaid = (now: Shown, seq: Seq): boolean => messageAt(now, seq) !== undefined;
