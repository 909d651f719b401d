// Pictures of people and of files, which the token opens and no address does: fetched once, shown from memory, and
// forgotten with the visit.
import type { House } from "./house";

const AGAIN = 20_000;

export class Pictures {
  private urls = $state.raw<ReadonlyMap<string, string>>(new Map());
  private readonly asked = new Map<string, number>();

  constructor(private readonly house: House) {}

  /** The picture of a person; undefined until it has come. */
  of(picture: string | undefined): string | undefined {
    return picture === undefined ? undefined : this.at(`/pictures/${encodeURIComponent(picture)}?w=288`);
  }

  at(path: string): string | undefined {
    const url = this.urls.get(path);
    if (url === undefined) queueMicrotask(() => void this.fetch(path));
    return url;
  }

  private async fetch(path: string): Promise<void> {
    const before = this.asked.get(path);
    if (before !== undefined && Date.now() - before < AGAIN) return;
    this.asked.set(path, Date.now());
    try {
      const url = URL.createObjectURL(await this.house.blob(path));
      this.urls = new Map(this.urls).set(path, url);
    } catch {
      // A letter or the file's icon stands there; asked for again when it is next drawn.
    }
  }

  wipe(): void {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls = new Map();
    this.asked.clear();
  }
}
