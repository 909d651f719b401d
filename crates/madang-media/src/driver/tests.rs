//! The driver on real sockets.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use madang_model::{CallId, ParticipantId};

use crate::rtc::tests::client::Client;
use crate::track::{Layer, Source, TrackName};
use crate::{Config, Event, Media, Refused, Rights, Want, Wants};

const CALL: CallId = CallId(1);
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with a socket of its own.
struct Caller {
    client: Client,
    socket: UdpSocket,
    server: SocketAddr,
}

impl Caller {
    async fn join(media: &Media, id: i64) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let (mut client, offer) = Client::offer(Instant::now(), id as u64, address, false, (3, 2));
        let answer = media.join(CALL, ParticipantId(id), Rights::ALL, offer).await.unwrap();
        client.accept(&answer.sdp);
        client.on = vec![(Source::Microphone, Layer::F), (Source::Camera, Layer::F)];
        Self { client, socket, server: media.udp() }
    }

    fn want(&self, media: &Media, other: i64) {
        let track = TrackName { participant: ParticipantId(other), source: Source::Camera };
        let slot =
            Want { mid: self.client.eyes[0].0.to_string(), track: Some(track), height: 720, priority: 1 };
        let wants = Wants { slots: vec![slot], ..Wants::default() };
        media.want(CALL, ParticipantId(self.client.id as i64), wants);
    }

    fn go_on(&mut self) {
        let mut buffer = [0; 2048];
        self.socket.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
        while let Ok(length) = self.socket.recv(&mut buffer) {
            self.client.receive(Instant::now(), self.server, &buffer[..length]);
            self.send();
        }
        self.client.timeout(Instant::now());
        self.send();
    }

    fn send(&mut self) {
        for (to, contents) in self.client.transmits.drain(..) {
            self.socket.send_to(&contents, to).unwrap();
        }
    }
}

fn start() -> (Media, Receiver<Event>) {
    let (told, heard) = channel();
    // Who does not listen any more has ended.
    let media = Media::start(Config::loopback(), move |event| _ = told.send(event)).unwrap();
    (media, heard)
}

fn until(callers: &mut [Caller], what: impl Fn(&[Caller]) -> bool) {
    let begun = Instant::now();
    while !what(callers) {
        let state = |it: &Caller| {
            (
                it.client.connected,
                it.client.eyes[0].1.frames,
                it.client.ears.iter().map(|(_, ear)| ear.packets).sum::<u64>(),
            )
        };
        assert!(begun.elapsed() < PATIENCE, "in vain: {:?}", callers.iter().map(state).collect::<Vec<_>>());
        callers.iter_mut().for_each(Caller::go_on);
    }
}

#[tokio::test]
async fn two_see_and_hear_each_other_over_sockets_whatever_strangers_send() {
    let (media, heard) = start();
    let mut callers = vec![Caller::join(&media, 1).await, Caller::join(&media, 2).await];
    callers[0].want(&media, 2);
    callers[1].want(&media, 1);
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    for step in 0..200u8 {
        stranger.send_to(&[step; 60], media.udp()).unwrap();
    }
    until(&mut callers, |callers| {
        callers.iter().all(|it| {
            it.client.eyes[0].1.frames > 5 && it.client.ears.iter().any(|(_, ear)| ear.packets > 40)
        })
    });
    assert_eq!(callers[0].client.eyes[0].1.senders, [2]);
    let numbers = media.numbers(CALL).await;
    assert_eq!(numbers.len(), 2);
    assert!(numbers.iter().all(|it| it.received > 5_000 && it.sent > 5_000), "{numbers:?}");
    let connected = |event: &Event| matches!(event, Event::Connected { .. });
    assert_eq!(heard.try_iter().filter(connected).count(), 2);

    media.leave(CALL, ParticipantId(1));
    let frames = callers[1].client.eyes[0].1.frames;
    media.end(CALL);
    assert!(media.numbers(CALL).await.is_empty());
    assert!(callers[1].client.eyes[0].1.frames >= frames);
    assert_eq!(media.renegotiate(CALL, ParticipantId(1), String::new()).await, Err(Refused::CallOver));
}

#[tokio::test]
async fn when_the_last_handle_is_gone_media_ends() {
    let (media, heard) = start();
    let udp = media.udp();
    let again = media.clone();
    drop(media);
    assert!(again.numbers(CALL).await.is_empty());
    drop(again);
    // The listener is dropped by the thread when it ends.
    while heard.recv_timeout(PATIENCE).is_ok() {}
    UdpSocket::bind(udp).unwrap();
}

#[tokio::test]
async fn a_connection_that_does_not_show_whose_it_is_is_cut_off() {
    let (media, _heard) = start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    for first in [&b"\x00\x14not a request of STUN"[..], &[0xff; 4000][..], b""] {
        let mut stranger = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (taken, _) = listener.accept().unwrap();
        taken.set_nonblocking(true).unwrap();
        media.take_tcp(tokio::net::TcpStream::from_std(taken).unwrap(), bytes::Bytes::copy_from_slice(first));
        // It may be cut off before it has said anything.
        let _ = stranger.write_all(&[0, 0]);
        stranger.set_read_timeout(Some(PATIENCE)).unwrap();
        let end = stranger.read(&mut [0; 16]);
        assert!(
            matches!(end, Ok(0))
                || end.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
        );
    }
}
