//! What was recorded goes into its space: by the same way as uploads, in a message of whoever wished for it.
//!
//! Each step may be done twice. A crash in between leaves a row that is taken up at the next start, and the folder,
//! which is removed last.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use madang_model::permission::{Right, may};
use madang_model::{Body, PersonId, RecordingId, Refusal, Seq, limits};
use madang_store::db::Conn;
use madang_store::recordings::{self, RecordingRecord};
use madang_store::{log, people};

use super::{Story, name};
use crate::app::App;
use crate::error::{Error, Result};
use crate::messages::NewMessage;
use crate::people::workspace;

/// After a fault of disk or database.
const REST: Duration = Duration::from_secs(30);

impl App {
    /// Puts recordings into their spaces until the process ends. `manifest` knows the shape of what stands beside the
    /// files and says what is in them.
    pub async fn work_recordings<W>(self: Arc<Self>, manifest: W)
    where
        W: Fn(&Story) -> Vec<u8> + Send + Sync + 'static,
    {
        let begun = self.db.write(|tx| -> Result<()> { Ok(recordings::cut_off(tx)?) }).await;
        if let Err(error) = begun {
            tracing::error!(%error, "Recordings that were cut off could not be found");
        }
        self.recordings.new_film.notify_one();
        if self.calls.media().is_err() {
            // What was recorded is kept until calls are on again: a house says at its start whether they are.
            match self.db.read(|conn| -> Result<_> { Ok(recordings::next(conn)?) }).await {
                Ok(None) => {}
                _ => tracing::warn!(
                    "Calls are off: recordings that are not in their spaces yet wait until they are on"
                ),
            }
            return;
        }
        while !self.recordings.is_closing() {
            match self.db.read(|conn| -> Result<_> { Ok(recordings::next(conn)?) }).await {
                Ok(Some(record)) => self.save_or_wait(record, &manifest).await,
                Ok(None) => {
                    self.clear_recordings().await;
                    self.recordings.new.notified().await;
                }
                Err(error) => {
                    tracing::error!(%error, "Recordings could not be looked for, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    async fn save_or_wait(self: &Arc<Self>, record: RecordingRecord, manifest: &impl Fn(&Story) -> Vec<u8>) {
        let id = record.id;
        let word = match self.save_recording(record, manifest).await {
            Ok(()) => return,
            Err(Error::Refusal(Refusal::TooLarge { .. })) => "too_large",
            Err(Error::Refusal(_)) => "nobody",
            Err(error) => {
                tracing::error!(%error, recording.id = %id, "A recording could not go into its space, it is tried again");
                let _ = tokio::time::timeout(REST, self.recordings.new.notified()).await;
                return;
            }
        };
        tracing::warn!(recording.id = %id, why = word, "A recording cannot go into its space");
        let noted = self.db.write(move |tx| -> Result<()> { Ok(recordings::failed(tx, id, word)?) }).await;
        if let Err(error) = noted {
            tracing::error!(%error, recording.id = %id, "What became of a recording could not be noted");
        }
    }

    async fn save_recording(
        self: &Arc<Self>,
        record: RecordingRecord,
        manifest: &impl Fn(&Story) -> Vec<u8>,
    ) -> Result<()> {
        let id = record.id;
        let folder = self.recording_folder(id);
        let story = self.story(record).await?;
        self.write_down_end(&story).await?;
        if story.takes.is_empty() {
            return self
                .db
                .write(move |tx| -> Result<()> { Ok(recordings::kept(tx, id, None, false)?) })
                .await;
        }
        let (author, korean) = self.author(&story.recording).await?;
        let beside = folder.join("manifest.json");
        tokio::fs::write(&beside, manifest(&story)).await.map_err(anyhow::Error::from)?;
        let mut files: Vec<(PathBuf, String)> = vec![(beside, "manifest.json".into())];
        files.splice(0..0, story.takes.iter().map(|it| (folder.join(&it.file.name), it.name.clone())));
        let mut first = None;
        for (part, files) in files.chunks(limits::MESSAGE_FILES).enumerate() {
            let client_id = format!("recording/{id}/{part}");
            let text = if part == 0 { name::message(story.lasted_ms, korean) } else { String::new() };
            let seq = self.post_files(&story, author, client_id, text, first, files).await?;
            first.get_or_insert(seq);
        }
        let film = self.config.ffmpeg.is_some();
        self.db.write(move |tx| -> Result<()> { Ok(recordings::kept(tx, id, first, film)?) }).await?;
        self.recordings.new_film.notify_one();
        Ok(())
    }

    /// Looks at what lies in its folder.
    pub(super) async fn story(self: &Arc<Self>, record: RecordingRecord) -> Result<Story> {
        let folder = self.recording_folder(record.id);
        let media = self.calls.media()?.clone();
        let remains = media.finish_recording(folder).await.map_err(anyhow::Error::from)?;
        let (ids, by) = (record.people.clone(), record.started_by);
        let (names, korean) = self
            .db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                let known: HashSet<PersonId> = ids.iter().map(|(_, person)| *person).chain([by]).collect();
                let mut names = HashMap::new();
                let mut korean = false;
                for person in known {
                    let Some(record) = people::by_id(conn, house, person)? else { continue };
                    korean |= person == by && record.language == "ko";
                    names.insert(person, record.name);
                }
                Ok((names, korean))
            })
            .await?;
        Ok(Story::new(record, remains, &names, korean))
    }

    /// Says in the log that it is over, once.
    async fn write_down_end(self: &Arc<Self>, story: &Story) -> Result<()> {
        let (app, record) = (self.clone(), story.recording.clone());
        let (why, lasted_us) = (story.why.clone(), story.lasted_ms * 1000);
        self.db
            .write(move |tx| -> Result<()> {
                recordings::lasted(tx, record.id, &why, lasted_us)?;
                // A space that was erased meanwhile has no log.
                let Some(space) = log::space_locked(tx, record.space)? else { return Ok(()) };
                let client_id = format!("recording/{}/ended", record.id);
                if log::first_answer(tx, &app.keyring, record.started_by, &client_id)?.is_none() {
                    let body = Body::RecordingEnded { recording: record.id, lasted_us, why: why.clone() };
                    app.append(tx, &space, record.started_by, Some(&client_id), vec![body])?;
                }
                Ok(())
            })
            .await
    }

    /// Who posts it, and whether they read Korean: whoever wished for it, or the first who was in it and may write
    /// there still.
    pub(super) async fn author(self: &Arc<Self>, record: &RecordingRecord) -> Result<(PersonId, bool)> {
        let (space, by) = (record.space, record.started_by);
        let people: Vec<PersonId> = [by].into_iter().chain(record.people.iter().map(|it| it.1)).collect();
        self.db
            .read(move |conn| -> Result<(PersonId, bool)> {
                let house = workspace(conn)?.id;
                for person in people {
                    match may_post(conn, person, space) {
                        Ok(()) => {
                            let known = people::by_id(conn, house, person)?;
                            return Ok((person, known.is_some_and(|it| it.language == "ko")));
                        }
                        Err(Error::Refusal(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Err(Refusal::NotAMember.into())
            })
            .await
    }

    /// Posts some files, or finds the message that has them.
    pub(super) async fn post_files(
        self: &Arc<Self>,
        story: &Story,
        author: PersonId,
        client_id: String,
        text: String,
        thread: Option<Seq>,
        files: &[(PathBuf, String)],
    ) -> Result<Seq> {
        let (app, asked) = (self.clone(), client_id.clone());
        let posted = self
            .db
            .read(move |conn| -> Result<_> { Ok(log::first_answer(conn, &app.keyring, author, &asked)?) })
            .await?;
        if let Some(event) = posted {
            return Ok(event.seq);
        }
        let mut ids = Vec::new();
        for (path, name) in files {
            let copy = twin(path).await?;
            ids.push(self.take_in_whole(author, name, "", &copy).await?.id);
        }
        let also = thread.is_some() && !text.is_empty();
        let new = NewMessage {
            app: None,
            client_id: Some(client_id),
            text,
            thread,
            also,
            files: ids,
            forward: None,
            card: None,
            note: false,
        };
        Ok(self.post(author, story.recording.space, new).await?.seq)
    }

    /// Removes folders that nobody needs any more.
    pub(super) async fn clear_recordings(self: &Arc<Self>) {
        let known = self.db.read(|conn| -> Result<_> { Ok(recordings::open(conn)?) }).await;
        let known: HashSet<RecordingId> = match known {
            Ok(open) => open.into_iter().map(|it| it.id).collect(),
            Err(error) => return tracing::warn!(%error, "What is left of recordings could not be looked for"),
        };
        let folder = self.config.recordings.clone();
        let cleared = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            // It is made with the first recording.
            let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
            for entry in entries.flatten() {
                let id = entry.file_name().to_str().and_then(|it| it.parse::<RecordingId>().ok());
                if id.is_some_and(|id| !known.contains(&id)) {
                    std::fs::remove_dir_all(entry.path())?;
                }
            }
            Ok(())
        });
        if let Ok(Err(error)) = cleared.await {
            tracing::warn!(%error, "What is left of a recording cannot be removed");
        }
    }
}

fn may_post(conn: &mut Conn, person: PersonId, space: madang_model::SpaceId) -> Result<()> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotAMember)?;
    Ok(may(&log::standing(conn, &record.facts, person)?, Right::Post, &record.facts)?)
}

/// A second name for a file, which is moved away under it: the first stays until all is done.
async fn twin(path: &Path) -> Result<PathBuf> {
    let copy = path.with_extension("out");
    let (from, to) = (path.to_owned(), copy.clone());
    let made = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        if to.exists() {
            std::fs::remove_file(&to)?;
        }
        // Where a disk knows no second names, a copy does.
        std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop))
    });
    made.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    Ok(copy)
}
