// Camera, microphone and loudspeaker of this device: which there are, which one the person chose, and what went
// wrong when one was asked for, in a word that the screen has a sentence for.

export type Trouble = "refused" | "none" | "busy" | "insecure" | "broken";
export type DeviceKind = "microphone" | "camera" | "speaker";
export interface Choice { id: string; name: string }

const KEY = "madang.call-devices";
const kinds = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" } as const;

/** Whether the loudspeaker can be chosen here at all. */
export const speakers = "setSinkId" in (globalThis.HTMLMediaElement?.prototype ?? {});
/** A phone has a camera for each side. */
export const handheld = globalThis.matchMedia?.("(pointer: coarse)").matches ?? false;
export const sharesScreen = !!globalThis.navigator?.mediaDevices?.getDisplayMedia;

function remembered(): Partial<Record<DeviceKind, string>> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {}) as Partial<Record<DeviceKind, string>>;
  } catch {
    return {};
  }
}

class Devices {
  found = $state.raw<Record<DeviceKind, Choice[]>>({ microphone: [], camera: [], speaker: [] });
  chosen = $state<Partial<Record<DeviceKind, string>>>(remembered());
  /** Of a phone: which way its camera looks. */
  facing = $state<"user" | "environment">("user");

  /** Names are told only after a permission was given: ask again then. */
  async look(): Promise<void> {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    const found: Record<DeviceKind, Choice[]> = { microphone: [], camera: [], speaker: [] };
    for (const { kind, deviceId, label } of all ?? []) if (deviceId && label) found[kinds[kind]].push({ id: deviceId, name: label });
    this.found = found;
  }

  watch(): () => void {
    const look = (): void => void this.look();
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }

  choose(kind: DeviceKind, id: string): void {
    this.chosen = { ...this.chosen, [kind]: id };
    localStorage.setItem(KEY, JSON.stringify(this.chosen));
  }

  microphone(): Promise<MediaStreamTrack> {
    const device = this.chosen.microphone;
    return ask({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(device && { deviceId: { ideal: device } }) } });
  }

  camera(): Promise<MediaStreamTrack> {
    const device = this.chosen.camera;
    const which = handheld ? { facingMode: this.facing } : device ? { deviceId: { ideal: device } } : {};
    return ask({ video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 }, ...which } });
  }
}

export const devices = new Devices();

export class DeviceTrouble extends Error {
  override name = "DeviceTrouble";
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

async function ask(what: MediaStreamConstraints): Promise<MediaStreamTrack> {
  if (!navigator.mediaDevices) throw new DeviceTrouble("insecure");
  try {
    const stream = await navigator.mediaDevices.getUserMedia(what);
    const [track] = stream.getTracks();
    if (!track) throw new DeviceTrouble("none");
    void devices.look();
    return track;
  } catch (error) {
    throw error instanceof DeviceTrouble ? error : new DeviceTrouble(troubleOf(error));
  }
}

/** Media Capture and Streams, 10.2: what getUserMedia rejects with. */
export function troubleOf(error: unknown): Trouble {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "broken";
  }
}

/** The screen, and its sound where the browser gives it; nothing when the person thought better of it. */
export async function screen(): Promise<{ video: MediaStreamTrack; audio?: MediaStreamTrack } | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true });
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    if (!video) return undefined;
    // Letters stay sharp when the line is weak; a film has fewer pictures then.
    video.contentHint = "detail";
    return { video, ...(audio && { audio }) };
  } catch (error) {
    if (troubleOf(error) === "refused") return undefined;
    throw new DeviceTrouble(troubleOf(error));
  }
}
