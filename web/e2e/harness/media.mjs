// Content for stories, made on the spot: pictures and a short film come out of a page, the rest of a counter.
import { createHash } from "node:crypto";

/** Bytes that repeat nowhere, the same for the same seed. */
export function noise(size, seed = 1) {
  const bytes = Buffer.alloc(size);
  let state = seed >>> 0 || 1;
  for (let at = 0; at + 4 <= size; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeUInt32LE(state >>> 0, at);
  }
  return bytes;
}

export const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A picture with a word on it, as a browser would save it. */
export async function photo(page, name, { width = 1200, height = 900, hue = 30, type = "image/jpeg" } = {}) {
  const bytes = await page.evaluate(async ({ name, width, height, hue, type }) => {
    const canvas = new OffscreenCanvas(width, height);
    const brush = canvas.getContext("2d");
    const sky = brush.createLinearGradient(0, 0, width, height);
    sky.addColorStop(0, `hsl(${hue} 60% 80%)`);
    sky.addColorStop(1, `hsl(${hue + 70} 55% 40%)`);
    brush.fillStyle = sky;
    brush.fillRect(0, 0, width, height);
    brush.fillStyle = "white";
    brush.font = `bold ${height / 6}px sans-serif`;
    brush.fillText(name, width / 12, height / 2);
    const blob = await canvas.convertToBlob({ type, quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, { name, width, height, hue, type });
  return { name, mimeType: type, buffer: Buffer.from(bytes) };
}

/** A film of a second: a square that walks. */
export async function film(page, name) {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 320, height: 180 });
    const brush = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 30; frame++) {
      brush.fillStyle = "seagreen";
      brush.fillRect(0, 0, 320, 180);
      brush.fillStyle = "white";
      brush.fillRect(frame * 10, 60, 60, 60);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return { name, mimeType: "video/webm", buffer: Buffer.from(bytes) };
}

/** One page with a few words, that a viewer opens. */
export function pdf(words) {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    `<</Length ${words.length + 32}>>stream\nBT /F 24 Tf 20 100 Td (${words}) Tj ET\nendstream`, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj${object}endobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const xref = text.length;
  return Buffer.from(`${text}xref\n0 6\n0000000000 65535 f \n${table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`);
}

/** Lets go of files over a conversation, or pastes them into its box, as a hand would. */
export async function handOver(page, how, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  const transfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, bytes } of list) transfer.items.add(new File([Uint8Array.from(bytes)], name, { type: mimeType }));
    return transfer;
  }, given);
  const box = page.locator("[data-current] textarea");
  // What takes files comes a moment after the box.
  await page.locator("[data-current] .composer .slot").waitFor({ state: "detached" });
  if (how === "paste") return box.evaluate((element, data) => element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })), transfer);
  const drag = (type) => page.locator("[data-current]").evaluate((element, [kind, dataTransfer]) => element.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true })), [type, transfer]);
  return { over: () => drag("dragover"), drop: () => drag("drop") };
}
