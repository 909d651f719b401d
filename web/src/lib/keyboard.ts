// On browsers that lay the keyboard over the page instead of resizing it (iOS before 27.3), `--kb` is the
// covered height while something editable has focus. It is only ever used as padding: resizing the
// shell itself would fight WebKit's own panning.

const editable = "input:not([type=checkbox], [type=radio], [type=button]), textarea, [contenteditable=true]";

export function watchKeyboard(): () => void {
  const viewport = globalThis.visualViewport;
  if (!viewport) return () => undefined;
  const measure = () => {
    const typing = document.activeElement?.matches(editable) && Math.abs(viewport.scale - 1) < 0.01;
    const covered = typing ? Math.max(0, Math.round(innerHeight - viewport.height)) : 0;
    // Small differences are browser bars coming and going, not a keyboard.
    document.documentElement.style.setProperty("--kb", `${covered > 80 ? covered : 0}px`);
  };
  viewport.addEventListener("resize", measure);
  document.addEventListener("focusin", measure);
  document.addEventListener("focusout", measure);
  return () => {
    viewport.removeEventListener("resize", measure);
    document.removeEventListener("focusin", measure);
    document.removeEventListener("focusout", measure);
  };
}
