//! What people in a call show each other over the socket: read from one device, written to the others.

use madang_app::calls as app;
use madang_model::{CallId, ParticipantId};
use serde::{Deserialize, Serialize};

use super::calls::{track, track_name};

/// As a device says it. Places are fractions of the frame, 0 to 1.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    Pointer {
        track: String,
        x: f32,
        y: f32,
    },
    Ink {
        track: String,
        stroke: String,
        points: Vec<(f32, f32)>,
        #[serde(default)]
        colour: u8,
        #[serde(default)]
        stay: bool,
        #[serde(default)]
        done: bool,
    },
    InkUndo {
        track: String,
        stroke: String,
    },
    InkClear {
        track: String,
    },
    /// A host asks somebody to turn on what is off.
    AskToUnmute {
        participant: ParticipantId,
        source: String,
    },
    #[serde(other)]
    Unknown,
}

impl Said {
    /// What is shown to the others; none for what is not shown, or means nothing.
    pub fn shown(self) -> Option<app::Signal> {
        Some(match self {
            Said::Pointer { track: name, x, y } => app::Signal::Pointer { track: track(&name).ok()?, x, y },
            Said::Ink { track: name, stroke, points, colour, stay, done } => {
                app::Signal::Ink { track: track(&name).ok()?, stroke, points, colour, stay, done }
            }
            Said::InkUndo { track: name, stroke } => {
                app::Signal::InkUndo { track: track(&name).ok()?, stroke }
            }
            Said::InkClear { track: name } => app::Signal::InkClear { track: track(&name).ok()? },
            Said::AskToUnmute { .. } | Said::Unknown => return None,
        })
    }
}

/// As the others hear it.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown<'a> {
    Reaction { emoji: &'a str },
    Hand { up: bool },
    AskedToUnmute { source: &'static str },
    Admitted {},
    Pointer { track: String, x: f32, y: f32 },
    Ink { track: String, stroke: &'a str, points: &'a [(f32, f32)], colour: u8, stay: bool, done: bool },
    InkUndo { track: String, stroke: &'a str },
    InkClear { track: String },
}

impl<'a> From<&'a app::Signal> for Shown<'a> {
    fn from(signal: &'a app::Signal) -> Shown<'a> {
        match signal {
            app::Signal::Reaction { emoji } => Shown::Reaction { emoji },
            app::Signal::Hand { up } => Shown::Hand { up: *up },
            app::Signal::AskedToUnmute { source } => Shown::AskedToUnmute { source: source.as_str() },
            app::Signal::Admitted => Shown::Admitted {},
            app::Signal::Pointer { track, x, y } => {
                Shown::Pointer { track: track_name(*track), x: *x, y: *y }
            }
            app::Signal::Ink { track, stroke, points, colour, stay, done } => Shown::Ink {
                track: track_name(*track),
                stroke,
                points,
                colour: *colour,
                stay: *stay,
                done: *done,
            },
            app::Signal::InkUndo { track, stroke } => Shown::InkUndo { track: track_name(*track), stroke },
            app::Signal::InkClear { track } => Shown::InkClear { track: track_name(*track) },
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "call_signal")]
pub struct SignalFrame<'a> {
    call: CallId,
    from: ParticipantId,
    signal: Shown<'a>,
}

impl<'a> SignalFrame<'a> {
    pub fn new(call: CallId, from: ParticipantId, signal: &'a app::Signal) -> SignalFrame<'a> {
        SignalFrame { call, from, signal: signal.into() }
    }
}
