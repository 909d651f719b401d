// Apps as devices see them: what a message of an app carries besides its words, and what an app shows to one person alone.
// Blocks, attachments and views are kept as the app sent them; features/blocks reads them.
import type { Id, Seq } from "./wire";

/** Something of Slack's formats, as it came. */
export type Given = Record<string, unknown>;
export type Unfurls = Record<string, Given>;

export interface AppPart {
  id?: Id;
  /** In place of the bot's own name and picture; `icon` is `:emoji:` or an address. */
  name?: string;
  icon?: string;
  blocks?: Given[];
  attachments?: Given[];
  /** The text as it was sent, where the message's differs. */
  source?: string;
  metadata?: { event_type: string; event_payload: Given };
  /** Said of oneself, like `/me`. */
  me?: boolean;
}

/** Seen by one person, on the devices that are there, and never kept. */
export interface Ephemeral { space: Id; id: string; at: number; author: Id; thread?: Seq; text: string; app: AppPart }

export type AppFrame =
  | ({ type: "ephemeral" } & Ephemeral)
  | { type: "ephemeral_gone"; space: Id; id: string }
  | { type: "view"; action: "open" | "push" | "update" | "close"; view: Given; /** The tab whose press opened it. */ client?: string }
  | { type: "app_home"; app: Id; view: Given };
