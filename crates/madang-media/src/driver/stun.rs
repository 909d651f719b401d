//! What the driver reads of STUN: whether it is one, and for whom. Allocates nothing.

/// RFC 8489, 5: the first two bits are zero, and the magic cookie stands fourth.
pub fn is_stun(datagram: &[u8]) -> bool {
    datagram.len() >= 20 && datagram[0] < 4 && datagram[4..8] == [0x21, 0x12, 0xa4, 0x42]
}

/// The name of the addressed peer: the part of USERNAME before the colon (RFC 8445, 7.2.2).
pub fn addressee(datagram: &[u8]) -> Option<&str> {
    const USERNAME: u16 = 0x0006;
    /// A real request has about eight attributes.
    const MOST: usize = 16;
    if !is_stun(datagram) {
        return None;
    }
    let mut rest = &datagram[20..];
    for _ in 0..MOST {
        let (head, after) = rest.split_at_checked(4)?;
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = after.get(..length)?;
        if kind == USERNAME {
            return std::str::from_utf8(value).ok()?.split(':').next();
        }
        rest = after.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{addressee, is_stun};

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        out.extend([7; 12]);
        for (kind, value) in attributes {
            out.extend(kind.to_be_bytes());
            out.extend((value.len() as u16).to_be_bytes());
            out.extend(*value);
            out.resize(out.len().next_multiple_of(4), 0);
        }
        out
    }

    #[test]
    fn the_addressee_is_found_wherever_it_stands() {
        assert_eq!(addressee(&request(&[(6, b"server:client")])), Some("server"));
        assert_eq!(addressee(&request(&[(0x24, b"odd"), (6, b"s:c")])), Some("s"));
        assert_eq!(addressee(&request(&[(0x24, b"odd")])), None);
        assert_eq!(addressee(b"\x80nothing of that kind at all"), None);
    }

    proptest! {
        #[test]
        fn no_datagram_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = addressee(&bytes);
            let mut stun = request(&[]);
            stun.extend(&bytes);
            prop_assert!(is_stun(&stun));
            let _ = addressee(&stun);
        }
    }
}
