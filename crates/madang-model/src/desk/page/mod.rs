//! A visitor's page, shared with the agents of their ticket: what of it may be passed on. Nothing of it is kept.

mod check;
mod fields;
#[cfg(test)]
mod tests;
mod text;

pub use check::{Page, TooMuch};
