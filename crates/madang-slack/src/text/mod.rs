//! Texts between the two houses: Slack's mrkdwn and Markdown become the language of our messages, and back.
//!
//! The two have nearly the same marks. What differs is how people, spaces, links and the three signs `& < >` are written;
//! `testing/vectors/mrkdwn.json` says it by examples, which the web client reads too.

mod code;
mod escape;
mod fallback;
mod ids;
mod link_names;
mod markdown;
mod read;
mod rich;
#[cfg(test)]
mod tests;
mod write;

pub use escape::{escaped, unescaped};
pub use fallback::{words, words_of_rich_text};
pub use ids::Ids;
pub use link_names::{Named, wished_names, with_names};
pub use markdown::from_markdown;
pub use read::from_mrkdwn;
pub use rich::rich_text;
pub use write::to_mrkdwn;
