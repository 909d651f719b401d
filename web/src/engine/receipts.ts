// Receipts: how many people have not read a message. Markers are kept sorted and the number is found by
// binary search, as in crates/madang-model/src/receipt.rs.
import type { Id, Seq } from "./wire";

/** How many of the sorted markers lie before `seq`, without the author's. */
export function unread(sorted: Seq[], seq: Seq, author?: Seq): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low - (author !== undefined && author < seq ? 1 : 0);
}

export function unreadOf(markers: [Id, Seq][]): (seq: Seq, author: Id) => number {
  const of = new Map(markers);
  const sorted = markers.map(([, seq]) => seq).sort((a, b) => a - b);
  return (seq, author) => unread(sorted, seq, of.get(author));
}
