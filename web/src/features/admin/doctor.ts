// What `madang doctor` looks at, in the words of the screen: a title and what to do. Its own sentence stands below
// them, in the language of the command line.
import { m } from "../../lib/i18n.svelte";

const words: Record<string, { title: () => string; advice?: () => string }> = {
  database: { title: m.overview_database, advice: m.advice_database },
  clock: { title: m.doctor_clock, advice: m.advice_clock },
  backup: { title: m.overview_backup, advice: m.advice_backup },
  audit: { title: m.audit, advice: m.advice_audit },
  disk: { title: m.overview_free, advice: m.advice_disk },
  keys: { title: m.doctor_keys, advice: m.advice_keys },
  files: { title: m.overview_files, advice: m.advice_files },
  address: { title: m.doctor_address, advice: m.advice_address },
  certificate: { title: m.doctor_certificate, advice: m.advice_certificate },
  reachable: { title: m.doctor_reachable, advice: m.advice_reachable },
  push: { title: m.doctor_push, advice: m.advice_push },
  "push service": { title: m.doctor_push_service, advice: m.advice_push_service },
  mail: { title: m.overview_mail, advice: m.advice_mail },
};

export const titleOf = (about: string): string => words[about]?.title() ?? about;
export const adviceOf = (about: string): string => words[about]?.advice?.() ?? "";

const units = ["B", "KB", "MB", "GB", "TB"];

/** 1.5 GB, as people read it. */
export function bytes(count: number): string {
  let unit = 0;
  let rest = count;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${rest >= 10 || unit === 0 ? Math.round(rest) : rest.toFixed(1)} ${units[unit]}`;
}
