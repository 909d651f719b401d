//! Imports that are asked for in the app: one after the other, each looked at in a dry run before it is brought. They
//! survive a restart, and what was stopped or failed goes on where it was.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;
use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{FileId, PersonId, Refusal};
use madang_store::blob::BlobName;
use madang_store::db::Conn;
use madang_store::import_runs::{self, RunRecord};
use madang_store::{files, log};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::Progress;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// What an import is made of.
#[derive(Debug, Clone)]
pub struct Ask {
    /// "slack" or "kakaotalk".
    pub source: String,
    /// The export: an unused file of whoever asks.
    pub file: FileId,
    /// What the reader of the format wants to know.
    pub about: Value,
}

/// An import, as those who may see it see it.
#[derive(Debug, Clone)]
pub struct Run {
    pub record: RunRecord,
    pub file_name: String,
    pub file_size: i64,
    /// While it runs for real.
    pub progress: Option<Progress>,
}

/// What runs in this process, and how far it is.
#[derive(Default)]
pub(crate) struct Underway {
    runs: Mutex<HashMap<i64, (Option<Progress>, AbortHandle)>>,
    /// Wakes the worker.
    new: Notify,
}

impl App {
    /// Asks for an import; its dry run waits from here on.
    ///
    /// # Errors
    /// `NotAllowed`, `FileNotUsable`, or what the store said.
    pub async fn ask_for_import(self: &Arc<Self>, person: PersonId, ask: Ask) -> Result<Run> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        let run = self
            .db
            .write(move |tx| -> Result<Run> {
                may_import(tx, person)?;
                let file = files::by_ids_locked(tx, &[ask.file])?.pop().ok_or(Refusal::FileNotUsable)?;
                if file.uploader != person || !file.used_as.is_empty() || file.removed {
                    return Err(Refusal::FileNotUsable.into());
                }
                files::set_used_as(tx, ask.file, "import")?;
                let id = app.ids.next();
                import_runs::insert(tx, id, person, &ask.source, ask.file, &ask.about.to_string(), now_us)?;
                app.import_by_id(tx, id)
            })
            .await?;
        self.underway.new.notify_one();
        Ok(run)
    }

    /// The newest imports.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn imports(self: &Arc<Self>, person: PersonId) -> Result<Vec<Run>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                may_import(conn, person)?;
                import_runs::list(conn)?.into_iter().map(|it| app.seen_import(conn, it)).collect()
            })
            .await
    }

    /// Lets an import run, dry or real, once more or on from where it was; `about` takes the place of what was said.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Invalid` while it runs, or what the store said.
    pub async fn run_import(
        self: &Arc<Self>,
        person: PersonId,
        id: i64,
        dry: bool,
        about: Option<Value>,
    ) -> Result<Run> {
        let (app, by) = (self.clone(), by(person));
        let run = self
            .db
            .write(move |tx| -> Result<Run> {
                may_import(tx, person)?;
                let record = import_runs::by_id(tx, id)?.ok_or(Refusal::NotFound(Thing::File))?;
                if matches!(record.state.as_str(), "waiting" | "running") {
                    return Err(Refusal::Invalid { what: "import", why: "it runs already".into() }.into());
                }
                let about = about.as_ref().map_or(record.about, Value::to_string);
                import_runs::ask(tx, id, dry, &about)?;
                if !dry {
                    let what = json!({"source": record.source});
                    app.write_down(tx, by, Act::Imported, Object::Nothing, what)?;
                }
                app.import_by_id(tx, id)
            })
            .await?;
        self.underway.new.notify_one();
        Ok(run)
    }

    /// Stops an import that runs or waits; what was brought stays. Takes one that has ended from the list, and its
    /// file away.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn stop_import(self: &Arc<Self>, person: PersonId, id: i64) -> Result<()> {
        self.db
            .write(move |tx| -> Result<()> {
                may_import(tx, person)?;
                let record = import_runs::by_id(tx, id)?.ok_or(Refusal::NotFound(Thing::File))?;
                if matches!(record.state.as_str(), "waiting" | "running") {
                    return Ok(import_runs::stopped(tx, id)?);
                }
                import_runs::forget(tx, id)?;
                // From here on it is a file that nobody used.
                Ok(files::set_used_as(tx, record.file, "")?)
            })
            .await?;
        if let Some((_, work)) = self.underway.runs.lock().remove(&id) {
            work.abort();
        }
        Ok(())
    }

    /// Runs imports one after the other until the process ends. `work` knows the formats: it is given the import and
    /// a copy of the export, and gives the report.
    pub async fn work_imports<W, F>(self: Arc<Self>, work: W)
    where
        W: Fn(Arc<App>, RunRecord, std::path::PathBuf) -> F + Send + Sync,
        F: Future<Output = anyhow::Result<Value>> + Send + 'static,
    {
        let begun = self.db.write(|tx| -> Result<()> { Ok(import_runs::cut_off(tx)?) }).await;
        if let Err(error) = begun {
            tracing::error!(%error, "Imports that were cut off could not be found");
        }
        loop {
            match self.db.write(|tx| -> Result<_> { Ok(import_runs::take(tx)?) }).await {
                Ok(Some(run)) => self.work_import(run, &work).await,
                Ok(None) => self.underway.new.notified().await,
                Err(error) => {
                    tracing::error!(%error, "Imports could not be looked for, it is tried again");
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                }
            }
        }
    }

    async fn work_import<W, F>(self: &Arc<Self>, run: RunRecord, work: &W)
    where
        W: Fn(Arc<App>, RunRecord, std::path::PathBuf) -> F,
        F: Future<Output = anyhow::Result<Value>> + Send + 'static,
    {
        let id = run.id;
        let copy = self.config.uploads.join(format!("export-{id}"));
        let brought = match self.copy_out(run.file, &copy).await {
            Err(error) => Some(Err(error.into())),
            Ok(()) => {
                let task = tokio::spawn(work(self.clone(), run, copy.clone()));
                self.underway.runs.lock().insert(id, (None, task.abort_handle()));
                match task.await {
                    Ok(report) => Some(report),
                    // Stopped: whoever did so has written it down.
                    Err(ended) if ended.is_cancelled() => None,
                    Err(_) => Some(Err(anyhow::anyhow!("it broke; the server's log says where"))),
                }
            }
        };
        self.underway.runs.lock().remove(&id);
        if let Err(error) = tokio::fs::remove_file(&copy).await {
            tracing::debug!(%error, "The copy of an export was not there any more");
        }
        let Some(brought) = brought else { return };
        let kept = self
            .db
            .write(move |tx| -> Result<()> {
                match &brought {
                    Ok(report) => Ok(import_runs::done(tx, id, &report.to_string())?),
                    Err(error) => Ok(import_runs::failed(tx, id, &format!("{error:#}"))?),
                }
            })
            .await;
        if let Err(error) = kept {
            tracing::error!(%error, import = id, "What became of an import could not be written down");
        }
    }

    /// Says how far an import is.
    pub fn import_is_at(&self, id: i64, at: Progress) {
        if let Some((progress, _)) = self.underway.runs.lock().get_mut(&id) {
            *progress = Some(at);
        }
    }

    fn import_by_id(&self, conn: &mut Conn, id: i64) -> Result<Run> {
        let record = import_runs::by_id(conn, id)?.ok_or(Refusal::NotFound(Thing::File))?;
        self.seen_import(conn, record)
    }

    fn seen_import(&self, conn: &mut Conn, record: RunRecord) -> Result<Run> {
        let file = files::by_ids(conn, &[record.file])?.pop().ok_or(Refusal::NotFound(Thing::File))?;
        let progress = self.underway.runs.lock().get(&record.id).and_then(|(progress, _)| *progress);
        Ok(Run { record, file_name: file.file.name, file_size: file.file.size, progress })
    }

    /// Writes the contents of a file to a path, for what reads files only.
    async fn copy_out(self: &Arc<Self>, file: FileId, to: &Path) -> Result<()> {
        let record =
            self.db.read(move |conn| -> Result<_> { Ok(files::by_ids(conn, &[file])?.pop()) }).await?;
        let record = record.ok_or(Refusal::NotFound(Thing::File))?;
        let mut parts = Box::pin(self.blobs.open_range(&BlobName::from_hash(record.hash), None).await?);
        let mut copy = tokio::fs::File::create(to).await.map_err(anyhow::Error::from)?;
        while let Some(part) = parts.next().await {
            copy.write_all(&part?).await.map_err(anyhow::Error::from)?;
        }
        Ok(copy.flush().await.map_err(anyhow::Error::from)?)
    }
}

fn may_import(conn: &mut Conn, person: PersonId) -> Result<()> {
    let house = workspace(conn)?.id;
    Ok(may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::Import)?)
}
