// What happens to tickets, in words. Which of it is for the team alone is said by the row.
import { nameOf } from "../../app/session.svelte";
import type { Id, NoticeRow } from "../../engine/wire";
import type { ClosedBy, ConsentTo, OfferReason, Ticket, TicketBody, Via, Wants } from "../../engine/wire-desk";
import { language, m } from "../../lib/i18n.svelte";
import { fullTime, listTime } from "../../lib/time";
import type { IconName } from "../../ui/icons/names";
import { desks } from "./desk.svelte";
import { waited } from "./order";

export const wantsIcons: Record<Wants, IconName> = { chat: "message", voice: "call", video: "video" };
export const wantsNames = { chat: m.ticket_wants_chat, voice: m.ticket_wants_voice, video: m.ticket_wants_video } as const;
export const priorityNames = [m.ticket_priority_0, m.ticket_priority_1, m.ticket_priority_2, m.ticket_priority_3] as const;
export const stateNames = { waiting: m.ticket_waiting, offered: m.ticket_offered, open: m.ticket_open, snoozed: m.ticket_snoozed, closed: m.ticket_closed } as const;
export const viewNames = { waiting: m.ticket_waiting, mine: m.ticket_mine, open: m.ticket_open, snoozed: m.ticket_snoozed, closed: m.ticket_closed, all: m.ticket_all } as const;
const ways: Record<Via, () => string> = { widget: m.ticket_via_widget, page: m.ticket_via_page, kiosk: m.ticket_via_kiosk, app: m.ticket_via_app, mail: m.ticket_via_mail };
const reasons: Record<OfferReason, () => string> = { first: m.ticket_reason_first, same_agent: m.ticket_reason_same_agent, skill: m.ticket_reason_skill, language: m.ticket_reason_language };
export const consentNames: Record<ConsentTo, () => string> = { page: m.consent_page, point: m.consent_point, act: m.consent_act, camera: m.consent_camera, screen: m.consent_screen };

export const wayOf = (via: Via): string => ways[via]();
export const reasonOf = (reason: OfferReason): string => reasons[reason]();

/** The name of a language as the reader calls it. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(language.locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

const units = new Map<string, Intl.NumberFormat>();
export function waitedWords(since: number, now: number): string {
  return waited(since, now, (count, unit) => {
    const key = `${language.locale} ${unit}`;
    let format = units.get(key);
    if (!format) units.set(key, (format = new Intl.NumberFormat(language.locale, { style: "unit", unit, unitDisplay: "short" })));
    return format.format(count);
  });
}

export const momentWords = (us: number): string => {
  const at = new Date(us / 1_000);
  const now = new Date();
  return at.toDateString() === now.toDateString() ? listTime(at, now, language.locale) : fullTime(at, language.locale);
};

export const stars = (count: number): string => "★".repeat(count) + "☆".repeat(Math.max(0, 5 - count));

/** What a ticket is about, on one line. */
export const aboutOf = (ticket: Ticket): string => ticket.subject || ticket.last?.text.split("\n")[0] || ticket.page?.title || "";

type TicketRow = NoticeRow & TicketBody;
export const isTicketRow = (row: NoticeRow): row is TicketRow => row.type.startsWith("ticket.") || row.type.startsWith("consent.");

const assigned = { accepted: m.ticket_said_accepted, taken: m.ticket_said_taken } as const;
const passed = { time_out: m.ticket_said_time_out, declined: m.ticket_said_declined, unreachable: m.ticket_said_unreachable, withdrawn: m.ticket_said_withdrawn } as const;
const woken = { time: m.ticket_said_woken_time, message: m.ticket_said_woken_message, agent: m.ticket_said_woken_agent } as const;

function closedWords(by: ClosedBy, who: string): string {
  if (by === "idle") return m.ticket_said_closed_idle({ who });
  if (by === "merged") return m.ticket_said_merged();
  return by === "agent" ? m.ticket_said_closed({ who }) : m.ticket_said_ended({ who });
}

const deskName = (id: Id): string => desks.of(id)?.settings.name ?? m.desk_other();

export function ticketWords(row: TicketRow): string {
  const who = nameOf(row.author);
  switch (row.type) {
    case "ticket.opened": {
      const { round, via, wants } = row.body;
      const said = { who, way: wayOf(via), wants: wantsNames[wants]() };
      return round > 1 ? m.ticket_said_opened_again({ ...said, round }) : m.ticket_said_opened(said);
    }
    case "ticket.wanted":
      return m.ticket_said_wanted({ who, wants: wantsNames[row.body.wants]() });
    case "ticket.offered":
      return m.ticket_said_offered({ who: nameOf(row.body.agent), why: reasonOf(row.body.reason) });
    case "ticket.passed":
      return passed[row.body.why]({ who: nameOf(row.body.agent) });
    case "ticket.assigned": {
      const agent = nameOf(row.body.agent);
      return row.body.why === "transferred" ? m.ticket_said_handed({ who, whom: agent }) : assigned[row.body.why]({ who: agent });
    }
    case "ticket.released":
      return m.ticket_said_released({ who: nameOf(row.body.agent) });
    case "ticket.moved":
      return m.ticket_said_moved({ who, desk: deskName(row.body.desk) });
    case "ticket.snoozed":
      return m.ticket_said_snoozed({ who, time: momentWords(row.body.until) });
    case "ticket.woken":
      return woken[row.body.why]();
    case "ticket.closed":
      return closedWords(row.body.by, who);
    case "ticket.tagged":
      return row.body.tags.length ? m.ticket_said_tagged({ who, tags: row.body.tags.join(", ") }) : m.ticket_said_untagged({ who });
    case "ticket.prioritised":
      return m.ticket_said_priority({ who, priority: (priorityNames[row.body.priority] ?? priorityNames[1])() });
    case "ticket.renamed":
      return row.body.subject ? m.ticket_said_renamed({ who, subject: row.body.subject }) : m.ticket_said_unnamed({ who });
    case "ticket.met":
      return m.ticket_said_met({ who, whom: nameOf(row.body.agent) });
    case "ticket.overdue":
      return row.body.target === "close" ? m.ticket_said_overdue_close() : m.ticket_said_overdue_answer();
    case "ticket.rated":
      return m.ticket_said_rated({ who, stars: stars(row.body.stars) });
    case "consent.given":
      return m.consent_given({ who, what: consentNames[row.body.to]() });
    case "consent.withdrawn":
      return m.consent_withdrawn({ who, what: consentNames[row.body.to]() });
  }
}
