// The cells of tables: bare words, numbers, or rich text. Pure.
import type { Node } from "./nodes";
import { rich } from "./rich";
import type { Cell } from "./shapes";
import { plainNodes } from "./text";

export const nodesOfCell = (cell: Cell | null | undefined): Node[] => (!cell ? [] : cell.type === "rich_text" ? rich(cell.elements) : plainNodes(cell.text ?? String(cell.value ?? "")));
