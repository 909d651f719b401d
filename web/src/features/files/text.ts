// The beginning of a text file as words. Pure. Bytes that are no UTF-8 are mostly Korean Windows.

/** How much of a file is read for its preview. */
export const PREVIEW_BYTES = 256 * 1024;

/** `whole` is false when the bytes end somewhere in the middle of the file, maybe in the middle of a letter. */
export function decodeText(bytes: Uint8Array, whole: boolean): string {
  const byOrder = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  for (const encoding of byOrder ? [byOrder] : ["utf-8", "euc-kr"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
    } catch {
      // Not this one.
    }
  }
  return new TextDecoder("utf-8").decode(bytes);
}
