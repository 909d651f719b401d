//! A chat that KakaoTalk exported: a text file of one room, as the phone (Android, iOS), the PC and the Mac write it,
//! in Korean and in English.
//!
//! It names people and minutes, nothing else: who somebody is here is said by whoever imports it.

mod line;
mod read;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use madang_app::import::{Export, OldPart, OldPerson, OldRole, OldSpace};
use madang_model::space::SpaceKind;
use sha2::{Digest, Sha256};

/// Larger files are no chat of one room.
const LIMIT: u64 = 512 << 20;
/// Messages given at once.
const PART: usize = 1_000;
/// How the phone names whoever made the export.
const ME: &str = "회원님";

/// What whoever imports a chat says about it.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the space; without it, that of the room.
    pub space: Option<String>,
    /// E-mail addresses of people, by the names they have in the room.
    pub people: HashMap<String, String>,
    /// Whoever imports it, and is in the space.
    pub me: String,
    /// Where the phone was that wrote the times.
    pub zone: TimeZone,
}

/// A chat that was read.
pub struct KakaoTalk {
    about: About,
    room: String,
    parts: Vec<OldPart>,
    /// Everybody who wrote, in the order of their first message.
    writers: Vec<String>,
}

impl KakaoTalk {
    /// Reads the text or CSV that KakaoTalk exported.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn open(file: &Path, about: About) -> Result<KakaoTalk> {
        let size =
            std::fs::metadata(file).with_context(|| format!("{} cannot be opened", file.display()))?.len();
        if size > LIMIT {
            bail!("{} is larger than {} MB, which no chat is", file.display(), LIMIT >> 20);
        }
        let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let chat = read::chat(&text(&bytes)?, &about.zone);
        if chat.messages.is_empty() {
            bail!("no message was found: give the text file (or CSV) that \"Export chat\" in KakaoTalk made");
        }
        let stem = file.file_stem().map(|it| it.to_string_lossy().into_owned());
        let room = chat.room.or(stem).unwrap_or_default();
        let mut writers: Vec<String> = Vec::new();
        for message in &chat.messages {
            if !writers.contains(&message.author) {
                writers.push(message.author.clone());
            }
        }
        let mut parts: Vec<OldPart> = chat
            .messages
            .chunks(PART)
            .map(|some| OldPart { messages: some.to_vec(), losses: Vec::new() })
            .collect();
        parts[0].losses = chat.losses;
        Ok(KakaoTalk { about, room, parts, writers })
    }

    fn email_of(&self, name: &str) -> Option<String> {
        let mine = || (name == ME).then(|| self.about.me.clone());
        self.about.people.get(name).cloned().or_else(mine)
    }
}

/// UTF-8, UTF-16 or what Windows in Korean wrote before (CP949).
fn text(bytes: &[u8]) -> Result<String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, wrong) = encoding_rs::EUC_KR.decode(bytes);
    if wrong {
        bail!("the file is neither UTF-8 nor Korean text of Windows: export the chat again");
    }
    Ok(text.into_owned())
}

impl Export for KakaoTalk {
    fn house(&self) -> String {
        let hash = Sha256::digest(self.room.as_bytes());
        let name: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("kakaotalk-{name}")
    }

    fn people(&mut self) -> Result<Vec<OldPerson>> {
        let mut names = self.writers.clone();
        names.extend(self.about.people.keys().filter(|it| !self.writers.contains(it)).cloned());
        if !names.iter().any(|it| self.email_of(it).as_ref() == Some(&self.about.me)) {
            names.push(ME.to_owned());
        }
        Ok(names
            .into_iter()
            .map(|name| {
                let email = self.email_of(&name);
                let role = if email.is_some() { OldRole::Guest } else { OldRole::Gone };
                OldPerson { key: name.clone(), name, email, bot: false, role }
            })
            .collect())
    }

    fn spaces(&mut self) -> Result<Vec<OldSpace>> {
        let people = self.people()?.into_iter().filter(|it| it.email.is_some()).map(|it| it.key);
        let first = self.parts.first().and_then(|it| it.messages.first()).map(|it| it.at_us);
        Ok(vec![OldSpace {
            key: "room".into(),
            name: self.about.space.clone().unwrap_or_else(|| self.room.clone()),
            description: String::new(),
            kind: SpaceKind::Closed,
            creator: self
                .people()?
                .into_iter()
                .find(|it| it.email.as_ref() == Some(&self.about.me))
                .map(|it| it.key),
            created_us: first.map(|it| it - 1),
            people: people.collect(),
            archived: false,
            pins: Vec::new(),
        }])
    }

    fn messages(&mut self, _: &str, n: usize) -> Result<Option<OldPart>> {
        Ok(self.parts.get(n).cloned())
    }

    fn file(&mut self, _: &str, _: &Path) -> Result<bool> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
