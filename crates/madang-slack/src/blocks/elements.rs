//! The elements of blocks, with their fields and limits.

use super::table::{Field, Is, Kind, Marks, STYLES, kind, may, need};

const fn acting(name: &'static str, fields: &'static [Field]) -> Kind {
    Kind { name, fields, one_of: &[], acts: true }
}

const CONFIRM: Field = may("confirm", Is::Confirm);
const PLACEHOLDER: Field = may("placeholder", Is::Plain(0, 150));
const FOCUS: Field = may("focus_on_load", Is::Bool);
const MOST: Field = may("max_selected_items", Is::Number(1, 100));
const DISPATCH: Field =
    may("dispatch_action_config", Is::Object(&[may("trigger_actions_on", Is::Strings(1, 2))]));
const FILTER: Field = may("filter", Is::Object(&[may("include", Is::Strings(1, 4))]));
const URL_ENABLED: Field = may("response_url_enabled", Is::Bool);
const FEEDBACK: &[Field] = &[
    need("text", Is::Plain(1, 75)),
    need("value", Is::Text(0, 2000)),
    may("accessibility_label", Is::Text(0, 75)),
];

/// The elements of blocks, and the texts that stand in the same places.
pub static ELEMENTS: &[Kind] = &[
    kind("plain_text", &[need("text", Is::Text(1, 3000)), may("emoji", Is::Bool)]),
    kind("mrkdwn", &[need("text", Is::Text(1, 3000)), may("verbatim", Is::Bool)]),
    acting(
        "button",
        &[
            need("text", Is::Plain(1, 75)),
            may("value", Is::Text(0, 2000)),
            may("url", Is::Url(3000)),
            may("style", Is::Word(STYLES)),
            may("accessibility_label", Is::Text(0, 75)),
            CONFIRM,
        ],
    ),
    acting(
        "workflow_button",
        &[
            need("text", Is::Plain(1, 75)),
            need("workflow", Is::Object(&[need("trigger", Is::Object(&[need("url", Is::Url(3000))]))])),
            may("style", Is::Word(STYLES)),
            may("accessibility_label", Is::Text(0, 75)),
        ],
    ),
    acting(
        "icon_button",
        &[
            need("icon", Is::Text(1, 100)),
            need("text", Is::Plain(1, 75)),
            may("value", Is::Text(0, 2000)),
            may("accessibility_label", Is::Text(0, 75)),
            may("visible_to_user_ids", Is::Strings(0, 100)),
            CONFIRM,
        ],
    ),
    acting(
        "feedback_buttons",
        &[need("positive_button", Is::Object(FEEDBACK)), need("negative_button", Is::Object(FEEDBACK))],
    ),
    acting("overflow", &[need("options", Is::Options(Marks::No, 1, 5)), CONFIRM]),
    acting(
        "checkboxes",
        &[
            need("options", Is::Options(Marks::Yes, 1, 10)),
            may("initial_options", Is::Options(Marks::Yes, 0, 10)),
            FOCUS,
            CONFIRM,
        ],
    ),
    acting(
        "radio_buttons",
        &[
            need("options", Is::Options(Marks::Yes, 1, 10)),
            may("initial_option", Is::Option(Marks::Yes)),
            FOCUS,
            CONFIRM,
        ],
    ),
    acting("datepicker", &[may("initial_date", Is::Text(10, 10)), PLACEHOLDER, FOCUS, CONFIRM]),
    acting(
        "timepicker",
        &[may("initial_time", Is::Text(4, 5)), may("timezone", Is::Text(0, 64)), PLACEHOLDER, FOCUS, CONFIRM],
    ),
    acting("datetimepicker", &[may("initial_date_time", Is::Number(0, 9_999_999_999)), FOCUS, CONFIRM]),
    Kind {
        one_of: &["options", "option_groups"],
        ..acting(
            "static_select",
            &[
                may("options", Is::Options(Marks::No, 1, 100)),
                may("option_groups", Is::Groups),
                may("initial_option", Is::Option(Marks::No)),
                PLACEHOLDER,
                FOCUS,
                CONFIRM,
            ],
        )
    },
    Kind {
        one_of: &["options", "option_groups"],
        ..acting(
            "multi_static_select",
            &[
                may("options", Is::Options(Marks::No, 1, 100)),
                may("option_groups", Is::Groups),
                may("initial_options", Is::Options(Marks::No, 0, 100)),
                MOST,
                PLACEHOLDER,
                FOCUS,
                CONFIRM,
            ],
        )
    },
    acting(
        "external_select",
        &[
            may("initial_option", Is::Option(Marks::No)),
            may("min_query_length", Is::Number(0, 100)),
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    acting(
        "multi_external_select",
        &[
            may("initial_options", Is::Options(Marks::No, 0, 100)),
            may("min_query_length", Is::Number(0, 100)),
            MOST,
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    acting("users_select", &[may("initial_user", Is::Text(0, 40)), PLACEHOLDER, FOCUS, CONFIRM]),
    acting(
        "multi_users_select",
        &[may("initial_users", Is::Strings(0, 100)), MOST, PLACEHOLDER, FOCUS, CONFIRM],
    ),
    acting(
        "conversations_select",
        &[
            may("initial_conversation", Is::Text(0, 40)),
            may("default_to_current_conversation", Is::Bool),
            FILTER,
            URL_ENABLED,
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    acting(
        "multi_conversations_select",
        &[
            may("initial_conversations", Is::Strings(0, 100)),
            may("default_to_current_conversation", Is::Bool),
            FILTER,
            MOST,
            PLACEHOLDER,
            FOCUS,
            CONFIRM,
        ],
    ),
    acting(
        "channels_select",
        &[may("initial_channel", Is::Text(0, 40)), URL_ENABLED, PLACEHOLDER, FOCUS, CONFIRM],
    ),
    acting(
        "multi_channels_select",
        &[may("initial_channels", Is::Strings(0, 100)), MOST, PLACEHOLDER, FOCUS, CONFIRM],
    ),
    acting(
        "plain_text_input",
        &[
            may("initial_value", Is::Text(0, 3000)),
            may("multiline", Is::Bool),
            may("min_length", Is::Number(0, 3000)),
            may("max_length", Is::Number(1, 3000)),
            DISPATCH,
            PLACEHOLDER,
            FOCUS,
        ],
    ),
    acting(
        "number_input",
        &[
            need("is_decimal_allowed", Is::Bool),
            may("initial_value", Is::Any),
            may("min_value", Is::Any),
            may("max_value", Is::Any),
            DISPATCH,
            PLACEHOLDER,
            FOCUS,
        ],
    ),
    acting("email_text_input", &[may("initial_value", Is::Text(0, 3000)), DISPATCH, PLACEHOLDER, FOCUS]),
    acting("url_text_input", &[may("initial_value", Is::Text(0, 3000)), DISPATCH, PLACEHOLDER, FOCUS]),
    acting(
        "rich_text_input",
        &[may("initial_value", Is::BlocksOf("rich_text", 1, 1)), DISPATCH, PLACEHOLDER, FOCUS],
    ),
    acting("file_input", &[may("filetypes", Is::Strings(0, 100)), may("max_files", Is::Number(1, 10))]),
    Kind {
        one_of: &["image_url", "slack_file"],
        ..kind(
            "image",
            &[
                need("alt_text", Is::Text(0, 2000)),
                may("image_url", Is::Url(3000)),
                may("slack_file", Is::SlackFile),
            ],
        )
    },
    kind("url", &[need("url", Is::Url(3000)), need("text", Is::Text(1, 2000))]),
];
