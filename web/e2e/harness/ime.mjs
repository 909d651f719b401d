// An input method as Chromium sees one: syllables under composition, the committing key, and the two halves
// in which macOS delivers it. By the DevTools protocol, because a keyboard of Playwright composes nothing.

const ENTER = { key: "Enter", code: "Enter", nativeVirtualKeyCode: 13 };
/** What a key press under composition carries instead of its own number. */
const COMPOSING = 229;

export async function openIme(page) {
  const session = await page.context().newCDPSession(page);
  const key = (type, code, more = {}) => session.send("Input.dispatchKeyEvent", { type, ...ENTER, windowsVirtualKeyCode: code, ...more });
  return {
    /** Shows a text under composition, as after a key of it. */
    compose: (text) => session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    /** Enter that the input method hears first, and commits by: both at once, as they come from a keyboard. */
    enterCommitting: (text) => Promise.all([key("rawKeyDown", COMPOSING), session.send("Input.insertText", { text })]),
    /** Enter that nobody composes with. */
    async enter({ shift = false } = {}) {
      const more = shift ? { modifiers: 8 } : {};
      await key("keyDown", 13, { text: "\r", ...more });
      await key("keyUp", 13, more);
    },
    keyUp: () => key("keyUp", 13),
  };
}
