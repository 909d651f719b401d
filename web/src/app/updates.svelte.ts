// The new version that waits: it takes over when a person says so, never by itself, so that a call or a half-written
// text is not cut off. How it is noticed stands in worker.ts.

let waiting = $state<ServiceWorker | null>(null);
let applied = false;

export const updates = {
  get ready(): boolean {
    return waiting !== null;
  },
  /** A person let the new version take over. */
  get applied(): boolean {
    return applied;
  },
  found(worker: ServiceWorker): void {
    waiting = worker;
  },
  /** Lets the new version take over; the page reloads once it has. */
  apply(): void {
    applied = true;
    waiting?.postMessage("take over");
  },
};
