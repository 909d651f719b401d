//! Erasing a whole space: the only place where events go away (invariant 2).
//! Its keys were dropped before, so nothing of it could be read any more.

use madang_model::SpaceId;

use crate::db::Tx;
use crate::error::Result;
use crate::{sql, values};

sql! {
    const FILES = "UPDATE files SET removed = TRUE WHERE space = $1";
    const EVENTS = "DELETE FROM events WHERE space = $1";
    const REACTIONS = "DELETE FROM reactions WHERE space = $1";
    const MESSAGES = "DELETE FROM messages WHERE space = $1";
    const READ_STEPS = "DELETE FROM read_steps WHERE space = $1";
    const MEMBERSHIPS = "DELETE FROM memberships WHERE space = $1";
    const LINKS = "DELETE FROM join_links WHERE space = $1";
    const TEAMS = "DELETE FROM team_spaces WHERE space = $1";
    const CURSORS = "DELETE FROM cursors WHERE space = $1";
    const ACTIVITY = "DELETE FROM activity WHERE space = $1";
    const PUSHES = "DELETE FROM pushes WHERE space = $1";
    const PUSH_DECIDED = "DELETE FROM push_decided WHERE space = $1";
    const PUSH_OUT = "DELETE FROM push_out WHERE space = $1";
    const CARDS = "DELETE FROM cards WHERE space = $1";
    const BALLOTS = "DELETE FROM ballots WHERE space = $1";
    const SAVED = "DELETE FROM saved WHERE space = $1";
    const SCHEDULED = "DELETE FROM scheduled WHERE space = $1";
    const SPACE = "DELETE FROM spaces WHERE id = $1";
}

/// Takes every row of a space away.
///
/// # Errors
/// What the engine said.
pub fn erase(tx: &mut Tx, space: SpaceId) -> Result<()> {
    for (_, statement) in ALL {
        tx.exec(statement, values![space])?;
    }
    Ok(())
}
