//! Refuses writes while the disk is nearly full, so that what is running can still finish, and notices by
//! itself when there is room again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::disk::free;
use crate::error::{Result, StoreError};

/// Free space is asked for at most this often while there is plenty.
const CALM: Duration = Duration::from_millis(200);

pub(super) struct Watermark {
    directory: PathBuf,
    reserve: u64,
    looked: Option<Instant>,
    low: bool,
}

impl Watermark {
    pub(super) fn new(file: &Path, reserve: u64) -> Watermark {
        let directory = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Watermark { directory, reserve, looked: None, low: false }
    }

    /// # Errors
    /// `DiskFull` below the reserve.
    pub(super) fn check(&mut self) -> Result<()> {
        if self.reserve == 0 {
            return Ok(());
        }
        let due = self.low || self.looked.is_none_or(|at| at.elapsed() >= CALM);
        if due {
            self.looked = Some(Instant::now());
            let low = free(&self.directory).is_some_and(|free| free < self.reserve);
            if low != self.low {
                self.low = low;
                if low {
                    tracing::error!(
                        reserve.bytes = self.reserve,
                        "the disk is nearly full; writes are refused"
                    );
                } else {
                    tracing::info!("there is room on the disk again; writes go on");
                }
            }
        }
        if self.low { Err(StoreError::DiskFull) } else { Ok(()) }
    }
}
