//! Leave to open a socket: given by a method to whoever has a token, good once, for a minute.

use std::time::Duration;

use axum::extract::Request;
use madang_model::{AppId, PersonId, SessionId};
use moka::sync::Cache;

use crate::Slack;
use crate::fail::Fail;

/// Which socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Socket {
    /// Socket Mode.
    Link,
    Rtm,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    pub socket: Socket,
    pub person: PersonId,
    pub session: SessionId,
    /// Whose it is, if it is an app's.
    pub app: Option<AppId>,
}

pub(crate) struct Tickets(Cache<String, Ticket>);

impl Default for Tickets {
    fn default() -> Tickets {
        Tickets(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(60)).build())
    }
}

impl Slack {
    /// The word that stands for a ticket in an address.
    pub(super) fn ticket(&self, ticket: Ticket) -> Result<String, Fail> {
        let word = self.fresh_word()?;
        self.tickets.0.insert(word.clone(), ticket);
        Ok(word)
    }

    /// Takes up the ticket in the address of a request.
    pub(super) fn admitted(&self, request: &Request, socket: Socket) -> Option<Ticket> {
        let query = request.uri().query().unwrap_or_default();
        let mut fields = form_urlencoded::parse(query.as_bytes());
        let word = fields.find_map(|(name, value)| (name == "ticket").then(|| value.into_owned()))?;
        self.tickets.0.remove(&word).filter(|it| it.socket == socket)
    }
}
