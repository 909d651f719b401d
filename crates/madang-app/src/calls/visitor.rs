//! Calls with the visitor of a ticket: what is seen of them is what they allow, and nothing at first.

use std::sync::Arc;

use madang_model::SpaceId;
use madang_model::desk::ticket::{Consent, Ticket};

use super::call::{Call, Participant, State, VisitorShows};
use crate::app::App;

pub(super) fn shows(ticket: &Ticket) -> VisitorShows {
    VisitorShows { camera: ticket.allows(Consent::Camera), screen: ticket.allows(Consent::Screen) }
}

impl App {
    /// What a visitor allows has changed: the media server is told what may be sent from here on.
    pub(crate) fn visitor_may(self: &Arc<Self>, space: SpaceId, ticket: &Ticket) {
        let (Some(call), Ok(media)) = (self.calls.in_space(space), self.calls.media()) else { return };
        let changed = self.calls.change(call.id, |it| Ok(it.visitor_shows(shows(ticket))));
        for them in changed.unwrap_or_default() {
            media.allow(call.id, them.id, them.rights, them.muted.iter().copied().collect());
            media.sends(call.id, them.id, them.sources());
        }
    }

    /// Somebody is connected with a call: if visitor and agent both are, they have met.
    pub(super) fn may_have_met(self: &Arc<Self>, call: &Call) {
        let there = |guest: bool| {
            let connected = |it: &&Participant| it.guest == guest && it.state == State::Connected;
            call.participants.iter().find(connected).map(Participant::person)
        };
        if let (Some(_), Some(_), Some(agent)) = (call.visitor, there(true), there(false)) {
            self.met(call.space, agent);
        }
    }

    /// A ticket was closed, and the call in its space is over with it.
    pub(crate) fn end_call_of(self: &Arc<Self>, space: SpaceId) {
        if let Some(call) = self.calls.in_space(space) {
            let app = self.clone();
            tokio::spawn(async move { app.end_call(call.id, true).await });
        }
    }
}
