//! An answer that came by mail: whose it is, whether it is one, and where it goes.
//!
//! The secret in the address says who answers and where. It is believed only together with the sender's address, for
//! letters are passed on. What a program answers by itself (RFC 3834) is let fall, or two programs would talk for ever.

use std::sync::Arc;

use madang_model::permission::Role;
use madang_model::{Event, FileId, PersonId, Refusal, limits, name};
use madang_store::digests::{self, ReplyWay};
use madang_store::people;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use super::reply::own_words;
use crate::app::App;
use crate::desks::DeskMail;
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
        if mail.is_automatic || self.is_our_own(&mail).await? {
            return Ok(Received::Ignored);
        }
        let way = match self.way_of(mail.secret.as_deref()).await? {
            // A program that answers the desk and not the letter: its references lead to the ticket all the same.
            None if mail.desk.is_some() => self.way_of_references(&mail).await?,
            way => way,
        };
        let Some((way, address)) = way else {
            return match mail.desk {
                Some(_) => self.receive_at_desk(mail).await,
                None => Ok(Received::Refused(Undelivered::NoSuchAddress)),
            };
        };
        if mail.from.is_none() || mail.from != address {
            return Ok(Received::Refused(Undelivered::WrongSender));
        }
        if mail.text.is_empty() && mail.files.is_empty() {
            return Ok(Received::Refused(Undelivered::Empty));
        }
        posted(self.post_mail(way, mail).await)
    }

    /// A mail that opens a ticket.
    async fn receive_at_desk(self: &Arc<Self>, mail: Mail) -> Result<Received> {
        let (Some(key), Some(from)) = (mail.desk.clone(), mail.from.clone()) else {
            return Ok(Received::Refused(Undelivered::Unreadable));
        };
        if mail.text.is_empty() && mail.files.is_empty() {
            return Ok(Received::Refused(Undelivered::Empty));
        }
        let opening = DeskMail {
            key,
            from,
            name: mail.name.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            id: mail.id.clone(),
            message_id: mail.message_id.clone(),
        };
        let (space, person) = match self.open_by_mail(opening).await {
            Ok(opened) => opened,
            Err(error) => return posted(Err(error)),
        };
        posted(self.post_mail(ReplyWay { person, space, thread: None }, mail).await)
    }

    /// Whether the house wrote it itself: two desks that write to each other would do so for ever. Known by the name of
    /// the letter, and by a sender that is an address for answers.
    async fn is_our_own(self: &Arc<Self>, mail: &Mail) -> Result<bool> {
        if mail.from.as_deref().is_some_and(|it| secret_in(it).is_some() || desk_in(it).is_some()) {
            return Ok(true);
        }
        let name = mail.message_id.as_deref().and_then(|it| secret_in(it.trim_matches(['<', '>'])));
        Ok(self.way_of(name.as_deref()).await?.is_some())
    }

    async fn way_of_references(self: &Arc<Self>, mail: &Mail) -> Result<Option<(ReplyWay, Option<String>)>> {
        for secret in &mail.references {
            // Only for who was written to: references are passed on with every forwarded mail.
            let way = self.way_of(Some(secret)).await?;
            if let Some(way) = way.filter(|(_, address)| *address == mail.from) {
                return Ok(Some(way));
            }
        }
        Ok(None)
    }

    /// Where the address leads, and the mail address of whom it was given to.
    async fn way_of(self: &Arc<Self>, secret: Option<&str>) -> Result<Option<(ReplyWay, Option<String>)>> {
        let Some(secret) = secret else { return Ok(None) };
        let (app, hash, now_us) = (self.clone(), hash_of(secret), self.clock.now_us());
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let Some(way) = digests::way(conn, &hash, now_us)? else { return Ok(None) };
                let person = people::by_id(conn, house, way.person)?.filter(|it| it.standing().is_some());
                let Some(person) = person else { return Ok(None) };
                // The address of a visitor is in their ticket or contact, and never that of a person.
                let address = match person.standing() {
                    Some(Role::Visitor) => app.visitor_writes_from(conn, way.space)?,
                    _ => person.email,
                };
                Ok(Some((way, address)))
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

fn posted(answer: Result<Arc<Event>>) -> Result<Received> {
    match answer {
        Ok(event) => Ok(Received::Posted(event)),
        Err(Error::Refusal(refusal)) => Ok(Received::Refused(Undelivered::Refused(refusal))),
        Err(error) => Err(error),
    }
}

/// What is used of a mail.
struct Mail {
    /// The same for the same mail, however often it is brought.
    id: String,
    from: Option<String>,
    /// What the sender calls themselves.
    name: String,
    secret: Option<String>,
    /// The key of the desk at which it arrived.
    desk: Option<String>,
    subject: String,
    /// As in its own header, with the brackets.
    message_id: Option<String>,
    /// Secrets in the names of our letters that it refers to.
    references: Vec<String>,
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
        let sender = message.from().and_then(|it| it.first());
        let name = sender.and_then(|it| it.name()).unwrap_or_default().to_owned();
        let from = sender.and_then(|it| it.address());
        let from = from.and_then(|it| name::email(it).ok());
        let named = message.message_id().map_or_else(|| raw.to_vec(), |id| id.as_bytes().to_vec());
        let id: String = Sha256::digest(&named).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Some(Mail {
            id: format!("mail-{id}"),
            from,
            name,
            secret: arrived(&message, to, secret_in),
            desk: arrived(&message, to, desk_in),
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().map(|it| format!("<{it}>")),
            references: references(&message),
            is_automatic: is_automatic(&message),
            text: message.body_text(0).map(|text| own_words(&text)).unwrap_or_default(),
            files: attachments(&message),
        })
    }
}

/// What the address says at which it arrived.
fn arrived(message: &Message<'_>, to: Option<&str>, says: fn(&str) -> Option<String>) -> Option<String> {
    if let Some(to) = to {
        return says(to);
    }
    ARRIVED.iter().find_map(|header| match message.header(*header)? {
        HeaderValue::Text(text) => says(text),
        HeaderValue::TextList(list) => list.iter().find_map(|it| says(it)),
        HeaderValue::Address(all) => all.iter().filter_map(|it| it.address()).find_map(says),
        _ => None,
    })
}

/// `reply+desk-KEY@example.com`, or `desk-KEY@example.com` where somebody leads that here.
fn desk_in(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    let local = local.to_ascii_lowercase();
    let key = local.rsplit('+').next()?.strip_prefix("desk-")?;
    key.chars().all(|c| c.is_ascii_alphanumeric()).then(|| key.to_owned())
}

/// Secrets of letters that this one answers.
fn references(message: &Message<'_>) -> Vec<String> {
    let named = [message.in_reply_to(), message.references()];
    let ids = named.into_iter().flat_map(|it| match it {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(list) => list.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    });
    ids.filter_map(|id| secret_in(&id)).take(20).collect()
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
