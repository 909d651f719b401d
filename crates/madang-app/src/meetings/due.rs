//! People are told that a meeting is near, and that it begins: by an event of the log, written in the transaction that
//! sets the next time. Whoever follows the log tells devices of it, so there is no second way in which mute and quiet
//! hours would have to hold.

use std::sync::Arc;

use madang_model::{Body, Seq, SpaceId};
use madang_store::db::Tx;
use madang_store::log;

use crate::app::App;
use crate::error::Result;

impl App {
    /// Tells of the meetings that are due, each in a transaction of its own.
    pub(crate) async fn tell_of_meetings(self: &Arc<Self>, now_us: i64, most: i64) -> Result<()> {
        let due =
            self.db.read(move |conn| -> Result<_> { Ok(log::due_meetings(conn, now_us, most)?) }).await?;
        for (space, seq, due_at) in due {
            let app = self.clone();
            self.db.write(move |tx| app.tell_of_meeting(tx, (space, seq), due_at, now_us)).await?;
        }
        Ok(())
    }

    /// Nobody is told of what is over, cancelled, or in a space that is archived or deleted.
    fn tell_of_meeting(&self, tx: &mut Tx, place: (SpaceId, Seq), due_at: i64, now_us: i64) -> Result<()> {
        let Some(space) = log::space_locked(tx, place.0)? else { return Ok(()) };
        let Some(found) = log::meeting(tx, &self.keyring, &space, place.1)? else { return Ok(()) };
        let next = found.meeting.due_after(now_us).map(|it| it.at_us);
        if !log::told_of_meeting(tx, place, due_at, next)? {
            return Ok(());
        }
        let closed = space.facts.archived || space.facts.deleted_until.is_some();
        let Some(one) = found.meeting.due_between(due_at, now_us).filter(|_| !closed) else { return Ok(()) };
        let said = Body::MeetingDue {
            planned: found.seq,
            title: found.meeting.title,
            start: one.start_us,
            end: one.end_us,
            people: found.meeting.people,
        };
        self.append(tx, &space, found.organiser, None, vec![said])?;
        Ok(())
    }
}
