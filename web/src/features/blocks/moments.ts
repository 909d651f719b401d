// A moment in seconds since 1970, and the same on this device's clock as `datetime-local` writes it. Pure.

const two = (n: number): string => String(n).padStart(2, "0");

export function localOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const secondsOf = (local: string): number => Math.floor(new Date(local).getTime() / 1000);
