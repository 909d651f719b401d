//! Recordings of calls after their end: their files go into the space as a message, and become one film where ffmpeg
//! is there. While they run they belong to `calls`.

mod film;
mod look;
mod name;
mod save;
mod story;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use madang_model::RecordingId;
use parking_lot::Mutex;
use tokio::sync::Notify;

pub use film::{Film, Plan, find_ffmpeg};
pub use look::Recording;
pub use story::{Story, Take};

use crate::app::App;

/// Bytes that stay free on the disk whatever is recorded: more than uploads leave, so that what was recorded goes into
/// its space.
pub(crate) const ROOM: u64 = 512 << 20;

/// What is being worked on in this process.
#[derive(Default)]
pub(crate) struct Shelf {
    new: Notify,
    new_film: Notify,
    film: Mutex<Option<Arc<Film>>>,
    closing: AtomicBool,
}

impl Shelf {
    pub(crate) fn wake(&self) {
        self.new.notify_one();
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }
}

impl App {
    /// Where a recording lies until all of it is in its space.
    pub(crate) fn recording_folder(&self, id: RecordingId) -> PathBuf {
        self.config.recordings.join(id.to_string())
    }

    /// Lets what is being made end, before the house is closed. The next start begins it again.
    pub fn interrupt_recordings(&self) {
        self.recordings.closing.store(true, Ordering::Relaxed);
        if let Some(film) = self.recordings.film.lock().as_ref() {
            film.stop();
        }
        self.recordings.new.notify_one();
        self.recordings.new_film.notify_one();
    }
}
