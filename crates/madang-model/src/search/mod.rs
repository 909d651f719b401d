//! What searching means: how a text becomes words, how a question is read, and
//! how a name answers to it. Pure; the index is kept in `madang-store`, and the
//! web client has the same rules for what it holds itself
//! (`web/src/lib/search`, held equal by `testing/vectors/search.json`).

mod ask;
mod initials;
mod keyboard;
mod shown;
mod tokens;

pub use ask::{Ask, Day, Has, Term, read};
pub use initials::{initials, matches_name};
pub use keyboard::wrong_keyboard;
pub use shown::{Part, excerpt};
pub use tokens::{fold, index_tokens, query_tokens};
