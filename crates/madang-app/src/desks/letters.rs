//! Letters to visitors. Their language is that of their ticket.

use crate::mail::{Letter, name};

fn letter(to: &str, subject: String, lines: Vec<String>, link: (&str, &str), after: &str) -> Letter {
    let link = (link.0.to_owned(), link.1.to_owned());
    Letter { to: to.into(), subject, lines, link, after: after.into(), digest: None, calendar: None }
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
