//! Files that lie elsewhere, as apps know them (`files.remote.*`): a title and an address. What is in them never comes
//! here; whoever opens one asks the house where it lies.

use std::sync::Arc;

use madang_model::refusal::Thing;
use madang_model::{AppId, FileId, PersonId, Refusal, limits, text};
use madang_store::apps::remote_files::{self, RemoteFileRecord};

use crate::app::App;
use crate::error::{Error, Result};

/// What an app says of one.
#[derive(Debug, Clone)]
pub struct RemoteFile {
    pub external_id: String,
    pub title: String,
    pub url: String,
    pub filetype: String,
}

/// How one is named.
#[derive(Debug, Clone)]
pub enum RemoteName {
    Id(FileId),
    External(String),
}

/// Which of them.
#[derive(Debug, Clone, Copy)]
pub struct WhichRemote {
    pub before: Option<FileId>,
    /// Microseconds since 1970, both included.
    pub since_us: i64,
    pub until_us: i64,
    pub limit: i64,
}

impl App {
    /// Keeps one for an app; of the same name there is one.
    ///
    /// # Errors
    /// `Invalid`, `TooLong`, `TooMany`, or what the store said.
    pub async fn put_remote_file(
        self: &Arc<Self>,
        person: PersonId,
        id: AppId,
        file: RemoteFile,
    ) -> Result<RemoteFileRecord> {
        let app = self.clone();
        check(&file)?;
        self.db
            .write(move |tx| {
                let RemoteFile { external_id, title, url, filetype } = file.clone();
                let known = remote_files::by_external(tx, id, &external_id)?;
                if known.is_none() && remote_files::count(tx, id)? >= limits::REMOTE_FILES {
                    let limit = limits::REMOTE_FILES as usize;
                    return Err(Error::from(Refusal::TooMany { what: "files", limit }));
                }
                let (file_id, created_by, created_at) = match &known {
                    Some(known) => (known.id, known.created_by, known.created_at),
                    None => (FileId(app.ids.next()), person, app.clock.now_us()),
                };
                let record = RemoteFileRecord {
                    id: file_id,
                    app: id,
                    external_id,
                    title: title.trim().to_owned(),
                    url,
                    filetype,
                    created_by,
                    created_at,
                };
                remote_files::put(tx, &record)?;
                Ok(record)
            })
            .await
    }

    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn remote_file(self: &Arc<Self>, id: AppId, name: RemoteName) -> Result<RemoteFileRecord> {
        self.db
            .read(move |conn| {
                let found = match &name {
                    RemoteName::Id(file) => remote_files::by_id(conn, id, *file)?,
                    RemoteName::External(name) => remote_files::by_external(conn, id, name)?,
                };
                Ok(found.ok_or(Refusal::NotFound(Thing::File))?)
            })
            .await
    }

    /// # Errors
    /// What the store said.
    pub async fn remote_files(
        self: &Arc<Self>,
        id: AppId,
        which: WhichRemote,
    ) -> Result<Vec<RemoteFileRecord>> {
        self.db
            .read(move |conn| {
                let before = which.before.unwrap_or(FileId(i64::MAX));
                let between = (which.since_us, which.until_us);
                Ok(remote_files::of_app(conn, id, before, between, which.limit)?)
            })
            .await
    }

    /// What was said of it in messages stays there.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn remove_remote_file(self: &Arc<Self>, id: AppId, name: RemoteName) -> Result<()> {
        let record = self.remote_file(id, name).await?;
        self.db
            .write(move |tx| match remote_files::remove(tx, id, record.id)? {
                true => Ok(()),
                false => Err(Error::from(Refusal::NotFound(Thing::File))),
            })
            .await
    }
}

fn check(file: &RemoteFile) -> Result<()> {
    let invalid = |what: &'static str, why: &str| Error::from(Refusal::Invalid { what, why: why.into() });
    let long = |text: &str| text.chars().count() > limits::BOOKMARK_TITLE_CHARS || text.contains('\0');
    if file.external_id.is_empty() || long(&file.external_id) {
        return Err(invalid("external id", "give 1 to 255 characters"));
    }
    if file.title.trim().is_empty() || long(&file.title) || file.title.chars().any(char::is_control) {
        return Err(invalid("title", "give one line of 1 to 255 characters"));
    }
    let is_page = ["https://", "http://"].iter().any(|it| file.url.starts_with(it));
    if !is_page || !text::is_address(&file.url) || file.url.chars().count() > limits::PAGE_URL_CHARS {
        return Err(invalid("link", "give an address with https:// or http://"));
    }
    if long(&file.filetype) {
        return Err(invalid("file type", "give at most 255 characters"));
    }
    Ok(())
}
