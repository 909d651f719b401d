//! m-lines of an offer, before the library reads it.

use crate::offer::Refused;
use crate::track::Kind;

/// Turns the m-lines of these mids to `inactive`: what may not be sent is never negotiated.
///
/// Done in the text because the answer follows the offer's direction. Lines are found by their
/// `a=mid`, wherever in the section it stands.
pub fn close(sdp: &str, mids: &[&str]) -> String {
    if mids.is_empty() {
        return sdp.to_owned();
    }
    let mut closed = String::with_capacity(sdp.len());
    for (index, section) in sections(sdp).enumerate() {
        let shut = index > 0 && mid_of(section).is_some_and(|mid| mids.contains(&mid));
        if !shut {
            closed.push_str(section);
            continue;
        }
        for line in section.split_inclusive('\n') {
            match line.trim_end() {
                "a=sendonly" | "a=sendrecv" | "a=recvonly" => closed.push_str("a=inactive\r\n"),
                _ => closed.push_str(line),
            }
        }
    }
    closed
}

/// A media line as its offerer sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub mid: Option<String>,
    pub kind: Kind,
    pub sends: bool,
    pub receives: bool,
}

/// The lines of sound and pictures.
pub fn lines(sdp: &str) -> impl Iterator<Item = Line> {
    sections(sdp).skip(1).filter_map(|section| {
        let kind = match section.get(2..)?.split(' ').next()? {
            "audio" => Kind::Audio,
            "video" => Kind::Video,
            _ => return None,
        };
        let says = |word: &str| section.lines().any(|line| line.trim_end() == word);
        // RFC 8866, 6.7: who says nothing sends and receives.
        let (one_way, shut) = (says("a=sendonly") || says("a=recvonly"), says("a=inactive"));
        Some(Line {
            mid: mid_of(section).map(str::to_owned),
            kind,
            sends: !shut && (says("a=sendonly") || !one_way),
            receives: !shut && (says("a=recvonly") || !one_way),
        })
    })
}

/// Refuses what is too long or has too many lines, before anything is parsed.
pub fn check(sdp: &str, longest: usize, most: usize) -> Result<(), Refused> {
    if sdp.len() > longest {
        return Err(Refused::BadOffer("it is too long".to_owned()));
    }
    if sections(sdp).count() > most + 1 {
        return Err(Refused::BadOffer("it has too many m-lines".to_owned()));
    }
    Ok(())
}

/// The session part, then one section for each m-line.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let starts = sdp.match_indices("m=").map(|(at, _)| at).filter(|&at| sdp[..at].ends_with('\n'));
    let mut starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    starts.push(sdp.len());
    (1..starts.len()).map(move |index| &sdp[starts[index - 1]..starts[index]])
}

fn mid_of(section: &str) -> Option<&str> {
    section.lines().find_map(|line| line.strip_prefix("a=mid:")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::{check, close};

    const OFFER: &str = "v=0\r\ns=-\r\na=sendonly\r\nm=audio 9 X 1\r\na=sendonly\r\na=mid:0\r\n\
                         m=video 9 X 2\r\na=mid:1\r\na=sendonly\r\na=rid:m=q send\r\n";

    #[test]
    fn only_the_named_lines_are_closed() {
        let closed = close(OFFER, &["1"]);
        assert_eq!(closed.matches("a=inactive").count(), 1);
        assert!(closed.contains("a=mid:1\r\na=inactive\r\n"));
        assert_eq!(close(OFFER, &[]), OFFER);
        assert_eq!(close(OFFER, &["7"]), OFFER);
    }

    #[test]
    fn what_is_too_much_is_refused_before_it_is_read() {
        assert!(check(OFFER, 1000, 2).is_ok());
        assert!(check(OFFER, 1000, 1).is_err());
        assert!(check(OFFER, 20, 2).is_err());
    }
}
