// Where desks begin once the shell stands: follows what the engine hears of them, shows what is offered above every
// screen, and says whether there is help to give or to get. Nothing of it is needed for the first screen.
import { mount, unmount } from "svelte";
import { session } from "../../app/session.svelte";
import { desks } from "./desk.svelte";
import Overlay from "./Overlay.svelte";

/** Answers how to stop. */
export function startDesks(): () => void {
  const stop = session.client.desks((now) => desks.heard(now));
  const target = document.createElement("div");
  document.body.append(target);
  const shown = mount(Overlay, { target });
  return () => {
    stop();
    void unmount(shown);
    target.remove();
  };
}
