// The meeting that is near, for the card above every screen. The activity says that one is due; what the server knows
// of it at that moment is shown, until it is over or somebody has seen it.
import { session } from "../../app/session.svelte";
import type { Id, Meeting } from "../../engine/wire";
import { fetchMeeting } from "./meetings.svelte";

export interface NearMeeting { space: Id; meeting: Meeting; start: number; end: number; /** What was put away stays so. */ key: string }

/** A line that came longer ago says nothing new, whatever the meeting does: a day, in microseconds. */
const OLD = 25 * 3_600 * 1_000_000;

class Near {
  shown = $state.raw<NearMeeting | null>(null);
  private away = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private unread: number | undefined;

  /** Answers how to stop. */
  follow(): () => void {
    const stop = session.client.registers<{ unread: number }>("activity", (mark) => {
      const now = mark?.unread ?? 0;
      // At the start too: whoever opens the app ten minutes before a meeting wants to know.
      const more = this.unread === undefined || now > this.unread;
      this.unread = now;
      if (more) void this.look();
    });
    return () => {
      stop();
      clearTimeout(this.timer);
      this.unread = undefined;
    };
  }

  dismiss(): void {
    if (this.shown) this.away.add(this.shown.key);
    this.shown = null;
  }

  private async look(): Promise<void> {
    const { items } = await session.client.api.call("GET /activity", { query: {} }).catch(() => ({ items: [] }));
    const now = (Date.now() + session.state.skew) * 1000;
    for (const one of items.filter(({ kind, at }) => kind === "meeting_due" && now - at < OLD)) {
      const meeting = await fetchMeeting(one.space, one.message).catch(() => undefined);
      const next = meeting?.next[0];
      if (!meeting || meeting.cancelled || !next || next.start - now > (meeting.remind + 1) * 60_000_000) continue;
      const begun = next.start <= now;
      const key = `${one.space}/${one.message}/${next.occurrence}/${begun}`;
      if (this.away.has(key)) continue;
      this.show({ space: one.space, meeting, start: next.start / 1000, end: next.end / 1000, key });
      return;
    }
  }

  private show(near: NearMeeting): void {
    this.shown = near;
    clearTimeout(this.timer);
    const left = near.end - Date.now() - session.state.skew;
    this.timer = setTimeout(() => (this.shown = null), Math.max(0, Math.min(left, 2 ** 31 - 1)));
  }
}

export const near = new Near();
