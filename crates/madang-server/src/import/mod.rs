//! Reads what other houses export, and gives it to the app in our words.

pub mod kakaotalk;
pub mod slack;
mod work;

pub use kakaotalk::KakaoTalk;
pub use slack::Slack;
pub use work::{About, as_json, work};
