//! The log of every space: the one door by which shared content enters
//! (invariant 1), and the one place where it is read.
//!
//! `append` numbers, seals and stores events and updates the core views, all in
//! the caller's transaction. It decides nothing: `madang_model::space::decide`
//! did. Events are never changed (invariant 2).

mod append;
mod bookmarks;
mod calls;
mod cards;
mod erase;
mod meetings;
mod read;
mod rounds;
mod rows;
mod scene;
mod tickets;
mod views;

pub use append::append;
pub use bookmarks::{BookmarkRecord, bookmark, bookmarks};
pub use calls::{RunningCall, note_call, running, running_in};
pub use cards::cast;
pub use erase::{destroy_texts, erase};
pub use meetings::{
    MeetingRecord, due_meetings, meeting, meetings_of, meetings_of_person, next_meeting, told_of_meeting,
    waiting_meetings,
};
pub use read::{event, events, events_of_ticket, first_answer};
pub use rounds::{RoundRecord, rounds};
pub use rows::{
    FoldedPage, first_from, last_up_to, line, message_at, page, pinned, reacted_by, repliers, row, rows_at,
    thread, times, written_by,
};
pub use scene::{SpaceRecord, scene, space, space_locked, standing, standing_in_house};
pub use tickets::{
    Queue, TicketRecord, counts, due_tickets, helped_by, offered_to, open_tickets, route_board, ticket,
    tickets, tickets_of_visitor, unfinished, visitor_of, waiting_at,
};

use crate::db::Statement;

/// Every statement of the log, for the portability test.
pub(crate) fn statements() -> Vec<Statement> {
    [
        append::ALL,
        bookmarks::ALL,
        calls::ALL,
        cards::ALL,
        erase::ALL,
        erase::one::ALL,
        meetings::ALL,
        read::ALL,
        rows::ALL,
        scene::ALL,
        rounds::ALL,
        tickets::ALL,
        views::ALL,
    ]
    .concat()
}
