//! A call is written down: hosts begin and stop it, everybody in it is told, and the log says so.

use std::sync::Arc;

use madang_model::{Body, CallId, PersonId, RecordingId, Refusal};
use madang_store::recordings::{self, RecordingRecord};
use madang_store::{house, log};

use super::call::{Call, Recorded};
use super::door::MediaRefused;
use super::seal::Use;
use crate::app::App;
use crate::error::Result;

/// Longer meetings are recorded in several: 4 h in microseconds.
const LONGEST_US: i64 = 4 * 3_600 * 1_000_000;
/// Bytes by which a file stays below what may be uploaded: what is added when it is finished.
const ROOM: u64 = 4 << 20;

impl Call {
    /// Whether it may be recorded, whatever the workspace says. The one place to ask.
    fn may_be_recorded(&self) -> Result<(), Refusal> {
        self.allows(Use::Recording)?;
        if self.ended.is_some() { Err(Refusal::CallOver) } else { Ok(()) }
    }
}

impl App {
    /// Begins to record a call; one that is recorded goes on.
    ///
    /// # Errors
    /// `NotAllowed`, `RecordingOff`, `CallOver`, a refusal of the space, or what the store said.
    pub async fn start_recording(self: &Arc<Self>, host: PersonId, call: CallId) -> Result<Call> {
        let running = self.hosted(host, call).await?;
        running.may_be_recorded()?;
        let (settings, server) = (
            self.db.read(|conn| -> Result<_> { Ok(house::settings(conn)?) }).await?,
            self.config.upload_limit,
        );
        if !settings.record_calls {
            return Err(Refusal::RecordingOff.into());
        }
        // One begins after the other, so that a call gets one.
        let _turn = self.calls.starting.lock().await;
        let running = self.calls.get(call).ok_or(Refusal::CallOver)?;
        if running.recording.is_some() {
            return Ok(running);
        }
        self.fits_on_disk(i64::try_from(crate::recordings::ROOM).unwrap_or(i64::MAX))?;
        let recorded = self.write_down_start(host, &running).await?;
        let folder = self.recording_folder(recorded.id);
        let made = folder.clone();
        tokio::task::spawn_blocking(move || crate::export::private_folder(&made))
            .await
            .map_err(anyhow::Error::from)?
            .map_err(anyhow::Error::from)?;
        let most = u64::try_from(settings.largest_file(server)).unwrap_or(0).saturating_sub(ROOM);
        let id = recorded.id;
        let now = self.calls.change(call, |it| {
            // Who came while it was written down is in it too.
            let people = it.participants.iter().map(|it| (it.id, it.person())).collect();
            it.recording = Some(Recorded { people, ..recorded });
            Ok(it.clone())
        });
        let begun = match self.calls.media() {
            Ok(media) => media.record(call, folder, most).await,
            Err(_) => Err(MediaRefused::Stopped),
        };
        if now.is_err() || begun.is_err() {
            tracing::warn!(call.id = %call, recording.id = %id, ?begun, "A recording could not begin");
            self.recording_over(call, "broke");
            return Err(Refusal::CallOver.into());
        }
        let now = now?;
        self.note_who_is_in(&now);
        Ok(now)
    }

    async fn write_down_start(self: &Arc<Self>, host: PersonId, call: &Call) -> Result<Recorded> {
        let (app, id, of, space) = (self.clone(), RecordingId(self.ids.next()), call.id, call.space);
        let people: Vec<_> = call.participants.iter().map(|it| (it.id, it.person())).collect();
        self.db
            .write(move |tx| -> Result<Recorded> {
                let record = log::space_locked(tx, space)?.ok_or(Refusal::CallOver)?;
                let body = Body::RecordingStarted { recording: id, call: of };
                let events = app.append(tx, &record, host, None, vec![body])?;
                let at_us = events.first().map_or(0, |it| it.at_us);
                let new = RecordingRecord {
                    id,
                    call: of,
                    space,
                    started_by: host,
                    started_at: at_us,
                    people: people.clone(),
                    state: "running".into(),
                    why: None,
                    lasted_us: None,
                    message: None,
                    film: None,
                };
                recordings::insert(tx, &new)?;
                Ok(Recorded { id, by: host, at_us, people: people.clone(), stopping: None })
            })
            .await
    }

    /// Stops a recording; what there is of it goes into the space. One that is stopped is stopped.
    ///
    /// # Errors
    /// `NotAllowed`, `CallOver`, a refusal of the space, or what the store said.
    pub async fn stop_recording(self: &Arc<Self>, host: PersonId, call: CallId) -> Result<()> {
        if self.hosted(host, call).await?.recording.is_some() {
            self.let_recording_end(call, "asked");
        }
        Ok(())
    }

    fn let_recording_end(&self, call: CallId, why: &'static str) {
        // It is over with its call.
        let _ = self.calls.change(call, |it| {
            if let Some(recording) = &mut it.recording {
                recording.stopping.get_or_insert(why);
            }
            Ok(())
        });
        if let Ok(media) = self.calls.media() {
            media.stop_recording(call);
        }
    }

    /// All of a recording is on the disk: it goes on from there.
    pub(super) fn recording_over(self: &Arc<Self>, call: CallId, why: &'static str) {
        let known = self.calls.change(call, |it| Ok(it.recording.take())).ok().flatten();
        let why = known.and_then(|it| it.stopping).unwrap_or(why);
        let app = self.clone();
        tokio::spawn(async move {
            let written =
                app.db.write(move |tx| -> Result<bool> { Ok(recordings::over(tx, call, why)?) }).await;
            match written {
                Ok(_) => app.recordings.wake(),
                // It is found at the next start.
                Err(error) => {
                    tracing::error!(%error, call.id = %call, "That a recording is over could not be noted")
                }
            }
        });
    }

    /// Ends recordings that are long enough, or for which the disk has no room.
    pub(super) fn mind_recordings(self: &Arc<Self>, now_us: i64) {
        for call in self.calls.some(|it| it.recording.as_ref().is_some_and(|it| it.stopping.is_none())) {
            let Some(recording) = &call.recording else { continue };
            if now_us - recording.at_us > LONGEST_US {
                self.let_recording_end(call.id, "too_long");
            } else if madang_store::free_bytes(&self.config.recordings)
                .is_some_and(|free| free < crate::recordings::ROOM)
            {
                self.let_recording_end(call.id, "disk_full");
            }
        }
    }
}
