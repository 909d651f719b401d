//! The plan: everything that will be tried, chosen before anything begins, so
//! that a run that failed can be tried again.
//!
//! What a step is about (which space, which message) is a lot that is drawn
//! among what its device holds when the step comes.

use serde::{Deserialize, Serialize};

use super::lots::Lots;

/// Persons and devices of each, in the order of `cast::CAST`.
pub const DEVICES: [usize; 7] = [3, 3, 4, 3, 3, 3, 3];

/// A whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub seed: u64,
    /// One list for each device.
    pub scripts: Vec<Vec<Step>>,
    /// What happens to the house, each after so many steps of all devices.
    pub blows: Vec<(usize, Blow)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub deed: Deed,
    pub manner: Manner,
    /// Lots for space, message and whatever else the deed needs.
    pub space: u32,
    pub what: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    Post,
    Reply,
    ReplyToAll,
    Edit,
    Remove,
    React,
    TakeBack,
    Pin,
    Unpin,
    Remind,
    Read,
    Unread,
    Draft,
    ThreadDraft,
    Involve,
    Type,
    Join,
    Leave,
    Add,
    Expel,
    Create,
    Archive,
    Unarchive,
    Delete,
    Restore,
    Rename,
    Direct,
    SeeActivity,
    Profile,
    Look,
    Vanish,
    Return,
    Deafen,
    Hear,
    Forget,
    /// Sends a file or two, and posts them.
    Attach,
    Forward,
    /// Fetches a file.
    Fetch,
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    /// Once, and the answer is waited for.
    Plain,
    /// Twice at the same moment.
    Twice,
    /// The connection is cut before the answer, then it is sent again.
    Lost,
    /// The next steps do not wait for it.
    Alongside,
    /// Sent only after the next steps of the device.
    Late,
}

/// What happens to the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blow {
    /// SIGTERM and a new start.
    Restart,
    /// SIGKILL and a new start.
    Kill,
    /// Every follower's view is dropped and built again while serving.
    Rebuild,
}

const DEEDS: &[(u64, Deed)] = &[
    (250, Deed::Post),
    (90, Deed::Reply),
    (30, Deed::ReplyToAll),
    (60, Deed::Edit),
    (45, Deed::Remove),
    (90, Deed::React),
    (35, Deed::TakeBack),
    (25, Deed::Pin),
    (15, Deed::Unpin),
    (6, Deed::Remind),
    (90, Deed::Read),
    (15, Deed::Unread),
    (35, Deed::Draft),
    (10, Deed::ThreadDraft),
    (12, Deed::Involve),
    (15, Deed::Type),
    (22, Deed::Join),
    (14, Deed::Leave),
    (28, Deed::Add),
    (12, Deed::Expel),
    (8, Deed::Create),
    (5, Deed::Archive),
    (10, Deed::Unarchive),
    (3, Deed::Delete),
    (6, Deed::Restore),
    (12, Deed::Rename),
    (6, Deed::Direct),
    (8, Deed::SeeActivity),
    (6, Deed::Profile),
    (30, Deed::Look),
    (18, Deed::Vanish),
    (26, Deed::Return),
    (10, Deed::Deafen),
    (16, Deed::Hear),
    (3, Deed::Forget),
    (40, Deed::Attach),
    (12, Deed::Forward),
    (30, Deed::Fetch),
];

const MANNERS: &[(u64, Manner)] = &[
    (62, Manner::Plain),
    (12, Manner::Twice),
    (10, Manner::Lost),
    (10, Manner::Alongside),
    (6, Manner::Late),
];

impl Plan {
    /// The plan of a seed with at least `steps` steps.
    pub fn of(seed: u64, steps: usize) -> Plan {
        let mut lots = Lots::new(seed);
        let devices: usize = DEVICES.iter().sum();
        let each = steps.div_ceil(devices);
        let step = |lots: &mut Lots| Step {
            deed: lots.weighed(DEEDS),
            manner: lots.weighed(MANNERS),
            space: lots.pick(),
            what: lots.pick(),
        };
        let scripts = (0..devices).map(|_| (0..each).map(|_| step(&mut lots)).collect()).collect();
        let all = each * devices;
        let mut blows: Vec<(usize, Blow)> =
            [Blow::Rebuild, Blow::Kill, Blow::Restart, Blow::Kill, Blow::Rebuild, Blow::Restart]
                .into_iter()
                .map(|blow| (all / 20 + lots.below(all * 17 / 20), blow))
                .collect();
        blows.sort_by_key(|(at, _)| *at);
        Plan { seed, scripts, blows }
    }

    /// How many steps all devices have together.
    pub fn len(&self) -> usize {
        self.scripts.iter().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_one_plan_and_a_plan_survives_its_file() {
        let plan = Plan::of(7, 2_000);
        assert_eq!(plan, Plan::of(7, 2_000));
        assert_ne!(plan, Plan::of(8, 2_000));
        assert!(plan.len() >= 2_000 && plan.scripts.len() >= 20);
        let text = serde_json::to_string(&plan).expect("it is JSON");
        assert_eq!(serde_json::from_str::<Plan>(&text).expect("it parses"), plan);
    }
}
