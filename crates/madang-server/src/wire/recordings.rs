//! Recordings of calls: what became of one, and what stands beside its files (docs/protocol/calls.md).

use madang_app::recordings as app;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct RecordingAnswer {
    pub recording: Recording,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Recording {
    pub id: String,
    pub space: String,
    pub call: String,
    /// Who wished for it.
    pub by: String,
    /// When it began, in microseconds since 1970.
    pub at: i64,
    /// `running`, `saving`, `kept` or `failed`.
    pub state: String,
    /// Why it ended, or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasted_us: Option<i64>,
    /// The message with its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
    /// One video of all: `waiting`, `running`, `done`, `failed` or `given_up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub film: Option<String>,
    /// While it is made: milliseconds of it, and of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<FilmProgress>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FilmProgress {
    pub done: u64,
    pub of: u64,
}

impl From<app::Recording> for Recording {
    fn from(it: app::Recording) -> Recording {
        let record = it.record;
        Recording {
            id: record.id.to_string(),
            space: record.space.to_string(),
            call: record.call.to_string(),
            by: record.started_by.to_string(),
            at: record.started_at,
            state: record.state,
            why: record.why,
            lasted_us: record.lasted_us,
            message: record.message,
            film: record.film,
            progress: it.progress.map(|it| FilmProgress { done: it.done, of: it.of }),
        }
    }
}

/// Beside the files, for programs. Milliseconds since the recording began.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: u8,
    recording: String,
    call: String,
    space: String,
    /// Microseconds since 1970.
    began_at: i64,
    lasted: i64,
    ended_by: &'a str,
    tracks: Vec<ManifestTrack<'a>>,
    speakers: Vec<(i64, Option<String>)>,
}

#[derive(Debug, Serialize)]
struct ManifestTrack<'a> {
    file: &'a str,
    participant: String,
    person: Option<String>,
    name: &'a str,
    source: &'static str,
    codec: &'a str,
    begins: i64,
    lasts: i64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u16>,
    /// Degrees by which it is turned clockwise to be upright.
    #[serde(skip_serializing_if = "is_none")]
    rotation: u16,
    /// When it was muted or off, until when.
    muted: &'a [(i64, i64)],
}

impl<'a> ManifestTrack<'a> {
    fn new(take: &'a app::Take) -> Self {
        let file = &take.file;
        ManifestTrack {
            file: &take.name,
            participant: file.track.0.to_string(),
            person: take.person.map(|it| it.to_string()),
            name: &take.who,
            source: file.track.1.as_str(),
            codec: file.codec,
            begins: file.at_ms,
            lasts: file.lasted_ms,
            bytes: file.bytes,
            width: file.size.map(|it| it.0),
            height: file.size.map(|it| it.1),
            rotation: file.rotation,
            muted: &file.muted,
        }
    }
}

fn is_none(rotation: &u16) -> bool {
    *rotation == 0
}

pub fn manifest(story: &app::Story) -> Vec<u8> {
    let record = &story.recording;
    let manifest = Manifest {
        version: 1,
        recording: record.id.to_string(),
        call: record.call.to_string(),
        space: record.space.to_string(),
        began_at: record.started_at,
        lasted: story.lasted_ms,
        ended_by: &story.why,
        tracks: story.takes.iter().map(ManifestTrack::new).collect(),
        speakers: story.speakers.iter().map(|(at, who)| (*at, who.map(|it| it.to_string()))).collect(),
    };
    serde_json::to_vec_pretty(&manifest).expect("it has only text keys")
}
