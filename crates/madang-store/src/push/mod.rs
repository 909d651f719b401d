//! Web Push: where devices are told, what people are to be told of, and what waits to leave.

mod subscriptions;
mod waiting;

pub use subscriptions::{
    Health, Subscription, all_health, by_session, endpoints, failed, forget, has_any, of_person, put, taken,
};
pub use waiting::{
    Group, Listener, Out, PushRecord, claim, clear, decide, decided, done, due, forget_message, forget_read,
    forget_space, insert, later, listeners, next_due, out, out_alone, told, unread_spaces, waiting_spaces,
};

use crate::db::Statement;

/// Every statement about push, for the portability test.
pub(crate) fn statements() -> Vec<Statement> {
    [subscriptions::ALL, waiting::ALL].concat()
}
