// The calls of this device, as state: which run, which ring, the lobby one stands in, the call one is in. Followed by
// start.ts; lives as long as the shell.
import { session } from "../../app/session.svelte";
import type { CallsNow, Ringing } from "../../engine/view";
import type { Call, Id } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import { CurrentCall, type Wish } from "./current.svelte";
import { devices, DeviceTrouble } from "./devices.svelte";
import { canSeal } from "./seal/able";
import { troubleWords } from "./words";

/** Where one looks at oneself before one starts or joins. */
export interface Lobby { space: Id; video: boolean; call?: Call | undefined }

class CallHouse {
  now = $state.raw<CallsNow>({ calls: [], rings: [] });
  lobby = $state.raw<Lobby | null>(null);
  current = $state.raw<CurrentCall | null>(null);
  /** The call fills the screen; else it is a bar above what one reads. */
  large = $state(true);

  in(space: Id): Call | undefined {
    return this.now.calls.find((call) => call.space === space);
  }

  heard(next: CallsNow): void {
    const { current } = this;
    const before = current && this.now.calls.some(({ id }) => id === current.call.id);
    this.now = next;
    // Answered by a press on the notification, which opened this page or brought it forward.
    const pressed = next.rings.find(({ call }) => location.hash === `#answer-${call.id}`);
    if (pressed) {
      history.replaceState(history.state, "", location.pathname);
      return void this.answer(pressed, pressed.call.video);
    }
    if (!current) return;
    const call = next.calls.find(({ id }) => id === current.call.id);
    if (call) current.know(call);
    else if (before) current.unknown();
  }

  /** Opens the lobby for the call of a space, or goes back to it when one is in it. */
  open(space: Id, video: boolean): void {
    const call = this.in(space);
    if (call && this.current?.call.id === call.id) this.large = true;
    else this.lobby = { space, video, call };
  }

  enter(wish: Wish): void {
    this.current?.leave();
    this.lobby = null;
    this.large = true;
    this.current = new CurrentCall(wish, (why) => {
      this.current = null;
      if (why) toast(why);
    });
  }

  /** Takes a ringing call, with whatever of the device is to be had. */
  async answer({ call }: Ringing, video: boolean): Promise<void> {
    void session.client.hush(call.id);
    if (call.sealed && !canSeal()) return void toast(m.call_seal_cannot_join(), { kind: "error" });
    const refused = (error: unknown): undefined => void toast(troubleWords(error instanceof DeviceTrouble ? error.trouble : "broken"), { kind: "error" });
    // One after the other: two questions of the browser at once confuse.
    const microphone = await devices.microphone().catch(refused);
    const camera = video ? await devices.camera().catch(refused) : undefined;
    this.enter({ call, microphone, camera });
  }

  decline({ call }: Ringing): void {
    void session.client.hush(call.id);
    void session.client.api.call("POST /calls/{call}/decline", { call: call.id, body: {} }).catch(() => undefined);
  }

  close(): void {
    this.current?.leave();
    this.lobby = null;
  }
}

export const house = new CallHouse();
