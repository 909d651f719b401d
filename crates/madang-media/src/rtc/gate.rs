//! Keeps forged packets from taking a stream over.
//!
//! A packet under a number (SSRC) that nobody knows yet says itself to which line it belongs (RFC 9143, 15), and the
//! library moves the line to that number before it has opened the packet. So once packets of a line have proved
//! themselves, none under another number is let through that names it.

/// What is known of one peer's streams.
#[derive(Debug, Default)]
pub struct Gate {
    /// The header extensions that name a line and its layer, as negotiated.
    mid: Option<u8>,
    rid: Option<u8>,
    proved: Vec<Proved>,
    formats: Vec<u8>,
}

#[derive(Debug)]
struct Proved {
    ssrc: u32,
    mid: String,
    rid: Option<String>,
}

/// More than a client has.
const MOST: usize = 32;

impl Gate {
    /// A new answer: a client may begin its streams anew with it.
    pub fn answered(&mut self, sdp: &str) {
        let number = |name: &str| {
            sdp.lines().find_map(|line| {
                let (number, of) = line.trim_end().strip_prefix("a=extmap:")?.split_once(' ')?;
                (of == name).then(|| number.parse().ok()).flatten()
            })
        };
        *self = Gate {
            mid: number("urn:ietf:params:rtp-hdrext:sdes:mid"),
            rid: number("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
            ..Gate::default()
        };
    }

    /// A packet of this format could be opened.
    pub fn opened(&mut self, format: u8) {
        if !self.formats.contains(&format) && self.formats.len() < MOST {
            self.formats.push(format);
        }
    }

    /// A packet under this number could be opened, and it belongs there.
    pub fn proved(&mut self, ssrc: u32, mid: &str, rid: Option<&str>) {
        if self.proved.iter().all(|it| it.ssrc != ssrc) && self.proved.len() < MOST {
            self.proved.push(Proved { ssrc, mid: mid.to_owned(), rid: rid.map(str::to_owned) });
        }
    }

    /// Whether a datagram may go on. It may be of any kind; only RTP (RFC 3550, 5.1) is looked into.
    pub fn lets(&self, datagram: &[u8]) -> bool {
        let [first, second, ..] = *datagram else { return true };
        let format = second & 0x7f;
        // RFC 5761, 4: the numbers of RTCP. Packets sent anew have formats and numbers of their own.
        if first >> 6 != 2 || (64..96).contains(&format) || !self.formats.contains(&format) {
            return true;
        }
        let Some(ssrc) = datagram.get(8..12).and_then(|it| it.try_into().ok()).map(u32::from_be_bytes) else {
            return true;
        };
        if self.proved.iter().any(|it| it.ssrc == ssrc) {
            return true;
        }
        let named = |wanted: Option<u8>| extension(datagram, wanted?);
        let Some(mid) = named(self.mid) else { return true };
        let rid = named(self.rid);
        !self.proved.iter().any(|it| it.mid.as_bytes() == mid && it.rid.as_deref().map(str::as_bytes) == rid)
    }
}

/// The header extension under this number (RFC 8285, 4.2 and 4.3).
fn extension(packet: &[u8], wanted: u8) -> Option<&[u8]> {
    if packet[0] & 0x10 == 0 {
        return None;
    }
    let at = 12 + 4 * usize::from(packet[0] & 0x0f);
    let [a, b, c, d] = *packet.get(at..at + 4)? else { return None };
    let short = [a, b] == [0xbe, 0xde];
    if !short && (a != 0x10 || b >> 4 != 0) {
        return None;
    }
    let mut rest = packet.get(at + 4..at + 4 + 4 * usize::from(u16::from_be_bytes([c, d])))?;
    while let [head, tail @ ..] = rest {
        if *head == 0 {
            rest = tail;
            continue;
        }
        let (number, length, tail) = if short {
            (head >> 4, usize::from(head & 0x0f) + 1, tail)
        } else {
            let (length, tail) = tail.split_first()?;
            (*head, usize::from(*length), tail)
        };
        if short && number == 15 {
            return None;
        }
        let value = tail.get(..length)?;
        if number == wanted {
            return Some(value);
        }
        rest = &tail[length..];
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Gate;

    const ANSWER: &str = "v=0\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
        a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n";

    /// A packet of format 111 that names its line, and its layer if there is one.
    fn packet(ssrc: u32, mid: &[u8], rid: Option<&[u8]>) -> Vec<u8> {
        let mut named = vec![4 << 4 | (mid.len() as u8 - 1)];
        named.extend_from_slice(mid);
        if let Some(rid) = rid {
            named.push(10 << 4 | (rid.len() as u8 - 1));
            named.extend_from_slice(rid);
        }
        named.resize(named.len().next_multiple_of(4), 0);
        let mut out = vec![0x90, 111, 0, 1, 0, 0, 0, 0];
        out.extend_from_slice(&ssrc.to_be_bytes());
        out.extend_from_slice(&[0xbe, 0xde, 0, (named.len() / 4) as u8]);
        out.extend_from_slice(&named);
        out
    }

    #[test]
    fn a_line_that_has_proved_itself_is_not_taken_over() {
        let mut gate = Gate::default();
        gate.answered(ANSWER);
        assert!(gate.lets(&packet(7, b"0", None)), "nobody has proved anything yet");
        gate.opened(111);
        gate.proved(7, "0", None);
        assert!(gate.lets(&packet(7, b"0", None)));
        assert!(!gate.lets(&packet(8, b"0", None)));
        assert!(gate.lets(&packet(8, b"1", None)), "another line may begin");
        gate.proved(9, "1", Some("q"));
        assert!(gate.lets(&packet(10, b"1", Some(b"h"))), "another layer may begin");
        assert!(!gate.lets(&packet(10, b"1", Some(b"q"))));
        gate.answered(ANSWER);
        assert!(gate.lets(&packet(8, b"0", None)), "with a new answer all may begin anew");
    }

    proptest! {
        #[test]
        fn no_datagram_breaks_the_reader(mut datagram in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut gate = Gate::default();
            gate.answered(ANSWER);
            gate.opened(111);
            gate.proved(7, "0", None);
            gate.lets(&datagram);
            if datagram.len() > 1 {
                datagram[0] = 0x90;
                datagram[1] = 111;
            }
            gate.lets(&datagram);
        }
    }
}
