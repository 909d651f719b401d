//! The table of all methods: which tokens and scopes each takes, and what of it is there.

mod apps;
mod asked;
mod assistant;
mod auth;
mod bookmarks;
mod calls;
mod chat;
mod clients;
mod conversations;
mod dnd;
mod files;
mod guests;
mod history;
mod legacy;
mod manifests;
mod reactions;
mod reminders;
mod remote_files;
mod search;
mod streams;
pub mod table;
mod team;
mod users;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::LazyLock;

use crate::call::{Call, Tokens};
use crate::fail::Answer;

/// What a handler gives.
pub type Running<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// One method.
pub struct Method {
    pub name: &'static str,
    pub tokens: Tokens,
    /// One of these is enough; none is needed when there is none.
    pub scopes: &'static [&'static str],
    pub run: for<'a> fn(&'a Call) -> Running<'a>,
    /// What of it is not there, in a sentence for the table in the docs.
    pub partly: Option<&'static str>,
}

/// A line of the table: `method!("chat.postMessage", BotOrUser, ["chat:write"], post_message)`, with what is missing at
/// its end if something is.
#[macro_export]
macro_rules! method {
    ($name:literal, $tokens:ident, [$($scope:literal),* $(,)?], $run:path $(,)?) => {
        $crate::method!(@ $name, $tokens, [$($scope),*], $run, None)
    };
    ($name:literal, $tokens:ident, [$($scope:literal),* $(,)?], $run:path, $partly:literal $(,)?) => {
        $crate::method!(@ $name, $tokens, [$($scope),*], $run, Some($partly))
    };
    (@ $name:literal, $tokens:ident, [$($scope:literal),*], $run:path, $partly:expr) => {
        $crate::methods::Method {
            name: $name,
            tokens: $crate::call::Tokens::$tokens,
            scopes: &[$($scope),*],
            run: |call| Box::pin($run(call)),
            partly: $partly,
        }
    };
}

/// Every method, by families.
#[must_use]
pub fn all() -> Vec<&'static Method> {
    [
        apps::METHODS,
        assistant::METHODS,
        auth::METHODS,
        bookmarks::METHODS,
        calls::METHODS,
        chat::METHODS,
        clients::METHODS,
        conversations::METHODS,
        dnd::METHODS,
        files::METHODS,
        guests::METHODS,
        history::METHODS,
        legacy::METHODS,
        manifests::METHODS,
        reactions::METHODS,
        reminders::METHODS,
        remote_files::METHODS,
        search::METHODS,
        streams::METHODS,
        team::METHODS,
        users::METHODS,
        crate::oauth::METHODS,
    ]
    .into_iter()
    .chain(crate::interact::methods())
    .flatten()
    .collect()
}

static BY_NAME: LazyLock<HashMap<&'static str, &'static Method>> =
    LazyLock::new(|| all().into_iter().map(|it| (it.name, it)).collect());

/// The method of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Method> {
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_stands_once() {
        assert_eq!(BY_NAME.len(), all().len());
    }
}
