//! The letter of a digest: what it says, and the addresses at which it is answered and ended.

use madang_store::db::Tx;
use madang_store::digests::{self, ReplyWay};
use madang_store::secrets::{self, SecretRecord};
use serde::{Deserialize, Serialize};

use super::GOOD_US;
use super::news::{Group, Said, Waiting};
use super::reply::MARK;
use crate::app::App;
use crate::error::Result;
use crate::mail::{Letter, escape};
use crate::push::Words;
use crate::session::{fresh_secret, hash_of};

/// What a letter holds beside its sentences when it is a digest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Digest {
    pub sections: Vec<Section>,
    /// Where the one conversation that it is about is answered.
    pub reply_to: Option<String>,
    /// Where one press ends all digests (RFC 8058).
    pub stop: String,
}

/// One conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// Who said what, oldest first.
    pub said: Vec<(String, String)>,
    /// How much is not shown; empty for nothing.
    pub more: String,
    /// The words on a link and where it leads: to the conversation, and to an answer by mail.
    pub open: (String, String),
    pub answer: Option<(String, String)>,
}

impl App {
    /// Writes the letter, with addresses that are good for a while.
    pub(super) fn digest_letter(&self, tx: &mut Tx, waiting: &Waiting, now_us: i64) -> Result<Letter> {
        let words = Words::of(&waiting.me.language);
        let stop = fresh_secret("")?;
        let record = SecretRecord {
            id: self.ids.next(),
            kind: "digest".into(),
            workspace: None,
            email: None,
            person: Some(waiting.me.id),
            space: None,
            role: None,
            password_hash: None,
            inviter: None,
            mailed: true,
            created_at: now_us,
            expires_at: now_us + GOOD_US,
        };
        secrets::insert(tx, &record, &hash_of(&stop))?;
        let mut digest = Digest {
            sections: Vec::new(),
            reply_to: None,
            stop: format!("{}/api/v1/mail/stop/{stop}", self.config.public_url),
        };
        if waiting.with_contents {
            for group in &waiting.groups {
                let answer = self.reply_address(tx, waiting, group, now_us)?;
                digest.reply_to = answer.clone().filter(|_| waiting.groups.len() == 1);
                digest.sections.push(self.section(group, answer, words));
            }
        }
        let answers = if digest.reply_to.is_some() { format!("{MARK}\n") } else { String::new() };
        let (subject, opening, open, after) = said_of(waiting, words);
        Ok(Letter {
            to: waiting.me.email.clone().unwrap_or_default(),
            subject,
            lines: [answers, opening].into_iter().filter(|it| !it.is_empty()).collect(),
            link: (open, self.config.public_url.clone()),
            after: format!("{after} {}/me/notifications", self.config.public_url),
            digest: Some(digest),
            calendar: None,
            talk: None,
        })
    }

    fn section(&self, group: &Group, answer: Option<String>, words: Words) -> Section {
        let said = |said: &Said| (said.who.clone(), said.text.clone());
        let (open, answer_words, more) = match words {
            Words::Korean => {
                ("마당에서 보기", "메일로 답하기", format!("그 앞에 {}개 더 있어요", group.more))
            }
            Words::English => {
                ("Open in Madang", "Answer by mail", format!("{} more before these", group.more))
            }
        };
        Section {
            title: group.title.clone(),
            said: group.said.iter().map(said).collect(),
            more: if group.more > 0 { more } else { String::new() },
            open: (open.into(), format!("{}{}", self.config.public_url, group.path)),
            answer: answer.map(|to| (answer_words.into(), format!("mailto:{to}"))),
        }
    }

    /// An address that belongs to this person and this conversation; none when no mail comes in.
    fn reply_address(
        &self,
        tx: &mut Tx,
        waiting: &Waiting,
        group: &Group,
        now_us: i64,
    ) -> Result<Option<String>> {
        let Some((local, domain)) = self.config.reply_address.as_deref().and_then(|it| it.split_once('@'))
        else {
            return Ok(None);
        };
        let secret = mail_secret()?;
        let way = ReplyWay { person: waiting.me.id, space: group.space, thread: group.thread };
        digests::open_way(tx, &hash_of(&secret), way, now_us + GOOD_US)?;
        Ok(Some(format!("{local}+{secret}@{domain}")))
    }
}

/// 128 random bits as small hex digits: mail servers may not keep capitals.
pub(crate) fn mail_secret() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Subject, first sentence, words on the link, last sentence.
fn said_of(waiting: &Waiting, words: Words) -> (String, String, String, String) {
    let (house, count) = (&waiting.house, waiting.count);
    let one = match waiting.groups.as_slice() {
        [group] if waiting.with_contents && count == 1 => group.said.first().map(|said| (group, said)),
        _ => None,
    };
    let deed = one.map(|(group, said)| {
        let deed = words.deed(&said.kind, &said.who).unwrap_or_else(|| said.who.clone());
        if group.title == said.who { deed } else { format!("{deed} · {}", group.title) }
    });
    match words {
        Words::Korean => (
            deed.unwrap_or_else(|| format!("{house}에 읽지 않은 메시지 {count}개가 있어요")),
            format!("자리를 비우신 동안 {house}에 나를 찾는 메시지가 {count}개 왔어요."),
            "마당 열기".into(),
            "이런 메일은 하루에 한 번만 가요. 받지 않으려면:".into(),
        ),
        Words::English => (
            deed.unwrap_or_else(|| match count {
                1 => format!("1 unread message in {house}"),
                _ => format!("{count} unread messages in {house}"),
            }),
            match count {
                1 => format!("While you were away, 1 message in {house} was for you."),
                _ => format!("While you were away, {count} messages in {house} were for you."),
            },
            "Open Madang".into(),
            "Such a mail comes once a day at most. To stop it:".into(),
        ),
    }
}

impl Digest {
    pub(crate) fn plain(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            text.push_str(&format!("\n# {}\n", section.title));
            if !section.more.is_empty() {
                text.push_str(&format!("({})\n", section.more));
            }
            for (who, said) in &section.said {
                text.push_str(&format!("{who}: {said}\n"));
            }
            text.push_str(&format!("{}: {}\n", section.open.0, section.open.1));
            if let Some((words, to)) = &section.answer {
                text.push_str(&format!("{words}: {}\n", to.trim_start_matches("mailto:")));
            }
        }
        text
    }

    pub(crate) fn html(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            text.push_str(&format!(
                "<div style=\"border-left:3px solid #0b6652;padding-left:.8em;margin:1.2em 0\">\
                 <p style=\"margin:.2em 0\"><b>{}</b></p>",
                escape(&section.title)
            ));
            if !section.more.is_empty() {
                text.push_str(&format!(
                    "<p style=\"margin:.2em 0;color:#616963\">{}</p>",
                    escape(&section.more)
                ));
            }
            for (who, said) in &section.said {
                text.push_str(&format!(
                    "<p style=\"margin:.2em 0\"><b>{}</b> {}</p>",
                    escape(who),
                    escape(said)
                ));
            }
            let links = [Some(&section.open), section.answer.as_ref()];
            let links: Vec<String> = links
                .into_iter()
                .flatten()
                .map(|(words, to)| {
                    format!("<a style=\"color:#0b6652\" href=\"{}\">{}</a>", escape(to), escape(words))
                })
                .collect();
            text.push_str(&format!("<p style=\"margin:.4em 0\">{}</p></div>", links.join(" · ")));
        }
        text
    }
}
