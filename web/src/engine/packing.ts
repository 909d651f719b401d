// Lists on their way between threads: a row that the other side has already is sent as its key only, and is
// the same object there as before. This keeps both the copying and the repainting to what has changed.

export interface Keyed { key?: string; id?: string }

const keyOf = (row: Keyed): string => row.key ?? row.id ?? "";
const listOf = (value: unknown): unknown[] | undefined => {
  const rows = (value as { rows?: unknown } | null)?.rows;
  return Array.isArray(rows) ? rows : undefined;
};

/** `known` remembers what was sent last. */
export function pack(value: unknown, known: Map<string, Keyed>): unknown {
  const rows = listOf(value) as Keyed[] | undefined;
  if (!rows) return value;
  const packed = rows.map((row) => (known.get(keyOf(row)) === row ? keyOf(row) : row));
  remember(rows, known);
  return { ...(value as object), rows: packed };
}

export function unpack(value: unknown, known: Map<string, Keyed>): unknown {
  const packed = listOf(value) as (Keyed | string)[] | undefined;
  if (!packed) return value;
  const rows = packed.map((row) => (typeof row === "string" ? known.get(row)! : row));
  remember(rows, known);
  return { ...(value as object), rows };
}

function remember(rows: Keyed[], known: Map<string, Keyed>): void {
  known.clear();
  for (const row of rows) known.set(keyOf(row), row);
}
