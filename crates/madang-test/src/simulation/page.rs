//! Pages as a device holds them, and how an event is folded into one
//! (docs/protocol/sync.md, "Pages").

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use madang_model::event::Posted;
use madang_model::position::page_of;
use madang_model::row::Row;
use madang_model::{Body, Event, Seq};
use serde_json::Value;

/// The rows of 64 neighbouring seqs with everything up to `at` folded in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub n: i64,
    pub at: Seq,
    pub rows: BTreeMap<Seq, Row>,
}

impl Page {
    /// A page on which nothing stands yet.
    pub fn blank(n: i64, at: Seq) -> Page {
        Page { n, at, rows: BTreeMap::new() }
    }

    /// Reads a page from the server, and makes sure that no field of it is
    /// lost on us: what is compared later is all there was.
    ///
    /// # Errors
    /// When it is not what the protocol says.
    pub fn read(answer: &Value) -> Result<Page> {
        let number = |name: &str| answer[name].as_i64().with_context(|| format!("a page has {name}"));
        let mut page = Page::blank(number("page")?, number("at")?);
        for given in answer["rows"].as_array().context("a page has rows")? {
            let row: Row = serde_json::from_value(given.clone()).with_context(|| given.to_string())?;
            let kept = serde_json::to_value(&row)?;
            ensure!(kept == *given, "a row holds what the protocol does not know: {given}");
            ensure!(page_of(row.seq) == page.n, "row {} is not of page {}", row.seq, page.n);
            page.rows.insert(row.seq, row);
        }
        ensure!(number("version")? == page.version(), "the version is not the newest change: {answer}");
        Ok(page)
    }

    /// The greatest `changed` of its rows.
    pub fn version(&self) -> Seq {
        self.rows.values().map(|row| row.changed).max().unwrap_or(0)
    }

    /// Folds an event in. What is in already is left alone.
    pub fn fold(&mut self, event: &Event) {
        if event.seq <= self.at {
            return;
        }
        self.at = event.seq;
        if let Some(row) = Row::begun_by(event).filter(|row| page_of(row.seq) == self.n) {
            self.rows.insert(row.seq, row);
        }
        let seq = event.seq;
        match &event.body {
            Body::MeetingChanged { planned, .. } | Body::MeetingCancelled { planned, .. } => {
                self.change(*planned, |row| row.fold(event));
            }
            Body::MessagePosted(Posted { thread: Some(root), .. }) => {
                self.change(*root, |row| row.fold_reply(event));
            }
            Body::MessageRemoved { message, thread } => {
                self.change(*message, |row| row.fold(event));
                if let Some(root) = thread {
                    self.change(*root, |row| row.fold_reply_removed(seq));
                }
            }
            Body::MessageEdited { message, .. }
            | Body::MessageUnfurled { message, .. }
            | Body::ReactionAdded { message, .. }
            | Body::ReactionRemoved { message, .. }
            | Body::MessagePinned { message }
            | Body::MessageUnpinned { message }
            | Body::MessageVoted { message, .. }
            | Body::MessageCounted { message, .. }
            | Body::MessageClosed { message }
            | Body::MessageChecked { message, .. }
            | Body::MessageUnchecked { message, .. }
            | Body::MessageAssigned { message, .. }
            | Body::MessageConfirmed { message }
            | Body::CallEnded { started: message, .. } => self.change(*message, |row| row.fold(event)),
            _ => {}
        }
    }

    fn change(&mut self, seq: Seq, with: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.get_mut(&seq) {
            with(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same vectors that the model and the web client are held to.
    #[test]
    fn the_fold_vectors_hold_for_simulated_devices() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testing/vectors/fold.json");
        let cases: Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors")).expect("JSON");
        for case in cases.as_array().expect("cases") {
            let mut page = Page::blank(0, 0);
            for event in case["events"].as_array().expect("events") {
                page.fold(&serde_json::from_value(event.clone()).expect("an event"));
            }
            let rows: Vec<&Row> = page.rows.values().collect();
            assert_eq!(serde_json::to_value(rows).expect("JSON"), case["rows"]);
        }
    }
}
