//! Where a space stands: what somebody who comes new or comes back needs to know, found among the newest rows of its
//! log. Only what the log says: nothing is written here that nobody wrote.

use std::collections::HashMap;

use crate::card::Card;
use crate::id::PersonId;
use crate::position::Seq;
use crate::row::{MessageRow, Row};
use crate::text;

/// Reactions by which people mark what was decided: ✅ ✔️ ☑️.
pub const DECIDED: [&str; 3] = ["white_check_mark", "heavy_check_mark", "ballot_box_with_check"];
/// What is older does not stand any more: 14 days in microseconds.
const RECENT_US: i64 = 14 * 24 * 3_600 * 1_000_000;
/// Whoever writes within an hour after a question may have answered it.
const ANSWERED_US: i64 = 3_600 * 1_000_000;
/// Lines of each kind.
const LINES: usize = 5;

/// Messages by their seq, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Questions that nobody answered, replied to or reacted to.
    pub questions: Vec<Seq>,
    /// Who was called by a message and has neither written nor answered it since.
    pub awaited: Vec<(PersonId, Seq)>,
    /// Messages that somebody marked as decided.
    pub decisions: Vec<Seq>,
    /// Polls that go on, and checklists with something left to do.
    pub open: Vec<Seq>,
}

/// Finds it among rows in order of their seq.
pub fn standing(rows: &[Row], now_us: i64) -> Standing {
    let recent: Vec<(&Row, &MessageRow)> = rows
        .iter()
        .filter(|row| now_us - row.at < RECENT_US)
        .filter_map(|row| Some((row, row.message()?)))
        .filter(|(_, message)| !message.removed)
        .collect();
    let newest = |fits: &dyn Fn(&Row, &MessageRow) -> bool| -> Vec<Seq> {
        recent
            .iter()
            .rev()
            .filter(|(row, message)| fits(row, message))
            .map(|(row, _)| row.seq)
            .take(LINES)
            .collect()
    };
    Standing {
        questions: newest(&|row, message| is_open_question(row, message, &recent)),
        awaited: awaited(&recent),
        decisions: newest(&|_, message| {
            message.reactions.iter().any(|reaction| DECIDED.contains(&reaction.emoji.as_str()))
        }),
        open: newest(&|_, message| is_open(message)),
    }
}

fn is_open_question(row: &Row, message: &MessageRow, recent: &[(&Row, &MessageRow)]) -> bool {
    let asks = message.text.trim_end().ends_with(['?', '？']);
    let in_line = message.thread.is_none();
    let is_noticed = message.replies.as_ref().is_some_and(|it| it.count > 0) || !message.reactions.is_empty();
    if !asks || !in_line || is_noticed || message.card.is_some() {
        return false;
    }
    !recent.iter().any(|(other, said)| {
        let is_after = other.seq > row.seq && other.at < row.at + ANSWERED_US;
        is_after && other.author != row.author && (said.thread.is_none() || said.also)
    })
}

/// The newest call of each person that waits for an answer of theirs.
fn awaited(recent: &[(&Row, &MessageRow)]) -> Vec<(PersonId, Seq)> {
    let mut last_word: HashMap<PersonId, Seq> = HashMap::new();
    for (row, _) in recent {
        last_word.insert(row.author, row.seq);
    }
    let mut told: HashMap<PersonId, Seq> = HashMap::new();
    for (row, message) in recent.iter().rev() {
        for id in text::mentions(&message.text).people {
            let Ok(person) = id.parse::<PersonId>() else { continue };
            let has_written = last_word.get(&person).is_some_and(|seq| *seq > row.seq);
            if person == row.author
                || has_written
                || has_answered(message, person)
                || told.contains_key(&person)
            {
                continue;
            }
            told.insert(person, row.seq);
        }
    }
    let mut awaited: Vec<(PersonId, Seq)> = told.into_iter().collect();
    awaited.sort_by_key(|(person, seq)| (std::cmp::Reverse(*seq), *person));
    awaited.truncate(LINES);
    awaited
}

fn has_answered(message: &MessageRow, person: PersonId) -> bool {
    let reacted = message.reactions.iter().any(|it| it.people.iter().any(|(by, _)| *by == person));
    reacted
        || match message.card.as_deref() {
            Some(Card::Poll(poll)) => !poll.vote_of(person).is_empty(),
            Some(Card::Checklist(list)) => {
                list.items.iter().filter(|it| it.assignee == Some(person)).all(|it| it.done.is_some())
            }
            Some(Card::Confirm(confirm)) => confirm.people.iter().any(|(by, _)| *by == person),
            None => false,
        }
}

fn is_open(message: &MessageRow) -> bool {
    match message.card.as_deref() {
        Some(Card::Poll(poll)) => poll.closed.is_none(),
        Some(Card::Checklist(list)) => list.items.iter().any(|it| it.done.is_none()),
        Some(Card::Confirm(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, Event, Posted};
    use crate::id::SpaceId;

    const NARI: PersonId = PersonId(1);
    const JOON: PersonId = PersonId(2);
    const MINUTE: i64 = 60 * 1_000_000;
    const NOW: i64 = 30 * 24 * 60 * MINUTE;

    struct Garden(Vec<Row>);

    impl Garden {
        /// Somebody writes so many minutes before now.
        fn says(&mut self, seq: Seq, author: PersonId, minutes: i64, text: &str) {
            let posted = Posted { text: text.into(), ..Posted::default() };
            let body = Body::MessagePosted(posted);
            let at_us = NOW - minutes * MINUTE;
            let event = Event { space: SpaceId(9), seq, at_us, author, client_id: None, staff: false, body };
            self.0.extend(Row::begun_by(&event));
        }

        fn reacts(&mut self, message: Seq, seq: Seq, author: PersonId, emoji: &str) {
            let body = Body::ReactionAdded { message, emoji: emoji.into() };
            let event =
                Event { space: SpaceId(9), seq, at_us: NOW, author, client_id: None, staff: false, body };
            self.0.iter_mut().filter(|row| row.seq == message).for_each(|row| row.fold(&event));
        }
    }

    #[test]
    fn a_question_is_open_until_somebody_answers_replies_or_reacts() {
        let mut garden = Garden(Vec::new());
        garden.says(1, NARI, 16 * 24 * 60, "오래된 질문이에요?");
        garden.says(2, NARI, 400, "누가 알아요?");
        garden.says(3, JOON, 390, "제가 알아요");
        garden.says(4, NARI, 300, "언제 해요？");
        garden.says(5, NARI, 200, "어디서 해요?");
        garden.reacts(5, 6, JOON, "eyes");
        assert_eq!(standing(&garden.0, NOW).questions, [4]);
    }

    #[test]
    fn whoever_was_called_is_awaited_until_they_write_or_react() {
        let mut garden = Garden(Vec::new());
        garden.says(1, NARI, 50, &format!("<@{JOON}> 견적 부탁해요"));
        garden.says(2, NARI, 40, &format!("<@{JOON}> 어떻게 됐어요"));
        assert_eq!(standing(&garden.0, NOW).awaited, [(JOON, 2)]);
        garden.reacts(2, 3, JOON, "+1");
        assert_eq!(standing(&garden.0, NOW).awaited, [(JOON, 1)]);
        garden.says(4, JOON, 30, "보냈어요");
        assert_eq!(standing(&garden.0, NOW).awaited, []);
    }

    #[test]
    fn what_somebody_marked_is_decided() {
        let mut garden = Garden(Vec::new());
        garden.says(1, NARI, 50, "금요일에 출시해요");
        garden.says(2, NARI, 50, "아마 목요일");
        garden.reacts(1, 3, JOON, "white_check_mark");
        garden.reacts(2, 4, JOON, "+1");
        assert_eq!(standing(&garden.0, NOW).decisions, [1]);
    }
}
