// Whether the workspace shows what links lead to, as this device last heard.
const KEY = "madang.previews";

export const areShown = (): boolean => localStorage.getItem(KEY) !== "off";

export function rememberShown(shown: boolean): void {
  if (shown) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
}
