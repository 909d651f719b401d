//! What running something can end in, besides success.

use madang_model::Refusal;
use madang_store::StoreError;

/// A refusal goes to the person; a fault goes to the log, once, at the border.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refusal(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0:#}")]
    Fault(#[from] anyhow::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A short random name for something that broke, in the answer and in the log.
pub fn incident() -> String {
    let mut bytes = [0u8; 5];
    // Without randomness the incident has no name, and the log still has it.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
