//! Mail out: what is written to whom, and how it leaves the house.
//!
//! A mail is a job, written in the transaction that caused it; it is tried
//! again for a day. Without a mail server the links in it go to the log, and
//! to whoever asked for them.

use anyhow::{Context, Result, anyhow};
use ipnet::IpNet;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use madang_store::db::Db;
use madang_store::seal::Keyring;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use crate::desks::Talk;
use crate::digest::Digest;
use crate::mail_server::{self, MailServer, Security};

/// The way out, if there is one: the server that was named at the start, else the one that was named in the app.
pub struct Mailer {
    fixed: Option<Fixed>,
    kept: RwLock<Option<MailServer>>,
    /// Networks of one's own in which the server of the app may be.
    allowed: Vec<IpNet>,
}

struct Fixed {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// As it is shown: without its password.
    shown: MailServer,
}

/// A mail as a job keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    /// Sentences before the link.
    pub lines: Vec<String>,
    /// The words on the link, and where it leads.
    pub link: (String, String),
    /// A sentence after it.
    pub after: String,
    /// What more a digest holds.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// The meeting that it is about.
    #[serde(default)]
    pub calendar: Option<CalendarPart>,
    /// What was said in a ticket.
    #[serde(default)]
    pub talk: Option<Talk>,
}

/// A calendar file as calendars take it from a mail (RFC 6047).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CalendarPart {
    pub method: String,
    pub text: String,
}

impl Mailer {
    /// `url` is `smtp://user:password@host:587`, `smtps://…`, or a plain
    /// `smtp://127.0.0.1:PORT` for a sink on this machine.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn new(url: Option<&str>, from: Option<&str>) -> Result<Mailer> {
        let mut mailer = Mailer { fixed: None, kept: RwLock::new(None), allowed: Vec::new() };
        let Some(url) = url else { return Ok(mailer) };
        let from = from.context("--mail-url needs --mail-from")?;
        let shown = shown(url, from);
        let from: Mailbox =
            from.parse().with_context(|| format!("--mail-from {from} is not a mail address"))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(url))
            .map_err(|error| anyhow!("--mail-url is not right: {error}"))?
            .build();
        mailer.fixed = Some(Fixed { transport, from, shown });
        Ok(mailer)
    }

    /// With networks of one's own in which the server of the app may be.
    #[must_use]
    pub fn allowing(self, allowed: Vec<IpNet>) -> Mailer {
        Mailer { allowed, ..self }
    }

    pub fn is_configured(&self) -> bool {
        self.is_fixed() || self.kept.read().is_some()
    }

    /// Whether the server was named at the start, so that what the app says does not count.
    pub fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// The server that mails go by.
    pub(crate) fn server(&self) -> Option<MailServer> {
        self.fixed.as_ref().map(|it| it.shown.clone()).or_else(|| self.kept.read().clone())
    }

    /// Mails go by this server from here on, unless one was named at the start.
    pub(crate) fn take(&self, server: Option<MailServer>) {
        *self.kept.write() = server;
    }

    /// Takes the server that was named in the app, for whoever has opened the house without `App`. Blocks.
    ///
    /// # Errors
    /// What the store said.
    pub fn take_kept(&self, db: &Db, keyring: &Keyring) -> crate::Result<()> {
        if !self.is_fixed() {
            self.take(mail_server::kept(db, keyring)?);
        }
        Ok(())
    }

    async fn way(&self) -> Result<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)> {
        if let Some(fixed) = &self.fixed {
            return Ok((fixed.transport.clone(), fixed.from.clone()));
        }
        let kept = self.kept.read().clone().context("no mail server is configured")?;
        Ok((kept.transport(&self.allowed).await?, kept.from.parse()?))
    }

    /// Sends one letter now, and tells what the mail server answered.
    ///
    /// # Errors
    /// What the mail server said.
    pub async fn send(&self, letter: &Letter) -> Result<String> {
        let (transport, from) = self.way().await?;
        let to: Mailbox = letter.to.parse().with_context(|| "the address is not one that mail can go to")?;
        let mut message = Message::builder().from(from).to(to).subject(&letter.subject);
        if let Some(digest) = &letter.digest {
            // RFC 8058: one press ends it.
            message = header(message, "List-Unsubscribe", format!("<{}>", digest.stop));
            message = header(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into());
            if let Some(address) = &digest.reply_to {
                message = message.reply_to(address.parse()?);
            }
        }
        // RFC 3834: programs are asked not to answer what nobody wrote.
        if letter.talk.as_ref().is_none_or(|it| it.message_id.is_none()) {
            message = header(message, "Auto-Submitted", "auto-generated".into());
        }
        if let Some(talk) = &letter.talk {
            if let Some(address) = &talk.reply_to {
                message = message.reply_to(address.parse()?);
            }
            if let Some(before) = &talk.in_reply_to {
                message = message.in_reply_to(before.clone()).references(before.clone());
            }
            message = message.message_id(talk.message_id.clone());
        }
        let message = message.multipart(body(letter)?)?;
        let answer = transport.send(message).await?;
        let said: Vec<&str> = answer.message().collect();
        Ok(format!("{} {}", answer.code(), said.join(" ")))
    }

    /// Whether the mail server answers.
    ///
    /// # Errors
    /// What it said.
    pub async fn check(&self) -> Result<bool> {
        let (transport, _) = self.way().await?;
        Ok(transport.test_connection().await?)
    }
}

/// What an address of a mail server says, without its password.
fn shown(url: &str, from: &str) -> MailServer {
    let (scheme, rest) = url.split_once("://").unwrap_or(("smtp", url));
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    let (account, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    let security = match scheme {
        "smtps" => Security::Tls,
        _ if with_tls(url).contains("tls=required") => Security::Starttls,
        _ => Security::None,
    };
    let usual = if security == Security::Tls { 465 } else { 587 };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(usual)),
        _ => (place, usual),
    };
    let account = account.split(':').next().unwrap_or_default();
    let text = |it: &str| it.to_owned();
    MailServer {
        host: text(host),
        port,
        security,
        account: text(account),
        password: String::new(),
        from: text(from),
    }
}

/// Away from this machine, passwords and links travel under TLS only.
fn with_tls(url: &str) -> String {
    let local = ["//127.0.0.1", "//localhost", "//[::1]"].iter().any(|host| url.contains(host));
    match url.starts_with("smtp://") && !local && !url.contains("tls=") {
        true if url.contains('?') => format!("{url}&tls=required"),
        true => format!("{url}?tls=required"),
        false => url.to_owned(),
    }
}

fn header(message: MessageBuilder, name: &'static str, value: String) -> MessageBuilder {
    message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value))
}

/// What it says as text and as a page; with a meeting, also as the calendar part that calendars look for, and as a file
/// for those that do not.
fn body(letter: &Letter) -> Result<MultiPart> {
    let said = MultiPart::alternative()
        .singlepart(SinglePart::plain(plain(letter)))
        .singlepart(SinglePart::html(html(letter)));
    let Some(calendar) = &letter.calendar else { return Ok(said) };
    let kind = format!("text/calendar; charset=utf-8; method={}", calendar.method);
    let part = SinglePart::builder().header(ContentType::parse(&kind)?).body(calendar.text.clone());
    let file = Attachment::new("meeting.ics".into())
        .body(calendar.text.clone(), ContentType::parse("application/ics; charset=utf-8")?);
    Ok(MultiPart::mixed().multipart(said.singlepart(part)).singlepart(file))
}

fn plain(letter: &Letter) -> String {
    let told = letter.talk.as_ref().map(Talk::plain);
    let more = letter.digest.as_ref().map(Digest::plain).or(told).unwrap_or_default();
    format!("{}\n{more}\n{}\n{}\n\n{}\n", letter.lines.join("\n"), letter.link.0, letter.link.1, letter.after)
}

fn html(letter: &Letter) -> String {
    let lines: String = letter.lines.iter().map(|line| format!("<p>{}</p>", escape(line))).collect();
    let told = letter.talk.as_ref().map(Talk::html);
    let more = letter.digest.as_ref().map(Digest::html).or(told).unwrap_or_default();
    let (words, target) = (escape(&letter.link.0), escape(&letter.link.1));
    format!(
        "<div style=\"font:16px/1.5 sans-serif;color:#1b201d;max-width:32em\">{lines}{more}\
         <p><a href=\"{target}\" style=\"display:inline-block;padding:.7em 1.2em;background:#0b6652;color:#fff;\
         border-radius:10px;text-decoration:none\">{words}</a></p><p style=\"color:#616963\">{}</p></div>",
        escape(&letter.after)
    )
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A name that somebody else chose, made harmless: one line, no links, short.
pub(crate) fn name(text: &str) -> String {
    let line: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    line.replace("://", " ").replace(['<', '>', '@'], " ").replace("www.", " ")
}

/// An invitation into the workspace or into one space of it.
pub fn invitation(language: &str, to: &str, inviter: &str, place: &str, url: &str) -> Letter {
    let (inviter, place) = (name(inviter), name(place));
    let (subject, line, words, after) = match language {
        "ko" => (
            format!("{inviter} 님이 {place}에 초대했습니다"),
            format!(
                "{inviter} 님이 마당의 {place}에 초대했습니다. 아래 버튼을 누르면 바로 참여할 수 있습니다."
            ),
            "초대 수락하기",
            "14일 동안 한 번만 쓸 수 있는 링크입니다. 모르는 초대라면 이 메일을 지우셔도 됩니다.",
        ),
        _ => (
            format!("{inviter} invites you to {place}"),
            format!("{inviter} invites you to {place} on Madang. The button below takes you in."),
            "Accept the invitation",
            "The link works once, for 14 days. If you do not know what this is about, delete this mail.",
        ),
    };
    letter(to, subject, line, words, url, after)
}

/// A way back in for somebody who forgot their password.
pub fn password_reset(language: &str, to: &str, url: &str) -> Letter {
    let (subject, line, words, after) = match language {
        "ko" => (
            "마당 비밀번호 바꾸기",
            "비밀번호를 새로 정하려면 아래 버튼을 눌러 주세요.",
            "비밀번호 바꾸기",
            "한 시간 동안 한 번만 쓸 수 있는 링크입니다. 요청한 적이 없다면 이 메일을 지우셔도 됩니다.",
        ),
        _ => (
            "Your Madang password",
            "Press the button below to choose a new password.",
            "Choose a new password",
            "The link works once, for one hour. If you did not ask for it, delete this mail.",
        ),
    };
    letter(to, subject.into(), line.into(), words, url, after)
}

/// A letter that shows that letters arrive.
pub fn test(language: &str, to: &str, url: &str) -> Letter {
    let (subject, line, words, after) = match language {
        "ko" => (
            "마당 시험 메일",
            "이 메일이 보이면 마당의 메일 설정이 잘 되어 있는 거예요.",
            "마당 열기",
            "관리 화면에서 시험 메일을 보냈을 때 오는 메일입니다.",
        ),
        _ => (
            "A test mail of Madang",
            "If you can read this, Madang can send mail.",
            "Open Madang",
            "This was sent because you asked for it under Administration.",
        ),
    };
    letter(to, subject.into(), line.into(), words, url, after)
}

/// Somebody takes the house along as a file; every owner is told.
pub fn export(language: &str, to: &str, who: &str, private: bool, url: &str) -> Letter {
    let who = name(who);
    let (subject, line, words, after) = match (language, private) {
        ("ko", false) => (
            format!("{who} 님이 워크스페이스를 내보냅니다"),
            "공개 스페이스의 메시지와 파일, 사람 목록, 감사 기록을 파일 하나로 내보냅니다. 비공개 스페이스와 1:1 대화는 들어가지 않습니다.",
            "마당 열기",
            "소유자 모두에게 보내는 메일입니다. 뜻밖의 일이라면 관리 화면에서 내보내기를 멈추고 누가 로그인해 있는지 확인해 주세요.",
        ),
        ("ko", true) => (
            format!("{who} 님이 비공개 대화까지 워크스페이스를 내보냅니다"),
            "모든 메시지와 파일을 비공개 스페이스와 1:1 대화까지 파일 하나로 내보냅니다. 그 대화에 있는 사람들은 대화 안에서 알림을 봅니다.",
            "마당 열기",
            "소유자 모두에게 보내는 메일입니다. 뜻밖의 일이라면 관리 화면에서 내보내기를 멈추고 누가 로그인해 있는지 확인해 주세요.",
        ),
        (_, false) => (
            format!("{who} exports your workspace"),
            "Messages and files of the open spaces, the list of people and the audit log go into one file. Closed spaces and direct conversations are left out.",
            "Open Madang",
            "All owners get this mail. If it comes as a surprise, stop the export under Administration and look who is signed in.",
        ),
        (_, true) => (
            format!("{who} exports your workspace with its private conversations"),
            "All messages and files go into one file, those of closed spaces and direct conversations too. Everybody in those is told there.",
            "Open Madang",
            "All owners get this mail. If it comes as a surprise, stop the export under Administration and look who is signed in.",
        ),
    };
    letter(to, subject, line.into(), words, url, after)
}

/// Proof that an address is read by the person who gave it.
pub fn confirmation(language: &str, to: &str, url: &str) -> Letter {
    let (subject, line, words, after) = match language {
        "ko" => (
            "마당 이메일 주소 확인",
            "이 주소로 마당 계정을 만들려면 아래 버튼을 눌러 주세요.",
            "주소 확인하기",
            "하루 동안 한 번만 쓸 수 있는 링크입니다. 요청한 적이 없다면 이 메일을 지우셔도 됩니다.",
        ),
        _ => (
            "Confirm your address for Madang",
            "Press the button below to make your Madang account with this address.",
            "Confirm the address",
            "The link works once, for one day. If you did not ask for it, delete this mail.",
        ),
    };
    letter(to, subject.into(), line.into(), words, url, after)
}

fn letter(to: &str, subject: String, line: String, words: &str, url: &str, after: &str) -> Letter {
    Letter {
        to: to.into(),
        subject,
        lines: vec![line],
        link: (words.into(), url.into()),
        after: after.into(),
        digest: None,
        calendar: None,
        talk: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_bring_a_link_or_a_line_of_its_own() {
        let letter = invitation(
            "ko",
            "sam@x.y",
            "https://evil.example\r\nBcc: all@x.y",
            "<b>정원</b>",
            "http://h/i/1",
        );
        assert!(!letter.subject.contains("://") && !letter.subject.contains('\n'));
        assert!(!html(&letter).contains("<b>"));
    }

    #[test]
    fn a_mail_server_is_shown_without_its_password() {
        let it = shown("smtps://nari%40x.kr:geheim@mail.example", "a@b.kr");
        assert_eq!((it.host.as_str(), it.port, it.security), ("mail.example", 465, Security::Tls));
        assert_eq!((it.account.as_str(), it.password.as_str()), ("nari%40x.kr", ""));
        let it = shown("smtp://mail.example:2525?tls=required", "a@b.kr");
        assert_eq!((it.host.as_str(), it.port, it.security), ("mail.example", 2525, Security::Starttls));
        let it = shown("smtp://127.0.0.1:2525", "a@b.kr");
        assert_eq!((it.port, it.security, it.account.as_str()), (2525, Security::None, ""));
    }

    #[test]
    fn mail_servers_elsewhere_are_spoken_to_under_tls() {
        assert_eq!(with_tls("smtp://u:p@mail.example:587"), "smtp://u:p@mail.example:587?tls=required");
        assert_eq!(with_tls("smtp://127.0.0.1:2525"), "smtp://127.0.0.1:2525");
        assert_eq!(with_tls("smtps://mail.example"), "smtps://mail.example");
    }
}
