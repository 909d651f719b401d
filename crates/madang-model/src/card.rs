//! Cards: what a message asks of people beside its words. A poll, a checklist, or that it be confirmed.
//!
//! The message that brings one holds what is asked; its row holds the answers too, folded from the log. A client that
//! knows nothing of cards shows the message's text, which says the same.

use serde::{Deserialize, Serialize};

use crate::event::{Body, Event};
use crate::id::PersonId;
use crate::limits;
use crate::position::Seq;
use crate::refusal::Refusal;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Card {
    Poll(Poll),
    Checklist(Checklist),
    /// Everybody is asked to confirm that they have read the message.
    Confirm(Confirm),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub title: String,
    pub options: Vec<String>,
    /// One may choose several.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub multi: bool,
    /// The log says how many chose what, and not who.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub anonymous: bool,
    /// Who voted by which event for what, the oldest vote first. Empty where it is anonymous.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub votes: Vec<(PersonId, Seq, Vec<u16>)>,
    /// Of an anonymous poll: votes for each option, and how many voted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub counts: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<Done>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub options: Vec<i64>,
    pub people: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub title: String,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assignee: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub done: Option<Done>,
}

/// Who did it, and when (microseconds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub by: PersonId,
    pub at: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// Who confirmed by which event, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub people: Vec<(PersonId, Seq)>,
}

impl Card {
    /// What somebody asks for, without answers, and the text of its message: `text` is what was written beside it.
    pub fn asked(&self, text: &str) -> Result<(Card, String), Refusal> {
        match self {
            Card::Poll(poll) => {
                let title = line("the question", &poll.title, limits::CARD_TITLE_CHARS)?;
                let options = lines("the option", &poll.options, 2, limits::POLL_OPTIONS)?;
                let text = fallback("📊", &title, options.iter().cloned());
                let (multi, anonymous) = (poll.multi, poll.anonymous);
                let counts = anonymous.then(|| Counts { options: vec![0; options.len()], people: 0 });
                Ok((Card::Poll(Poll { title, options, multi, anonymous, counts, ..Poll::default() }), text))
            }
            Card::Checklist(list) => {
                let title = line("the title", &list.title, limits::CARD_TITLE_CHARS)?;
                let texts: Vec<String> = list.items.iter().map(|it| it.text.clone()).collect();
                let texts = lines("the item", &texts, 1, limits::CHECKLIST_ITEMS)?;
                let whose = list.items.iter().map(|it| it.assignee);
                let items: Vec<Item> = texts
                    .into_iter()
                    .zip(whose)
                    .map(|(text, assignee)| Item { text, assignee, done: None })
                    .collect();
                let said = items.iter().map(|it| match it.assignee {
                    Some(person) => format!("{} <@{person}>", it.text),
                    None => it.text.clone(),
                });
                let text = fallback("☑️", &title, said);
                Ok((Card::Checklist(Checklist { title, items }), text))
            }
            Card::Confirm(_) if text.trim().is_empty() => Err(Refusal::Empty),
            Card::Confirm(_) => Ok((Card::Confirm(Confirm::default()), text.to_owned())),
        }
    }

    /// Whether the message's text is made from the card, so that it cannot be edited by itself.
    pub fn makes_text(&self) -> bool {
        !matches!(self, Card::Confirm(_))
    }

    /// Without words: what the store keeps beside the sealed log.
    #[must_use]
    pub fn bare(&self) -> Card {
        let mut card = self.clone();
        match &mut card {
            Card::Poll(poll) => {
                poll.title.clear();
                poll.options.iter_mut().for_each(String::clear);
            }
            Card::Checklist(list) => {
                list.title.clear();
                list.items.iter_mut().for_each(|it| it.text.clear());
            }
            Card::Confirm(_) => {}
        }
        card
    }

    /// A bare card with the words of the message that brought it.
    #[must_use]
    pub fn with_words(mut self, posted: &Card) -> Card {
        match (&mut self, posted) {
            (Card::Poll(poll), Card::Poll(words)) => {
                poll.title.clone_from(&words.title);
                poll.options.clone_from(&words.options);
            }
            (Card::Checklist(list), Card::Checklist(words)) => {
                list.title.clone_from(&words.title);
                for (item, words) in list.items.iter_mut().zip(&words.items) {
                    item.text.clone_from(&words.text);
                }
            }
            _ => {}
        }
        self
    }

    /// Folds an answer in. Tells whether the event was about a card at all.
    pub fn fold(&mut self, event: &Event) -> bool {
        let (by, at, seq) = (event.author, event.at_us, event.seq);
        match (self, &event.body) {
            (Card::Poll(poll), Body::MessageVoted { options, .. }) => {
                poll.votes.retain(|(person, ..)| *person != by);
                if !options.is_empty() {
                    poll.votes.push((by, seq, options.clone()));
                }
            }
            (Card::Poll(poll), Body::MessageCounted { counts, .. }) => poll.counts = Some(counts.clone()),
            (Card::Poll(poll), Body::MessageClosed { .. }) => poll.closed = Some(Done { by, at }),
            (Card::Checklist(list), Body::MessageChecked { item, .. }) => {
                list.items
                    .iter_mut()
                    .skip(usize::from(*item))
                    .take(1)
                    .for_each(|it| it.done = Some(Done { by, at }));
            }
            (Card::Checklist(list), Body::MessageUnchecked { item, .. }) => {
                list.items.iter_mut().skip(usize::from(*item)).take(1).for_each(|it| it.done = None);
            }
            (Card::Checklist(list), Body::MessageAssigned { item, person, .. }) => {
                list.items.iter_mut().skip(usize::from(*item)).take(1).for_each(|it| it.assignee = *person);
            }
            (Card::Confirm(confirm), Body::MessageConfirmed { .. }) => {
                if confirm.people.iter().all(|(person, _)| *person != by) {
                    confirm.people.push((by, seq));
                }
            }
            _ => return false,
        }
        true
    }
}

impl Poll {
    /// What somebody chose, as far as the log says it.
    pub fn vote_of(&self, person: PersonId) -> &[u16] {
        self.votes.iter().find(|(by, ..)| *by == person).map_or(&[], |(.., options)| options)
    }

    /// A vote as it may be cast: each option once, in order.
    pub fn checked(&self, options: &[u16]) -> Result<Vec<u16>, Refusal> {
        let mut options = options.to_vec();
        options.sort_unstable();
        options.dedup();
        if options.iter().any(|it| usize::from(*it) >= self.options.len()) {
            return Err(Refusal::Invalid { what: "options", why: "there is no such option".into() });
        }
        if options.len() > 1 && !self.multi {
            return Err(Refusal::TooMany { what: "options", limit: 1 });
        }
        Ok(options)
    }

    /// The counts after somebody changed their vote.
    #[must_use]
    pub fn recounted(&self, before: &[u16], after: &[u16]) -> Counts {
        let mut counts = self.counts.clone().unwrap_or_default();
        counts.options.resize(self.options.len(), 0);
        for (options, by) in [(before, -1), (after, 1)] {
            for option in options {
                counts.options[usize::from(*option)] += by;
            }
            counts.people += if options.is_empty() { 0 } else { by };
        }
        counts
    }
}

/// One line of words.
fn line(what: &'static str, text: &str, limit: usize) -> Result<String, Refusal> {
    let text = text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > limit {
        return Err(Refusal::TooLong { what, limit });
    }
    Ok(text)
}

fn lines(what: &'static str, texts: &[String], least: usize, most: usize) -> Result<Vec<String>, Refusal> {
    if texts.len() < least {
        return Err(Refusal::Empty);
    }
    if texts.len() > most {
        return Err(Refusal::TooMany { what: "lines", limit: most });
    }
    texts.iter().map(|text| line(what, text, limits::CARD_LINE_CHARS)).collect()
}

fn fallback(sign: &str, title: &str, lines: impl Iterator<Item = String>) -> String {
    lines.fold(format!("{sign} {title}"), |text, line| text + "\n- " + &line)
}
