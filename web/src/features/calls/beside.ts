// A call beside the windows of other programs: in a small window of its own where the browser has such, else the picture
// of whoever speaks alone, else not at all. What stands in the small window comes when it is asked for.
import { part } from "../../app/parts";
import type { CurrentCall } from "./current.svelte";

/** Document Picture-in-Picture, https://wicg.github.io/document-picture-in-picture/. */
interface SmallWindows {
  readonly window: Window | null;
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

export const smallWindows = (globalThis as { documentPictureInPicture?: SmallWindows }).documentPictureInPicture;

export const besideWay: "window" | "picture" | null = smallWindows ? "window" : globalThis.document?.pictureInPictureEnabled ? "picture" : null;

/** Somebody is looked at although the page itself may be out of sight. */
export const standsBeside = (): boolean => !!document.pictureInPictureElement || !!smallWindows?.window;

const code = () => part(() => import("./small-window"));

/** Called by a press, or by the browser when its tab goes out of sight. */
export async function standBeside(current: CurrentCall): Promise<void> {
  try {
    if (besideWay === "window") (await code()).open(current);
    else await document.querySelector<HTMLVideoElement>(".stage .main video, .stage .grid video")?.requestPictureInPicture();
  } catch {
    // The browser allows it only soon after a press; the next one will do.
  }
}

/** Lets the browser ask for it by itself when another tab is looked at. Answers how to stop. */
export function offerBeside(current: CurrentCall): () => void {
  if (besideWay !== "window") return () => undefined;
  // Between a press and the window no network may stand: the leave of the press does not last.
  void code();
  const act = (handler: MediaSessionActionHandler | null): void => {
    try {
      navigator.mediaSession?.setActionHandler("enterpictureinpicture" as MediaSessionAction, handler);
    } catch {
      // This browser knows no such action: there is the button.
    }
  };
  act(() => void standBeside(current));
  return () => act(null);
}
