// A message's text as a quote to write below. Pure. Quoted words name people without calling them again.

export function quote(text: string, nameOf: (id: string) => string, everyone: string): string {
  const plain = text.replace(/<@([\w-]+)>/g, (_, id: string) => `@${nameOf(id)}`).replaceAll("<!everyone>", everyone);
  return `${plain.split("\n").map((line) => `> ${line}`).join("\n")}\n`;
}
