// Showing a page may not make it slow: how large it may be, and how often reading its changes may take long.

/** Elements of a page. Its first reading takes about a second on a middling phone. */
export const LARGEST = 12_000;
/** Milliseconds that reading the changes of one moment may take. */
const LONG = 50;
/** So many long ones within so many milliseconds are too many. */
const TOO_MANY = 5;
const WHILE = 10_000;

export class Budget {
  private long: number[] = [];

  /** One reading of changes took so long. Answers whether it is too much by now. */
  took(milliseconds: number, now: number): boolean {
    if (milliseconds <= LONG) return false;
    this.long = [...this.long.filter((at) => now - at < WHILE), now];
    return this.long.length >= TOO_MANY;
  }
}
