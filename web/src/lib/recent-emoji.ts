// The emoji last used on this device, by their names, the newest first.

const KEY = "madang.emoji";
export const MOST_RECENT = 24;

export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === "string" && one.length < 40).slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

export const withRecent = (recent: readonly string[], name: string): string[] => [name, ...recent.filter((one) => one !== name)].slice(0, MOST_RECENT);

export function rememberEmoji(name: string): void {
  globalThis.localStorage?.setItem(KEY, JSON.stringify(withRecent(recentEmoji(), name)));
}
