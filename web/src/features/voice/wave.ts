// The shape of a sound: how loud each stretch of it is, from 0 to 1. Pure.

/** So many bars, each the loudest of its stretch; the loudest of all is 1, and silence stays silent. */
export function peaksOf(samples: Float32Array, bars: number): number[] {
  const stretch = samples.length / bars;
  const peaks = Array.from({ length: bars }, (_, bar) => {
    let peak = 0;
    for (let i = Math.floor(bar * stretch); i < Math.floor((bar + 1) * stretch); i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    return peak;
  });
  const loudest = Math.max(...peaks, 0);
  return loudest < 0.001 ? peaks.map(() => 0) : peaks.map((peak) => peak / loudest);
}

/** 1:05 */
export const minutes = (seconds: number): string => {
  const whole = Math.floor(Math.max(0, seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
