// Cutting a square out of a picture: the square window stays, the picture behind it is moved and enlarged. Pure.
import { CLOSEST, type Point, type Size } from "./zoom";

/** `scale` 1 lets the shorter side fill the window; the middle of the window lies on this point of the picture. */
export interface Crop extends Point { scale: number }

export const middleOf = ({ width, height }: Size): Crop => ({ scale: 1, x: width / 2, y: height / 2 });

/** The side of the square, in pixels of the picture. */
export const sideOf = (crop: Crop, { width, height }: Size): number => Math.min(width, height) / crop.scale;

/** The window never shows anything beside the picture. */
export function inside(crop: Crop, picture: Size): Crop {
  const scale = Math.min(CLOSEST, Math.max(1, crop.scale));
  const half = sideOf({ ...crop, scale }, picture) / 2;
  const clamp = (value: number, most: number): number => Math.min(most - half, Math.max(half, value));
  return { scale, x: clamp(crop.x, picture.width), y: clamp(crop.y, picture.height) };
}

/** Moves the picture under the window, by pixels of a window this wide. */
export function moved(crop: Crop, dx: number, dy: number, picture: Size, window: number): Crop {
  const by = sideOf(crop, picture) / window;
  return inside({ ...crop, x: crop.x - dx * by, y: crop.y - dy * by }, picture);
}

/** What is cut out: the square's corner and side, in pixels of the picture. */
export function square(crop: Crop, picture: Size): Point & { side: number } {
  const side = sideOf(crop, picture);
  return { x: crop.x - side / 2, y: crop.y - side / 2, side };
}
