//! One film of all that was recorded, made by ffmpeg where it is there: a job that takes its time, one after the other.

mod plan;
mod run;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use madang_model::RecordingId;
use madang_store::recordings::{self, RecordingRecord};

pub use plan::Plan;
pub use run::find_ffmpeg;

use super::{Story, name};
use crate::app::App;
use crate::error::{Error, Result};
use crate::import::Progress;

const REST: Duration = Duration::from_secs(30);

/// The film that is being made.
#[derive(Debug)]
pub struct Film {
    pub id: RecordingId,
    done_ms: AtomicI64,
    of_ms: AtomicI64,
    stopped: AtomicBool,
}

impl Film {
    fn new(id: RecordingId) -> Film {
        Film { id, done_ms: AtomicI64::new(0), of_ms: AtomicI64::new(0), stopped: AtomicBool::new(false) }
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Milliseconds that are in it, and of how many.
    pub(super) fn progress(&self) -> Progress {
        let of = self.of_ms.load(Ordering::Relaxed).max(0);
        Progress { done: self.done_ms.load(Ordering::Relaxed).clamp(0, of) as u64, of: of as u64 }
    }
}

impl App {
    /// Makes films until the process ends.
    pub async fn work_films(self: Arc<Self>) {
        let Some(ffmpeg) = self.config.ffmpeg.clone() else { return };
        if self.calls.media().is_err() {
            return;
        }
        while !self.recordings.is_closing() {
            match self.db.write(|tx| -> Result<_> { Ok(recordings::take_film(tx)?) }).await {
                Ok(Some(record)) => self.make_film(record, &ffmpeg).await,
                Ok(None) => self.recordings.new_film.notified().await,
                Err(error) => {
                    tracing::error!(%error, "Films could not be looked for, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    async fn make_film(self: &Arc<Self>, record: RecordingRecord, ffmpeg: &Path) {
        let id = record.id;
        let film = Arc::new(Film::new(id));
        *self.recordings.film.lock() = Some(film.clone());
        let made = self.film_of(record, ffmpeg, &film).await;
        *self.recordings.film.lock() = None;
        // Whoever stopped it has noted what comes of it; a house that closes begins it again.
        let word = match made {
            Ok(()) => "done",
            Err(_) if film.is_stopped() => return self.clear_recordings().await,
            Err(error) => {
                tracing::error!(recording.id = %id, "The film of a recording could not be made: {error:#}");
                "failed"
            }
        };
        let noted = self.db.write(move |tx| -> Result<_> { Ok(recordings::film(tx, id, word)?) }).await;
        if let Err(error) = noted {
            tracing::error!(%error, recording.id = %id, "What became of a film could not be noted");
        }
        self.clear_recordings().await;
    }

    async fn film_of(
        self: &Arc<Self>,
        record: RecordingRecord,
        ffmpeg: &Path,
        film: &Arc<Film>,
    ) -> Result<()> {
        let folder = self.recording_folder(record.id);
        let story = self.story(record).await?;
        if story.takes.is_empty() {
            return Err(anyhow::anyhow!("its files are gone").into());
        }
        let (author, korean) = self.author(&story.recording).await?;
        film.of_ms.store(story.lasted_ms, Ordering::Relaxed);
        let (path, kind) = self.written_film(&story, folder, ffmpeg, film).await?;
        let (client_id, text) =
            (format!("recording/{}/film", story.recording.id), name::film(story.lasted_ms, korean));
        let named = format!("{}.{kind}", name::film_file(korean));
        let thread = story.recording.message;
        self.post_files(&story, author, client_id, text, thread, &[(path, named)]).await?;
        Ok(())
    }

    /// Runs ffmpeg on a thread that may wait.
    async fn written_film(
        self: &Arc<Self>,
        story: &Story,
        folder: PathBuf,
        ffmpeg: &Path,
        film: &Arc<Film>,
    ) -> Result<(PathBuf, &'static str)> {
        let (story, ffmpeg, film) = (story.clone(), ffmpeg.to_owned(), film.clone());
        let made = tokio::task::spawn_blocking(move || -> anyhow::Result<(PathBuf, &'static str)> {
            let able = run::ability(&ffmpeg)?;
            let plan = Plan::new(&story, &able);
            for (file, text) in &plan.texts {
                std::fs::write(folder.join(file), text)?;
            }
            run::run(&ffmpeg, &folder, &plan, &film)?;
            Ok((folder.join(&plan.output), plan.kind))
        });
        made.await.map_err(anyhow::Error::from)?.map_err(Error::from)
    }
}
