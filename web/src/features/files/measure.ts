// The size of a picture before anybody has it but us, so that its place is known while it travels.
import type { Size } from "./zoom";

/** Nothing where the browser cannot read it (HEIC mostly): then it goes as a file. */
export async function measure(blob: Blob, address: string): Promise<Size | undefined> {
  if (!blob.type.startsWith("image/")) return undefined;
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
    return picture.naturalWidth > 0 ? { width: picture.naturalWidth, height: picture.naturalHeight } : undefined;
  } catch {
    return undefined;
  }
}
