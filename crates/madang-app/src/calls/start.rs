//! A call begins, or the one that runs in the space is given.

use std::sync::Arc;

use madang_model::call::{Ending, end};
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::{CallId, Command, PersonId, Refusal, SpaceId, limits};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, RunningCall, SpaceRecord};

use super::call::Call;
use super::ring::Called;
use super::seal::Seal;
use crate::app::App;
use crate::error::Result;

/// How a call is to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beginning {
    /// With cameras.
    pub video: bool,
    /// The others are rung, where the space is not too large.
    pub ring: bool,
    /// End-to-end encrypted.
    pub sealed: bool,
}

/// The space of a call, if the person may do this in it.
pub(super) fn asks(conn: &mut Conn, person: PersonId, space: SpaceId, right: Right) -> Result<SpaceRecord> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    may(&log::standing(conn, &record.facts, person)?, right, &record.facts)?;
    Ok(record)
}

impl App {
    /// Begins a call in a space, and rings those whom it is to ring: always in a direct space, in others if it is
    /// wished and the space is small. Gives the call that runs there if one does.
    ///
    /// # Errors
    /// `CallsOff`, a refusal of the space, or what the store said.
    pub async fn start_call(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        how: Beginning,
    ) -> Result<Call> {
        self.db.read(move |conn| asks(conn, person, space, Right::Call).map(drop)).await?;
        self.calls.media()?;
        let _turn = self.calls.starting.lock().await;
        if let Some(running) = self.calls.in_space(space) {
            return Ok(running);
        }
        if self.calls.count() >= limits::CALLS {
            return Err(Refusal::TooMany { what: "calls", limit: limits::CALLS }.into());
        }
        let (app, id) = (self.clone(), CallId(self.ids.next()));
        let (call, called) = self.db.write(move |tx| app.write_start(tx, (person, space), id, how)).await?;
        self.calls.begin(call.clone());
        self.ring(&call, called);
        Ok(call)
    }

    fn write_start(
        &self,
        tx: &mut Tx,
        (person, space): (PersonId, SpaceId),
        id: CallId,
        Beginning { video, ring, sealed }: Beginning,
    ) -> Result<(Call, Called)> {
        let command = Command::StartCall { call: id, video, sealed };
        let mut events = self.run_in(tx, person, space, None, &command)?;
        if events.is_empty() {
            // One runs by the log and not in this process, which knows all that run: nobody can be in it.
            let forgotten: Vec<RunningCall> =
                log::running(tx)?.into_iter().filter(|it| it.space == space).collect();
            for call in forgotten {
                self.write_known_end(tx, call)?;
            }
            events = self.run_in(tx, person, space, None, &command)?;
        }
        let event = events.first().ok_or(Refusal::CallOver)?;
        let mut call = Call::new(id, space, event.seq, event.at_us, person, video);
        call.seal = sealed.then(Seal::default);
        call.visitor = log::ticket(tx, space)?.map(|it| super::visitor::shows(&it.ticket));
        let called = self.called(tx, person, space, ring)?;
        call.called = called.all();
        call.ringing.clone_from(&called.ringing);
        call.rings_until = event.at_us + limits::RING_US;
        Ok((call, called))
    }

    /// Writes the end of a call of which only its view is left.
    pub(super) fn write_known_end(&self, tx: &mut Tx, call: RunningCall) -> Result<()> {
        let Some(record) = log::space_locked(tx, call.space)? else { return Ok(()) };
        let ending = Ending {
            lasted_us: (call.seen_at - call.started_at).max(0),
            people: call.people,
            missed: Vec::new(),
        };
        let running = log::running_in(tx, call.space)?;
        self.append(tx, &record, call.started_by, None, end(running, call.seq, ending))?;
        Ok(())
    }

    /// Ends the calls that a process before this one left open in the log, with what is known of them.
    ///
    /// # Errors
    /// What the store said.
    pub async fn end_calls_of_before(self: &Arc<Self>) -> Result<()> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                for call in log::running(tx)? {
                    tracing::info!(call.id = %call.call, "A call that was cut off is written down as over");
                    app.write_known_end(tx, call)?;
                }
                Ok(())
            })
            .await
    }
}
