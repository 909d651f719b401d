//! SQLite's error codes in our words, and the one answer to a disk that lies: stop.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::error::StoreError;

/// Exit code of a process that stopped because the disk failed (EX_SOFTWARE: a supervisor starts it again and
/// recovery decides what is kept).
const EXIT: i32 = 70;

pub(super) fn fault(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(code, message) = error else {
        return StoreError::Statement(error.to_string());
    };
    let text = message.unwrap_or_else(|| code.to_string());
    match code.code {
        ErrorCode::DiskFull => StoreError::DiskFull,
        // The index beside the log could not grow; nothing durable was touched.
        ErrorCode::SystemIoFailure if code.extended_code == SQLITE_IOERR_SHMSIZE => StoreError::DiskFull,
        ErrorCode::SystemIoFailure => StoreError::Io(format!("{text} (SQLite {})", code.extended_code)),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(text),
        ErrorCode::ConstraintViolation => match code.extended_code {
            rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                StoreError::Unique(text)
            }
            _ => StoreError::Constraint(text),
        },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly => {
            StoreError::Config(format!("the database file cannot be used: {text}"))
        }
        _ => StoreError::Statement(text),
    }
}

/// After an I/O error on the write path nobody knows what the disk holds: the kernel may have dropped the pages
/// and will report the next fsync as good. So nothing more is promised and the process ends.
pub(super) fn stop_if_disk_failed(error: &StoreError) {
    if let StoreError::Io(text) = error {
        tracing::error!(error = %text, "the disk failed while writing; stopping, restart decides what is kept");
        eprintln!("madang: the disk failed while writing ({text}); stopping");
        std::process::exit(EXIT);
    }
}
