// How many panes fit side by side, and which of a screen's panes are then in sight. Pure.

export type PaneCount = 1 | 2 | 3;
export type PaneName = "list" | "main" | "side";

/** Widths are compared at the reader's own text size: twice the letters need twice the room. */
export function paneCount(width: number, rootFontPx: number): PaneCount {
  const comfortable = (width * 16) / (rootFontPx || 16);
  return comfortable >= 1100 ? 3 : comfortable >= 700 ? 2 : 1;
}

/** From the deepest pane up, as many as fit; the list always stays when there is room for two. */
export function visiblePanes(count: PaneCount, has: { main: boolean; side: boolean }): PaneName[] {
  const deepest: PaneName = has.side ? "side" : has.main ? "main" : "list";
  if (count === 1) return [deepest];
  if (count === 2) return ["list", deepest === "side" ? "side" : "main"];
  return has.side ? ["list", "main", "side"] : ["list", "main"];
}
