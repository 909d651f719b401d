//! One connection to the relay: bytes to the dialogue, datagrams to the media server and back.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::UdpSocket;

use super::dialogue::{Dialogue, Outcome};
use super::frame;
use super::relay::{Peer, Relay};

/// A request is far smaller than this.
const STRANGER_MOST: usize = 2 * 1024;
/// A datagram of a call is at most some 1500 bytes long, and a message around it a hundred more.
const MOST: usize = 4 * 1024;
/// What is read at once, with what was left of the last time.
const READ: usize = 3 * MOST;
/// What waits for a slow connection. More is dropped: it would come too late.
const WAITS_MOST: usize = 256 * 1024;
/// A device that takes nothing for so long has gone another way: its network has changed.
const STUCK: Duration = Duration::from_secs(20);
/// Datagrams that are put into one write.
const BATCH: usize = 32;
/// How long last words may take.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Talks until it is over. `first` was read already.
pub async fn serve<S>(stream: S, from: SocketAddr, first: &[u8], relay: Arc<Relay>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Some(dialogue) = Dialogue::new(relay.clone(), from, Instant::now()) else { return };
    let ways = relay.peers().iter().map(|_| None).collect();
    let mut incoming = Vec::with_capacity(READ);
    incoming.extend(first);
    let mut line = Line { relay, dialogue, ways, incoming, outgoing: Outgoing::default() };
    let (mut reader, mut writer) = tokio::io::split(stream);
    if let Err(error) = line.run(&mut reader, &mut writer).await {
        return tracing::debug!(%error, "A relayed connection broke");
    }
    let last = async {
        writer.write_all(line.outgoing.waiting()).await?;
        writer.shutdown().await
    };
    // Whoever does not listen to the last words does not miss them.
    let _ = tokio::time::timeout(LAST_WORDS, last).await;
}

struct Line {
    relay: Arc<Relay>,
    dialogue: Dialogue,
    /// A socket towards each of the peers that this device talks to.
    ways: Vec<Option<UdpSocket>>,
    incoming: Vec<u8>,
    outgoing: Outgoing,
}

/// What is on its way to the device.
#[derive(Default)]
struct Outgoing {
    bytes: Vec<u8>,
    /// How much of it is gone already.
    written: usize,
}

impl Outgoing {
    fn waiting(&self) -> &[u8] {
        &self.bytes[self.written..]
    }

    fn wrote(&mut self, count: usize) {
        self.written += count;
        // Not at each write, or what waits would be moved again and again.
        if self.written == self.bytes.len() || self.written >= WAITS_MOST / 4 {
            self.bytes.drain(..self.written);
            self.written = 0;
        }
    }
}

impl Line {
    async fn run(
        &mut self,
        reader: &mut (impl AsyncRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        let mut datagram = [0; 2 * 1024];
        let mut flushed = true;
        let mut end = std::pin::pin!(tokio::time::sleep_until(self.dialogue.until().into()));
        // Since when something waits and nothing goes out.
        let mut stuck = None;
        while self.read() {
            let waits = !self.outgoing.waiting().is_empty();
            stuck = waits.then(|| stuck.unwrap_or_else(Instant::now));
            let until = stuck.map_or(self.dialogue.until(), |it| self.dialogue.until().min(it + STUCK));
            // Mostly it goes on being later, and is looked at when the time has come.
            if end.is_elapsed() || until < end.deadline().into_std() {
                end.as_mut().reset(until.into());
            }
            tokio::select! {
                count = reader.read_buf(&mut self.incoming) => if count? == 0 { return Ok(()) },
                count = write(writer, self.outgoing.waiting()), if waits || !flushed => match count? {
                    Some(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Some(count) => {
                        self.outgoing.wrote(count);
                        (flushed, stuck) = (false, None);
                    }
                    None => flushed = true,
                },
                (place, length) = receive(&self.ways, &mut datagram) => match length {
                    Ok(length) => self.came(place, length, &mut datagram),
                    // The media server ends with its port, and this is how the system says so.
                    Err(error) => tracing::debug!(%error, "A relay's socket complains"),
                },
                () = &mut end => if Instant::now() >= until { return Ok(()) },
            }
        }
        Ok(())
    }

    /// Takes the whole frames of what came. False: it is over.
    fn read(&mut self) -> bool {
        let Self { relay, dialogue, ways, incoming, outgoing, .. } = self;
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs() as i64);
        let now = (Instant::now(), now_s);
        let mut read = 0;
        let going_on = loop {
            let most = if dialogue.is_known() { MOST } else { STRANGER_MOST };
            let (frame, taken) = match frame::first(&incoming[read..], most) {
                Ok(Some(found)) => found,
                Ok(None) => break true,
                Err(frame::Broken) => break false,
            };
            read += taken;
            match dialogue.receive(now, frame, |place| way(relay, ways, place)?.local_addr()) {
                Outcome::Nothing => {}
                Outcome::Say(reply) => outgoing.bytes.extend(reply),
                Outcome::Pass(place, contents) => {
                    if let Ok(way) = way(relay, ways, place)
                        // What the system has no room for is dropped, as on any way of this kind.
                        && way.try_send(contents).is_ok()
                    {
                        relay.numbers().to_media.increment(contents.len() as u64);
                    }
                }
                Outcome::End(reply) => {
                    outgoing.bytes.extend(reply);
                    break false;
                }
            }
        };
        incoming.drain(..read);
        incoming.reserve(MOST);
        // Datagrams are left out long before; whoever asks and asks and never listens is nobody's device.
        going_on && outgoing.waiting().len() < 2 * WAITS_MOST
    }

    /// Something came from the media server, and more may have.
    fn came(&mut self, place: usize, length: usize, datagram: &mut [u8]) {
        let now = Instant::now();
        let mut length = length;
        for _ in 0..BATCH {
            if self.outgoing.waiting().len() < WAITS_MOST {
                self.dialogue.came(now, place, &datagram[..length], &mut self.outgoing.bytes);
                self.relay.numbers().from_media.increment(length as u64);
            }
            match self.ways[place].as_ref().map(|way| way.try_recv(datagram)) {
                Some(Ok(more)) => length = more,
                Some(Err(_)) | None => return,
            }
        }
    }
}

/// The socket towards a peer: connected, so that it hears of nobody else either.
fn way<'a>(relay: &Relay, ways: &'a mut [Option<UdpSocket>], place: usize) -> io::Result<&'a UdpSocket> {
    let Peer { at, .. } = relay.peers()[place];
    if ways[place].is_none() {
        let socket = std::net::UdpSocket::bind((at.ip(), 0))?;
        socket.connect(at)?;
        socket.set_nonblocking(true)?;
        ways[place] = Some(UdpSocket::from_std(socket)?);
    }
    ways[place].as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
}

/// Writes some of it. None: there was nothing, and what was written before has gone out.
async fn write(writer: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<Option<usize>> {
    match bytes {
        [] => writer.flush().await.map(|()| None),
        bytes => writer.write(bytes).await.map(Some),
    }
}

/// The next datagram from any of them.
async fn receive(ways: &[Option<UdpSocket>], datagram: &mut [u8]) -> (usize, io::Result<usize>) {
    poll_fn(|context| {
        for (place, way) in ways.iter().enumerate() {
            let mut read = ReadBuf::new(datagram);
            if let Some(Poll::Ready(done)) = way.as_ref().map(|way| way.poll_recv(context, &mut read)) {
                return Poll::Ready((place, done.map(|()| read.filled().len())));
            }
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Outgoing, WAITS_MOST};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn what_waits_goes_out_whole_and_in_order(steps in proptest::collection::vec((0_usize..90_000, 0_usize..90_000), 1..20)) {
            let (mut outgoing, mut sent, mut next) = (Outgoing::default(), Vec::<u8>::new(), 0_u32);
            for (more, most) in steps {
                let bytes = (0..more).map(|_| { next += 1; (next % 251) as u8 });
                outgoing.bytes.extend(bytes);
                let count = outgoing.waiting().len().min(most);
                sent.extend(&outgoing.waiting()[..count]);
                outgoing.wrote(count);
                prop_assert!(outgoing.written < WAITS_MOST / 4);
            }
            sent.extend(outgoing.waiting());
            let whole: Vec<u8> = (1..=next).map(|it| (it % 251) as u8).collect();
            prop_assert_eq!(sent, whole);
        }
    }
}
