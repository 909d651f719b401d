// Where apps begin once the shell stands: follows what the engine hears of them. The sheet of their modals is fetched when
// the first is opened, and what one person alone sees when the first of it comes.
import { mount, unmount } from "svelte";
import { callParts } from "../calls/parts.svelte";
import Face from "../blocks/Face.svelte";
import Assistant from "./Assistant.svelte";
import { followApps } from "./apps.svelte";
import Modals from "./Modals.svelte";
import OnlyYou from "./OnlyYou.svelte";

/** Answers how to stop. */
export function startApps(): () => void {
  const stop = followApps();
  callParts.OnlyYou = OnlyYou;
  callParts.Assistant = Assistant;
  callParts.Face = Face;
  const target = document.createElement("div");
  document.body.append(target);
  const shown = mount(Modals, { target });
  return () => {
    stop();
    void unmount(shown);
    target.remove();
  };
}
