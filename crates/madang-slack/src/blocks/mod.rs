//! Block Kit as it comes in: what may be kept, and what is wrong with the rest, in Slack's words.
//!
//! Fields that we do not know are kept and go out again; types that we do not know are refused, because nobody could draw
//! them. The table of all types is `table.rs`, with
//! `elements.rs`.

mod attachments;
mod check;
mod elements;
mod fill;
mod table;
#[cfg(test)]
mod tests;
mod view;

use serde_json::Value;

pub use attachments::check_attachments;
pub use elements::ELEMENTS;
pub use fill::Fill;
pub use table::{BLOCKS, Kind};
pub use view::check_view;

/// Blocks of one message, and of one view.
pub const MESSAGE_BLOCKS: usize = 50;
pub const VIEW_BLOCKS: usize = 100;
/// Characters of all blocks of a message as JSON. Slack's own limit is near 13,200 characters of text; ours is what a
/// message with 50 blocks needs at most that people can still read.
pub const BLOCKS_CHARS: usize = 100_000;
/// Characters of all markdown blocks of a message together.
pub const MARKDOWN_CHARS: usize = 12_000;

/// What is wrong, as `response_metadata.messages` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Slack's word: `invalid_blocks`, `invalid_blocks_format`, `invalid_attachments`, `msg_blocks_too_long`,
    /// `invalid_arguments`.
    pub error: &'static str,
    pub messages: Vec<String>,
}

/// The blocks of a message, with the ids that were missing.
pub fn check_blocks(blocks: &Value, fill: &mut Fill) -> Result<Vec<Value>, Wrong> {
    check_many(blocks, "/blocks", MESSAGE_BLOCKS, fill)
}

/// Blocks at `pointer`, at most `most` of them.
pub(crate) fn check_many(
    blocks: &Value,
    pointer: &str,
    most: usize,
    fill: &mut Fill,
) -> Result<Vec<Value>, Wrong> {
    let Value::Array(list) = blocks else {
        return Err(Wrong {
            error: "invalid_blocks_format",
            messages: vec![format!("[ERROR] must provide an array [json-pointer:{pointer}]")],
        });
    };
    let mut checker = check::Checker::new(fill);
    let mut list = list.clone();
    checker.blocks(&mut list, pointer, most);
    match checker.messages() {
        messages if !messages.is_empty() => Err(Wrong { error: "invalid_blocks", messages }),
        _ if serde_json::to_string(&list).is_ok_and(|it| it.chars().count() > BLOCKS_CHARS) => {
            Err(Wrong { error: "msg_blocks_too_long", messages: Vec::new() })
        }
        _ => Ok(list),
    }
}
