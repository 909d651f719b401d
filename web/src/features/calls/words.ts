// What goes on in a call, in words: devices that are not there, a line that is weak, time that has passed.
import type { CallQuality, Source } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import type { Trouble } from "./devices.svelte";

/** Without a source: whichever was asked for. */
export function troubleWords(trouble: Trouble, source?: Source): string {
  if (trouble === "refused") return m.call_trouble_refused();
  if (trouble === "busy") return m.call_trouble_busy();
  if (trouble === "insecure") return m.call_trouble_insecure();
  if (trouble === "broken") return m.call_trouble_broken();
  return source === "camera" ? m.call_trouble_no_camera() : source === "microphone" ? m.call_trouble_no_microphone() : m.call_trouble_none();
}

export const qualityWords = ({ state }: CallQuality): string =>
  state === "good" ? m.call_quality_good() : state === "fair" ? m.call_quality_fair() : m.call_quality_poor();

/** What was done about it. */
export function didWords({ did }: CallQuality): string {
  if (did === "fewer_pixels") return m.call_did_fewer_pixels();
  if (did === "no_video") return m.call_did_no_video();
  return did === "sent_less" ? m.call_did_sent_less() : "";
}

/** 4:32, 1:04:32 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, "0");
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}

/** How long a call was, for the history: 32 seconds, 4 min, 1 hr 4 min, in the reader's language. */
export function lasted(micros: number, locale: string): string {
  const seconds = Math.max(1, Math.round(micros / 1e6));
  const unit = (value: number, name: "second" | "minute" | "hour"): string => new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  if (seconds < 60) return unit(seconds, "second");
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? unit(minutes, "minute") : [unit(Math.floor(minutes / 60), "hour"), minutes % 60 ? unit(minutes % 60, "minute") : ""].filter(Boolean).join(" ");
}
