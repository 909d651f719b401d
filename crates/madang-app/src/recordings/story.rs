//! A recording as it is told: who is in which file, when.

use std::collections::{HashMap, HashSet};

use madang_model::{ParticipantId, PersonId};
use madang_store::recordings::RecordingRecord;

use super::name;
use crate::calls::{RecordedFile, Remains};

/// What is known of a recording that is over.
#[derive(Debug, Clone)]
pub struct Story {
    pub recording: RecordingRecord,
    /// Why it ended.
    pub why: String,
    pub lasted_ms: i64,
    /// Its files, in order of their beginning.
    pub takes: Vec<Take>,
    /// Who spoke most, from when on in milliseconds.
    pub speakers: Vec<(i64, Option<PersonId>)>,
}

/// One file of it, as it is called in the space.
#[derive(Debug, Clone)]
pub struct Take {
    pub name: String,
    pub person: Option<PersonId>,
    /// Of the person, as they were called at the end.
    pub who: String,
    pub file: RecordedFile,
}

impl Story {
    pub(super) fn new(
        recording: RecordingRecord,
        remains: Remains,
        names: &HashMap<PersonId, String>,
        korean: bool,
    ) -> Story {
        let people: HashMap<ParticipantId, PersonId> = recording.people.iter().copied().collect();
        let mut files = remains.files;
        files.sort_by_key(|it| (it.at_ms, it.track));
        let mut taken = HashSet::new();
        let take = |file: RecordedFile| {
            let person = people.get(&file.track.0).copied();
            let who = person.and_then(|it| names.get(&it)).cloned();
            let who = who.unwrap_or_else(|| name::somebody(korean).to_owned());
            let kind = file.name.rsplit('.').next().unwrap_or("webm").to_owned();
            let base = format!("{who} - {}", name::source(file.track.1, korean));
            let name = (1..)
                .map(|n| if n == 1 { format!("{base}.{kind}") } else { format!("{base} {n}.{kind}") })
                .find(|name| taken.insert(name.clone()))
                .expect("there are more numbers than files");
            Take { name, person, who, file }
        };
        let takes = files.into_iter().map(take).collect();
        let speakers = remains.speakers.into_iter();
        let speakers =
            speakers.map(|(at, who)| (at, who.and_then(|who| people.get(&who).copied()))).collect();
        // What the house decided goes before what the writer knew.
        let why = recording.why.clone().unwrap_or_else(|| remains.why.to_owned());
        Story { recording, why, lasted_ms: remains.lasted_ms, takes, speakers }
    }
}
