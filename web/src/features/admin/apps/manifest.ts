// Where a manifest that is JSON cannot be read. YAML is read by the house. Pure.

/** Line and words of the first fault; undefined if there is none, or if it is no JSON. */
export function lineOfFault(text: string): { line: number; why: string } | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    const position = Number(/position (\d+)/.exec(why)?.[1]);
    const line = Number(/line (\d+)/.exec(why)?.[1]);
    return { line: line > 0 ? line : Number.isFinite(position) ? text.slice(0, position).split("\n").length : text.split("\n").length, why };
  }
}
