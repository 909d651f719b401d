//! What is said of a booking page.

use serde::{Deserialize, Serialize};

use crate::desk::Words;
use crate::hours::Hours;
use crate::id::PersonId;
use crate::limits;
use crate::meeting::invalid;
use crate::name;
use crate::refusal::Refusal;

/// What a page is for. It changes words, and nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    #[default]
    Consultation,
    Interview,
    Lesson,
}

/// Kept as JSON; what is missing has its usual value, so that fields may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingSettings {
    pub title: String,
    pub purpose: Purpose,
    /// What guests read before they choose.
    pub about: Words,
    /// How long it takes.
    pub minutes: u32,
    /// How far one time to choose is from the next; as long as it takes with 0.
    pub every_minutes: u32,
    /// Kept free before and after.
    pub before_minutes: u32,
    pub after_minutes: u32,
    /// Not sooner than so long from the moment of booking.
    pub notice_minutes: u32,
    /// Not later than so many days from it.
    pub horizon_days: u32,
    /// So many on one day of the hours' zone, for each who takes it; any number with 0.
    pub per_day: u32,
    pub hours: Hours,
    /// Who takes it: one of them.
    pub takers: Vec<PersonId>,
    /// Whether they see each other, or only hear.
    pub video: bool,
    /// Whether guests are asked to say what it is about, and with which words.
    pub asks_note: bool,
    pub question: Words,
    /// A page that is off takes no bookings.
    pub on: bool,
}

impl Default for BookingSettings {
    fn default() -> Self {
        BookingSettings {
            title: String::new(),
            purpose: Purpose::default(),
            about: Words::default(),
            minutes: 30,
            every_minutes: 0,
            before_minutes: 0,
            after_minutes: 0,
            notice_minutes: 4 * 60,
            horizon_days: 30,
            per_day: 0,
            hours: Hours::default(),
            takers: Vec::new(),
            video: true,
            asks_note: true,
            question: Words::default(),
            on: true,
        }
    }
}

impl BookingSettings {
    /// Tidied, if every value means something.
    ///
    /// # Errors
    /// `Invalid`, `TooLong` or `TooMany`.
    pub fn checked(mut self) -> Result<BookingSettings, Refusal> {
        self.title = name::checked(&self.title)?;
        for (what, words, limit) in [
            ("the words about it", &mut self.about, limits::BOOKING_WORDS),
            ("the question", &mut self.question, limits::BOOKING_QUESTION),
        ] {
            for text in [&mut words.ko, &mut words.en] {
                *text = text.replace('\0', "").trim().to_owned();
                if text.chars().count() > limit {
                    return Err(Refusal::TooLong { what, limit });
                }
            }
        }
        const DAY: u32 = 24 * 60;
        within("minutes", self.minutes, 5, 8 * 60)?;
        if self.every_minutes != 0 {
            within("every_minutes", self.every_minutes, 5, DAY)?;
        }
        within("before_minutes", self.before_minutes, 0, DAY)?;
        within("after_minutes", self.after_minutes, 0, DAY)?;
        within("notice_minutes", self.notice_minutes, 0, 60 * DAY)?;
        within("horizon_days", self.horizon_days, 1, limits::BOOKING_DAYS)?;
        within("per_day", self.per_day, 0, 100)?;
        self.hours.read()?;
        self.takers.sort_unstable();
        self.takers.dedup();
        if self.takers.is_empty() {
            return Err(invalid("takers", "name at least one person who takes bookings"));
        }
        if self.takers.len() > limits::BOOKING_TAKERS {
            return Err(Refusal::TooMany { what: "takers", limit: limits::BOOKING_TAKERS });
        }
        Ok(self)
    }
}

fn within(what: &'static str, value: u32, least: u32, most: u32) -> Result<(), Refusal> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(Refusal::Invalid { what, why: format!("give {least} to {most}") }),
    }
}
