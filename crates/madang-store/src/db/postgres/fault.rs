//! PostgreSQL's error codes in our words.

use postgres::error::SqlState;

use crate::error::StoreError;

pub(super) fn fault(error: postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        let io = std::error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>());
        let text = with_source(&error);
        return if error.is_closed() || io {
            StoreError::Unreachable(text)
        } else {
            StoreError::Statement(text)
        };
    };
    let text = match db.detail() {
        Some(detail) => format!("{} ({detail})", db.message()),
        None => db.message().to_owned(),
    };
    let code = db.code();
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return StoreError::Conflict(text);
    }
    if *code == SqlState::UNIQUE_VIOLATION {
        return StoreError::Unique(text);
    }
    match code.code() {
        "53100" => StoreError::DiskFull,
        "55P03" => StoreError::Busy(text),
        "58030" => StoreError::Io(text),
        "XX001" | "XX002" => StoreError::Corrupt(text),
        // Too many connections, shutting down, crashed, starting, failed over to read-only; class 08: connection.
        "53300" | "57P01" | "57P02" | "57P03" | "25006" => StoreError::Unreachable(text),
        code if code.starts_with("08") => StoreError::Unreachable(text),
        code if code.starts_with("23") => StoreError::Constraint(text),
        code => StoreError::Statement(format!("{text} (SQLSTATE {code})")),
    }
}

fn with_source(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
