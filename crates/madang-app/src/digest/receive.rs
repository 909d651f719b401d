//! An answer that came by mail: whose it is, whether it is one, and where it goes.
//!
//! The secret in the address says who answers and where. It is believed only together with the sender's address, for
//! letters are passed on. What a program answers by itself (RFC 3834) is let fall, or two programs would talk for ever.

use std::sync::Arc;

use madang_model::{Event, FileId, PersonId, Refusal, limits, name};
use madang_store::digests::{self, ReplyWay};
use madang_store::people;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use super::reply::own_words;
use crate::app::App;
use crate::error::{Error, Result};
use crate::messages::NewMessage;
use crate::people::workspace;
use crate::session::hash_of;

/// Headers that name the address at which a mail arrived, before those that its writer chose.
const ARRIVED: [&str; 5] = ["Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"];
/// Hex digits of the secret in an address.
const SECRET: usize = 32;

/// What became of a mail.
#[derive(Debug)]
pub enum Received {
    Posted(Arc<Event>),
    /// A program wrote it.
    Ignored,
    /// It cannot be taken: whoever wrote it is to be told why.
    Refused(Undelivered),
}

/// Why a mail is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It is no mail, or says nothing.
    Unreadable,
    Empty,
    /// The address leads nowhere, or does not any more.
    NoSuchAddress,
    /// It comes from another address than the one that was written to.
    WrongSender,
    /// The house says no.
    Refused(Refusal),
}

impl App {
    /// Takes in a mail (RFC 5322) that arrived at `to`, or at the address in its own headers.
    ///
    /// # Errors
    /// What the store or the disk said: then the mail is to be brought again.
    pub async fn receive_mail(self: &Arc<Self>, raw: Vec<u8>, to: Option<String>) -> Result<Received> {
        let Some(mail) = Mail::read(&raw, to.as_deref()) else {
            return Ok(Received::Refused(Undelivered::Unreadable));
        };
        if mail.is_automatic {
            return Ok(Received::Ignored);
        }
        let Some((way, address)) = self.way_of(mail.secret.as_deref()).await? else {
            return Ok(Received::Refused(Undelivered::NoSuchAddress));
        };
        if mail.from.is_none() || mail.from != address {
            return Ok(Received::Refused(Undelivered::WrongSender));
        }
        if mail.text.is_empty() && mail.files.is_empty() {
            return Ok(Received::Refused(Undelivered::Empty));
        }
        match self.post_mail(way, mail).await {
            Ok(event) => Ok(Received::Posted(event)),
            Err(Error::Refusal(refusal)) => Ok(Received::Refused(Undelivered::Refused(refusal))),
            Err(error) => Err(error),
        }
    }

    /// Where the address leads, and the mail address of whom it was given to.
    async fn way_of(self: &Arc<Self>, secret: Option<&str>) -> Result<Option<(ReplyWay, Option<String>)>> {
        let Some(secret) = secret else { return Ok(None) };
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let Some(way) = digests::way(conn, &hash, now_us)? else { return Ok(None) };
                let person = people::by_id(conn, house, way.person)?.filter(|it| it.standing().is_some());
                Ok(person.map(|it| (way, it.email)))
            })
            .await
    }

    async fn post_mail(self: &Arc<Self>, way: ReplyWay, mail: Mail) -> Result<Arc<Event>> {
        let mut files = Vec::new();
        if mail.files.len() > limits::MESSAGE_FILES {
            return Err(Refusal::TooMany { what: "files", limit: limits::MESSAGE_FILES }.into());
        }
        for file in &mail.files {
            files.push(self.take_in_attachment(way.person, file).await?);
        }
        let new = NewMessage {
            client_id: Some(mail.id),
            text: mail.text,
            thread: way.thread,
            files,
            ..NewMessage::default()
        };
        self.post(way.person, way.space, new).await
    }

    async fn take_in_attachment(self: &Arc<Self>, person: PersonId, file: &Attachment) -> Result<FileId> {
        let path = self.config.uploads.join(format!("mail-{}", self.ids.next()));
        tokio::fs::write(&path, &file.content).await.map_err(anyhow::Error::from)?;
        let taken = self.take_in_whole(person, &file.name, &file.media_type, &path).await;
        // Gone already when it was taken in.
        let _ = tokio::fs::remove_file(&path).await;
        Ok(taken?.id)
    }
}

/// What is used of a mail.
struct Mail {
    /// The same for the same mail, however often it is brought.
    id: String,
    from: Option<String>,
    secret: Option<String>,
    is_automatic: bool,
    text: String,
    files: Vec<Attachment>,
}

struct Attachment {
    name: String,
    media_type: String,
    content: Vec<u8>,
}

impl Mail {
    fn read(raw: &[u8], to: Option<&str>) -> Option<Mail> {
        let message = MessageParser::default().parse(raw)?;
        let from = message.from().and_then(|it| it.first()).and_then(|it| it.address());
        let from = from.and_then(|it| name::email(it).ok());
        let named = message.message_id().map_or_else(|| raw.to_vec(), |id| id.as_bytes().to_vec());
        let id: String = Sha256::digest(&named).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Some(Mail {
            id: format!("mail-{id}"),
            from,
            secret: secret(&message, to),
            is_automatic: is_automatic(&message),
            text: message.body_text(0).map(|text| own_words(&text)).unwrap_or_default(),
            files: attachments(&message),
        })
    }
}

/// The secret of the address at which it arrived.
fn secret(message: &Message<'_>, to: Option<&str>) -> Option<String> {
    if let Some(to) = to {
        return secret_in(to);
    }
    ARRIVED.iter().find_map(|header| match message.header(*header)? {
        HeaderValue::Text(text) => secret_in(text),
        HeaderValue::TextList(list) => list.iter().find_map(|it| secret_in(it)),
        HeaderValue::Address(all) => all.iter().filter_map(|it| it.address()).find_map(secret_in),
        _ => None,
    })
}

fn secret_in(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    let secret = local.rsplit_once('+')?.1.to_ascii_lowercase();
    (secret.len() == SECRET && secret.chars().all(|c| c.is_ascii_hexdigit())).then_some(secret)
}

/// Whether a program wrote it by itself (RFC 3834, 5; RFC 3464).
fn is_automatic(message: &Message<'_>) -> bool {
    let says = |header: &str| match message.header(header) {
        Some(HeaderValue::Text(text)) => text.trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    let submitted = says("Auto-Submitted");
    let is_report = message.content_type().is_some_and(|it| {
        it.ctype() == "multipart" && it.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))
    });
    (!submitted.is_empty() && !submitted.starts_with("no"))
        || matches!(says("Precedence").as_str(), "bulk" | "junk" | "list")
        || !says("X-Autoreply").is_empty()
        || says("Return-Path") == "<>"
        || is_report
}

/// Files that were attached; pictures of signatures, which the text refers to, are none.
fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message
        .attachments()
        .filter(|part| {
            let is_inline = part.content_disposition().is_some_and(|it| it.is_inline());
            part.attachment_name().is_some() && !(is_inline && part.content_id().is_some())
        })
        .map(|part| {
            let media_type = part.content_type().map_or_else(
                || "application/octet-stream".to_owned(),
                |it| format!("{}/{}", it.ctype(), it.subtype().unwrap_or("octet-stream")),
            );
            let name = part.attachment_name().unwrap_or_default().to_owned();
            Attachment { name, media_type, content: part.contents().to_vec() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET_OF: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_mail_in_any_encoding_says_what_was_written() {
        let raw = format!(
            "From: =?EUC-KR?B?wdg=?= <Joon@Example.com>\r\nTo: reply+{}@example.com\r\nMessage-ID: <1@x>\r\n\
             Content-Type: text/plain; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n\r\ns9csILCluNC/5A==\r\n",
            SECRET_OF.to_uppercase()
        );
        let mail = Mail::read(raw.as_bytes(), None).expect("a mail");
        assert_eq!(mail.from.as_deref(), Some("joon@example.com"));
        assert_eq!(mail.secret.as_deref(), Some(SECRET_OF));
        assert!(mail.text.starts_with("네, "), "{}", mail.text);
        assert!(!mail.is_automatic);
        assert_eq!(mail.id, Mail::read(raw.as_bytes(), None).expect("again").id);
    }

    #[test]
    fn a_letter_of_html_alone_has_words_and_attachments_without_pictures_of_signatures() {
        let raw = "From: joon@example.com\r\nDelivered-To: reply+0123456789abcdef0123456789abcdef@example.com\r\n\
            To: somebody@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/html; charset=utf-8\r\n\r\n<p>네</p><blockquote>답장은 이 줄 위에</blockquote>\r\n--b\r\n\
            Content-Type: image/png; name=logo.png\r\nContent-Disposition: inline; filename=logo.png\r\n\
            Content-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b\r\n\
            Content-Type: text/csv\r\nContent-Disposition: attachment; filename=\"seeds.csv\"\r\n\r\na,b\r\n--b--\r\n";
        let mail = Mail::read(raw.as_bytes(), None).expect("a mail");
        assert_eq!((mail.text.as_str(), mail.secret.as_deref()), ("네", Some(SECRET_OF)));
        let files: Vec<&str> = mail.files.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(files, ["seeds.csv"]);
        assert_eq!(mail.files[0].media_type, "text/csv");
    }

    #[test]
    fn programs_are_not_answered() {
        for header in
            ["Auto-Submitted: auto-replied", "Precedence: bulk", "Content-Type: multipart/report; boundary=x"]
        {
            let raw = format!("From: joon@example.com\r\n{header}\r\n\r\nI am away.\r\n");
            assert!(Mail::read(raw.as_bytes(), None).expect("a mail").is_automatic, "{header}");
        }
        let raw = b"From: joon@example.com\r\nAuto-Submitted: no\r\n\r\nYes.\r\n";
        assert!(!Mail::read(raw, None).expect("a mail").is_automatic);
    }
}
