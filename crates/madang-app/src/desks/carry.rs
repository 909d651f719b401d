//! What was said in one ticket is carried over into an earlier one of the same visitor, as an import brings what was said
//! elsewhere: in order, with its authors and the times it had. The newer ticket is closed then, and the earlier goes on.

use std::collections::HashMap;

use madang_model::desk::ticket::{AssignReason, CloseReason, Opening, State};
use madang_model::permission::SpaceRole;
use madang_model::position::PAGE;
use madang_model::refusal::Thing;
use madang_model::row::Row;
use madang_model::space::brought;
use madang_model::{Body, Draft, PersonId, Refusal, Seq, SpaceId};
use madang_store::db::Tx;
use madang_store::log::{self, SpaceRecord, TicketRecord};

use crate::app::App;
use crate::error::Result;

impl App {
    /// Carries `newer` over into `earlier`, which goes on as the newer one stood.
    pub(super) fn carry_over(&self, tx: &mut Tx, newer: &TicketRecord, earlier: &TicketRecord) -> Result<()> {
        // In one order, so that two who do this at once wait for each other and not in a circle.
        let (low, high) = (newer.space.min(earlier.space), newer.space.max(earlier.space));
        locked(tx, low)?;
        locked(tx, high)?;
        let from = locked(tx, newer.space)?;
        self.carry_words(tx, &from, newer, earlier)?;
        self.carry_standing(tx, newer, earlier)?;
        if newer.ticket.state != State::Closed {
            let mut bodies = vec![Body::TicketClosed { by: CloseReason::Merged }];
            bodies.extend(newer.ticket.staff.iter().map(|person| Body::MemberLeft { person: *person }));
            self.append(tx, &from, newer.ticket.visitor, None, bodies)?;
        }
        Ok(())
    }

    fn carry_words(
        &self,
        tx: &mut Tx,
        from: &SpaceRecord,
        newer: &TicketRecord,
        earlier: &TicketRecord,
    ) -> Result<()> {
        let mut seqs: HashMap<Seq, Seq> = HashMap::new();
        for n in 0..=from.facts.head / PAGE {
            for row in log::page(tx, &self.keyring, from, n)?.rows {
                let Some(body) = carried(&row, &seqs) else { continue };
                let author = match row.author == newer.ticket.visitor {
                    true => earlier.ticket.visitor,
                    false => row.author,
                };
                // Read anew each time: what was appended a moment ago is its head.
                let to = locked(tx, earlier.space)?;
                let told = log::append(tx, &self.keyring, &to, author, None, row.at, vec![body])?;
                seqs.extend(told.first().map(|it| (row.seq, it.seq)));
            }
        }
        Ok(())
    }

    /// Who waited waits in the earlier one, and who was helped is helped there by the same agent.
    fn carry_standing(&self, tx: &mut Tx, newer: &TicketRecord, earlier: &TicketRecord) -> Result<()> {
        if newer.ticket.state == State::Closed {
            return Ok(());
        }
        let to = locked(tx, earlier.space)?;
        let now = log::ticket(tx, earlier.space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.ticket;
        let mut bodies = Vec::new();
        if now.state == State::Closed {
            bodies.push(Body::TicketOpened(Box::new(Opening {
                desk: now.desk,
                round: now.round + 1,
                via: newer.ticket.via,
                wants: newer.ticket.wants,
                language: newer.ticket.language.clone(),
                skill: newer.ticket.skill.clone(),
                page: None,
            })));
        }
        if let Some(agent) = newer.ticket.agent.filter(|_| now.agent.is_none()) {
            bodies.extend(comes_in(&now.staff, agent));
            bodies.push(Body::TicketAssigned { agent, why: AssignReason::Transferred });
        }
        self.append(tx, &to, now.visitor, None, bodies)?;
        Ok(())
    }
}

fn locked(tx: &mut Tx, space: SpaceId) -> Result<SpaceRecord> {
    Ok(log::space_locked(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?)
}

fn comes_in(staff: &[PersonId], agent: PersonId) -> Option<Body> {
    (!staff.contains(&agent)).then_some(Body::MemberJoined { person: agent, role: SpaceRole::Member })
}

/// A message as it is written once more; nothing for what was removed and for notices, which were true of the other
/// ticket alone.
fn carried(row: &Row, seqs: &HashMap<Seq, Seq>) -> Option<Body> {
    let message = row.message().filter(|it| !it.removed)?;
    let draft = Draft {
        text: message.text.clone(),
        thread: message.thread.and_then(|it| seqs.get(&it)).copied(),
        also: message.also,
        files: message.files.clone(),
        ..Draft::default()
    };
    match brought(&draft).ok()? {
        Body::MessagePosted(mut posted) => {
            posted.note = row.staff;
            Some(Body::MessagePosted(posted))
        }
        _ => None,
    }
}
