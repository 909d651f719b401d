//! What is known of a recording beside its films, line by line, so that a crash leaves the truth.

use std::io::{self, Write};

use super::note::{Began, Note, Stopped};
use crate::rtc::Coded;

pub const NAME: &str = "journal";

pub struct Journal<W>(W);

impl<W: Write> Journal<W> {
    pub fn new(out: W) -> Self {
        Self(out)
    }

    /// Frames are in the films and not written here.
    pub fn note(&mut self, note: &Note) -> io::Result<()> {
        let line = match note {
            Note::Frame { .. } => return Ok(()),
            Note::Began(began) => {
                let Began { file, track, at_us, rotation, .. } = began;
                let (width, height) = began.size.unwrap_or_default();
                format!("file {file} {track} {} {at_us} {width} {height} {rotation}\n", coded(began.coded))
            }
            Note::Muted { track, at_us, muted } => format!("muted {track} {at_us} {}\n", u8::from(*muted)),
            Note::Speaker { at_us, participant } => match participant {
                Some(participant) => format!("speaker {at_us} {participant}\n"),
                None => format!("speaker {at_us}\n"),
            },
            Note::Ended { at_us, why } => format!("ended {at_us} {}\n", why.as_str()),
        };
        self.0.write_all(line.as_bytes())
    }

    pub fn out(&self) -> &W {
        &self.0
    }
}

/// What was noted. A line that is not whole, or that says nothing known, is left out.
pub fn read(text: &str) -> Vec<Note> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<Note> {
    let mut words = line.split(' ');
    let kind = words.next()?;
    let mut next = || words.next();
    Some(match kind {
        "file" => Note::Began(Began {
            file: next()?.parse().ok()?,
            track: next()?.parse().ok()?,
            coded: read_coded(next()?)?,
            at_us: next()?.parse().ok()?,
            size: Some((next()?.parse().ok()?, next()?.parse().ok()?)).filter(|it| it.0 > 0),
            rotation: next()?.parse().ok()?,
            private: Vec::new(),
        }),
        "muted" => {
            Note::Muted { track: next()?.parse().ok()?, at_us: next()?.parse().ok()?, muted: next()? == "1" }
        }
        "speaker" => Note::Speaker {
            at_us: next()?.parse().ok()?,
            participant: match next() {
                Some(word) => Some(word.parse().ok()?),
                None => None,
            },
        },
        "ended" => Note::Ended { at_us: next()?.parse().ok()?, why: next()?.parse::<Stopped>().ok()? },
        _ => return None,
    })
}

pub fn coded(coded: Coded) -> &'static str {
    match coded {
        Coded::Opus => "opus",
        Coded::Vp8 => "vp8",
        Coded::H264 => "h264",
    }
}

fn read_coded(word: &str) -> Option<Coded> {
    [Coded::Opus, Coded::Vp8, Coded::H264].into_iter().find(|it| coded(*it) == word)
}

#[cfg(test)]
mod tests {
    use madang_model::ParticipantId;

    use super::*;
    use crate::track::{Source, TrackName};

    #[test]
    fn a_journal_is_read_as_it_was_written_and_a_broken_line_is_left_out() {
        let track = TrackName { participant: ParticipantId(77), source: Source::Camera };
        let began = Began {
            file: 3,
            track,
            coded: Coded::Vp8,
            at_us: 1_500,
            size: Some((640, 360)),
            rotation: 90,
            private: Vec::new(),
        };
        let sound = Began { file: 4, coded: Coded::Opus, size: None, rotation: 0, ..began.clone() };
        let notes = [
            Note::Began(began),
            Note::Began(sound),
            Note::Muted { track, at_us: 2, muted: true },
            Note::Speaker { at_us: 3, participant: Some(ParticipantId(77)) },
            Note::Speaker { at_us: 4, participant: None },
            Note::Ended { at_us: 5, why: Stopped::CallOver },
        ];
        let mut journal = Journal::new(Vec::new());
        notes.iter().for_each(|note| journal.note(note).unwrap());
        let mut text = String::from_utf8(journal.0).unwrap();
        assert_eq!(read(&text), notes);
        text.push_str("something new\nended 9 ask");
        assert_eq!(read(&text), notes);
    }
}
