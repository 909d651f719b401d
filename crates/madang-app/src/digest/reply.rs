//! What somebody wrote in an answer by mail, without what their program quotes beneath it.
//!
//! The letter opens with a line that says where to write; what stands from there on is quoted. What programs put
//! above the quotation ("On … wrote:") stands beneath the answer too. Nothing else is guessed: too much of a mail in a
//! conversation is a nuisance, a lost sentence is a loss.

/// The line above which the answer is written, in both languages, for the person may have changed theirs.
pub(crate) const MARK: &str = "──── 답장은 이 줄 위에 써 주세요 · Write your answer above this line ────";
/// What is looked for of it: programs break lines and put marks of their own around.
const MARKS: [&str; 2] = ["답장은 이 줄 위에", "Write your answer above this line"];
/// How programs begin what they quote without marks before its lines.
const DIVIDERS: [&str; 4] = [
    "-----Original Message-----",
    "-----원본 메시지-----",
    "---------- Forwarded message",
    "--------- 원본 메일",
];
/// A paragraph of at most so many lines may say who wrote what is quoted.
const HEADING: usize = 4;

/// The text of a mail up to what is quoted.
pub(super) fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let is_mark = |line: &&str| MARKS.iter().any(|mark| line.contains(mark));
    let is_divider = |line: &str| {
        DIVIDERS.iter().any(|it| line.starts_with(it)) || (line.len() >= 20 && line.chars().all(|c| c == '_'))
    };
    let end = lines.iter().position(is_mark).unwrap_or(lines.len());
    let end = lines[..end].iter().position(|line| is_divider(line) || *line == "--").unwrap_or(end);
    let mut own = without_quotation(&lines[..end]);
    if own.len() < lines.len() {
        own = without_heading(own);
    }
    let first = own.iter().position(|line| !line.is_empty()).unwrap_or(own.len());
    own[first..].join("\n")
}

/// Without the quoted and empty lines at the end.
fn without_quotation<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let kept = lines.iter().rposition(|line| !line.is_empty() && !line.starts_with('>'));
    &lines[..kept.map_or(0, |last| last + 1)]
}

/// Without the short paragraph at the end that says who wrote what is quoted: it ends with a colon, or gives the
/// header lines of what follows.
fn without_heading<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let begin = lines.iter().rposition(|line| line.is_empty()).map_or(0, |empty| empty + 1);
    let paragraph = &lines[begin..];
    let names_sender = paragraph.iter().any(|line| line.contains('@') && line.contains(['<', '[', '(', ':']));
    let is_header = paragraph.first().is_some_and(|line| {
        ["From:", "보낸 사람:", "보낸사람:", "발신:"]
            .iter()
            .any(|it| line.trim_start_matches('*').starts_with(it))
    });
    let says_who = paragraph.last().is_some_and(|line| line.ends_with(':')) && names_sender;
    if (paragraph.len() <= HEADING && says_who) || is_header {
        return without_quotation(&lines[..begin]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_quote_is_left_out() {
        let cases = [
            ("네, 갈게요.\n", "네, 갈게요."),
            // Gmail in Korean and English, the heading broken into two lines.
            (
                "네, 2시에 봐요.\n\n2026년 11월 26일 (목) 오후 6:00, 마당 <reply+0a@example.com>님이 작성:\n\n> ──── 답장은 이 줄 위에 써 주세요 · Write your answer above this line ────\n> 나리: 회의\n",
                "네, 2시에 봐요.",
            ),
            (
                "Yes.\n\nTwo o'clock.\n\nOn Thu, Nov 26, 2026 at 6:00 PM Madang <reply+0a@example.com>\nwrote:\n\n> ──── 답장은 이 줄 위에 써 주세요 · Write your answer\n> above this line ────\n",
                "Yes.\n\nTwo o'clock.",
            ),
            // Outlook quotes without marks, under a rule or under header lines.
            (
                "좋아요\n\n________________________________\nFrom: Madang <madang@example.com>\nSent: Thursday\nSubject: x\n\n──── 답장은 이 줄 위에 써 주세요\n",
                "좋아요",
            ),
            (
                "Fine\n\nFrom: Madang <madang@example.com>\nSent: Thursday\nTo: Joon\nSubject: x\n\n──── 답장은 이 줄 위에\n",
                "Fine",
            ),
            // Naver.
            (
                "확인했어요\n\n-----Original Message-----\nFrom: \"마당\"<madang@example.com>\n\n안녕",
                "확인했어요",
            ),
            // A signature.
            ("Agreed\n-- \nJoon\n+82 2 000\n\n> Write your answer above this line", "Agreed"),
            // Nothing is lost that only looks like it.
            (
                "To do:\n1. seeds\n2. write to mina@example.com:\n",
                "To do:\n1. seeds\n2. write to mina@example.com:",
            ),
            ("> 2시?\n네\n\nOn Thu Madang <m@x.y> wrote:\n> Write your answer above this line", "> 2시?\n네"),
            ("\n> ──── 답장은 이 줄 위에\n> x", ""),
        ];
        for (mail, answer) in cases {
            assert_eq!(own_words(mail), answer, "{mail}");
        }
    }
}
