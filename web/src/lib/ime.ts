// What Enter means in a text box while Korean is being typed. In Korean the last syllable is always still
// composing when Enter comes, so the usual guard ("ignore Enter while composing") would cost a second press;
// Japanese and Chinese need Enter to pick a candidate. The rule, and the failures behind each part of it:
//   composing Hangul: send, but only after the browser has committed the syllable (compositionend);
//   composing anything else: leave Enter to the input method;
//   macOS delivers the committing Enter twice (229, then 13): the second half is ignored;
//   where no compositionend comes (seen on Windows), leaving and entering the box commits.

const hangul = /^[\p{Script=Hangul}]*$/u;
/** After this long without compositionend the box is left and entered again. */
const COMMIT_MS = 30;

export class EnterToSend {
  #composing = "";
  #pending = false;

  /** `send` must read the box's value itself: state may lag behind the last syllable. */
  constructor(private readonly box: HTMLTextAreaElement, private readonly send: () => void) {}

  /** Answers whether the key was taken. */
  keydown(event: KeyboardEvent): boolean {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const ime = event.isComposing || event.keyCode === 229;
    if (ime && !hangul.test(this.#composing)) return false;
    event.preventDefault();
    if (!ime && !this.#pending) this.send();
    if (ime && !this.#pending) this.#waitForCommit();
    return true;
  }

  compositionupdate(event: CompositionEvent): void {
    this.#composing = event.data;
  }

  compositionend(): void {
    this.#composing = "";
    if (!this.#pending) return;
    // The value is complete only after this event; the second half of the key press may still follow.
    setTimeout(() => this.#finish());
  }

  #waitForCommit(): void {
    this.#pending = true;
    setTimeout(() => {
      if (!this.#pending) return;
      this.box.blur();
      this.box.focus();
      this.#finish();
    }, COMMIT_MS);
  }

  #finish(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.send();
  }
}
