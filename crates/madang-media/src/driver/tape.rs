//! Writes a recording to the disk, on a thread of its own: the one that forwards packets never waits for a disk.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use madang_model::CallId;

use crate::event::Event;
use crate::record::{Film, JOURNAL, Journal, Note, Stopped};
use crate::rtc::Coded;

/// What has not come to the disk yet, in notes and in bytes of frames. At 20 Mbit/s a disk may hang for ten seconds.
const MOST_NOTES: usize = 16_384;
const MOST_BYTES: usize = 24 << 20;

/// How often all that was collected goes to the disk, and is synced there.
const SYNC: Duration = Duration::from_millis(400);

pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// The nearer end of a writer. Dropped, it writes what it has and ends.
pub struct Tape {
    notes: SyncSender<Note>,
    waiting: Arc<AtomicUsize>,
}

impl Tape {
    /// Begins to write into a folder that is there. Told at the end: `Event::Recorded`.
    pub fn begin(call: CallId, folder: PathBuf, tell: Tell) -> io::Result<Self> {
        let (notes, coming) = sync_channel(MOST_NOTES);
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = waiting.clone();
        thread::Builder::new().name("recording".to_owned()).spawn(move || {
            let why = match Writer::begin(folder).and_then(|writer| writer.run(&coming, &left)) {
                Ok(why) => why,
                Err(error) => {
                    tracing::error!(call.id = %call, %error, "A recording could not be written any further");
                    match error.kind() {
                        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Stopped::DiskFull,
                        _ => Stopped::DiskBroken,
                    }
                }
            };
            // What is still to come has nowhere to go: whoever sends it is told by the closed channel.
            drop(coming);
            tell(Event::Recorded { call, why });
        })?;
        Ok(Self { notes, waiting })
    }

    /// Hands a note over without waiting. `DiskSlow`: there is no room; any other: the writer has ended.
    pub fn write(&self, note: Note) -> Result<(), Stopped> {
        let bytes = bytes(&note);
        if self.waiting.load(Ordering::Relaxed) + bytes > MOST_BYTES {
            return Err(Stopped::DiskSlow);
        }
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
        self.notes.try_send(note).map_err(|refused| match refused {
            std::sync::mpsc::TrySendError::Full(_) => Stopped::DiskSlow,
            std::sync::mpsc::TrySendError::Disconnected(_) => Stopped::DiskBroken,
        })
    }
}

fn bytes(note: &Note) -> usize {
    if let Note::Frame { data, .. } = note { data.len() } else { 0 }
}

struct Writer {
    folder: PathBuf,
    journal: Journal<File>,
    films: HashMap<u32, (Film<File>, bool)>,
    synced: Instant,
}

impl Writer {
    fn begin(folder: PathBuf) -> io::Result<Self> {
        let journal = File::options().create(true).append(true).open(folder.join(JOURNAL))?;
        // The names of files come to the disk with their folder.
        File::open(&folder)?.sync_all()?;
        Ok(Self { folder, journal: Journal::new(journal), films: HashMap::new(), synced: Instant::now() })
    }

    fn run(mut self, coming: &Receiver<Note>, waiting: &AtomicUsize) -> io::Result<Stopped> {
        let mut why = Stopped::DiskSlow;
        loop {
            match coming.recv_timeout(SYNC) {
                Ok(note) => {
                    waiting.fetch_sub(bytes(&note), Ordering::Relaxed);
                    if let Note::Ended { why: said, .. } = &note {
                        why = *said;
                    }
                    self.note(note)?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.sync()?;
                    return Ok(why);
                }
            }
            if self.synced.elapsed() >= SYNC {
                self.sync()?;
            }
        }
    }

    fn note(&mut self, note: Note) -> io::Result<()> {
        self.journal.note(&note)?;
        match note {
            Note::Began(began) => {
                let file = File::create_new(self.folder.join(began.name()))?;
                File::open(&self.folder)?.sync_all()?;
                let is_picture = began.coded != Coded::Opus;
                self.films.insert(began.file, (Film::begin(file, &began)?, is_picture));
            }
            Note::Frame { file, at_us, key, data } => {
                if let Some((film, is_picture)) = self.films.get_mut(&file) {
                    film.frame(at_us, key, *is_picture, &data)?;
                }
            }
            Note::Muted { .. } | Note::Speaker { .. } | Note::Ended { .. } => {}
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        for (film, _) in self.films.values_mut() {
            film.flush()?;
            film.out().sync_data()?;
        }
        self.journal.out().sync_data()?;
        self.synced = Instant::now();
        Ok(())
    }
}
