//! The ids that an app leaves out: it must find the same ones in what happens later, so they are made of the message's.

use sha2::{Digest, Sha256};

/// Ids that follow each other and are the same whenever the seed is.
#[derive(Debug)]
pub struct Fill {
    seed: String,
    count: u32,
}

impl Fill {
    /// `seed`: the client id of a message, or the id of a view.
    #[must_use]
    pub fn new(seed: impl Into<String>) -> Fill {
        Fill { seed: seed.into(), count: 0 }
    }

    /// Five letters and digits, as Slack's are.
    pub fn next_id(&mut self) -> String {
        const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let hash = Sha256::digest(format!("{}|{}", self.seed, self.count));
        self.count += 1;
        hash.iter().take(5).map(|byte| SIGNS[usize::from(*byte) % SIGNS.len()] as char).collect()
    }
}
