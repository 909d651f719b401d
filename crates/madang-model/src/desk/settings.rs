//! What an administrator says of a desk.

use serde::{Deserialize, Serialize};

use crate::hours::Hours;
use crate::limits;
use crate::meeting::invalid;
use crate::name;
use crate::refusal::Refusal;

/// Words in both languages of the house; where one is empty the other stands for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub ko: String,
    pub en: String,
}

/// Whether agents and visitors see each other in calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Video {
    /// Nobody is seen.
    None,
    /// The visitor sees the agent, the agent never sees the visitor.
    #[default]
    OneWay,
    /// The visitor may also be seen, if they wish.
    TwoWay,
}

/// What may be done with a visitor, each only with their consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offers {
    pub voice: bool,
    pub video: Video,
    /// The agent sees the page the visitor is on, without what they typed.
    pub page: bool,
    /// The agent draws on it.
    pub draw: bool,
    /// The agent may ask to have something pressed.
    pub act: bool,
    /// The visitor shows something with the camera on the back of a phone.
    pub camera: bool,
}

impl Default for Offers {
    fn default() -> Self {
        Offers { voice: true, video: Video::OneWay, page: true, draw: true, act: false, camera: false }
    }
}

/// When a visitor's device shows a proof of work before it comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    Never,
    /// While many come at once, or half of those wait who may.
    #[default]
    Busy,
    Always,
}

/// What the desk wants to reach, in minutes of its opening hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Targets {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_answer_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_minutes: Option<u32>,
}

/// An answer that is given often, and what is done with the ticket when it is run as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canned {
    pub name: String,
    /// Empty where only something is done.
    #[serde(default)]
    pub text: String,
    /// Added to those of the ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The ticket is closed then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub close: bool,
}

/// Kept as JSON; what is missing has its usual value, so that fields may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskSettings {
    pub name: String,
    /// In which it helps: `ko`, `en`. The first is the usual one.
    pub languages: Vec<String>,
    pub welcome: Words,
    /// What is said while it is closed.
    pub closed: Words,
    pub hours: Hours,
    pub skills: Vec<String>,
    pub offers: Offers,
    /// Sites on which its button may stand: `https://shop.example`.
    pub origins: Vec<String>,
    /// How long one agent is rung.
    pub ring_seconds: u32,
    /// Open tickets that one agent has at a time.
    pub per_agent: u32,
    /// Visitors who wait at a time.
    pub waiting_most: u32,
    /// Whether who comes back is offered to who helped before.
    pub same_agent: bool,
    pub ask_name: bool,
    pub targets: Targets,
    /// CSS selectors of what is never shown of a page.
    pub masks: Vec<String>,
    pub canned: Vec<Canned>,
    /// The key of the booking page that is offered while it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    pub proof: Proof,
}

impl Default for DeskSettings {
    fn default() -> Self {
        DeskSettings {
            name: String::new(),
            languages: vec!["ko".into(), "en".into()],
            welcome: Words::default(),
            closed: Words::default(),
            hours: Hours::default(),
            skills: Vec::new(),
            offers: Offers::default(),
            origins: Vec::new(),
            ring_seconds: 20,
            per_agent: 3,
            waiting_most: 50,
            same_agent: true,
            ask_name: true,
            targets: Targets::default(),
            masks: Vec::new(),
            canned: Vec::new(),
            booking: None,
            proof: Proof::default(),
        }
    }
}

impl DeskSettings {
    /// Tidied, if every value means something.
    ///
    /// # Errors
    /// `Invalid`, `TooLong` or `TooMany`.
    pub fn checked(mut self) -> Result<DeskSettings, Refusal> {
        self.name = name::checked(&self.name)?;
        self.booking = self.booking.take().filter(|it| !it.is_empty());
        if self
            .booking
            .as_ref()
            .is_some_and(|it| it.len() > 64 || !it.bytes().all(|b| b.is_ascii_alphanumeric()))
        {
            return Err(invalid("booking", "name a booking page by its key"));
        }
        self.languages.dedup();
        let known = |it: &String| it == "ko" || it == "en";
        if self.languages.is_empty() || self.languages.len() > 2 || !self.languages.iter().all(known) {
            return Err(invalid("languages", "name ko, en or both"));
        }
        for (what, words) in
            [("the welcome", &mut self.welcome), ("the words for closed hours", &mut self.closed)]
        {
            line(what, &mut words.ko, limits::DESK_WORDS)?;
            line(what, &mut words.en, limits::DESK_WORDS)?;
        }
        self.hours.read()?;
        lines("skills", &mut self.skills, limits::DESK_SKILLS)?;
        lines("masks", &mut self.masks, limits::DESK_MASKS)?;
        self.origins = self.origins.iter().map(|it| origin(it)).collect::<Result<_, _>>()?;
        self.origins.sort();
        self.origins.dedup();
        if self.origins.len() > limits::DESK_ORIGINS {
            return Err(Refusal::TooMany { what: "origins", limit: limits::DESK_ORIGINS });
        }
        within("ring_seconds", self.ring_seconds, 5, 300)?;
        within("per_agent", self.per_agent, 1, 50)?;
        within("waiting_most", self.waiting_most, 1, 1_000)?;
        for (what, minutes) in [
            ("first_answer_minutes", self.targets.first_answer_minutes),
            ("close_minutes", self.targets.close_minutes),
        ] {
            within(what, minutes.unwrap_or(1), 1, 60 * 24 * 30)?;
        }
        if self.canned.len() > limits::DESK_CANNED {
            return Err(Refusal::TooMany { what: "canned answers", limit: limits::DESK_CANNED });
        }
        for canned in &mut self.canned {
            canned.name = name::checked(&canned.name)?;
            line("the canned answer", &mut canned.text, limits::DESK_CANNED_CHARS)?;
            lines("tags of a canned answer", &mut canned.tags, limits::TICKET_TAGS)?;
            if canned.text.is_empty() && canned.tags.is_empty() && !canned.close {
                return Err(invalid("canned", "write what it says, or choose what it does"));
            }
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

fn line(what: &'static str, text: &mut String, limit: usize) -> Result<(), Refusal> {
    *text = text.replace('\0', "").trim().to_owned();
    if text.chars().count() > limit { Err(Refusal::TooLong { what, limit }) } else { Ok(()) }
}

fn lines(what: &'static str, all: &mut Vec<String>, most: usize) -> Result<(), Refusal> {
    for text in all.iter_mut() {
        line(what, text, limits::NAME_CHARS)?;
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|it| !it.is_empty() && seen.insert(it.clone()));
    if all.len() > most { Err(Refusal::TooMany { what, limit: most }) } else { Ok(()) }
}

/// An origin as browsers write it (RFC 6454, 6.1), which can stand in a `frame-ancestors`.
fn origin(text: &str) -> Result<String, Refusal> {
    let wrong = || invalid("origins", "give addresses of sites such as https://shop.example, without a path");
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let label = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let named = host.strip_prefix("*.").unwrap_or(host).split('.').all(label);
    let ported = port.is_none_or(|it| it.parse::<u16>().is_ok_and(|it| it != 0));
    if matches!(scheme, "https" | "http") && named && ported && text.len() <= 200 {
        Ok(text)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> DeskSettings {
        let hours = Hours { zone: "Asia/Seoul".into(), ..Hours::default() };
        DeskSettings { name: " 기술 지원 ".into(), hours, ..DeskSettings::default() }
    }

    #[test]
    fn a_desk_needs_a_name_and_hours_that_mean_something() {
        assert_eq!(desk().checked().map(|it| it.name), Ok("기술 지원".into()));
        assert!(DeskSettings { name: " ".into(), ..desk() }.checked().is_err());
        assert!(DeskSettings { hours: Hours::default(), ..desk() }.checked().is_err(), "no time zone");
        assert!(DeskSettings { languages: vec!["fr".into()], ..desk() }.checked().is_err());
        assert!(DeskSettings { ring_seconds: 0, ..desk() }.checked().is_err());
    }

    #[test]
    fn a_kept_answer_says_or_does_something() {
        let with = |one: Canned| DeskSettings { canned: vec![one], ..desk() }.checked().map(|it| it.canned);
        let named = |name: &str| Canned { name: name.into(), ..Canned::default() };
        assert!(with(named("빈 답")).is_err());
        let spam = Canned { tags: vec![" 스팸 ".into(), "스팸".into()], close: true, ..named("스팸") };
        assert_eq!(with(spam).map(|it| it[0].tags.clone()), Ok(vec!["스팸".into()]));
        assert!(with(Canned { text: "안녕하세요".into(), ..named("인사") }).is_ok());
    }

    #[test]
    fn origins_are_what_browsers_send() {
        let given = ["https://Shop.example/", "http://localhost:5173", "https://*.shop.example"];
        let desk = DeskSettings { origins: given.map(String::from).to_vec(), ..desk() };
        let kept = ["http://localhost:5173", "https://*.shop.example", "https://shop.example"];
        assert_eq!(desk.checked().map(|it| it.origins), Ok(kept.map(String::from).to_vec()));
        for wrong in [
            "shop.example",
            "https://a/b",
            "*",
            "https://*",
            "javascript://x",
            "https://a b",
            "https://a:0",
            "https://a;script-src *",
            "https://",
            "https://a..b",
        ] {
            let desk = DeskSettings { origins: vec![wrong.into()], ..self::desk() };
            assert!(desk.checked().is_err(), "{wrong}");
        }
    }
}
