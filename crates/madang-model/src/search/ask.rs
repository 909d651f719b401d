//! A question as it is typed: words, "phrases", -words, and filters such as
//! `from:nari in:"봄 행사" has:file before:2026-11`.

use super::tokens::{fold, query_tokens};

/// The most characters of a question that are read.
const CHARS: usize = 400;
/// The most words; a question with more is a text to compare, not to find.
const TERMS: usize = 24;

/// A question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// All must stand in the text, in any order.
    pub terms: Vec<Term>,
    /// Any of these people wrote it: names, addresses, ids, or `me`.
    pub from: Vec<String>,
    /// In any of these spaces: names or ids.
    pub spaces: Vec<String>,
    /// All of these.
    pub has: Vec<Has>,
    pub before: Option<Day>,
    pub after: Option<Day>,
    pub on: Option<Day>,
    /// Filters that say nothing, as typed.
    pub unclear: Vec<String>,
}

/// Something to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As typed, without its quotes.
    pub text: String,
    /// Words of the index, one behind the other.
    pub phrase: Vec<String>,
    /// The last one may go on.
    pub open: bool,
    /// It must not stand there.
    pub not: bool,
}

/// What a message has besides words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Has {
    File,
    Image,
    Video,
    Audio,
    Link,
    Pin,
    Reaction,
    Thread,
}

impl Has {
    pub const ALL: [Has; 8] =
        [Has::File, Has::Image, Has::Video, Has::Audio, Has::Link, Has::Pin, Has::Reaction, Has::Thread];

    /// Its place in a set of bits.
    pub fn bit(self) -> i64 {
        1 << self as i64
    }

    fn parse(text: &str) -> Option<Has> {
        Some(match text {
            "file" | "파일" => Has::File,
            "image" | "photo" | "picture" | "사진" | "이미지" => Has::Image,
            "video" | "영상" | "동영상" => Has::Video,
            "audio" | "voice" | "음성" => Has::Audio,
            "link" | "링크" => Has::Link,
            "pin" | "고정" => Has::Pin,
            "reaction" | "반응" => Has::Reaction,
            "thread" | "reply" | "스레드" | "답글" => Has::Thread,
            _ => return None,
        })
    }
}

/// A day, month or year, or so many days before today. Which moments that are
/// depends on where the asker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Date { year: i16, month: Option<i8>, day: Option<i8> },
    Ago(i16),
}

impl Day {
    fn parse(text: &str) -> Option<Day> {
        match text {
            "today" | "오늘" => return Some(Day::Ago(0)),
            "yesterday" | "어제" => return Some(Day::Ago(1)),
            _ => {}
        }
        let parts: Vec<&str> = text.split(['-', '.', '/']).filter(|part| !part.is_empty()).collect();
        let number = |n: usize, range: std::ops::RangeInclusive<i16>| match parts.get(n) {
            None => Some(None),
            Some(part) => part.parse::<i16>().ok().filter(|it| range.contains(it)).map(Some),
        };
        if parts.len() > 3 {
            return None;
        }
        let year = number(0, 1970..=9000)??;
        let (month, day) = (number(1, 1..=12)?, number(2, 1..=31)?);
        Some(Day::Date { year, month: month.map(|it| it as i8), day: day.map(|it| it as i8) })
    }
}

/// A word of the question with what stood before it.
struct Word {
    not: bool,
    /// Before the colon, folded; none for plain words.
    key: Option<String>,
    text: String,
    quoted: bool,
}

/// Reads a question. Every text is one.
pub fn read(question: &str) -> Ask {
    let question: String = question.chars().take(CHARS).collect();
    let mut ask = Ask::default();
    for word in words(&question) {
        match word.key.as_deref() {
            Some(key) => filter(&mut ask, key, &word),
            None if ask.terms.len() < TERMS => {
                let (phrase, open) = query_tokens(&word.text);
                if !phrase.is_empty() {
                    ask.terms.push(Term {
                        text: word.text,
                        phrase,
                        open: open && !word.quoted,
                        not: word.not,
                    });
                }
            }
            None => {}
        }
    }
    ask
}

impl Ask {
    /// Whether it asks for anything at all.
    pub fn is_empty(&self) -> bool {
        let filters = self.from.len() + self.spaces.len() + self.has.len();
        let days = [self.before, self.after, self.on].iter().flatten().count();
        self.terms.iter().all(|term| term.not) && filters + days == 0
    }

    /// The words it asks for, as typed, for looking among names.
    pub fn words(&self) -> String {
        let wanted: Vec<&str> = self.terms.iter().filter(|it| !it.not).map(|it| it.text.as_str()).collect();
        wanted.join(" ")
    }
}

fn filter(ask: &mut Ask, key: &str, word: &Word) {
    let value = fold(&word.text);
    let unclear = match key {
        "from" => {
            ask.from.push(word.text.clone());
            false
        }
        "in" => {
            ask.spaces.push(word.text.clone());
            false
        }
        "has" => Has::parse(&value).map(|has| ask.has.push(has)).is_none(),
        "before" => Day::parse(&value).map(|day| ask.before = Some(day)).is_none(),
        "after" => Day::parse(&value).map(|day| ask.after = Some(day)).is_none(),
        _ => Day::parse(&value).map(|day| ask.on = Some(day)).is_none(),
    };
    if unclear {
        ask.unclear.push(format!("{key}:{}", word.text));
    }
}

/// The filter that a word before a colon names.
fn key(name: &str) -> Option<&'static str> {
    Some(match fold(name).as_str() {
        "from" | "보낸사람" | "보낸이" => "from",
        "in" | "스페이스" => "in",
        "has" | "첨부" => "has",
        "before" | "이전" => "before",
        "after" | "이후" => "after",
        "on" | "날짜" => "on",
        _ => return None,
    })
}

fn words(question: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = question.trim_start();
    while !rest.is_empty() {
        let not = rest.starts_with('-') && rest.chars().nth(1).is_some_and(|c| !c.is_whitespace());
        let body = if not { &rest[1..] } else { rest };
        let (name, after) = match body.split_once(':') {
            Some((name, after)) if !not && key(name).is_some() => {
                (key(name), after.trim_start_matches(['@', '#']))
            }
            _ => (None, body),
        };
        let (text, quoted, tail) = value(after);
        // A filter without its value is still being typed.
        if !text.is_empty() {
            words.push(Word { not, key: name.map(str::to_owned), text, quoted });
        }
        rest = tail.trim_start();
    }
    words
}

/// A quoted or a plain value, and what comes after it. A quote that is not
/// closed goes on to the end.
fn value(text: &str) -> (String, bool, &str) {
    const QUOTES: [char; 4] = ['"', '“', '”', '„'];
    match text.strip_prefix(QUOTES) {
        Some(inner) => match inner.split_once(QUOTES) {
            Some((quoted, tail)) => (quoted.trim().to_owned(), true, tail),
            None => (inner.trim().to_owned(), false, ""),
        },
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            (text[..end].to_owned(), false, &text[end..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(question: &str) -> String {
        let ask = read(question);
        let mut told: Vec<String> = ask
            .terms
            .iter()
            .map(|it| {
                let (not, open) = (if it.not { "-" } else { "" }, if it.open { "*" } else { "" });
                format!("{not}[{}{open}]", it.phrase.join(" "))
            })
            .collect();
        told.extend(ask.from.iter().map(|it| format!("from={it}")));
        told.extend(ask.spaces.iter().map(|it| format!("in={it}")));
        told.extend(ask.has.iter().map(|it| format!("has={it:?}")));
        for (name, day) in [("before", ask.before), ("after", ask.after), ("on", ask.on)] {
            told.extend(day.map(|day| match day {
                Day::Ago(days) => format!("{name}=-{days}"),
                Day::Date { year, month, day } => {
                    format!("{name}={year}/{}/{}", month.unwrap_or(0), day.unwrap_or(0))
                }
            }));
        }
        told.extend(ask.unclear.iter().map(|it| format!("?{it}")));
        told.join(" ")
    }

    #[test]
    fn questions_are_read() {
        let check = |question: &str, expected: &str| assert_eq!(told(question), expected, "{question}");
        check("회의 계획", "[회의] [계획]");
        check("\"봄 행사\" -취소", "[봄 행사] -[취소]");
        check("from:@nari in:#\"봄 행사\" 예산", "[예산] from=nari in=봄 행사");
        check("in:\"봄 행사\" has:file has:사진", "in=봄 행사 has=File has=Image");
        check("before:2026-11 after:2025.1.31 on:어제", "before=2026/11/0 after=2025/1/31 on=-1");
        check("has:nothing before:soon", "?has:nothing ?before:soon");
        check("https://madang.example/a deploy", "[https madang example a*] [deploy*]");
        check("보낸사람:나리 이후:오늘", "from=나리 after=-0");
        check("from: ", "");
        check("- a -", "[a*]");
        check("\"unclosed words", "[unclosed words*]");
        check("", "");
    }

    #[test]
    fn a_question_of_nothing_asks_nothing() {
        assert!(read("  !! ").is_empty());
        assert!(read("-only").is_empty());
        assert!(!read("has:file").is_empty());
        assert_eq!(read("a -b \"c d\"").words(), "a c d");
        assert!(read(&"가나 ".repeat(10_000)).terms.len() <= TERMS);
    }
}
