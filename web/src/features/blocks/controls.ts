// What every control of a block is given.
import type { Scene } from "./scene.svelte";
import type { Block, Element } from "./shapes";

export interface ControlProps {
  scene: Scene;
  block: Block;
  element: Element;
  /** Of the field, where a label stands beside it. */
  id?: string | undefined;
  /** Read aloud, where no label stands beside it. */
  label?: string | undefined;
  describedby?: string | undefined;
  invalid?: boolean;
}
