// Addresses out of pasted text: "Kim <kim@a.kr>, lee@b.kr; park@c.kr". Pure. Only the server knows whether
// an address is good; here a slip of the finger is caught.

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
