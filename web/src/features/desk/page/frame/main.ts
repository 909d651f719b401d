// The page that shows a visitor's page. It is built from somebody else's markup, so this document can fetch nothing and
// reach nothing (crates/madang-server/src/web.rs gives it its policy); what it has to say goes to the screen around it.
import { Ink } from "../../../../../widget/page/ink";
import type { Place } from "../../../../../widget/point";
import { READY, toldOf, type FromFrame, type ToFrame } from "../words";
import { look } from "./look";
import { Pen, type Hit } from "./pen";
import { Picture } from "./picture";

const root = document.getElementById("page") as HTMLElement;
const canvas = document.createElementNS("http://www.w3.org/2000/svg", "svg");
canvas.setAttribute("class", "over");
document.body.append(canvas);
const sheet = new CSSStyleSheet();
sheet.replaceSync(look);
document.adoptedStyleSheets = [sheet];

let port: MessagePort | undefined;
const say = (word: FromFrame): void => port?.postMessage(word);
const picture = new Picture(root, () => undefined);
const ink = new Ink(canvas, (node) => picture.box(node));
const pen = new Pen((point) => {
  // A click is answered by the visitor; all else is seen here as it is there.
  ink.show(point);
  say({ type: "point", point });
}, () => crypto.randomUUID());

addEventListener("message", ({ source, origin, data, ports: [given] }: MessageEvent) => {
  if (source !== parent || origin !== location.origin || data !== READY || !given) return;
  port?.close();
  port = given;
  port.onmessage = ({ data: word }: MessageEvent<ToFrame>) => hear(word);
});
parent.postMessage(READY, location.origin);

function hear(word: ToFrame): void {
  switch (word.type) {
    case "events":
      return take(word.full, word.events);
    case "hold":
      Object.assign(pen, { tool: word.tool, colour: word.colour, stays: word.stays });
      document.documentElement.dataset["tool"] = word.tool;
      return;
    case "undo":
      pen.undo();
      break;
    case "clear":
      pen.clear();
  }
  say({ type: "ink", some: pen.some });
}

function take(full: boolean, events: readonly unknown[]): void {
  const told = toldOf(events);
  if (told) {
    if (told !== "live") ink.wipe();
    if (told !== "live" && told !== "preparing") {
      picture.end();
      say({ type: "seen", seen: false });
    }
    return;
  }
  if (full) ink.wipe();
  picture.play(full, events);
  if (full) say({ type: "seen", seen: picture.seen });
}

function hit({ clientX, clientY }: PointerEvent): Hit | undefined {
  const node = picture.at(clientX, clientY);
  const within = (x: number, y: number): Place => {
    const box = picture.box(node) ?? picture.box(undefined);
    return box ? [(x - box.left) / (box.width || 1), (y - box.top) / (box.height || 1)] : [0, 0];
  };
  return node === undefined ? undefined : { node, at: within(clientX, clientY), within };
}

canvas.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button !== 0) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  pen.down(hit(event));
  say({ type: "ink", some: pen.some });
});
canvas.addEventListener("pointermove", (event) => event.isPrimary && pen.move(hit(event), event.clientX, event.clientY, event.timeStamp));
for (const end of ["pointerup", "pointercancel"] as const) canvas.addEventListener(end, (event) => event.isPrimary && pen.up(event.timeStamp));
addEventListener("resize", () => picture.fit());
