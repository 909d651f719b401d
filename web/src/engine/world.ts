// The engine's surroundings in a browser, and the locks that keep it the only writer of its database.
import { anyInSight } from "../lib/in-use";
import type { World } from "./engine";
import type { Line } from "./socket";

const ENGINE = "madang-engine";

export function browserWorld(): World {
  const { origin, protocol, host } = location;
  return {
    fetch: (url, init) => fetch(url, init),
    socket: () => new WebSocket(`${protocol === "https:" ? "wss" : "ws"}://${host}/api/v1/socket`) as unknown as Line,
    origin,
    now: () => Date.now(),
    random: () => Math.random(),
    ...(navigator.locks && { inSight: anyInSight }),
  };
}

/** Takes the writer's place from whoever has it. `lost` is called when it is taken away in turn. */
export function takePlace(locks: LockManager | undefined, lost: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (!locks) return resolve();
    locks
      .request(ENGINE, { steal: true }, () => {
        resolve();
        return new Promise(() => {});
      })
      .catch(lost);
  });
}

/** Takes the writer's place if, or as soon as, nobody has it. Gives false at once when somebody has. */
export function tryPlace(locks: LockManager, lost: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    locks
      .request(ENGINE, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      })
      .catch(lost);
  });
}

/** Waits until the writer's place is free, without taking it. */
export async function placeFree(locks: LockManager): Promise<void> {
  await locks.request(ENGINE, () => undefined);
}

/** Calls when the page that holds this lock is gone. */
export function whenGone(locks: LockManager | undefined, name: string, gone: () => void): void {
  void locks?.request(name, gone);
}
