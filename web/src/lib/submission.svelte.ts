// One sending of a form: whether it is under way, and what was wrong with it, field by field.
import { ApiError } from "../engine/client";
import { wordsOf } from "../app/session.svelte";

export class Submission {
  busy = $state(false);
  /** What was wrong as a whole; empty when a single field is to blame. */
  error = $state("");
  #field = $state<{ name: string; text: string } | null>(null);

  /** The complaint about one field, if there is one. */
  of(name: string): string | undefined {
    return this.#field?.name === name ? this.#field.text : undefined;
  }

  complain(name: string, text: string): void {
    this.#field = { name, text };
  }

  /** Runs the work once; a second press while it runs does nothing. `fields` are those shown by the form. */
  async run(fields: readonly string[], work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = "";
    this.#field = null;
    try {
      await work();
      return true;
    } catch (error) {
      const field = error instanceof ApiError ? error.field : undefined;
      if (field && fields.includes(field)) this.#field = { name: field, text: wordsOf(error) };
      else this.error = wordsOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
