//! What apps show somebody: messages for their eyes alone, dialogs, homes.

use madang_model::PersonId;
use serde_json::Value;

use super::frame;
use super::hub::Hub;

impl Hub {
    /// Shows something on all devices of a person that are connected.
    pub fn show_person(&self, person: PersonId, frame: &Value) {
        let block = frame::text(frame);
        self.devices_of(person).iter().for_each(|device| device.outlet.send(&block));
    }
}
