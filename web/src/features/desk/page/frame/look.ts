// How the frame looks. A constructed sheet and not a file of styles: the build puts those of all lazy screens into one, and
// these are about the whole of a document that is not the app's.
import replayed from "@rrweb/replay/dist/style.css?inline";
import { marks } from "../../../../../widget/page/ink";

export const look = `${replayed}
html, body { margin: 0; block-size: 100%; overflow: hidden; background: transparent }
#page { position: absolute; inset-block-start: 0; inset-inline-start: 0; transform-origin: 0 0 }
#page iframe { border: 0; background: white }
.over { position: fixed; inset: 0; inline-size: 100%; block-size: 100%; touch-action: none; cursor: crosshair }
[data-tool=show] .over, [data-tool=press] .over { cursor: pointer }
${marks}`;
