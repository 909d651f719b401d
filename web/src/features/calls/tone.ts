// Two notes over a call: something that everybody in it is to know has begun, or has ended.
import { sound } from "./level";

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
