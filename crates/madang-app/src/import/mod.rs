//! Moving in: people, spaces and messages of another house become ours.
//!
//! A reader of a format gives everything in our words (`Export`); here it enters by the log's `append`, with the times
//! it had. Nobody is in a space while its history comes in, so nobody is told of it; the people join at its end and
//! find the whole history read. Every step can be done twice: an import that was cut off is run again.

mod attach;
mod messages;
mod people;
mod report;
mod runs;
mod spaces;
mod text;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use madang_model::space::SpaceKind;
use madang_model::{PersonId, SpaceId};

use crate::app::App;
use crate::error::Result;
pub use report::{Loss, Report};
pub(crate) use runs::Underway;
pub use runs::{Ask, Run};

/// An export of another house, read by somebody who knows its format.
///
/// Keys are the other house's own and the same at every reading. What a reader cannot use it counts as a loss.
pub trait Export: Send + 'static {
    /// Names the other house: at most 24 letters, digits and dashes, such as `slack-T0123`.
    fn house(&self) -> String;

    /// # Errors
    /// What is wrong with the export.
    fn people(&mut self) -> anyhow::Result<Vec<OldPerson>>;

    /// # Errors
    /// What is wrong with the export.
    fn spaces(&mut self) -> anyhow::Result<Vec<OldSpace>>;

    /// Part `n` of a space's messages, from 0, in the order of time; none after the last part.
    ///
    /// # Errors
    /// What is wrong with the export.
    fn messages(&mut self, space: &str, n: usize) -> anyhow::Result<Option<OldPart>>;

    /// Writes the content of a file to a path that does not exist yet; false when the export does not hold it.
    ///
    /// # Errors
    /// What is wrong with the export, or with the disk.
    fn file(&mut self, key: &str, to: &Path) -> anyhow::Result<bool>;
}

/// What somebody of the other house is to be here when we do not know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldRole {
    Member,
    Guest,
    /// Their messages keep a name; they do not belong to the house.
    Gone,
}

#[derive(Debug, Clone)]
pub struct OldPerson {
    pub key: String,
    pub name: String,
    /// Whoever has this address here is the same person.
    pub email: Option<String>,
    pub bot: bool,
    pub role: OldRole,
}

#[derive(Debug, Clone)]
pub struct OldSpace {
    pub key: String,
    pub name: String,
    pub description: String,
    pub kind: SpaceKind,
    pub creator: Option<String>,
    /// Microseconds since 1970.
    pub created_us: Option<i64>,
    pub people: Vec<String>,
    pub archived: bool,
    pub pins: Vec<OldPin>,
}

#[derive(Debug, Clone)]
pub struct OldPin {
    pub message: String,
    pub by: Option<String>,
    pub at_us: i64,
}

/// Some of a space's messages, and what of them could not be used.
#[derive(Debug, Clone, Default)]
pub struct OldPart {
    pub messages: Vec<OldMessage>,
    pub losses: Vec<(Loss, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct OldMessage {
    /// Unique in its space, at most 24 printable characters.
    pub key: String,
    pub at_us: i64,
    pub author: String,
    /// What an author is called whom the list of people does not hold.
    pub author_name: Option<String>,
    /// In the language of our texts, with the other house's keys in `<@…>` and `<#…>`.
    pub text: String,
    /// The key of the root.
    pub thread: Option<String>,
    pub also: bool,
    pub files: Vec<OldFile>,
    pub reactions: Vec<(String, Vec<String>)>,
    pub edited_us: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct OldFile {
    pub key: String,
    pub name: String,
    pub media_type: String,
}

/// How far an import is, in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub of: u64,
}

/// What an import knows while it runs.
struct Import<E> {
    app: Arc<App>,
    export: Option<E>,
    house: String,
    /// In whose name what has no author is done.
    by: PersonId,
    people: HashMap<String, PersonId>,
    spaces: HashMap<String, SpaceId>,
    report: Report,
    /// Where contents of files lie for a moment.
    desk: PathBuf,
}

impl App {
    /// Brings what `export` holds into this house, in the name of `by`. A dry run only looks, and counts.
    ///
    /// # Errors
    /// What is wrong with the export, or what the store said. What was brought stays, and the next run goes on there.
    pub async fn import<E, P>(
        self: &Arc<Self>,
        export: E,
        by: PersonId,
        dry: bool,
        progress: P,
    ) -> Result<Report>
    where
        E: Export,
        P: Fn(Progress) + Send + Sync,
    {
        let mut import = Import {
            app: self.clone(),
            house: export.house(),
            export: Some(export),
            by,
            people: HashMap::new(),
            spaces: HashMap::new(),
            report: Report::default(),
            desk: self.config.uploads.clone(),
        };
        let mut people = import.with_export(|export| export.people()).await?;
        let spaces = import.with_export(|export| export.spaces()).await?;
        import.survey(&mut people, &spaces).await?;
        if dry {
            import.compare(&people, &spaces).await?;
            return Ok(import.report);
        }
        import.bring_people(&people).await?;
        import.bring_spaces(&spaces).await?;
        let mut done = Progress { done: 0, of: import.report.messages };
        for space in &spaces {
            import.bring_messages(space, &mut done, &progress).await?;
        }
        Ok(import.report)
    }
}

impl<E: Export> Import<E> {
    /// Reads in the export, on a thread that may wait for the disk.
    async fn with_export<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut E) -> anyhow::Result<T> + Send + 'static,
    {
        let mut export = self.export.take().expect("it is put back below, whatever the work said");
        let (export, answer) = tokio::task::spawn_blocking(move || {
            let answer = work(&mut export);
            (export, answer)
        })
        .await
        .map_err(anyhow::Error::from)?;
        self.export = Some(export);
        Ok(answer?)
    }

    async fn part(&mut self, space: &str, n: usize) -> Result<Option<OldPart>> {
        let space = space.to_owned();
        self.with_export(move |export| export.messages(&space, n)).await
    }

    /// Walks through everything once: counts, and finds authors that the list of people does not hold.
    async fn survey(&mut self, people: &mut Vec<OldPerson>, spaces: &[OldSpace]) -> Result<()> {
        let mut known: HashMap<String, ()> = people.iter().map(|it| (it.key.clone(), ())).collect();
        for space in spaces {
            let mut n = 0;
            while let Some(part) = self.part(&space.key, n).await? {
                n += 1;
                self.report.lose(&space.name, part.losses);
                self.report.messages += part.messages.len() as u64;
                for message in part.messages {
                    self.report.replies += u64::from(message.thread.is_some());
                    self.report.files_named += message.files.len() as u64;
                    if known.insert(message.author.clone(), ()).is_none() {
                        let name = message.author_name.unwrap_or_else(|| message.author.clone());
                        let key = message.author;
                        people.push(OldPerson { key, name, email: None, bot: true, role: OldRole::Gone });
                    }
                }
            }
        }
        self.report.spaces = spaces.len() as u64;
        self.report.people = people.len() as u64;
        Ok(())
    }
}
