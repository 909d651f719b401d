//! Erasing a whole space, or what one message said: the only place where
//! events go away (invariant 2). The keys of a space were dropped before, so
//! nothing of it could be read any more. The payload of a message is
//! overwritten with what is left of one that was removed; that it was removed
//! is an event of its own.

use madang_model::{Body, Seq, SpaceId};

use super::read;
use super::scene::SpaceRecord;
use crate::db::Tx;
use crate::error::Result;
use crate::seal::{Keyring, Place};
use crate::{sql, values};

/// What is done to a single message.
pub(super) mod one {
    use crate::sql;

    sql! {
        pub const PAYLOAD = "SELECT at_us, payload FROM events WHERE space = $1 AND seq = $2";
        pub const OVERWRITE = "UPDATE events SET payload = $3 WHERE space = $1 AND seq = $2";
        pub const TEXT_AT = "SELECT text_seq FROM messages WHERE space = $1 AND seq = $2";
        pub const UNFURLED_LAST = "SELECT unfurl_seq FROM messages WHERE space = $1 AND seq = $2";
        pub const UNFURLS = "SELECT seq FROM events WHERE space = $1 AND kind = 'message.unfurled' AND seq > $2
            AND seq <= $3 ORDER BY seq";
        pub const ERASED = "UPDATE messages SET erased = TRUE WHERE space = $1 AND seq = $2";
        pub const EDITS = "SELECT seq FROM events WHERE space = $1 AND kind = 'message.edited' AND seq > $2
            AND author = $3 AND at_us <= $4 ORDER BY seq";
        pub const EDITED_LAST = "SELECT at_us FROM events WHERE space = $1 AND seq = $2";
        pub const AUTHOR = "SELECT author FROM messages WHERE space = $1 AND seq = $2";
    }
}

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
    const BOOKMARKS = "DELETE FROM bookmarks WHERE space = $1";
    const CALLS = "DELETE FROM calls WHERE space = $1";
    const MEETINGS = "DELETE FROM meetings WHERE space = $1";
    const MEETING_GUESTS = "DELETE FROM meeting_guests WHERE space = $1";
    const MEETING_LINKS = "DELETE FROM meeting_links WHERE space = $1";
    const CARDS = "DELETE FROM cards WHERE space = $1";
    const BALLOTS = "DELETE FROM ballots WHERE space = $1";
    const ROUNDS = "DELETE FROM ticket_rounds WHERE space = $1";
    const TICKETS = "DELETE FROM tickets WHERE space = $1";
    const VISITS = "DELETE FROM visits WHERE space = $1";
    const SAVED = "DELETE FROM saved WHERE space = $1";
    const SCHEDULED = "DELETE FROM scheduled WHERE space = $1";
    const APP_TOLD = "DELETE FROM app_told WHERE space = $1";
    const APP_DELIVERIES = "DELETE FROM app_deliveries WHERE space = $1";
    const APP_HOOKS = "DELETE FROM app_hooks WHERE space = $1";
    const WEBHOOK_TOLD = "DELETE FROM webhook_told WHERE space = $1";
    const WEBHOOK_EVENTS = "DELETE FROM webhook_events WHERE space = $1";
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

/// Destroys what a message said, in every version of it. It must have been removed before, by an event.
///
/// # Errors
/// What the engine said, or `Seal` when a payload is not what was written.
pub fn destroy_texts(tx: &mut Tx, keyring: &Keyring, space: &SpaceRecord, message: Seq) -> Result<()> {
    let id = space.facts.id;
    let text_at: Seq = tx.row(one::TEXT_AT, values![id, message])?.map_or(Ok(message), |row| row.get(0))?;
    overwrite(tx, keyring, space, message, message)?;
    if text_at != message {
        // Edits between the first text and the last one name their message in their payload only.
        let (author, last) =
            (tx.row(one::AUTHOR, values![id, message])?, tx.row(one::EDITED_LAST, values![id, text_at])?);
        if let (Some(author), Some(last)) = (author, last) {
            let (author, last): (i64, i64) = (author.get(0)?, last.get(0)?);
            for row in tx.rows(one::EDITS, values![id, message, author, last])? {
                overwrite(tx, keyring, space, row.get(0)?, message)?;
            }
        }
    }
    let last = tx.row(one::UNFURLED_LAST, values![id, message])?.map(|row| row.get::<Option<Seq>>(0));
    if let Some(last) = last.transpose()?.flatten() {
        for row in tx.rows(one::UNFURLS, values![id, message, last])? {
            overwrite(tx, keyring, space, row.get(0)?, message)?;
        }
    }
    tx.exec(one::ERASED, values![id, message])?;
    Ok(())
}

/// Overwrites the event at `seq` if it is about `message`.
fn overwrite(tx: &mut Tx, keyring: &Keyring, space: &SpaceRecord, seq: Seq, message: Seq) -> Result<()> {
    let (id, workspace) = (space.facts.id, space.facts.workspace);
    let Some(row) = tx.row(one::PAYLOAD, values![id, seq])? else { return Ok(()) };
    let at_us: i64 = row.get(0)?;
    let body = read::body(keyring, workspace, id, seq, at_us, &row.get::<Vec<u8>>(1)?)?;
    let is_about = match &body {
        Body::MessagePosted(_) => seq == message,
        Body::MessageEdited { message: of, .. } | Body::MessageUnfurled { message: of, .. } => *of == message,
        _ => false,
    };
    if is_about {
        let place = Place { workspace: workspace.0, space: id.0, seq, at_us };
        let sealed = keyring.seal(place, &body.blanked().to_stored())?;
        tx.exec(one::OVERWRITE, values![id, seq, sealed])?;
    }
    Ok(())
}
