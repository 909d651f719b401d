// Addresses out of typed or pasted text: "Kim <kim@a.kr>, lee@b.kr; park@c.kr". Pure. Only the server knows
// whether an address is good; here a slip of the finger is caught.

const looksRight = /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;.]+$/;

export function splitEmails(text: string): { good: string[]; bad: string[] } {
  const good: string[] = [];
  const bad: string[] = [];
  const bracketed = text.replace(/[^,;\n]*<([^<>\s]+)>/g, " $1 ");
  for (const piece of bracketed.split(/[\s,;]+/).filter(Boolean)) {
    const address = piece.toLowerCase();
    if (!looksRight.test(address)) bad.push(piece);
    else if (!good.includes(address)) good.push(address);
  }
  return { good, bad };
}

/** Adds the whole addresses of a text to those already held; what is no address stays to be mended. */
export function takeEmails(text: string, held: readonly string[]): { emails: string[]; left: string } {
  const { good, bad } = splitEmails(text);
  return { emails: [...new Set([...held, ...good])], left: bad.join(", ") };
}
