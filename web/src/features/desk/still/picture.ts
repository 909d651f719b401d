// Pictures as they are held still and kept: a frame of a film as it is on the screen, a picture of the conversation no
// larger than anybody sees, and either with the ink burnt in.
import type { Strokes } from "./strokes";

/** Pixels of the longer side: what a camera sends has no more, and a photo is read well at it. */
const LONGEST_SIDE = 1920;
/** What the house takes (docs/protocol/desks.md). */
const LARGEST = 2 << 20;
/** As on the screen. */
const THICK = 5;
const inks = { red: "--ink-red", blue: "--ink-blue", green: "--ink-green" } as const;

/** The frame that is on the screen now, with all the pixels it came with. */
export function frameOf(video: HTMLVideoElement): Promise<Blob> {
  return drawn(video, video.videoWidth, video.videoHeight);
}

export async function pictureOf(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    return await drawn(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** `shown`: how wide it stood on the screen, so that ink is as thick as it was there. */
export async function withInk(picture: Blob, strokes: Strokes, shown: number): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const { width, height } = bitmap;
  const { canvas, brush } = sheet(width, height);
  brush.drawImage(bitmap, 0, 0);
  bitmap.close();
  const style = getComputedStyle(document.documentElement);
  brush.lineCap = brush.lineJoin = "round";
  brush.lineWidth = THICK * (width / Math.max(1, shown));
  strokes.each(({ colour, points }) => {
    brush.strokeStyle = style.getPropertyValue(inks[colour]);
    brush.beginPath();
    for (const [x, y] of points) brush.lineTo(x * width, y * height);
    // A dot is a stroke too.
    if (points[0] && points.length === 1) brush.lineTo(points[0][0] * width + 0.1, points[0][1] * height);
    brush.stroke();
  });
  return blobOf(canvas, 0.92);
}

async function drawn(source: CanvasImageSource, fullWidth: number, fullHeight: number): Promise<Blob> {
  if (!fullWidth || !fullHeight) throw new Error("there is no picture yet");
  let scale = Math.min(1, LONGEST_SIDE / Math.max(fullWidth, fullHeight));
  for (let quality = 0.9; ; quality -= 0.15, scale *= 0.8) {
    const [width, height] = [Math.round(fullWidth * scale), Math.round(fullHeight * scale)];
    const { canvas, brush } = sheet(width, height);
    brush.drawImage(source, 0, 0, width, height);
    const blob = await blobOf(canvas, quality);
    if (blob.size <= LARGEST || quality < 0.4) return blob;
  }
}

function sheet(width: number, height: number): { canvas: HTMLCanvasElement; brush: CanvasRenderingContext2D } {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("the browser draws nothing");
  // What lets through is white, as paper is.
  brush.fillStyle = "white";
  brush.fillRect(0, 0, width, height);
  return { canvas, brush };
}

function blobOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((fine, broken) => canvas.toBlob((blob) => (blob ? fine(blob) : broken(new Error("no picture came of it"))), "image/jpeg", quality));
}
