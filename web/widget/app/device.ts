// With what the visitor comes, as who helps is told: the size of the screen, the clock, the languages. Browser and system
// the house reads from the request. Nothing more is asked: nobody is to be known again by it.
import type { SaidOfDevice } from "../../src/engine/routes-visit";

export function thisDevice(): SaidOfDevice {
  const { width, height } = screen;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { width: Math.round(width), height: Math.round(height), zone: timeZone ?? "", languages: navigator.languages.slice(0, 5) };
}
