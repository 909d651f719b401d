// Mentions while they are typed. A text is stored with ids (`<@id>`), and shown in the box with names
// (`@name`); these two functions go from one to the other. Pure.

/** A stored text as shown in the box; `names` collects who stands behind each name. */
export function shown(stored: string, nameOf: (id: string) => string | undefined, names: Map<string, string>): string {
  return stored.replace(/<@([\w-]+)>/g, (whole, id: string) => {
    const name = nameOf(id);
    if (name === undefined) return whole;
    names.set(name, id);
    return `@${name}`;
  }).replace(/<!everyone>/g, "@everyone");
}

/** The box's text as stored. Only names that were picked count; the longest wins where one begins another. */
export function stored(text: string, names: ReadonlyMap<string, string>): string {
  const longest = [...names.keys(), "everyone"].sort((a, b) => b.length - a.length).map(escape);
  const any = new RegExp(`(?<![\\p{L}\\p{N}@<])@(${longest.join("|")})(?!\\p{Script=Latin}|\\p{N})`, "gu");
  return text.replace(any, (_, name: string) => (names.has(name) ? `<@${names.get(name)}>` : "<!everyone>"));
}

/** The word after `@` or `:` that ends at the caret, or a command that begins the text, if one is being typed. */
export function typedWord(text: string, caret: number): { sign: "@" | ":" | "/"; word: string; start: number } | null {
  const found = /((?<![^\s(])[@:]|^\/)([\p{L}\p{N}_+-]{0,24})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const word = found[2] ?? "";
  return { sign: found[1] as "@" | ":" | "/", word, start: caret - word.length - 1 };
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
