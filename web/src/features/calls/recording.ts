// A call is recorded: begun and stopped by its host, and heard by everybody.
import { session } from "../../app/session.svelte";
import { sound } from "./level";

export const startRecording = (call: string): Promise<unknown> => session.client.api.call("PUT /calls/{call}/recording", { call });
export const stopRecording = (call: string): Promise<unknown> => session.client.api.call("DELETE /calls/{call}/recording", { call });

/** Two notes: up when it begins, down when it ends. Hertz. */
const BEGINS = [523.3, 784] as const;
const ENDS = [784, 523.3] as const;

export function recordingTone(begins: boolean): void {
  const audio = sound();
  if (audio.state !== "running") return;
  for (const [index, hertz] of (begins ? BEGINS : ENDS).entries()) {
    const at = audio.currentTime + index * 0.18;
    const note = audio.createOscillator();
    const fall = audio.createGain();
    note.frequency.value = hertz;
    fall.gain.setValueAtTime(0, at);
    fall.gain.linearRampToValueAtTime(0.18, at + 0.02);
    fall.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
    note.connect(fall).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.45);
  }
}
