//! Whose profile a device is told of while it is connected.
//!
//! Members see everybody in the house and are told of every change. Guests see
//! those in their spaces, and may hold what somebody was before they shared no
//! space for a while. So whoever comes into a space is introduced to the guests
//! there before they hear of it, and a guest who comes in is shown the company
//! before the space (`Hub::show`): a device that knows the events of a space
//! knows who came with them. What a device that was away missed is in its
//! welcome (`App::welcome`).
//!
//! Who is connected, and where, stands in memory; the store is asked for
//! profiles alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use madang_app::Error;
use madang_model::{PersonId, Role, SpaceId};

use super::frame;
use super::hub::Hub;
use crate::wire::frames::PersonFrame;

/// Who changed in a commit, or in several.
#[derive(Debug, Default)]
pub(super) struct News {
    /// With the spaces whose guests were told of this change by an introduction.
    changed: BTreeMap<PersonId, BTreeSet<SpaceId>>,
    introduced: BTreeMap<PersonId, BTreeSet<SpaceId>>,
}

impl News {
    pub(super) fn changed(&mut self, person: PersonId) {
        self.changed.entry(person).or_default();
    }

    /// Takes in the news of a later commit. What was introduced in it was read after it.
    pub(super) fn add(&mut self, later: News) {
        let News { changed, mut introduced } = later;
        for person in changed.into_keys() {
            self.changed.insert(person, introduced.remove(&person).unwrap_or_default());
        }
    }
}

impl Hub {
    /// Tells whoever may know of those who changed.
    pub(super) fn tell_of_people(self: &Arc<Self>, news: News) {
        if news.changed.is_empty() || self.nobody_is_connected() {
            return;
        }
        let hub = self.clone();
        self.runtime.spawn(async move {
            // One after the other: what is read last is sent last.
            let _turn = hub.telling.lock().await;
            for (person, introduced) in &news.changed {
                if let Err(error) = hub.tell_of_change(*person, introduced).await {
                    tracing::warn!(%error, person.id = %person, "A changed profile was not announced");
                }
            }
        });
    }

    async fn tell_of_change(&self, person: PersonId, introduced: &BTreeSet<SpaceId>) -> Result<(), Error> {
        let Some(mut profile) = self.app.profile(person).await? else { return Ok(()) };
        profile.spaces.retain(|space| !introduced.contains(space));
        let whole = frame::text(&PersonFrame::new(&profile.whole));
        let without = frame::text(&PersonFrame::new(&profile.without));
        let visits = profile.whole.role == Some(Role::Visitor);
        for device in self.everybody() {
            let everybody = device.sees_everybody();
            // A visitor at a desk is known to those who help them.
            if visits && device.person != person {
                if device.follows_any(&profile.spaces) {
                    device.outlet.send(&without);
                }
                continue;
            }
            match everybody {
                Some(true) => device.outlet.send(&whole),
                Some(false) if device.person == person => device.outlet.send(&whole),
                Some(false) if device.follows_any(&profile.spaces) => device.outlet.send(&without),
                _ => {}
            }
        }
        Ok(())
    }

    /// Shows somebody to the guests of a space into which they come, before the event that says so.
    pub(super) fn introduce(&self, person: PersonId, space: SpaceId, news: &mut News) {
        let Some(list) = self.list(space) else { return };
        let is_told = |device: &super::hub::Device| device.is_guest() && device.person != person;
        if !list.lock().iter().any(|device| is_told(device)) {
            return;
        }
        match self.app.profile_now(person) {
            Ok(Some(profile)) => {
                let block = frame::text(&PersonFrame::new(&profile.without));
                let devices = list.lock();
                devices.iter().filter(|it| is_told(it)).for_each(|device| device.outlet.send(&block));
                news.introduced.entry(person).or_default().insert(space);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, person.id = %person, "Somebody could not be introduced");
                self.lost(1);
            }
        }
    }
}
