//! Every type of Block Kit with its fields and their limits: the one place that knows them.

use super::{MESSAGE_BLOCKS, VIEW_BLOCKS};

/// A block or an element.
pub struct Kind {
    pub name: &'static str,
    pub(super) fields: &'static [Field],
    /// One of these must be there.
    pub(super) one_of: &'static [&'static str],
    /// People act on it, so it needs an `action_id`.
    pub acts: bool,
}

pub(super) struct Field {
    pub name: &'static str,
    pub is: Is,
    pub needed: bool,
}

/// What a field may hold. Numbers are the least and the most characters, or things.
pub(super) enum Is {
    Any,
    Text(usize, usize),
    Url(usize),
    Bool,
    Number(i64, i64),
    Word(&'static [&'static str]),
    /// A `plain_text` object.
    Plain(usize, usize),
    /// `plain_text` or `mrkdwn`.
    Words(usize, usize),
    /// One of these elements, by their types.
    One(&'static [&'static str]),
    Many(&'static [&'static str], usize, usize),
    Strings(usize, usize),
    Option(Marks),
    Options(Marks, usize, usize),
    Groups,
    Confirm,
    Object(&'static [Field]),
    SlackFile,
    RichText,
    Blocks(usize, usize),
    /// Blocks of this one type.
    BlocksOf(&'static str, usize, usize),
    Rows,
}

/// Whether the text of an option may have marks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Marks {
    No,
    Yes,
}

pub(super) const fn need(name: &'static str, is: Is) -> Field {
    Field { name, is, needed: true }
}

pub(super) const fn may(name: &'static str, is: Is) -> Field {
    Field { name, is, needed: false }
}

pub(super) const fn kind(name: &'static str, fields: &'static [Field]) -> Kind {
    Kind { name, fields, one_of: &[], acts: false }
}

const ACTIONS: &[&str] = &[
    "button",
    "checkboxes",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "overflow",
    "radio_buttons",
    "workflow_button",
    "rich_text_input",
    "plain_text_input",
    "icon_button",
    "feedback_buttons",
];
const ACCESSORIES: &[&str] = &[
    "button",
    "checkboxes",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "image",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "overflow",
    "radio_buttons",
    "workflow_button",
];
const INPUTS: &[&str] = &[
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "checkboxes",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "radio_buttons",
    "file_input",
];
pub(super) const STYLES: &[&str] = &["primary", "danger"];
const STATES: &[&str] = &["pending", "in_progress", "complete", "error"];
const IMAGE: &[&str] = &["image"];

/// The blocks.
pub static BLOCKS: &[Kind] = &[
    Kind {
        one_of: &["text", "fields"],
        ..kind(
            "section",
            &[
                may("text", Is::Words(1, 3000)),
                may("fields", Is::Many(&["plain_text", "mrkdwn"], 1, 10)),
                may("accessory", Is::One(ACCESSORIES)),
                may("expand", Is::Bool),
            ],
        )
    },
    kind("divider", &[]),
    kind("header", &[need("text", Is::Plain(1, 150))]),
    kind("context", &[need("elements", Is::Many(&["image", "plain_text", "mrkdwn"], 1, 10))]),
    kind("actions", &[need("elements", Is::Many(ACTIONS, 1, 25))]),
    kind(
        "input",
        &[
            need("label", Is::Plain(1, 2000)),
            need("element", Is::One(INPUTS)),
            may("hint", Is::Plain(1, 2000)),
            may("optional", Is::Bool),
            may("dispatch_action", Is::Bool),
        ],
    ),
    Kind {
        one_of: &["image_url", "slack_file"],
        ..kind(
            "image",
            &[
                need("alt_text", Is::Text(0, 2000)),
                may("image_url", Is::Url(3000)),
                may("slack_file", Is::SlackFile),
                may("title", Is::Plain(0, 2000)),
            ],
        )
    },
    kind("rich_text", &[need("elements", Is::RichText)]),
    kind("markdown", &[need("text", Is::Text(1, 12_000))]),
    kind(
        "video",
        &[
            need("alt_text", Is::Text(1, 2000)),
            need("title", Is::Plain(1, 200)),
            need("video_url", Is::Url(3000)),
            need("thumbnail_url", Is::Url(3000)),
            may("title_url", Is::Url(3000)),
            may("description", Is::Plain(0, 200)),
            may("author_name", Is::Text(0, 50)),
            may("provider_name", Is::Text(0, 50)),
            may("provider_icon_url", Is::Url(3000)),
        ],
    ),
    kind("file", &[need("external_id", Is::Text(1, 255)), may("source", Is::Text(1, 50))]),
    kind("table", &[need("rows", Is::Rows), may("column_settings", Is::Any)]),
    kind(
        "data_table",
        &[
            need("rows", Is::Rows),
            may("caption", Is::Any),
            may("page_size", Is::Number(1, 100)),
            may("row_header_column_index", Is::Number(0, 19)),
        ],
    ),
    kind(
        "alert",
        &[
            need("text", Is::Words(1, 3000)),
            may("level", Is::Word(&["default", "info", "warning", "error", "success"])),
        ],
    ),
    Kind {
        one_of: &["hero_image", "title", "actions", "body"],
        ..kind(
            "card",
            &[
                may("hero_image", Is::One(IMAGE)),
                may("icon", Is::One(IMAGE)),
                may("slack_icon", Is::Any),
                may("title", Is::Words(0, 150)),
                may("subtitle", Is::Words(0, 150)),
                may("body", Is::Words(0, 200)),
                may("subtext", Is::Words(0, 200)),
                may("actions", Is::Many(&["button", "icon_button", "overflow"], 1, 25)),
            ],
        )
    },
    kind("carousel", &[need("elements", Is::BlocksOf("card", 1, 10))]),
    Kind {
        one_of: &["title", "rich_text_title"],
        ..kind(
            "container",
            &[
                need("child_blocks", Is::Blocks(1, 10)),
                may("title", Is::Words(1, 150)),
                may("rich_text_title", Is::BlocksOf("rich_text", 1, 1)),
                may("subtitle", Is::Words(0, 150)),
                may("width", Is::Word(&["narrow", "standard", "wide", "full"])),
                may("icon", Is::One(IMAGE)),
                may("is_collapsible", Is::Bool),
                may("default_collapsed", Is::Bool),
                may("has_header_divider", Is::Bool),
            ],
        )
    },
    kind("context_actions", &[need("elements", Is::Many(&["feedback_buttons", "icon_button"], 1, 5))]),
    kind(
        "task_card",
        &[
            need("task_id", Is::Text(1, 255)),
            need("title", Is::Text(1, 2000)),
            may("status", Is::Word(STATES)),
            may("details", Is::BlocksOf("rich_text", 1, 1)),
            may("output", Is::BlocksOf("rich_text", 1, 1)),
            may("sources", Is::Many(&["url"], 0, 100)),
        ],
    ),
    kind(
        "plan",
        &[need("title", Is::Text(1, 2000)), may("tasks", Is::BlocksOf("task_card", 0, MESSAGE_BLOCKS))],
    ),
    // What apps find in messages about calls, and may post themselves.
    kind("call", &[need("call_id", Is::Text(1, 255)), may("api_decoration_available", Is::Bool)]),
];

/// The fields of a modal and of a home tab.
pub(super) static VIEW: &[Field] = &[
    need("blocks", Is::Blocks(0, VIEW_BLOCKS)),
    may("private_metadata", Is::Text(0, 3000)),
    may("callback_id", Is::Text(0, 255)),
    may("external_id", Is::Text(0, 255)),
    may("clear_on_close", Is::Bool),
    may("notify_on_close", Is::Bool),
];
pub(super) static MODAL: &[Field] =
    &[need("title", Is::Plain(1, 24)), may("close", Is::Plain(1, 24)), may("submit", Is::Plain(1, 24))];

pub(super) static CONFIRM_DIALOG: &[Field] = &[
    need("title", Is::Plain(1, 100)),
    need("text", Is::Words(1, 300)),
    may("confirm", Is::Plain(1, 30)),
    may("deny", Is::Plain(1, 30)),
    may("style", Is::Word(STYLES)),
];
pub(super) static GROUP: &[Field] =
    &[need("label", Is::Plain(1, 75)), need("options", Is::Options(Marks::No, 1, 100))];
