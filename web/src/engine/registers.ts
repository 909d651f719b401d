// The person's registers: last value by `rev`, kept on the device.
import type { Store } from "./store";
import type { Register } from "./wire";

export class Registers {
  private readonly held = new Map<string, Register>();

  constructor(private readonly store: Store, private readonly changed: (register: Register) => void) {}

  load(registers: Register[]): void {
    for (const register of registers) this.held.set(register.key, register);
  }

  get(key: string): Register | undefined {
    return this.held.get(key);
  }

  value(key: string): unknown {
    return this.held.get(key)?.value;
  }

  /** All whose key begins with this word, with the same objects for those that did not change. */
  under(word: string): Register[] {
    return [...this.held.values()].filter(({ key }) => key.startsWith(`${word}/`));
  }

  /** Takes what is newer. Frames come in order and say up to which `rev` everything is here; answers do not. */
  take(registers: Register[], rev?: number): void {
    const newer = registers.filter((it) => it.rev > (this.held.get(it.key)?.rev ?? 0));
    for (const { key, rev, value } of newer) this.held.set(key, { key, rev, value });
    const records = newer.map(({ key, rev, value }) => ({ key, rev, value }));
    if (newer.length || rev) void this.store.put({ registers: records, ...(rev && { meta: [{ rev }] }) });
    newer.forEach(this.changed);
  }

  /** Shows a wish at once; whatever the server says next replaces it. */
  hope(key: string, value: unknown): void {
    const register = { key, rev: this.held.get(key)?.rev ?? 0, value };
    this.held.set(key, register);
    this.changed(register);
  }

  clear(): void {
    this.held.clear();
  }
}
