// Where calls begin once the shell stands: follows what the engine hears of them, and shows what rings and what runs
// above every screen. Nothing of it is needed for the first one.
import { mount, unmount } from "svelte";
import { session } from "../../app/session.svelte";
import Calls from "./Calls.svelte";
import { house } from "./house.svelte";
import MeetingNotice from "../meetings/Notice.svelte";
import { near } from "../meetings/near.svelte";
import Notice from "./Notice.svelte";
import { callParts } from "./parts.svelte";
import RecordingRow from "./RecordingRow.svelte";

/** Answers how to stop, which leaves a call that is running. */
export function startCalls(): () => void {
  const stop = session.client.calls((now) => house.heard(now));
  const forget = near.follow();
  callParts.Notice = Notice;
  callParts.Meeting = MeetingNotice;
  callParts.Recording = RecordingRow;
  const target = document.createElement("div");
  document.body.append(target);
  const shown = mount(Calls, { target });
  return () => {
    stop();
    forget();
    house.close();
    void unmount(shown);
    target.remove();
  };
}
