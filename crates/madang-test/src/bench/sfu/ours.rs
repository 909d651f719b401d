//! Madang's own media in a process of its own, so that what it uses is what media uses. A request
//! is a line of JSON on its standard input, an answer one on its standard output.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use madang_media::{Config, Kind, Offer, Rights, Source, TrackName, Want, Wants};
use madang_model::{CallId, ParticipantId};
use serde::{Deserialize, Serialize};

use super::peer::{Media, Peer};
use super::{Make, Sfu};
use crate::bench::machine;

const CALL: CallId = CallId(1);

#[derive(Serialize, Deserialize)]
enum Ask {
    Join { who: i64, pictures: bool, sdp: String, sends: Option<String>, receives: Vec<String> },
    Want { who: i64, slots: Vec<(String, i64)> },
}

/// Serves until its standard input ends.
pub fn serve() -> Result<()> {
    let media = madang_media::Media::start(
        Config { udp: (super::own_address()?, 0).into(), ..Config::loopback() },
        |_| {},
    )?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut out = std::io::stdout();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lines() {
        match serde_json::from_str(&line?)? {
            Ask::Join { who, pictures, sdp, sends, receives } => {
                let (kind, source) =
                    if pictures { (Kind::Video, Source::Camera) } else { (Kind::Audio, Source::Microphone) };
                let offer = Offer {
                    sdp,
                    publish: sends.into_iter().map(|mid| (mid, source)).collect(),
                    receive: receives.into_iter().map(|mid| (mid, kind)).collect(),
                };
                let joined = media.join(CALL, ParticipantId(who), Rights::ALL, offer);
                writeln!(out, "{}", serde_json::to_string(&runtime.block_on(joined)?.sdp)?)?;
                out.flush()?;
            }
            Ask::Want { who, slots } => {
                let wanted = slots.into_iter().map(|(mid, of)| Want {
                    mid,
                    track: Some(TrackName { participant: ParticipantId(of), source: Source::Camera }),
                    height: 720,
                    priority: 1,
                });
                media.want(CALL, ParticipantId(who), Wants { slots: wanted.collect(), ..Wants::default() });
            }
        }
    }
    Ok(())
}

pub struct Ours {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    media: Media,
    joined: i64,
}

impl Ours {
    pub fn start(media: Media) -> Result<Ours> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("sfu-media").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = machine::spawn(&mut command)?;
        let requests = child.stdin.take().context("standard input is piped")?;
        let mut answers = BufReader::new(child.stdout.take().context("standard output is piped")?);
        // What it takes before anybody has come is not counted for anybody.
        answers.read_line(&mut String::new())?;
        Ok(Ours { child, requests, answers, media, joined: 0 })
    }

    fn ask(&mut self, ask: &Ask) -> Result<()> {
        writeln!(self.requests, "{}", serde_json::to_string(ask)?)?;
        Ok(self.requests.flush()?)
    }
}

impl Sfu for Ours {
    fn process(&self) -> u32 {
        self.child.id()
    }

    /// One connection for both directions.
    fn enter(&mut self, make: Make, sends: bool, of: &[usize], peers: &mut Vec<Peer>) -> Result<()> {
        let mut peer = make()?;
        let sdp = peer.offer(sends, of.len())?;
        self.joined += 1;
        let who = self.joined;
        let receives: Vec<String> = peer.receives.iter().map(ToString::to_string).collect();
        let pictures = self.media == Media::Pictures;
        let sends = peer.sends.map(|mid| mid.to_string());
        self.ask(&Ask::Join { who, pictures, sdp, sends, receives: receives.clone() })?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        if line.is_empty() {
            bail!("the media server ended");
        }
        peer.accept(&serde_json::from_str::<String>(&line)?)?;
        if pictures {
            let slots = receives.into_iter().zip(of).map(|(mid, of)| (mid, *of as i64 + 1)).collect();
            self.ask(&Ask::Want { who, slots })?;
        }
        peers.push(peer);
        Ok(())
    }

    fn all_send(&mut self, _: Make, _: &mut Vec<Peer>) -> Result<()> {
        Ok(())
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
