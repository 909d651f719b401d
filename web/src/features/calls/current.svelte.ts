// The call this device is in, as state that screens read, and what one does in it. Lives above navigation: one at a
// time, until it is left. The line is the affair of keeper.ts.
import { nameOf, session, wordsOf } from "../../app/session.svelte";
import type { JoinedCall } from "../../engine/routes";
import type { Call, CallQuality, CallSlots, Id, InCall, Participant, Source, TrackName, Want } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import { emojiOf } from "../../lib/words.svelte";
import { toast } from "../../ui/toasts.svelte";
import { standsBeside } from "./beside";
import type { Connection } from "./connection";
import { devices, DeviceTrouble, handheld, screen } from "./devices.svelte";
import { Intents } from "./intents";
import { Keeper } from "./keeper";
import { recordingTone } from "./recording";
import { assign, gathered, sameWants, step, type Missing, type Sight } from "./slots";
import { Sheets } from "./sheets.svelte";
import { troubleWords } from "./words";

export type Phase = "joining" | "waiting" | "in" | "reconnecting" | "over";
export interface Wish { call: Call; microphone?: MediaStreamTrack | undefined; camera?: MediaStreamTrack | undefined; muted?: boolean; /** I began it: others are being called. */ calling?: boolean }
export interface Flying { id: number; from: string; emoji: string }

const FLIES = 4_000;
/** As many pictures as fit on the screen. */
const PLACES = handheld ? 4 : 9;

export class CurrentCall {
  call = $state.raw<Call>() as Call;
  phase = $state<Phase>("joining");
  me = $state<Id>();
  microphone = $state(false);
  hand = $state(false);
  lowData = $state(false);
  local = $state.raw<{ microphone?: MediaStreamTrack; camera?: MediaStreamTrack; screen?: MediaStreamTrack; screen_audio?: MediaStreamTrack }>({});
  /** Something of the device is being switched. */
  busy = $state(false);
  received = $state.raw<ReadonlyMap<TrackName, MediaStreamTrack>>(new Map());
  missing = $state.raw<ReadonlyMap<TrackName, Missing>>(new Map());
  /** Of a call that is end-to-end encrypted: the code to compare, and who has the keys of this moment. */
  seal = $state.raw<{ code: readonly string[]; members: ReadonlySet<Id> } | null>(null);
  readonly sealed: boolean;
  voices = $state.raw<readonly MediaStreamTrack[]>([]);
  quality = $state.raw<CallQuality>({ state: "good" });
  speaker = $state<Id | null>(null);
  flying = $state.raw<readonly Flying[]>([]);
  /** Somebody else has been in it with me. */
  met = $state(false);
  readonly calling: boolean;
  readonly sheets = new Sheets();
  readonly others = $derived(this.call.participants.filter(({ id }) => id !== this.me));
  readonly mine = $derived(this.call.participants.find(({ id }) => id === this.me));
  readonly host = $derived(this.me !== undefined && this.call.host === this.me);
  /** What the server refuses of me, by a policy of the call. */
  barred = $state.raw<ReadonlySet<Source>>(new Set());

  private readonly keeper: Keeper;
  private readonly intents: Intents;
  private readonly sights = new Map<symbol, Sight>();
  private wants: Want[] = [];
  private slots: CallSlots | undefined;
  /** Frames that came before the server's answer told who I am. */
  private readonly early = new Map<Id, CallSlots>();
  private flown = 0;
  private readonly knocked = new Set<Id>();
  private wakeLock: WakeLockSentinel | undefined;
  private readonly stops: (() => void)[] = [];

  constructor({ call, microphone, camera, muted = false, calling = false }: Wish, private readonly left: (why?: string) => void) {
    this.call = call;
    this.calling = calling;
    this.sealed = !!call.sealed;
    this.local = { ...(microphone && { microphone }), ...(camera && { camera }) };
    this.microphone = !!microphone && !muted;
    if (microphone) microphone.enabled = this.microphone;
    this.keeper = new Keeper(call.id, {
      client: session.client, space: call.space, video: call.video, sealed: this.sealed, places: PLACES,
      sent: () => new Map(Object.entries(this.local) as [Source, MediaStreamTrack][]),
      microphone: () => this.microphone,
      joined: (joined, line) => this.joined(joined, line),
      agreed: ({ code, members }) => (this.seal = { code, members: new Set(members) }),
      connected: () => (this.phase = "in"),
      waiting: () => (this.phase = "waiting"),
      lost: () => (this.phase = this.phase === "joining" ? "joining" : "reconnecting"),
      over: (error) => this.end(wordsOf(error)),
      bound: (tracks, why) => {
        this.received = tracks;
        this.missing = why;
      },
    });
    this.intents = new Intents((intent) => this.keeper.tell(intent));
    this.begin();
  }

  private begin(): void {
    this.stops.push(session.client.inCall((frame) => this.heard(frame)));
    const onVisible = (): void => {
      this.look();
      void this.stayAwake();
    };
    document.addEventListener("visibilitychange", onVisible);
    this.stops.push(() => document.removeEventListener("visibilitychange", onVisible));
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    const leave = (): void => this.keeper.close();
    addEventListener("pagehide", leave);
    this.stops.push(() => removeEventListener("beforeunload", ask), () => removeEventListener("pagehide", leave));
    for (const track of Object.values(this.local)) this.watch(track);
    this.keeper.start();
    void this.stayAwake();
  }

  private joined({ participant, call, slots }: JoinedCall, line: Connection): void {
    this.me = participant;
    this.slots = undefined;
    this.wants = [];
    this.voices = line.voices;
    this.barred = new Set((["microphone", "camera", "screen"] as const).filter((source) => !line.takes(source)));
    this.know(call);
    if (slots) line.bind(slots, this.wants);
    const early = this.early.get(participant);
    this.early.clear();
    if (early) this.place(early);
    this.intents.tell({ microphone: this.microphone, camera: !!this.local.camera, screen: !!this.local.screen, hand: this.hand, low_data: this.lowData });
    this.look();
  }

  /** The newest of what the house says of the call; one that is over, or that I was taken out of, is left. */
  know(call: Call): void {
    if (call.id !== this.keeper.call || this.phase === "over") return;
    const before = this.mine;
    this.tellOfRecording(this.call.recording, call.recording);
    this.call = call;
    this.keeper.seal?.know(call);
    if (call.speaker !== undefined) this.speaker = call.speaker;
    if (this.me !== undefined && this.others.length) this.met = true;
    for (const it of call.waiting ?? []) this.tellOf(it);
    if (!before?.muted_by_host && this.mine?.muted_by_host && this.microphone) {
      this.setMicrophone(false);
      toast(m.call_muted_by_host());
    }
    if (!before || this.mine || this.phase !== "in") return;
    // Whoever lost the line for long is dropped by the house, and comes back; whoever had it was taken out.
    if (this.keeper.well) this.end(m.call_removed());
    else this.keeper.doubtIt();
  }

  /** That it begins and that it ends is heard as well as shown; before I am in, the lobby says so. */
  private tellOfRecording(before: Call["recording"], now: Call["recording"]): void {
    if (before?.id === now?.id || this.me === undefined) return;
    recordingTone(!!now);
    if (!now) toast(m.call_recording_over());
  }

  /** Somebody asks to be let in; said once. */
  private tellOf(it: Participant): void {
    if (this.knocked.has(it.id)) return;
    this.knocked.add(it.id);
    toast(m.call_knocks({ who: this.nameOf(it) }), { action: { label: m.call_admit(), run: () => this.admit(it) } });
  }

  admit(it: Participant): void {
    session.client.api.call("POST /calls/{call}/participants/{participant}/admit", { call: this.keeper.call, participant: it.id }).catch((error: unknown) => toast(wordsOf(error), { kind: "error" }));
  }

  /** The house does not know the call, and has not said that it is over: it was started anew. */
  unknown(): void {
    this.keeper.doubtIt();
  }

  // What one does.

  toggleMicrophone(): Promise<void> {
    return this.switching(async () => {
      if (!this.local.microphone) this.take("microphone", await devices.microphone());
      this.setMicrophone(!this.microphone);
    });
  }

  private setMicrophone(on: boolean): void {
    this.microphone = on;
    if (this.local.microphone) this.local.microphone.enabled = on;
    this.intents.tell({ microphone: on });
  }

  toggleCamera(): Promise<void> {
    return this.switching(async () => {
      if (this.local.camera) this.drop("camera");
      else this.take("camera", await devices.camera());
      this.intents.tell({ camera: !!this.local.camera });
    });
  }

  /** The other side of the phone. */
  flip(): Promise<void> {
    return this.switching(async () => {
      devices.facing = devices.facing === "user" ? "environment" : "user";
      // Most phones give one camera at a time.
      this.drop("camera");
      this.take("camera", await devices.camera());
    });
  }

  /** Another device was chosen while it is in use. */
  change(kind: "microphone" | "camera"): Promise<void> {
    return this.switching(async () => {
      if (!this.local[kind]) return;
      this.take(kind, await (kind === "camera" ? devices.camera() : devices.microphone()));
      if (kind === "microphone") this.setMicrophone(this.microphone);
    });
  }

  share(): Promise<void> {
    return this.switching(async () => {
      if (this.local.screen) return this.stopSharing();
      const shared = await screen();
      if (!shared) return;
      this.take("screen", shared.video);
      if (shared.audio) this.take("screen_audio", shared.audio);
      this.intents.tell({ screen: true });
    });
  }

  private stopSharing(): void {
    this.drop("screen");
    this.drop("screen_audio");
    this.intents.tell({ screen: false });
  }

  raise(): void {
    this.hand = !this.hand;
    this.intents.tell({ hand: this.hand });
  }

  saveData(on: boolean): void {
    this.lowData = on;
    this.intents.tell({ low_data: on });
    void this.keeper.line?.steps(this.slots?.send?.camera, on);
  }

  react(emoji: string): void {
    this.fly(m.me(), emoji);
    session.client.api.call("POST /calls/{call}/reactions", { call: this.keeper.call, body: { emoji } }).catch((error: unknown) => toast(wordsOf(error), { kind: "error" }));
  }

  leave(): void {
    this.end();
  }

  /** A tile is in sight; answers what to call when it no longer is. */
  see(track: TrackName, height: number, priority: number): () => void {
    const key = Symbol(track);
    this.sights.set(key, { track, height: step(height), priority });
    this.look();
    return () => {
      this.sights.delete(key);
      this.look();
    };
  }

  /** Their sound and picture cannot be opened yet, or mine not by them. */
  readonly waitsForKey = ({ id }: Participant): boolean => this.sealed && id !== this.me && (!this.seal?.members.has(id) || this.missing.get(`${id}/camera`) === "key");
  readonly nameOf = (participant: Participant | undefined): string => (!participant ? m.somebody() : participant.program ? m.call_program_of({ what: participant.program.name || m.call_program(), who: nameOf(participant.person) }) : (participant.name ?? nameOf(participant.person)));
  readonly of = (id: Id | null | undefined): Participant | undefined => this.call.participants.find((it) => it.id === id);

  // What the house says.

  private heard(frame: InCall): void {
    if (frame.type === "call") {
      if (frame.call.id === this.keeper.call) this.end(m.call_ended());
      return;
    }
    if (frame.call !== this.keeper.call) return;
    if (frame.type === "call_slots") {
      if (frame.participant === this.me) this.place(frame);
      else if (this.phase !== "in") this.early.set(frame.participant, frame);
      return;
    }
    if (frame.type === "call_key") return this.keeper.seal?.take(frame);
    const { signal, from } = frame;
    if (signal.kind === "asked_to_unmute") return void toast(m.call_asked_to_unmute(), { action: { label: m.call_unmute(), run: () => void (this.microphone || this.toggleMicrophone()) } });
    if (signal.kind === "admitted") return this.keeper.admitted();
    if (from === this.me) return;
    if (signal.kind === "reaction") this.fly(this.nameOf(this.of(from)), emojiOf(signal.emoji));
    else this.sheets.take(from, signal);
  }

  private place(frame: CallSlots): void {
    if (this.slots && frame.n <= this.slots.n) return;
    this.slots = frame;
    const { line } = this.keeper;
    line?.bind(frame.slots, this.wants);
    if (frame.quality) this.quality = frame.quality;
    if (frame.speaker !== undefined) this.speaker = frame.speaker;
    void line?.steps(frame.send?.camera, this.lowData);
  }

  /** Nobody is looked at while the page is out of sight, unless a picture stands beside it. */
  private look(): void {
    const { line } = this.keeper;
    if (!line || this.me === undefined) return;
    const seen = document.hidden && !standsBeside() ? [] : gathered(this.sights.values());
    const wants = assign(line.places, this.wants, seen);
    if (sameWants(wants, this.wants)) return;
    this.wants = wants;
    this.intents.tell({ slots: wants });
  }

  // The device.

  private async switching(task: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await task();
    } catch (error) {
      toast(error instanceof DeviceTrouble ? troubleWords(error.trouble) : wordsOf(error), { kind: "error" });
    } finally {
      this.busy = false;
    }
  }

  private take(source: Source, track: MediaStreamTrack): void {
    if (this.phase === "over") return track.stop();
    this.local[source]?.stop();
    this.local = { ...this.local, [source]: track };
    this.watch(track);
    void this.keeper.line?.send(source, track);
  }

  private drop(source: Source): void {
    const { [source]: gone, ...rest } = this.local;
    gone?.stop();
    this.local = rest;
    void this.keeper.line?.send(source, null);
  }

  /** A device that was unplugged, a screen whose sharing was ended by the browser's own button. */
  private watch(track: MediaStreamTrack): void {
    track.onended = () => {
      const source = (Object.entries(this.local) as [Source, MediaStreamTrack][]).find(([, it]) => it === track)?.[0];
      if (!source || this.phase === "over") return;
      if (source === "screen" || source === "screen_audio") return this.stopSharing();
      this.drop(source);
      if (source === "microphone") this.setMicrophone(false);
      else this.intents.tell({ camera: false });
      toast(troubleWords("none", source), { kind: "error" });
    };
  }

  private fly(from: string, emoji: string): void {
    const id = (this.flown += 1);
    this.flying = [...this.flying.slice(-12), { id, from, emoji }];
    setTimeout(() => (this.flying = this.flying.filter((it) => it.id !== id)), FLIES);
  }

  /** The screen of a phone does not go dark over a call. */
  private async stayAwake(): Promise<void> {
    if (document.hidden || this.phase === "over") return;
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  }

  private end(why?: string): void {
    if (this.phase === "over") return;
    this.phase = "over";
    this.intents.close();
    this.keeper.close();
    this.stops.forEach((stop) => stop());
    for (const track of Object.values(this.local)) track.stop();
    this.local = {};
    this.sheets.close();
    void this.wakeLock?.release().catch(() => undefined);
    this.left(why);
  }
}
