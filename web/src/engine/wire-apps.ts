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
export interface Ephemeral { space: Id; id: string; at: number; author: Id; thread?: Seq; text: string; app?: AppPart }

export type AppFrame =
  | ({ type: "ephemeral" } & Ephemeral)
  | { type: "ephemeral_gone"; space: Id; id: string }
  | { type: "view"; action: "open" | "push" | "update" | "close"; view: Given; /** The tab whose press opened it. */ client?: string }
  | { type: "app_home"; app: Id; view: Given }
  /** What an app says of what it is doing, while it is at it; an empty status ends it. */
  | { type: "assistant"; space: Id; thread: Seq; app: Id; status: string; loading_messages?: string[] }
  /** What one may ask it, in its own words. */
  | ({ type: "assistant_prompts"; space: Id; thread?: Seq } & Prompts);

export interface Prompts { app: Id; title?: string; prompts: { title: string; message: string }[] }

// Apps as who looks after the house sees them.

export type AppTokenKind = "bot" | "app" | "user";
export interface AppToken { id: Id; kind: AppTokenKind; person: Id; scopes: string[]; created_at: number; seen_at?: number }
export interface AppHook { id: Id; space: Id; created_at: number }
export interface App {
  id: Id;
  slack_id: string;
  name: string;
  description?: string;
  /** Whom it speaks as, if it speaks. */
  bot?: Id;
  manifest: Given;
  scopes: { bot: string[]; user: string[] };
  events: string[];
  created_by?: Id;
  created_at: number;
  /** It failed for so long that nothing is sent to it any more. */
  suspended: boolean;
  /** Lines that it keeps open (Socket Mode). */
  connections: number;
  tokens: AppToken[];
  webhooks: AppHook[];
}
/** Shown once, when they are made. */
export type AppCredentials = Partial<Record<"app_id" | "client_id" | "client_secret" | "signing_secret" | "verification_token" | "bot_token" | "app_token" | "user_token", string>>;
export interface AppDelivery { id: Id; event: string; at: number; state: "waiting" | "taken" | "failed"; tries: number; status?: number; fault?: string }
