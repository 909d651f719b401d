// The lines of a conversation: rows with the day between them, the unread line, and who speaks in a run. Pure.
import type { ShownRow } from "../../engine/view";
import type { MessageRow, NoticeRow, Seq } from "../../engine/wire";

export type Line =
  | { kind: "day"; key: string; at: Date }
  | { kind: "unread"; key: string }
  | { kind: "notice"; key: string; row: NoticeRow }
  | {
      kind: "message";
      key: string;
      shown: ShownRow & { row: MessageRow };
      mine: boolean;
      /** First of a run of one author (of a bot: under one name): shows name, picture and the sharp corner. */
      first: boolean;
      /** Last of a run within one minute: shows the time. */
      last: boolean;
    };

/** A run ends when somebody else speaks, or after this long, in microseconds. */
const RUN_US = 5 * 60 * 1_000_000;
const MINUTE_US = 60 * 1_000_000;

const isMessage = (shown: ShownRow): shown is ShownRow & { row: MessageRow } => shown.row.type === "message";
/** The day of a moment here, in its own calendar. Rows come by the hundred, days seldom: the last one is remembered. */
let day = { name: "", from: 0, to: 0 };
function dayOf(at: number): string {
  const ms = at / 1000;
  if (ms < day.from || ms >= day.to) {
    const d = new Date(ms);
    const [year, month, date] = [d.getFullYear(), d.getMonth(), d.getDate()];
    day = { name: `${year}-${month}-${date}`, from: new Date(year, month, date).getTime(), to: new Date(year, month, date + 1).getTime() };
  }
  return day.name;
}

export function linesOf(rows: readonly ShownRow[], me: string | undefined, firstUnread?: Seq): Line[] {
  const lines: Line[] = [];
  rows.forEach((shown, i) => {
    const before = rows[i - 1];
    const after = rows[i + 1];
    const { row, key } = shown;
    const newDay = !before || dayOf(before.row.at) !== dayOf(row.at);
    const unreadHere = firstUnread !== undefined && row.seq === firstUnread;
    if (newDay) lines.push({ kind: "day", key: `day ${dayOf(row.at)}`, at: new Date(row.at / 1000) });
    if (unreadHere) lines.push({ kind: "unread", key: "unread" });
    if (!isMessage(shown)) {
      lines.push({ kind: "notice", key, row: row as NoticeRow });
      return;
    }
    const follows = (a: ShownRow | undefined, b: ShownRow | undefined) =>
      !!a && !!b && isMessage(a) && isMessage(b) && a.row.author === b.row.author && a.row.app?.name === b.row.app?.name && b.row.at - a.row.at < RUN_US && dayOf(a.row.at) === dayOf(b.row.at);
    const sameMinute = follows(shown, after) && !!after && Math.floor(after.row.at / MINUTE_US) === Math.floor(row.at / MINUTE_US);
    lines.push({ kind: "message", key, shown, mine: row.author === me, first: newDay || unreadHere || !follows(before, shown), last: !sameMinute });
  });
  return lines;
}

/** Its place in the log; none for a line that is no row. */
export const seqOf = (line: Line): Seq | undefined => (line.kind === "message" ? line.shown.row.seq : line.kind === "notice" ? line.row.seq : undefined);

const same = (a: Line, b: Line): boolean => {
  if (a.kind === "message" && b.kind === "message") return a.shown === b.shown && a.mine === b.mine && a.first === b.first && a.last === b.last;
  if (a.kind === "notice" && b.kind === "notice") return a.row === b.row;
  return a.kind === b.kind && a.kind !== "message" && a.kind !== "notice";
};

/** The lines, each that has not changed as the object it was before: what shows it has nothing to do then. */
export function keptOf(lines: Line[], before: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [line.key, line]));
  return lines.map((line) => {
    const old = known.get(line.key);
    return old && same(old, line) ? old : line;
  });
}
