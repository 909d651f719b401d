// Client ids: 128 random bits in Crockford's base 32, made once for one wish.

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** 26 characters. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(17));
  let text = "";
  for (let bit = 0; bit < 128; bit += 5) {
    const two = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += LETTERS[(two >> (11 - (bit & 7))) & 31];
  }
  return text;
}
