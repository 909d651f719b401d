//! What a notification says, in Korean and English. The same words as the web client's messages of that name.

use madang_model::desk::ticket::{Target, Wants};

/// The languages of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Korean,
    English,
}

impl Words {
    pub fn of(language: &str) -> Words {
        if language == "ko" { Words::Korean } else { Words::English }
    }

    pub fn code(self) -> &'static str {
        if self == Words::Korean { "ko" } else { "en" }
    }

    fn choose<'a>(self, korean: &'a str, english: &'a str) -> &'a str {
        if self == Words::Korean { korean } else { english }
    }

    pub fn everyone(self) -> &'static str {
        self.choose("모두", "everyone")
    }

    /// Who did what, for what is more than a message of a space.
    pub fn deed(self, kind: &str, who: &str) -> Option<String> {
        let said = match kind {
            "mention" => self.choose("님이 나를 불렀어요", "mentioned you"),
            "everyone" => self.choose("님이 모두를 불렀어요", "called everyone"),
            "reply" => self.choose("님의 댓글", "replied"),
            "reminder" => self.choose("님이 읽어 달라고 해요", "asks you to read"),
            _ => return None,
        };
        Some(format!("{who} {said}"))
    }

    /// Of a message that somebody wanted to be reminded of.
    pub fn due(self) -> &'static str {
        self.choose("다시 볼 시간이에요", "You wanted to come back to this")
    }

    pub fn files(self, count: usize) -> String {
        match (self, count) {
            (Words::Korean, _) => format!("파일 {count}개"),
            (Words::English, 1) => "1 file".into(),
            (Words::English, _) => format!("{count} files"),
        }
    }

    pub fn forwarded(self) -> &'static str {
        self.choose("전달한 글", "A forwarded message")
    }

    /// Of a group: how many, and the newest of them.
    pub fn group(self, count: usize, who: &str, said: &str) -> String {
        match self {
            Words::Korean => format!("새 메시지 {count}개 · {who}: {said}"),
            Words::English => format!("{count} new messages · {who}: {said}"),
        }
    }

    /// Without contents.
    pub fn discreet(self, count: usize) -> String {
        match (self, count) {
            (Words::Korean, 1) => "새 메시지가 있어요".into(),
            (Words::Korean, _) => format!("새 메시지가 {count}개 있어요"),
            (Words::English, 1) => "A new message".into(),
            (Words::English, _) => format!("{count} new messages"),
        }
    }

    pub fn reply(self) -> &'static str {
        self.choose("답장", "Reply")
    }

    pub fn reply_hint(self) -> &'static str {
        self.choose("메시지 쓰기", "Write a message")
    }

    pub fn mark_read(self) -> &'static str {
        self.choose("읽음으로 표시", "Mark as read")
    }

    /// Of a call that rings.
    pub fn rings(self, video: bool) -> &'static str {
        if video {
            self.choose("영상 통화가 왔어요", "Incoming video call")
        } else {
            self.choose("음성 통화가 왔어요", "Incoming call")
        }
    }

    /// Of a visitor at a desk.
    pub fn asks_for_help(self, wants: Wants) -> &'static str {
        match wants {
            Wants::Chat => self.choose("상담을 기다리고 있어요", "Waiting for your help"),
            Wants::Voice => self.choose("음성 상담을 기다리고 있어요", "Waiting for a call"),
            Wants::Video => self.choose("영상 상담을 기다리고 있어요", "Waiting for a video call"),
        }
    }

    /// Of a ticket that is late.
    pub fn overdue(self, target: Target) -> &'static str {
        match target {
            Target::FirstAnswer => self.choose("첫 답이 늦어지고 있어요", "The first answer is overdue"),
            Target::Close => self.choose("마무리가 늦어지고 있어요", "This should be closed by now"),
        }
    }

    pub fn answered_elsewhere(self) -> &'static str {
        self.choose("다른 기기에서 받았어요", "Answered on another device")
    }

    pub fn declined(self) -> &'static str {
        self.choose("거절한 통화예요", "Declined")
    }

    pub fn answer(self) -> &'static str {
        self.choose("받기", "Answer")
    }

    pub fn decline(self) -> &'static str {
        self.choose("거절", "Decline")
    }

    /// Of a call that nobody of the person's devices answered.
    pub fn missed_call(self) -> &'static str {
        self.choose("받지 못한 통화", "Missed call")
    }

    /// Of a meeting that was planned, changed or cancelled, or that is near: `minutes` until it begins.
    pub fn meeting(self, kind: &str, minutes: i64) -> String {
        match (kind, minutes, self) {
            ("meeting_planned", ..) => self.choose("새 회의", "New meeting").into(),
            ("meeting_changed", ..) => self.choose("회의가 바뀌었어요", "Meeting changed").into(),
            ("meeting_cancelled", ..) => self.choose("회의가 취소됐어요", "Meeting cancelled").into(),
            (_, ..=0, _) => self.choose("회의가 시작됐어요", "The meeting begins").into(),
            (_, 1_440.., Words::Korean) => "내일 회의가 있어요".into(),
            (_, 1_440.., Words::English) => "A meeting tomorrow".into(),
            (_, 60.., Words::Korean) => format!("{}시간 뒤 회의", minutes / 60),
            (_, 60..=119, Words::English) => "Meeting in an hour".into(),
            (_, 60.., Words::English) => format!("Meeting in {} hours", minutes / 60),
            (_, _, Words::Korean) => format!("{minutes}분 뒤 회의"),
            (_, 1, Words::English) => "Meeting in a minute".into(),
            (_, _, Words::English) => format!("Meeting in {minutes} minutes"),
        }
    }

    pub fn test(self) -> (&'static str, &'static str) {
        match self {
            Words::Korean => ("알림이 잘 도착했어요", "마당을 닫아 두어도 이 기기로 알려 드려요."),
            Words::English => {
                ("Notifications arrive here", "This device is told also while Madang is closed.")
            }
        }
    }
}

/// One line, cut to so many characters.
pub fn line(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(most) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_of_a_certain_length() {
        assert_eq!(line("  오늘\n\n저녁 \t회의", 200), "오늘 저녁 회의");
        assert_eq!(line("가나다라 마바", 5), "가나다라…");
        assert_eq!(line("가나다", 3), "가나다");
    }
}
