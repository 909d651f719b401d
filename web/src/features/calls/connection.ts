// One participant's line to the media server: a peer connection whose places are fixed when it is made. The client
// offers, the server answers (docs/protocol/calls.md); who is shown where is bound by signalling, so people come, go,
// mute and share without another offer. Knows no screen and no server but by what it is given.
import type { JoinCall } from "../../engine/routes";
import type { Id, IceServer, Layer, Slot, Source, TrackName, Want } from "../../engine/wire";
import type { Sealing } from "./seal/sealing";
import { bound, mayStand, type Missing } from "./slots";

export type LineState = "connecting" | "connected" | "disconnected" | "failed";

export interface LineHouse {
  state(state: LineState): void;
  /** Who is received now. */
  bound(tracks: ReadonlyMap<TrackName, MediaStreamTrack>, why: ReadonlyMap<TrackName, Missing>): void;
}

export interface LineShape { ice: readonly IceServer[]; audio: number; video: number; /** End-to-end encrypted. */ seal?: Sealing | undefined }

/** What goes out at most, in bits a second; small pictures first, so that a weak line still carries one. */
const STEPS: (RTCRtpEncodingParameters & { rid: Layer })[] = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];
const SCREEN: RTCRtpEncodingParameters[] = [{ maxBitrate: 2_500_000, maxFramerate: 15 }];
const SOURCES: { source: Source; kind: "audio" | "video"; encodings?: RTCRtpEncodingParameters[] }[] = [
  { source: "microphone", kind: "audio", encodings: [{ maxBitrate: 40_000, priority: "high", networkPriority: "high" }] },
  { source: "camera", kind: "video", encodings: STEPS },
  { source: "screen", kind: "video", encodings: SCREEN },
  { source: "screen_audio", kind: "audio" },
];

export class Connection {
  private readonly pc: RTCPeerConnection;
  private readonly out = new Map<Source, RTCRtpTransceiver>();
  private readonly audio: RTCRtpTransceiver[];
  private readonly video: RTCRtpTransceiver[];
  /** Of a sealed call: whose picture comes to each place; nobody's, if nothing of it can be opened. */
  private readonly senders = new Map<number, Id | null>();
  private told: { slots: readonly Slot[]; wanted: readonly Want[] } = { slots: [], wanted: [] };

  constructor(shape: LineShape, private readonly house: LineHouse) {
    this.pc = new RTCPeerConnection({ iceServers: shape.ice as RTCIceServer[], bundlePolicy: "max-bundle" });
    for (const { source, kind, encodings } of SOURCES) {
      const transceiver = this.pc.addTransceiver(kind, { direction: "sendonly", ...(encodings && { sendEncodings: structuredClone(encodings) }) });
      if (kind === "video") preferVp8(transceiver);
      shape.seal?.out(transceiver.sender, kind);
      this.out.set(source, transceiver);
    }
    const receive = (kind: "audio" | "video", count: number) => Array.from({ length: count }, () => this.pc.addTransceiver(kind, { direction: "recvonly" }));
    this.audio = receive("audio", shape.audio);
    this.video = receive("video", shape.video);
    if (shape.seal) this.sealAll(shape.seal);
    this.pc.onconnectionstatechange = () => this.house.state(stateOf(this.pc.connectionState));
  }

  /** Before anything flows: nothing of a sealed call goes around this. */
  private sealAll(seal: Sealing): void {
    this.audio.forEach(({ receiver }) => seal.in(receiver, "audio"));
    this.video.forEach(({ receiver }, place) => seal.in(receiver, "video", place));
    for (const transceiver of this.pc.getTransceivers()) sealable(transceiver);
    seal.onshows = ({ place, sender }) => {
      this.senders.set(place, sender);
      this.bind(this.told.slots, this.told.wanted);
    };
  }

  /** What the server is asked to answer. */
  async offer(): Promise<Pick<JoinCall, "offer" | "publish" | "receive">> {
    await this.pc.setLocalDescription();
    const mid = (it: RTCRtpTransceiver): string => it.mid ?? "";
    return {
      offer: this.pc.localDescription?.sdp ?? "",
      publish: [...this.out].map(([source, it]) => ({ mid: mid(it), source })),
      receive: [...this.audio.map((it) => ({ mid: mid(it), kind: "audio" as const })), ...this.video.map((it) => ({ mid: mid(it), kind: "video" as const }))],
    };
  }

  async answer(sdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: "answer", sdp });
  }

  /** A new way for the same line: after a change of the network, or when nothing comes any more. */
  async mend(): Promise<string> {
    // An offer that got no answer is taken back.
    if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: true }));
    return this.pc.localDescription?.sdp ?? "";
  }

  get state(): LineState {
    return stateOf(this.pc.connectionState);
  }

  /** The places for video, in order. */
  get places(): string[] {
    return this.video.map((it) => it.mid ?? "");
  }

  /** All voices: the server puts the loudest into these. */
  get voices(): MediaStreamTrack[] {
    return this.audio.map(({ receiver }) => receiver.track);
  }

  /** Whether the server takes this at all: what a policy forbids is answered as inactive. */
  takes(source: Source): boolean {
    const direction = this.out.get(source)?.currentDirection;
    return direction === null || direction === "sendonly";
  }

  async send(source: Source, track: MediaStreamTrack | null): Promise<void> {
    await this.out.get(source)?.sender.replaceTrack(track);
  }

  /** Sends only the steps that somebody wants; `small` keeps to the smallest. */
  async steps(wanted: readonly Layer[] | undefined, small: boolean): Promise<void> {
    const sender = this.out.get("camera")?.sender;
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings?.length) return;
    let changed = false;
    for (const encoding of parameters.encodings) {
      const active = (!small || encoding.rid === "q") && (!wanted || wanted.includes(encoding.rid as Layer));
      changed ||= encoding.active !== active;
      encoding.active = active;
    }
    if (changed) await sender.setParameters(parameters).catch(() => undefined);
  }

  /** `wanted` names whom a place was meant for, where the server says why they are not in it. */
  bind(slots: readonly Slot[], wanted: readonly Want[]): void {
    this.told = { slots, wanted };
    const { at, why } = bound(slots, wanted);
    const tracks = new Map<TrackName, MediaStreamTrack>();
    for (const [track, mid] of at) {
      const index = this.video.findIndex((it) => it.mid === mid);
      const place = this.video[index];
      const sender = this.senders.get(index);
      if (sender === null) why.set(track, "key");
      if (place && mayStand(track, sender)) tracks.set(track, place.receiver.track);
    }
    this.house.bound(tracks, why);
  }

  stats(): Promise<RTCStatsReport> {
    return this.pc.getStats();
  }

  close(): void {
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }
}

const stateOf = (state: RTCPeerConnectionState): LineState => (state === "new" ? "connecting" : state === "closed" ? "failed" : state);

/** Every browser sends VP8 in steps; H.264 comes second (Safari prefers it, and sends it in one). */
function preferVp8(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs;
  if (!codecs || !("setCodecPreferences" in transceiver)) return;
  const rank = ({ mimeType }: { mimeType: string }) => (/vp8/i.test(mimeType) ? 0 : /h264/i.test(mimeType) ? 1 : 2);
  try {
    transceiver.setCodecPreferences([...codecs].sort((a, b) => rank(a) - rank(b)));
  } catch {
    // A browser that will not be told chooses by itself; the server takes both.
  }
}

/** What of a frame is read on the way is known for VP8 and Opus alone, so a sealed call has no others. */
function sealable(transceiver: RTCRtpTransceiver): void {
  const { kind } = transceiver.receiver.track;
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => /^(video\/(vp8|rtx)|audio\/opus)$/i.test(mimeType)));
}
