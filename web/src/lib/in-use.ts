// Whether Madang is in sight on this device, in whichever of its tabs. A tab in sight holds a lock of
// its own; whoever wants to know looks whether one is held.

const PREFIX = "madang-in-sight-";
const mine = PREFIX + crypto.getRandomValues(new Uint32Array(2)).join("-");

/** Holds the lock while this page is in sight; answers how to stop. */
export function watchUse(): () => void {
  let letGo: (() => void) | undefined;
  const look = () => {
    const inSight = document.visibilityState === "visible";
    if (inSight && !letGo) {
      const held = new Promise<void>((done) => (letGo = done));
      void navigator.locks.request(mine, () => held);
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
  // Of this page the page itself is asked: letting go of a lock takes a moment.
  return document.visibilityState === "visible" || held.some(({ name }) => name?.startsWith(PREFIX) && name !== mine);
}

/** As `inUse`, for a worker, which has no page of its own. */
export async function anyInSight(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith(PREFIX) ?? false);
}
