// What a page and the help that is framed in it say to each other: over a channel that only these two hold. The page's
// side takes it from the window of its own frame and from the origin of the house alone, the frame's from its parent
// alone; which pages may be that parent is said by the policy that the frame comes with (frame-ancestors). Nothing of a
// visit leaves the frame by it: a page that embeds the help learns that there is one, and how many messages are new.

/** Room that the frame takes in the page: all of its panel, or the little that leaves the page to be seen. */
export type Size = "panel" | "small";

export type FromFrame =
  /** Whether a visit is open, so that the next page of the site brings the frame along. */
  | { type: "visit"; open: boolean }
  | { type: "unread"; count: number }
  | { type: "open" }
  | { type: "close" }
  | { type: "size"; size: Size }
  /** The visitor agreed that the page is seen. A port comes with it: what goes over it is the affair of `page/` and `app/cobrowse/`. */
  | { type: "share" }
  | { type: "unshare" };

export type FromPage =
  /** Whether the frame is in sight. */
  | { type: "shown"; shown: boolean }
  /** Where the visitor is; without what stands behind `?` and `#`, which may be secret. */
  | { type: "page"; url: string; title: string }
  /** What the server of the site signed of who is signed in there. */
  | { type: "identity"; token: string };

/** What `page/` exports as `share`: shows the page over `port` from here on. Answers how to stop, which leaves nothing behind. */
export type Share = (port: MessagePort, around: { language: string; /** The element of the help itself, which is not shown. */ widget: HTMLElement }) => () => void;

export interface Line<Out> { send(word: Out, ports?: Transferable[]): void }
type Hear<In, Out> = (word: In, ports: readonly MessagePort[], line: Line<Out>) => void;

const READY = "madang:ready";
const HERE = "madang:here";

/** The page's side. `met` is called whenever the frame has come, also when it was loaded anew; answers how to end it. */
export function toFrame(frame: HTMLIFrameElement, origin: string, met: (line: Line<FromPage>) => void, hear: Hear<FromFrame, FromPage>): () => void {
  let port: MessagePort | undefined;
  const heard = ({ source, origin: from, data }: MessageEvent): void => {
    const { contentWindow } = frame;
    if (!contentWindow || source !== contentWindow || from !== origin || data !== READY) return;
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    const line = over<FromFrame, FromPage>(port, hear);
    contentWindow.postMessage(HERE, origin, [channel.port2]);
    met(line);
  };
  addEventListener("message", heard);
  return () => {
    removeEventListener("message", heard);
    port?.close();
  };
}

/** The frame's side: nothing is heard where the window is in no frame. */
export function toPage(met: (line: Line<FromFrame>) => void, hear: Hear<FromPage, FromFrame>): void {
  if (parent === self) return;
  addEventListener("message", ({ source, data, ports: [port] }: MessageEvent) => {
    if (source === parent && data === HERE && port) met(over<FromPage, FromFrame>(port, hear));
  });
  // Says nothing but that somebody is here, so it may be heard by any parent.
  parent.postMessage(READY, "*");
}

function over<In, Out>(port: MessagePort, hear: Hear<In, Out>): Line<Out> {
  const line: Line<Out> = { send: (word, ports = []) => port.postMessage(word, ports) };
  port.onmessage = ({ data, ports }: MessageEvent<In>) => hear(data, ports, line);
  return line;
}
