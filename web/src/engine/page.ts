// What a page knows of itself: whether it has a network and is looked at. The one file of the engine that
// touches a document; it runs on the page's side of the door.

export function pageNow(): { online: boolean; visible: boolean } {
  return { online: navigator.onLine, visible: document.visibilityState === "visible" };
}

/** Calls when the network comes or goes, and when the page is shown or gets the focus. */
export function watchPage(changed: () => void): void {
  for (const name of ["online", "offline", "focus", "pageshow"]) addEventListener(name, changed);
  document.addEventListener("visibilitychange", changed);
}
