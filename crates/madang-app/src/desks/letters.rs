//! Letters to visitors. Their language is that of their ticket.

use super::talk::Talk;
use crate::digest::MARK;
use crate::mail::{Letter, name};

fn letter(to: &str, subject: String, lines: Vec<String>, link: (&str, &str), after: &str) -> Letter {
    let link = (link.0.to_owned(), link.1.to_owned());
    Letter {
        to: to.into(),
        subject,
        lines,
        link,
        after: after.into(),
        digest: None,
        calendar: None,
        talk: None,
    }
}

/// A code by which somebody shows that they read this address.
pub(super) fn code(language: &str, to: &str, desk: &str, code: &str, page: &str) -> Letter {
    let (desk, code) = (name(desk), format!("{} {}", &code[..3], &code[3..]));
    match language {
        "ko" => letter(
            to,
            format!("{desk} 확인 코드: {code}"),
            vec![
                format!("{desk} 상담을 이 이메일 주소로 이어 가려면 상담 화면에 이 코드를 넣어 주세요."),
                code,
            ],
            ("상담 화면 열기", page),
            "15분 동안 한 번만 쓸 수 있어요. 요청한 적이 없다면 이 메일을 지우고, 코드를 아무에게도 알려 주지 마세요.",
        ),
        _ => letter(
            to,
            format!("{code} is your code for {desk}"),
            vec![
                format!(
                    "To keep your conversation with {desk} under this address, type this code where you asked for it."
                ),
                code,
            ],
            ("Open the desk", page),
            "It works once, for 15 minutes. If you did not ask for it, delete this mail, and tell nobody the code.",
        ),
    }
}

/// What was said, for who wants to keep it.
pub(super) fn transcript(language: &str, to: &str, desk: &str, page: &str, talk: Talk) -> Letter {
    let desk = name(desk);
    let letter = match language {
        "ko" => letter(
            to,
            format!("{desk} 상담 내용"),
            vec![format!("{desk}에서 나눈 상담 내용이에요. 파일은 상담 화면에서 받을 수 있어요.")],
            ("상담 화면 열기", page),
            "요청하셔서 보낸 메일이에요.",
        ),
        _ => letter(
            to,
            format!("Your conversation with {desk}"),
            vec![format!(
                "This is what was said in your conversation with {desk}. Files are there, in the conversation."
            )],
            ("Open the desk", page),
            "You get this mail because it was asked for.",
        ),
    };
    Letter { talk: Some(talk), ..letter }
}

/// What agents wrote, to who is not there to read it.
pub(super) fn answer(language: &str, to: &str, desk: &str, subject: &str, page: &str, talk: Talk) -> Letter {
    let (desk, about) = (name(desk), name(subject));
    let answered = talk.reply_to.is_some();
    let mark = if answered { vec![MARK.to_owned()] } else { Vec::new() };
    let (subject, line, words, after) = match (language, answered) {
        ("ko", true) => (
            format!("{desk}의 답변"),
            format!("{desk}에서 답변이 왔어요. 이 메일에 답장하거나 상담 화면에서 이어 갈 수 있어요."),
            "상담 화면 열기",
            "이 상담에 남긴 이메일 주소로 보낸 메일이에요.",
        ),
        ("ko", false) => (
            format!("{desk}의 답변"),
            format!("{desk}에서 답변이 왔어요. 상담 화면에서 이어 갈 수 있어요."),
            "상담 화면 열기",
            "이 상담에 남긴 이메일 주소로 보낸 메일이에요. 이 메일에는 답장할 수 없어요.",
        ),
        (_, true) => (
            format!("An answer from {desk}"),
            format!("{desk} has answered. Reply to this mail, or go on in the conversation."),
            "Open the desk",
            "You get this mail because you left this address in the conversation.",
        ),
        (_, false) => (
            format!("An answer from {desk}"),
            format!("{desk} has answered. Go on in the conversation."),
            "Open the desk",
            "You get this mail because you left this address in the conversation. It cannot be answered by mail.",
        ),
    };
    let subject = match about.trim() {
        "" => subject,
        about if about.to_lowercase().starts_with("re:") => about.to_owned(),
        about => format!("Re: {about}"),
    };
    let lines = mark.into_iter().chain([line]).collect();
    Letter { talk: Some(talk), ..letter(to, subject, lines, (words, page), after) }
}
