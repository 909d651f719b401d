//! A closure on its way to a thread of the store, and the answer on its way back.
//!
//! A panic in a closure is its caller's error and nobody else's.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Conn, Tx};
use crate::error::StoreError;

/// A write as the threads see it.
pub(crate) trait WriteJob: Send {
    /// Runs the closure once. `true`: its changes are wanted. May be called again after a rollback.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Tells the caller, after the commit (or its failure) is known.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A read as the threads see it.
pub(crate) trait ReadJob: Send {
    /// Runs the closure and tells the caller.
    fn run(self: Box<Self>, conn: &mut Conn);
    /// Tells the caller that the closure could not be run.
    fn refuse(self: Box<Self>, error: StoreError);
}

pub(crate) struct Write<T, E, F, R> {
    work: F,
    done: Option<Result<T, E>>,
    reply: R,
}

impl<T, E, F, R> Write<T, E, F, R> {
    pub(crate) fn new(work: F, reply: R) -> Self {
        Write { work, done: None, reply }
    }
}

impl<T, E, F, R> WriteJob for Write<T, E, F, R>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Tx) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let result = match catch_unwind(AssertUnwindSafe(|| (self.work)(tx))) {
            // A closure that swallowed a failed statement does not get half of its changes.
            Ok(Ok(value)) => tx.failed().map_or(Ok(value), |error| Err(error.into())),
            Ok(Err(error)) => Err(error),
            Err(panic) => Err(panicked(panic.as_ref()).into()),
        };
        let keep = result.is_ok();
        self.done = Some(result);
        keep
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.done, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.reply)(result);
    }
}

pub(crate) struct Read<F, R> {
    work: F,
    reply: R,
}

impl<F, R> Read<F, R> {
    pub(crate) fn new(work: F, reply: R) -> Self {
        Read { work, reply }
    }
}

impl<T, E, F, R> ReadJob for Read<F, R>
where
    E: From<StoreError>,
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(self: Box<Self>, conn: &mut Conn) {
        let work = self.work;
        let result = catch_unwind(AssertUnwindSafe(|| work(conn)))
            .unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into()));
        (self.reply)(result);
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        (self.reply)(Err(error.into()));
    }
}

fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    tracing::error!(panic.message = %text, "a database job panicked; its changes were rolled back");
    StoreError::Panicked(text)
}
