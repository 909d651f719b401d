//! A whole export: lines become messages with times and keys.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use madang_app::import::{Loss, OldMessage};

use super::line::{self, Line};

/// What an export holds.
#[derive(Debug, Default)]
pub(super) struct Chat {
    pub room: Option<String>,
    pub messages: Vec<OldMessage>,
    pub losses: Vec<(Loss, String)>,
}

/// The first line of the Mac's CSV.
const CSV: &str = "Date,User,Message";
/// Lines looked at for the name of the room.
const HEAD: usize = 3;

/// Reads an export. Times are those of `zone`.
pub(super) fn chat(text: &str, zone: &TimeZone) -> Chat {
    let mut reader = Reader { zone, chat: Chat::default(), same: HashMap::new(), open: false };
    if text.starts_with(CSV) {
        reader.csv(text);
    } else {
        reader.lines(text);
    }
    let mut chat = reader.chat;
    let losses = &mut chat.losses;
    chat.messages.retain_mut(|message| keep(message, losses));
    chat
}

struct Reader<'a> {
    zone: &'a TimeZone,
    chat: Chat,
    /// How many messages have this time already.
    same: HashMap<i64, usize>,
    /// Whether a line that says nothing of itself belongs to the last message.
    open: bool,
}

impl Reader<'_> {
    fn lines(&mut self, text: &str) {
        let mut day: Option<Date> = None;
        for (n, given) in text.lines().enumerate() {
            let given = given.trim_end_matches('\r');
            if n < HEAD && self.chat.room.is_none() && self.chat.messages.is_empty() {
                self.chat.room = room(given);
                if self.chat.room.is_some() {
                    continue;
                }
            }
            match line::read(given) {
                Line::Message { at, author, text } => self.begin(at, author, text),
                Line::OfTheDay { at, author, text } => match day {
                    Some(day) => self.begin(day.to_datetime(at), author, text),
                    None => self.more(given),
                },
                Line::Day(date) => {
                    day = Some(date);
                    self.open = false;
                }
                Line::Notice => {
                    self.chat.losses.push((Loss::Notice, given.chars().take(60).collect()));
                    self.open = false;
                }
                Line::More => self.more(given),
            }
        }
    }

    fn csv(&mut self, text: &str) {
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for row in rows.records() {
            let Ok(row) = row else {
                self.chat.losses.push((Loss::Unreadable, "a line of the CSV".into()));
                continue;
            };
            let at = row.get(0).and_then(|it| DateTime::strptime("%Y-%m-%d %H:%M:%S", it.trim()).ok());
            match (at, row.get(1), row.get(2)) {
                (Some(at), Some(author), Some(text)) if !author.is_empty() => self.begin(at, author, text),
                _ => {
                    let what = row.iter().collect::<Vec<_>>().join(",").chars().take(60).collect();
                    self.chat.losses.push((Loss::Unreadable, what));
                }
            }
        }
    }

    fn begin(&mut self, at: DateTime, author: &str, text: &str) {
        let Ok(zoned) = self.zone.to_ambiguous_zoned(at).compatible() else {
            return self.chat.losses.push((Loss::Unreadable, at.to_string()));
        };
        let at_us = zoned.timestamp().as_microsecond();
        // An export names minutes: those of one minute keep their order.
        let nth = self.same.entry(at_us).or_default();
        self.chat.messages.push(OldMessage {
            key: format!("{}.{nth}", at_us / 1_000_000),
            at_us: at_us + *nth as i64 * 1_000,
            author: author.trim().to_owned(),
            text: text.to_owned(),
            ..OldMessage::default()
        });
        *nth += 1;
        self.open = true;
    }

    fn more(&mut self, line: &str) {
        if let Some(message) = self.chat.messages.last_mut().filter(|_| self.open) {
            message.text.push('\n');
            message.text.push_str(line);
        } else if !self.chat.messages.is_empty() && !line.trim().is_empty() {
            self.chat.losses.push((Loss::Unreadable, line.chars().take(60).collect()));
        }
    }
}

/// The name of the room in a line at the head.
fn room(line: &str) -> Option<String> {
    let korean = line.strip_suffix("카카오톡 대화").map(str::trim_end);
    let korean = korean.map(|it| it.strip_suffix("님과의").or(it.strip_suffix("님과")).unwrap_or(it));
    let english =
        line.strip_prefix("KakaoTalk Chats with ").or_else(|| line.strip_suffix(" KakaoTalk Chats"));
    // The phone adds how many people are in the room.
    let room = korean.or(english)?.trim();
    Some(room.to_owned()).filter(|it| !it.is_empty())
}

const REMOVED: [&str; 3] =
    ["삭제된 메시지입니다.", "This message was deleted.", "채팅방 관리자가 메시지를 가렸습니다."];
const PICTURES: [&str; 6] = ["사진", "동영상", "음성메시지", "Photo", "Video", "Voice Note"];

/// Counts what the export only names; false for what was removed.
fn keep(message: &mut OldMessage, losses: &mut Vec<(Loss, String)>) -> bool {
    let text = message.text.trim();
    if REMOVED.contains(&text) {
        losses.push((Loss::Removed, message.key.clone()));
        return false;
    }
    if text.is_empty() {
        losses.push((Loss::Empty, message.key.clone()));
        return false;
    }
    let many = text.strip_prefix("사진 ").and_then(|it| it.strip_suffix('장'));
    let pictures = many.is_some_and(|it| it.bytes().all(|c| c.is_ascii_digit()));
    let file = text.strip_prefix("파일: ").or_else(|| text.strip_prefix("File: "));
    if pictures || PICTURES.contains(&text) || file.is_some_and(|it| !it.contains('\n')) {
        losses.push((Loss::FileMissing, text.to_owned()));
    }
    message.text = text.to_owned();
    true
}
