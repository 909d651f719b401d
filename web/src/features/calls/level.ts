// How loud a track is, from 0 to 1, as a needle would show it: up at once, down slowly.

const EVERY_MS = 80;
/** Full scale speech is far below 1: this makes an ordinary voice fill about two thirds of the meter. */
const GAIN = 4;

let context: AudioContext | undefined;

/** One context for all that makes or measures sound: browsers allow only a few. */
export function sound(): AudioContext {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  return context;
}

export function watchLevel(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const { source, analyser } = listen(track);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    shown = fallen(shown, loudness(samples));
    tell(shown);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

function listen(track: MediaStreamTrack): { source: AudioNode; analyser: AnalyserNode } {
  const audio = sound();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  return { source, analyser };
}

export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(1, GAIN * Math.sqrt(sum / (samples.length || 1)));
}

export const fallen = (shown: number, now: number): number => (now >= shown ? now : shown * 0.7 + now * 0.3);
