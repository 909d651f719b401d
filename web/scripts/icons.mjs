// Draws the one icon sprite from lucide's outlines: src/ui/icons/sprite.svg and the list of its names.
// Run `npm run icons` after changing the list below, and commit both files.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const icons = {
  activity: "bell", add: "plus", alert: "triangle-alert", archive: "archive", arrow: "arrow-right", at: "at-sign",
  attach: "paperclip", back: "chevron-left", bell: "bell-ring", "bell-off": "bell-off", block: "ban", bookmark: "bookmark",
  camera: "camera", chats: "messages-square", check: "check", "check-all": "check-check", clock: "clock", close: "x",
  code: "code", computer: "monitor", copy: "copy", dark: "moon", down: "chevron-down", download: "download",
  edit: "pencil", emoji: "smile", error: "circle-alert", external: "external-link", eye: "eye", "eye-off": "eye-off",
  file: "file", files: "folder", forward: "forward", group: "users", hash: "hash", image: "image", info: "info",
  key: "key-round", keyboard: "keyboard", language: "languages", leave: "log-out", light: "sun", link: "link", list: "list", lock: "lock",
  mail: "mail", me: "circle-user-round", menu: "menu", message: "message-circle", more: "ellipsis", next: "chevron-right",
  offline: "cloud-off", pause: "pause", person: "user", "person-add": "user-plus", phone: "smartphone", pin: "pin",
  play: "play", quote: "quote", reply: "reply", retry: "rotate-cw", search: "search", send: "arrow-up", settings: "settings",
  share: "share", team: "network", shield: "shield-check", text: "a-large-small", thread: "message-square-text", trash: "trash-2",
  undo: "undo-2", up: "chevron-up", upload: "upload", video: "video", auto: "sun-moon", compact: "rows-3", unread: "mail-open",
  call: "phone", bot: "bot", globe: "globe", filter: "list-filter",
  audio: "music", document: "file-text", sheet: "file-spreadsheet", "zoom-in": "zoom-in", "zoom-out": "zoom-out",
  poll: "chart-column", checklist: "list-checks", mic: "mic", stop: "square", deck: "layers", compass: "compass",
  "mic-off": "mic-off", "video-off": "video-off", "call-end": "phone-off", "call-missed": "phone-missed", flip: "switch-camera",
  screen: "screen-share", "screen-off": "screen-share-off", hand: "hand", tiles: "layout-grid", large: "maximize-2", small: "minimize-2",
  beside: "picture-in-picture-2", pen: "pencil-line", pointer: "mouse-pointer-2", erase: "eraser", speaker: "volume-2", weak: "wifi-low",
  "low-data": "gauge", unlock: "lock-open", host: "crown", calendar: "calendar",
  help: "life-buoy", desk: "headset", note: "sticky-note", snooze: "alarm-clock", transfer: "arrow-right-left", star: "star", tag: "tag", qr: "qr-code", hours: "calendar-clock", urgent: "flame",
  bold: "bold", italic: "italic", strike: "strikethrough", numbers: "list-ordered",
};

/** Icons that point along the line of text, and so turn round in a script written from right to left. */
const directed = ["arrow", "back", "next", "reply", "forward", "leave", "undo", "send-away", "list", "numbers", "external"];

const here = new URL("../src/ui/icons/", import.meta.url);
const symbols = Object.entries(icons).map(([name, source]) => {
  const file = new URL(`../node_modules/lucide-static/icons/${source}.svg`, import.meta.url);
  const inner = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});

mkdirSync(here, { recursive: true });
writeFileSync(new URL("sprite.svg", here), `<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide, ISC licence -->${symbols.join("")}</svg>\n`);
writeFileSync(new URL("names.ts", here), [
  "// Written by `npm run icons`: the names in sprite.svg.",
  `export const iconNames = [\n${Object.keys(icons).map((name) => `  "${name}",`).join("\n")}\n] as const;`,
  "export type IconName = (typeof iconNames)[number];",
  `export const directedIcons: ReadonlySet<string> = new Set(${JSON.stringify(directed.filter((name) => name in icons))});`,
  "",
].join("\n"));
console.log(`${symbols.length} icons`);
