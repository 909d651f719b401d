// Whether Madang is in sight on this device, in whichever of its tabs. A tab in sight holds a lock that all of
// them may hold at once; whoever wants to know looks whether it is held.

const NAME = "madang-in-sight";

/** Holds the lock while this page is in sight; answers how to stop. */
export function watchUse(): () => void {
  let letGo: (() => void) | undefined;
  const look = () => {
    const inSight = document.visibilityState === "visible";
    if (inSight && !letGo) {
      const held = new Promise<void>((done) => (letGo = done));
      void navigator.locks.request(NAME, { mode: "shared" }, () => held);
    } else if (!inSight) {
      letGo?.();
      letGo = undefined;
    }
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    letGo?.();
  };
}

export async function inUse(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === NAME);
}
