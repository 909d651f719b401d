//! The media server as the house knows it: started with the doors, its words translated both ways.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use madang_app::App;
use madang_app::calls::{
    CallAnswer, CallOffer, CallRights, Measured, MediaDoor, MediaRefused, MediaSaid, RecordedFile, Remains,
    Slot, Slots, Source, Track, Wants,
};
use madang_media::{Config as MediaConfig, Event, Kind, Limits, Media, Offer, Refused, Rights, TrackName};
use madang_model::{CallId, ParticipantId};
use tokio::sync::mpsc;

use crate::config::{Config, MediaPlace, Misconfigured};

/// Starts the media server and gives it to the house. None when calls are off: because it is wished so, or because
/// the usual port is taken.
///
/// # Errors
/// `Misconfigured` when an address that was chosen cannot be had.
pub fn start(app: &Arc<App>, config: &Config, web: SocketAddr) -> Result<Option<Media>> {
    let Some(place) = config.media else { return Ok(None) };
    let (sender, events) = mpsc::unbounded_channel();
    let tell = move |event| {
        // Whoever listened is gone with the process.
        let _ = sender.send(event);
    };
    let media = match Media::start(settings(config, place, web), tell) {
        Ok(media) => media,
        Err(error) if place.chosen => {
            let advice = format!(
                "cannot listen for calls on {} (UDP): choose another address with --media-listen, or off",
                place.at
            );
            return Err(error).context(Misconfigured(advice));
        }
        Err(error) => {
            tracing::warn!(%error, media.listen = %place.at, "Calls are off: the port for them is taken. Choose one with --media-listen");
            return Ok(None);
        }
    };
    tracing::info!(media.listen = %media.udp(), "Calls are carried");
    app.carry_calls(Arc::new(Carrier(media.clone())));
    tokio::spawn(pass_on(app.clone(), events));
    Ok(Some(media))
}

fn settings(config: &Config, place: MediaPlace, web: SocketAddr) -> MediaConfig {
    // Whoever comes through a proxy reaches no TCP of ours.
    let tcp = config.trusted_proxies.is_empty().then_some(web.port());
    let is_reached_as_it_is = !config.media_announce.is_empty() || place.at.ip().is_loopback();
    MediaConfig {
        udp: place.at,
        announce: config.media_announce.clone(),
        tcp,
        lite: is_reached_as_it_is || is_public(place.at),
        limits: Limits::default(),
    }
}

fn is_public(address: SocketAddr) -> bool {
    match address.ip() {
        std::net::IpAddr::V4(ip) => !(ip.is_unspecified() || ip.is_private() || ip.is_link_local()),
        std::net::IpAddr::V6(ip) => {
            !(ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
    }
}

/// Hands on what the media server says, one thing after the other.
async fn pass_on(app: Arc<App>, mut events: mpsc::UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        let said = match event {
            Event::Connected { call, participant } => MediaSaid::Connected(call, participant),
            Event::Lost { call, participant } => MediaSaid::Lost(call, participant),
            Event::Gone { call, participant } => MediaSaid::Gone(call, participant),
            Event::Slots { call, participant, slots } => MediaSaid::Slots(call, participant, heard(slots)),
            Event::Speaker { call, participant } => MediaSaid::Speaker(call, participant),
            Event::Recorded { call, why } => MediaSaid::Recorded(call, why.as_str()),
            Event::Numbers { numbers, .. } => {
                numbers.iter().for_each(measure);
                continue;
            }
        };
        app.media_said(said);
    }
}

/// For `/metrics`: how the connections of people in calls are, all together.
fn measure(numbers: &madang_media::Numbers) {
    metrics::histogram!("madang_call_loss_up").record(f64::from(numbers.loss_up));
    metrics::histogram!("madang_call_loss_down").record(f64::from(numbers.loss_down));
    metrics::histogram!("madang_call_jitter_seconds").record(numbers.jitter.as_secs_f64());
    if let Some(round_trip) = numbers.round_trip {
        metrics::histogram!("madang_call_round_trip_seconds").record(round_trip.as_secs_f64());
    }
}

/// The media server behind the house's door.
struct Carrier(Media);

impl MediaDoor for Carrier {
    fn join(
        &self,
        call: CallId,
        participant: ParticipantId,
        rights: CallRights,
        offer: CallOffer,
    ) -> BoxFuture<'static, Result<CallAnswer, MediaRefused>> {
        let media = self.0.clone();
        let offer = Offer {
            sdp: offer.sdp,
            publish: offer.publish.into_iter().map(|(mid, it)| (mid, said(it))).collect(),
            receive: offer.receive.into_iter().map(|(mid, is)| (mid, kind(is))).collect(),
        };
        async move {
            let answer = media.join(call, participant, allowed(rights), offer).await.map_err(refused)?;
            Ok(CallAnswer { sdp: answer.sdp, slots: heard(answer.slots) })
        }
        .boxed()
    }

    fn read_unnamed(&self, sdp: String) -> Result<CallOffer, MediaRefused> {
        let offer = Offer::unnamed(sdp).map_err(refused)?;
        Ok(CallOffer {
            sdp: offer.sdp,
            publish: offer.publish.into_iter().map(|(mid, it)| (mid, named(it))).collect(),
            receive: offer.receive.into_iter().map(|(mid, it)| (mid, it == Kind::Video)).collect(),
        })
    }

    fn renegotiate(
        &self,
        call: CallId,
        participant: ParticipantId,
        sdp: String,
    ) -> BoxFuture<'static, Result<String, MediaRefused>> {
        let media = self.0.clone();
        async move { media.renegotiate(call, participant, sdp).await.map_err(refused) }.boxed()
    }

    fn want(&self, call: CallId, participant: ParticipantId, wants: Wants) {
        // Who is shown above all others is heard as well.
        let first = wants.slots.iter().find(|it| it.priority >= 3).and_then(|it| it.track);
        let slots = wants.slots.into_iter().map(|it| madang_media::Want {
            mid: it.mid,
            track: it.track.map(|(participant, source)| TrackName { participant, source: said(source) }),
            height: it.height,
            priority: it.priority,
        });
        let wants = madang_media::Wants {
            slots: slots.collect(),
            low_data: wants.low_data,
            pinned: first.map(|(participant, _)| participant),
        };
        self.0.want(call, participant, wants);
    }

    fn allow(&self, call: CallId, participant: ParticipantId, rights: CallRights, muted: Vec<Source>) {
        self.0.allow(call, participant, allowed(rights), muted.into_iter().map(said).collect());
    }

    fn sends(&self, call: CallId, participant: ParticipantId, sources: Vec<Source>) {
        self.0.sends(call, participant, sources.into_iter().map(said).collect());
    }

    fn leave(&self, call: CallId, participant: ParticipantId) {
        self.0.leave(call, participant);
    }

    fn end(&self, call: CallId) {
        self.0.end(call);
    }

    fn record(
        &self,
        call: CallId,
        folder: PathBuf,
        most: u64,
    ) -> BoxFuture<'static, Result<(), MediaRefused>> {
        let media = self.0.clone();
        async move { media.record(call, folder, most).await.map_err(refused) }.boxed()
    }

    fn stop_recording(&self, call: CallId) {
        self.0.stop_recording(call, madang_media::Stopped::Asked);
    }

    fn finish_recording(&self, folder: PathBuf) -> BoxFuture<'static, std::io::Result<Remains>> {
        async move {
            let finished = tokio::task::spawn_blocking(move || madang_media::finish_recording(&folder));
            Ok(remains(finished.await.map_err(std::io::Error::other)??))
        }
        .boxed()
    }

    fn numbers(&self, call: CallId) -> BoxFuture<'static, Vec<Measured>> {
        let media = self.0.clone();
        let measured = |it: madang_media::Numbers| Measured {
            participant: it.participant,
            loss_up: it.loss_up,
            loss_down: it.loss_down,
            round_trip: it.round_trip,
            jitter: it.jitter,
            estimate: it.estimate,
            received: it.received,
            sent: it.sent,
            freezes: it.freezes,
            way: it.way,
        };
        async move { media.numbers(call).await.into_iter().map(measured).collect() }.boxed()
    }
}

fn remains(rest: madang_media::Rest) -> Remains {
    let file = |it: madang_media::RestFile| RecordedFile {
        name: it.name,
        track: (it.track.participant, named(it.track.source)),
        codec: it.codec,
        at_ms: it.at_ms,
        lasted_ms: it.lasted_ms,
        bytes: it.bytes,
        size: it.size,
        rotation: it.rotation,
        muted: it.muted,
    };
    Remains {
        why: rest.why.as_str(),
        lasted_ms: rest.lasted_ms,
        files: rest.files.into_iter().map(file).collect(),
        speakers: rest.speakers,
    }
}

fn said(source: Source) -> madang_media::Source {
    match source {
        Source::Microphone => madang_media::Source::Microphone,
        Source::Camera => madang_media::Source::Camera,
        Source::Screen => madang_media::Source::Screen,
        Source::ScreenAudio => madang_media::Source::ScreenAudio,
    }
}

fn named(source: madang_media::Source) -> Source {
    match source {
        madang_media::Source::Microphone => Source::Microphone,
        madang_media::Source::Camera => Source::Camera,
        madang_media::Source::Screen => Source::Screen,
        madang_media::Source::ScreenAudio => Source::ScreenAudio,
    }
}

fn kind(is_video: bool) -> Kind {
    if is_video { Kind::Video } else { Kind::Audio }
}

fn allowed(rights: CallRights) -> Rights {
    Rights { microphone: rights.microphone, camera: rights.camera, screen: rights.screen, see: rights.see }
}

fn heard(slots: madang_media::Slots) -> Slots {
    let track = |it: TrackName| -> Track { (it.participant, named(it.source)) };
    let slot = |it: madang_media::Bound| Slot {
        mid: it.mid,
        track: it.track.map(track),
        why: it.why.map(madang_media::Why::as_str),
    };
    let send = slots.send.into_iter().map(|(source, layers)| {
        (named(source), layers.into_iter().map(madang_media::Layer::as_str).collect())
    });
    Slots {
        n: slots.n,
        slots: slots.slots.into_iter().map(slot).collect(),
        send: send.collect(),
        speaker: slots.speaker,
        quality: slots.quality.state.as_str(),
        did: slots.quality.did.map(madang_media::Did::as_str),
    }
}

fn refused(refused: Refused) -> MediaRefused {
    match refused {
        Refused::CallOver => MediaRefused::CallOver,
        Refused::ParticipantGone => MediaRefused::ParticipantGone,
        Refused::BadOffer(why) => MediaRefused::BadOffer(why),
        Refused::Full => MediaRefused::Full,
        Refused::Stopped => MediaRefused::Stopped,
    }
}
