// The engine in a SharedWorker: one for all pages of the origin. A newer build has another address and so is
// another worker; it takes the writer's place, and the pages of the old one learn that they are outdated.
import { Engine } from "./engine";
import { messagePort } from "./ports";
import { serve } from "./serve";
import { browserWorld, takePlace, whenGone } from "./world";

const engine = new Engine(browserWorld());
const { locks } = navigator as { locks?: LockManager };

void takePlace(locks, () => void engine.retire()).then(() => engine.start());

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (port) serve(engine, messagePort(port), (name, gone) => whenGone(locks, name, gone));
};
