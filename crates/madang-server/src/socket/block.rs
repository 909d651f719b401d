//! What is written to a space, and what of it is hidden from the visitor of a ticket: two encodings at most.

use bytes::BytesMut;
use madang_model::{Event, PersonId, SpaceId};

use super::frame;
use super::hub::Hub;
use crate::wire::frames::EventFrame;

/// What is written to the devices of a space.
#[derive(Default)]
pub(super) struct Block {
    whole: BytesMut,
    /// The same for the visitor of a ticket, from whom some of it is hidden; only if something is.
    outside: Option<(PersonId, BytesMut)>,
}

impl Block {
    /// Adds an event; `visitor` is whose ticket it is, if the event is for its agents only.
    pub(super) fn put(&mut self, event: &Event, visitor: Option<PersonId>) {
        if let Some(visitor) = visitor {
            self.outside.get_or_insert_with(|| (visitor, self.whole.clone()));
        }
        frame::put_text(&mut self.whole, &EventFrame::new(event));
        if let Some((_, outside)) = &mut self.outside {
            match event.staff {
                true => frame::put_text(outside, &EventFrame::new(&event.hidden())),
                false => frame::put_text(outside, &EventFrame::new(event)),
            }
        }
    }
}

impl Hub {
    /// Writes a block to every device that follows the space, without what is hidden from its person.
    pub(super) fn write(&self, space: SpaceId, block: Block) {
        let Some((visitor, outside)) = block.outside else {
            return self.broadcast(space, &block.whole.freeze());
        };
        let Some(list) = self.list(space) else { return };
        let (whole, outside) = (block.whole.freeze(), outside.freeze());
        let devices = list.lock();
        self.counts.block(devices.len());
        for device in devices.iter() {
            let seen = if device.person == visitor { &outside } else { &whole };
            device.outlet.send_counted(seen, &self.counts.writes);
        }
    }

    /// From whom an event is hidden, if it is for the agents of a ticket. When the store does not say, nobody is told of
    /// it: devices come back and read on.
    pub(super) fn visitor_of(&self, event: &Event) -> Option<PersonId> {
        if !event.staff {
            return None;
        }
        match self.app.visitor_now(event.space) {
            Ok(visitor) => visitor,
            Err(error) => {
                tracing::warn!(%error, space.id = %event.space, "Whose a ticket is cannot be read");
                self.lost(1);
                Some(event.author)
            }
        }
    }
}
