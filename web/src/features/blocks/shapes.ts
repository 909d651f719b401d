// Block Kit as apps send it: blocks, elements, composition objects. The house has looked at the kinds and left the rest as
// it came, so every field may be absent. Names are Slack's (@slack/types 3.2.0).

export interface Text { type: string; text: string; emoji?: boolean; verbatim?: boolean }
export interface Option { text: Text; value?: string; description?: Text; url?: string }
export interface Group { label: Text; options: Option[] }
export interface Confirm { title?: Text; text?: Text; confirm?: Text; deny?: Text; style?: string }
export interface SlackFile { id?: string; url?: string }
export interface Picture { type?: string; image_url?: string; slack_file?: SlackFile; alt_text?: string }

export interface RichPart {
  type: string; text?: string; url?: string; unsafe?: boolean; user_id?: string; channel_id?: string; usergroup_id?: string; team_id?: string;
  range?: string; name?: string; unicode?: string; skin_tone?: number; value?: string; timestamp?: number; format?: string; fallback?: string;
  style?: { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean; underline?: boolean };
  /** Of a list's item. */
  elements?: RichPart[];
}
export interface Rich { type: string; elements?: RichPart[]; style?: string; indent?: number; offset?: number; border?: number }
export interface RichText { type: "rich_text"; elements: Rich[] }

export interface Filter { include?: string[]; exclude_bot_users?: boolean }
export interface Feedback { text: Text; accessibility_label?: string; value?: string }

/** What can be pressed, chosen or filled in. */
export interface Element extends Picture {
  type: string; action_id?: string; text?: Text; value?: string; url?: string; style?: string; confirm?: Confirm; accessibility_label?: string;
  placeholder?: Text; options?: Option[]; option_groups?: Group[]; filter?: Filter; min_query_length?: number; max_selected_items?: number;
  initial_option?: Option; initial_options?: Option[]; initial_user?: string; initial_users?: string[];
  initial_conversation?: string; initial_conversations?: string[]; initial_channel?: string; initial_channels?: string[]; default_to_current_conversation?: boolean;
  initial_date?: string; initial_time?: string; initial_date_time?: number; initial_value?: string | RichText;
  multiline?: boolean; min_length?: number; max_length?: number; is_decimal_allowed?: boolean; min_value?: string; max_value?: string;
  dispatch_action_config?: { trigger_actions_on?: string[] };
  filetypes?: string[]; max_files?: number;
  positive_button?: Feedback; negative_button?: Feedback; icon?: string; visible_to_user_ids?: string[];
  workflow?: { trigger?: { url?: string } };
}

export interface Cell { type: string; text?: string; value?: number; elements?: Rich[] }
export interface Source { type?: string; url: string; text: string }

export interface Block extends Omit<Element, "text" | "elements" | "icon" | "title"> {
  /** Of a section: never folded. */
  expand?: boolean;
  block_id?: string;
  /** Of a `markdown` block a plain string. */
  text?: Text & string;
  fields?: Text[]; accessory?: Element; elements?: unknown[]; element?: Element; label?: Text; hint?: Text; optional?: boolean; dispatch_action?: boolean;
  /** Of `plan` and `task_card` a plain string. */
  title?: Text & string;
  subtitle?: Text; body?: Text; description?: Text; rich_text_title?: RichText;
  level?: string; hero_image?: Picture; icon?: Picture & string; actions?: Element[];
  child_blocks?: Block[]; width?: string; is_collapsible?: boolean; default_collapsed?: boolean; has_header_divider?: boolean;
  rows?: Cell[][]; caption?: string; page_size?: number; row_header_column_index?: number; column_settings?: ({ align?: string; is_wrapped?: boolean } | null)[];
  task_id?: string; status?: string; details?: RichText; output?: RichText; sources?: Source[]; tasks?: Block[];
  video_url?: string; thumbnail_url?: string; title_url?: string; author_name?: string; provider_name?: string; provider_icon_url?: string;
  external_id?: string; source?: string; file?: { id?: string; name?: string; title?: string; size?: number; mimetype?: string; url_private?: string }; file_id?: string;
  fallback?: string;
  /** Of a `call`: what the house keeps of it. */
  call_id?: string; call?: { v1?: AppCall };
}

export interface CallPerson { slack_id?: string; external_id?: string; display_name?: string; avatar_url?: string }
export interface AppCall { id?: string; name?: string; join_url?: string; display_id?: string; date_start?: number; date_end?: number; has_ended?: boolean; active_participants?: CallPerson[]; all_participants?: CallPerson[] }

export interface OldAction {
  id?: string; name?: string; text?: string; type?: string; value?: string; url?: string; style?: string; data_source?: string;
  options?: { text: string; value: string; description?: string }[]; option_groups?: { text: string; options: { text: string; value: string }[] }[];
  selected_options?: { text: string; value: string }[];
  confirm?: { title?: string; text?: string; ok_text?: string; dismiss_text?: string };
}

/** The older way to say more than words; still what alerting sends. */
export interface Attachment {
  id?: number; blocks?: Block[]; fallback?: string; color?: string; pretext?: string; author_name?: string; author_subname?: string; author_link?: string; author_icon?: string;
  title?: string; title_link?: string; text?: string; fields?: { title?: string; value?: string; short?: boolean }[]; image_url?: string; thumb_url?: string;
  footer?: string; footer_icon?: string; ts?: number | string; actions?: OldAction[]; callback_id?: string; mrkdwn_in?: string[]; from_url?: string; original_url?: string; service_name?: string;
}

export interface View {
  id?: string; type?: string; app_id?: string; title?: Text; submit?: Text; close?: Text; blocks?: Block[]; hash?: string; root_view_id?: string; previous_view_id?: string | null;
  clear_on_close?: boolean; notify_on_close?: boolean; state?: { values?: Values };
}

/** What somebody chose or wrote, in Slack's names: `value`, `selected_option`, `selected_date`, … */
export type Value = { type: string } & Record<string, unknown>;
export type Values = Record<string, Record<string, Value>>;
