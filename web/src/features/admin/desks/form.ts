// The settings of a desk as the form holds them: lines of text where people write lists, numbers as they are typed.
// What is wrong is said at the field before anything is sent. Pure.
import type { DeskAgent, DeskOffers, DeskSettings, Hours, InBoth } from "../../../engine/wire-desk";
import { faultOf, faultOfDays, weekOf } from "./hours";

export interface KeptReply { name: string; text: string; tags: string; close: boolean }

export interface DeskForm {
  name: string;
  languages: { ko: boolean; en: boolean };
  welcome: Required<InBoth>;
  closed: Required<InBoth>;
  hours: Hours;
  skills: string;
  offers: DeskOffers;
  origins: string;
  ring_seconds: string;
  per_agent: string;
  waiting_most: string;
  same_agent: boolean;
  ask_name: boolean;
  first_answer_minutes: string;
  close_minutes: string;
  masks: string;
  /** Tags parted by commas, as they are typed. */
  canned: KeptReply[];
  /** The key of a booking page; empty for none. */
  booking: string;
  proof: "never" | "busy" | "always";
}

export const lines = (text: string): string[] => [...new Set(text.split("\n").map((one) => one.trim()).filter(Boolean))];
/** Skills stand on one line, parted by commas. */
export const listed = (text: string): string[] => [...new Set(text.split(/[,\n]/).map((one) => one.trim()).filter(Boolean))];

export const usual = (zone: string): DeskForm => ({
  name: "", languages: { ko: true, en: true }, welcome: { ko: "", en: "" }, closed: { ko: "", en: "" },
  hours: { zone, week: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }], others: [] },
  skills: "", offers: { voice: true, video: "one_way", page: true, draw: true, act: false, camera: false }, origins: "",
  ring_seconds: "20", per_agent: "3", waiting_most: "50", same_agent: true, ask_name: true, first_answer_minutes: "", close_minutes: "", masks: "", canned: [], booking: "", proof: "busy",
});

export function formOf(settings: DeskSettings): DeskForm {
  const { languages, welcome, closed, skills, origins, targets, masks, hours, canned, offers, name, same_agent, ask_name } = settings;
  return {
    name, same_agent, ask_name, booking: settings.booking ?? "", proof: settings.proof ?? "busy", offers: { ...offers }, canned: canned.map(({ name, text, tags, close }) => ({ name, text, tags: (tags ?? []).join(", "), close: close ?? false })),
    languages: { ko: languages.includes("ko"), en: languages.includes("en") },
    welcome: { ko: welcome.ko ?? "", en: welcome.en ?? "" }, closed: { ko: closed.ko ?? "", en: closed.en ?? "" },
    hours: { zone: hours.zone, week: hours.week.map((one) => ({ ...one, days: [...one.days] })), others: (hours.others ?? []).map((one) => ({ ...one })) },
    skills: skills.join(", "), origins: origins.join("\n"), masks: masks.join("\n"),
    ring_seconds: String(settings.ring_seconds), per_agent: String(settings.per_agent), waiting_most: String(settings.waiting_most),
    first_answer_minutes: String(targets.first_answer_minutes ?? ""), close_minutes: String(targets.close_minutes ?? ""),
  };
}

export function settingsOf(form: DeskForm): DeskSettings {
  const first = Number(form.first_answer_minutes);
  const close = Number(form.close_minutes);
  return {
    name: form.name.trim(), same_agent: form.same_agent, ask_name: form.ask_name, proof: form.proof, offers: form.offers, hours: form.hours,
    languages: (["ko", "en"] as const).filter((one) => form.languages[one]), welcome: form.welcome, closed: form.closed,
    skills: listed(form.skills), origins: lines(form.origins), masks: lines(form.masks),
    ring_seconds: Number(form.ring_seconds), per_agent: Number(form.per_agent), waiting_most: Number(form.waiting_most),
    targets: { ...(first > 0 && { first_answer_minutes: first }), ...(close > 0 && { close_minutes: close }) },
    canned: form.canned.map(({ name, text, tags, close }) => ({ name: name.trim(), text: text.trim(), ...(listed(tags).length && { tags: listed(tags) }), ...(close && { close }) })),
    ...(form.booking && { booking: form.booking }),
  };
}

/** A kept reply says something, or does something with the ticket. */
export const saysNothing = ({ text, tags, close }: KeptReply): boolean => !text.trim() && !listed(tags).length && !close;

export type Complaint = "name" | "languages" | "hours" | "origins" | "ring_seconds" | "per_agent" | "waiting_most" | "first_answer_minutes" | "close_minutes" | "canned" | "masks";

const within = (text: string, least: number, most: number): boolean => /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
const MONTH = 60 * 24 * 30;
export const bounds = { ring_seconds: [5, 300], per_agent: [1, 50], waiting_most: [1, 1_000] } as const;

/** A site as browsers name it, without a path: `https://shop.example`, `https://*.shop.example`, `http://localhost:5173`. */
export const isOrigin = (text: string): boolean => /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[1-9]\d{0,4})?\/?$/i.test(text);

/** Selectors are asked of the browser, which knows them all. */
export const isSelector = (text: string, ask: (selector: string) => void): boolean => {
  try {
    ask(text);
    return true;
  } catch {
    return false;
  }
};

export function complaints(form: DeskForm, ask: (selector: string) => void): Complaint[] {
  const list: (Complaint | false)[] = [
    !form.name.trim() && "name",
    !form.languages.ko && !form.languages.en && "languages",
    (weekOf(form.hours.week).some((day) => faultOf(day)) || !!form.hours.others?.some((one) => faultOfDays(one))) && "hours",
    lines(form.origins).some((one) => !isOrigin(one)) && "origins",
    ...(["ring_seconds", "per_agent", "waiting_most"] as const).map((one) => !within(form[one], bounds[one][0], bounds[one][1]) && one),
    ...(["first_answer_minutes", "close_minutes"] as const).map((one) => form[one].trim() !== "" && !within(form[one], 1, MONTH) && one),
    lines(form.masks).some((one) => !isSelector(one, ask)) && "masks",
    form.canned.some((one) => !one.name.trim() || saysNothing(one)) && "canned",
  ];
  return list.filter((one) => one !== false);
}

/** What a site puts into its pages to have the button. */
export const scriptTag = (url: string, key: string): string => `<script src="${new URL("/w/madang.js", url).href}" data-desk="${key}" async></script>`;

export const sameAgents = (a: readonly DeskAgent[], b: readonly DeskAgent[]): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (agents: readonly DeskAgent[]) => [...agents].sort((a, b) => a.person.localeCompare(b.person)).map(({ person, skills, languages }) => [person, [...skills].sort(), [...languages].sort()]);
