// The mathematics of looking closer: a picture that fits a stage is enlarged around a point and moved, and
// never leaves the stage emptier than it must. Pure. Points are measured from the middle of the stage.

export interface Size { width: number; height: number }
export interface Point { x: number; y: number }
/** `scale` 1 is the whole picture; `x` and `y` say how far its middle was moved. */
export interface View extends Point { scale: number }

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
export const CLOSEST = 8;

/** The size at which a picture fits into a stage, never larger than it is. */
export function fit(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

export function within(view: View, shown: Size, stage: Size): View {
  const scale = Math.min(CLOSEST, Math.max(1, view.scale));
  const far = (size: number, room: number): number => Math.max(0, (size * scale - room) / 2);
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value)) || 0;
  return { scale, x: clamp(view.x, far(shown.width, stage.width)), y: clamp(view.y, far(shown.height, stage.height)) };
}

/** Enlarges so that what lies under the point stays there. */
export function zoomAt(view: View, factor: number, at: Point, shown: Size, stage: Size): View {
  const scale = Math.min(CLOSEST, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  return within({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, shown, stage);
}

/** Two fingers: from where they were to where they are. */
export function pinch(view: View, from: [Point, Point], to: [Point, Point], shown: Size, stage: Size): View {
  const middle = ([a, b]: [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const spread = ([a, b]: [Point, Point]): number => Math.hypot(a.x - b.x, a.y - b.y) || 1;
  const [before, after] = [middle(from), middle(to)];
  const moved = { ...view, x: view.x + after.x - before.x, y: view.y + after.y - before.y };
  return zoomAt(moved, spread(to) / spread(from), after, shown, stage);
}
