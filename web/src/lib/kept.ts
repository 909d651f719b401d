// Small things kept on this device. A browser that lets nobody keep anything (a frame in a stranger's page, where the
// person said so) throws at the mere look: then nothing was kept, and nothing is.

export function kept(key: string): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // It holds as long as the page does.
  }
}
