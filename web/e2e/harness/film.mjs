// What is in a file that plays, by ffmpeg: whether all of it can be decoded, which colour is seen, which tone is heard.
import { execFileSync } from "node:child_process";

const run = (program, args) => execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });

/** What ffprobe says: streams, with how many frames each has, and the length in seconds. */
export function probed(path) {
  const told = JSON.parse(run("ffprobe", ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path]));
  return { seconds: Number(told.format.duration), streams: told.streams.map((it) => ({ kind: it.codec_type, codec: it.codec_name, frames: Number(it.nb_read_frames), width: it.width, height: it.height })) };
}

/**
 * What a decoder complains of, from the beginning to the end. Every picture keeps its own time, in the milliseconds of
 * the file: a camera that was late gives two within one twenty-fifth of a second, which is no fault.
 */
export const complaints = (path) => run("sh", ["-c", 'ffmpeg -v warning -i "$0" -fps_mode passthrough -enc_time_base:v 1:1000 -f null - 2>&1', path]).toString().trim();

/** The mean colour of a part of the picture, at a second. */
export function colourAt(path, second, crop = "iw/4:ih/4:iw*3/8:ih*3/8") {
  const pixel = run("ffmpeg", ["-v", "error", "-ss", String(second), "-i", path, "-frames:v", "1", "-vf", `crop=${crop},scale=1:1:flags=area`, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
  return [...pixel.subarray(0, 3)];
}

/** How strong a tone is within a second of the sound: 0 for none, 1 for nothing else. */
export function toneAt(path, second, hertz) {
  const rate = 48_000;
  const bytes = run("ffmpeg", ["-v", "error", "-ss", String(second), "-t", "1", "-i", path, "-vn", "-ac", "1", "-ar", String(rate), "-f", "s16le", "-"]);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  let [re, im, all] = [0, 0, 0];
  samples.forEach((sample, at) => {
    const turn = (2 * Math.PI * hertz * at) / rate;
    re += sample * Math.cos(turn);
    im += sample * Math.sin(turn);
    all += sample * sample;
  });
  return all === 0 ? 0 : (2 * (re * re + im * im)) / (samples.length * all);
}
