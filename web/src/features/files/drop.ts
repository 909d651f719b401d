// Files dragged over a conversation, or pasted into its box. Text that is dragged or pasted goes its usual way.

interface Handlers { over(pane: DOMRect | null): void; files(files: File[]): void; folder(): void }

const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Listens on the pane around an element; answers how to stop. */
export function watchDrops(within: Element, { over, files, folder }: Handlers): () => void {
  const pane = within.closest<HTMLElement>("[data-pane]");
  if (!pane) return () => undefined;
  const enter = (event: DragEvent) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "copy";
    over(pane.getBoundingClientRect());
  };
  const leave = (event: DragEvent) => {
    if (!pane.contains(event.relatedTarget as Node | null)) over(null);
  };
  const drop = (event: DragEvent) => {
    over(null);
    if (!carries(event)) return;
    event.preventDefault();
    const items = [...(event.dataTransfer?.items ?? [])].filter((it) => it.kind === "file");
    const folders = items.filter((it) => it.webkitGetAsEntry?.()?.isDirectory);
    if (folders.length) folder();
    files(items.filter((it) => !folders.includes(it)).flatMap((it) => it.getAsFile() ?? []));
  };
  /** A file let go beside every conversation must not replace the page. */
  const beside = (event: DragEvent) => {
    if (carries(event) && !event.defaultPrevented) event.preventDefault();
  };
  pane.addEventListener("dragenter", enter);
  pane.addEventListener("dragover", enter);
  pane.addEventListener("dragleave", leave);
  pane.addEventListener("drop", drop);
  addEventListener("dragover", beside);
  addEventListener("drop", beside);
  return () => {
    pane.removeEventListener("dragenter", enter);
    pane.removeEventListener("dragover", enter);
    pane.removeEventListener("dragleave", leave);
    pane.removeEventListener("drop", drop);
    removeEventListener("dragover", beside);
    removeEventListener("drop", beside);
  };
}

/** A copied picture has no plain text beside it; a copied table has, and its text is meant. */
export function pastedFiles(event: ClipboardEvent): File[] {
  const { clipboardData } = event;
  if (!clipboardData || clipboardData.types.includes("text/plain")) return [];
  return [...clipboardData.files];
}
