// The call of a visitor with whoever helps, as state that the screen reads. The line is the affair of keeper.ts, as in
// the house's own calls; here there is one face to see, one microphone, and a camera only after the visitor agreed to it.
import type { JoinedCall } from "../../../src/engine/routes";
import type { Call, CallQuality, CallSlots, Id, Participant, Source, TrackName, Want } from "../../../src/engine/wire";
import { devices, DeviceTrouble, screen, type Trouble } from "../../../src/features/calls/devices.svelte";
import { Intents } from "../../../src/features/calls/intents";
import { Keeper } from "../../../src/features/calls/keeper";
import type { Connection } from "../../../src/features/calls/connection";
import { assign, sameWants, step } from "../../../src/features/calls/slots";
import type { Frame } from "../house";
import type { Visit } from "../visit.svelte";

export type Phase = "joining" | "in" | "reconnecting" | "over";

export class VisitCall {
  phase = $state<Phase>("joining");
  call = $state.raw<Call>() as Call;
  me = $state<Id>();
  microphone = $state(false);
  track = $state.raw<MediaStreamTrack>();
  camera = $state.raw<MediaStreamTrack>();
  screen = $state.raw<MediaStreamTrack>();
  received = $state.raw<ReadonlyMap<TrackName, MediaStreamTrack>>(new Map());
  voices = $state.raw<readonly MediaStreamTrack[]>([]);
  quality = $state.raw<CallQuality>({ state: "good" });
  /** Why the microphone or the camera does not go. */
  trouble = $state<{ trouble: Trouble; source: Source }>();
  readonly others: readonly Participant[] = $derived(this.call.participants.filter(({ person }) => person !== this.visit.me?.id));
  /** Who is shown: whoever shares a screen, else whoever has a camera, else whoever is there. */
  readonly shown = $derived.by((): { participant: Participant; source: "camera" | "screen" } | undefined => {
    const screen = this.others.find((it) => it.screen);
    if (screen) return { participant: screen, source: "screen" };
    const face = this.others.find((it) => it.camera) ?? this.others[0];
    return face && { participant: face, source: "camera" };
  });
  readonly picture = $derived(this.shown && this.received.get(`${this.shown.participant.id}/${this.shown.source}`));

  private readonly keeper: Keeper;
  private readonly intents: Intents;
  private wants: Want[] = [];
  private slots: CallSlots | undefined;
  private early: CallSlots[] = [];
  private height = 720;
  private line: Connection | undefined;
  private wakeLock: WakeLockSentinel | undefined;

  constructor(call: Call, private readonly visit: Visit, private readonly left: (error: unknown) => void) {
    this.call = call;
    this.keeper = new Keeper(call.id, {
      client: { api: visit.house.api, device: async () => visit.device },
      space: call.space, video: call.video, sealed: !!call.sealed, places: 2,
      sent: () => new Map<Source, MediaStreamTrack>([...(this.track ? [["microphone", this.track] as const] : []), ...(this.camera ? [["camera", this.camera] as const] : []), ...(this.screen ? [["screen", this.screen] as const] : [])]),
      microphone: () => this.microphone,
      joined: (joined, line) => this.joined(joined, line),
      agreed: () => undefined,
      connected: () => (this.phase = "in"),
      waiting: () => undefined,
      lost: () => (this.phase = this.phase === "joining" ? "joining" : "reconnecting"),
      over: (error) => this.end(error),
      bound: (tracks) => (this.received = tracks),
    });
    this.intents = new Intents((intent) => this.keeper.tell(intent));
    visit.hearers.add(this.heard);
    addEventListener("pagehide", this.gone);
    document.addEventListener("visibilitychange", this.awake);
    void this.begin();
  }

  /** With the microphone, if it may be had. Whoever has none is in it all the same, and hears and sees. */
  private async begin(): Promise<void> {
    await this.take("microphone");
    if (this.phase === "over") return;
    this.keeper.start();
    this.awake();
  }

  async toggleMicrophone(): Promise<void> {
    if (!this.track) return void (await this.take("microphone"));
    this.microphone = !this.microphone;
    this.track.enabled = this.microphone;
    this.intents.tell({ microphone: this.microphone });
  }

  /** Asked for first by the screen, which tells what it means; the house keeps to what was agreed. `rear`: the visitor
   *  shows something, and not themselves. */
  async showCamera(rear: boolean): Promise<void> {
    devices.facing = rear ? "environment" : "user";
    await this.visit.consent("camera", true);
    await this.take("camera");
    // What the house takes is agreed on when one joins (docs/protocol/calls.md, "Joining").
    if (this.camera) this.keeper.rejoin();
  }

  async hideCamera(): Promise<void> {
    this.camera?.stop();
    this.camera = undefined;
    await this.line?.send("camera", null);
    this.intents.tell({ camera: false });
    await this.visit.consent("camera", false);
  }

  /** What is shown is chosen in the browser first: it asks only while the finger is still on the button. */
  async showScreen(): Promise<void> {
    const chosen = await screen();
    if (!chosen) return;
    chosen.audio?.stop();
    try {
      await this.visit.consent("screen", true);
    } catch (error) {
      chosen.video.stop();
      throw error;
    }
    if (this.phase === "over") return chosen.video.stop();
    this.screen = chosen.video;
    // Ended by the browser's own button.
    chosen.video.onended = () => void this.hideScreen().catch(() => undefined);
    this.intents.tell({ screen: true });
    this.keeper.rejoin();
  }

  async hideScreen(): Promise<void> {
    this.screen?.stop();
    this.screen = undefined;
    await this.line?.send("screen", null);
    this.intents.tell({ screen: false });
    await this.visit.consent("screen", false);
  }

  /** What the visitor has taken back elsewhere is not sent from here either. */
  allowed(to: readonly string[]): void {
    if (this.camera && !to.includes("camera")) void this.hideCamera().catch(() => undefined);
    if (this.screen && !to.includes("screen")) void this.hideScreen().catch(() => undefined);
  }

  /** How high the picture is drawn, in device pixels. */
  drawn(height: number): void {
    this.height = step(height);
    this.look();
  }

  leave(): void {
    this.end(undefined);
  }

  private joined({ participant, call, slots }: JoinedCall, line: Connection): void {
    this.me = participant;
    this.line = line;
    this.slots = undefined;
    this.wants = [];
    this.voices = line.voices;
    this.know(call);
    if (slots) line.bind(slots, this.wants);
    const early = this.early.filter((it) => it.participant === participant);
    this.early = [];
    early.forEach((it) => this.place(it));
    this.intents.tell({ microphone: this.microphone, camera: !!this.camera, screen: !!this.screen });
    this.look();
  }

  know(call: Call): void {
    if (call.id !== this.keeper.call || this.phase === "over") return;
    const before = this.call.participants.some(({ id }) => id === this.me);
    this.call = call;
    this.look();
    const mine = call.participants.find(({ id }) => id === this.me);
    if (mine?.muted_by_host && this.microphone) {
      this.microphone = false;
      if (this.track) this.track.enabled = false;
    }
    if (!before || mine || this.phase !== "in") return;
    if (this.keeper.well) this.end(undefined);
    else this.keeper.doubtIt();
  }

  private readonly heard = (frame: Frame): void => {
    if (frame.type === "call" && frame.call.id === this.keeper.call) {
      if (frame.call.ended !== undefined) this.end(undefined);
      else this.know(frame.call);
    } else if (frame.type === "welcome" && !frame.calls?.some(({ id }) => id === this.keeper.call)) {
      // The house does not know the call and has not said that it is over: it was started anew.
      this.keeper.doubtIt();
    } else if (frame.type === "call_slots" && frame.call === this.keeper.call) {
      if (frame.participant === this.me) this.place(frame);
      else this.early.push(frame);
    }
  };

  private place(frame: CallSlots): void {
    if (this.slots && frame.n <= this.slots.n) return;
    this.slots = frame;
    this.line?.bind(frame.slots, this.wants);
    if (frame.quality) this.quality = frame.quality;
    void this.line?.steps(frame.send?.camera, false);
  }

  private look(): void {
    if (!this.line || this.me === undefined) return;
    const sights = this.shown && !document.hidden ? [{ track: `${this.shown.participant.id}/${this.shown.source}` as TrackName, height: this.height, priority: 3 }] : [];
    const wants = assign(this.line.places, this.wants, sights);
    if (sameWants(wants, this.wants)) return;
    this.wants = wants;
    this.intents.tell({ slots: wants });
  }

  private async take(source: "microphone" | "camera"): Promise<void> {
    try {
      const track = await devices[source]();
      if (this.phase === "over") return track.stop();
      this.trouble = undefined;
      track.onended = () => this.lostDevice(source);
      if (source === "camera") this.camera = track;
      else {
        this.track = track;
        this.microphone = true;
        this.intents.tell({ microphone: true });
      }
      await this.line?.send(source, track);
    } catch (error) {
      this.trouble = { trouble: error instanceof DeviceTrouble ? error.trouble : "broken", source };
    }
  }

  private lostDevice(source: "microphone" | "camera"): void {
    if (this.phase === "over") return;
    this.trouble = { trouble: "none", source };
    if (source === "camera") return void this.hideCamera().catch(() => undefined);
    this.track = undefined;
    this.microphone = false;
    void this.line?.send("microphone", null);
    this.intents.tell({ microphone: false });
  }

  private readonly gone = (): void => this.keeper.close();

  /** The screen of a phone does not go dark over a call. */
  private readonly awake = (): void => {
    this.look();
    if (document.hidden || this.phase === "over") return;
    void navigator.wakeLock?.request("screen").then((lock) => (this.wakeLock = lock), () => undefined);
  };

  end(error: unknown): void {
    if (this.phase === "over") return;
    this.phase = "over";
    this.intents.close();
    this.keeper.close();
    this.visit.hearers.delete(this.heard);
    removeEventListener("pagehide", this.gone);
    document.removeEventListener("visibilitychange", this.awake);
    this.track?.stop();
    this.camera?.stop();
    this.screen?.stop();
    this.track = this.camera = this.screen = undefined;
    void this.wakeLock?.release().catch(() => undefined);
    this.left(error);
  }
}
