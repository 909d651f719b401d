//! What all peers of one media server share: certificate, codecs, addresses.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::net::TcpType;
use str0m::{Candidate, Rtc, RtcConfig};

use super::peer::Way;

/// What a way is thought to carry before anything was measured, in bits a second. Low enough for a bad phone
/// network, high enough for voices and one small picture; probing raises it within a second.
pub const FIRST_ESTIMATE: u64 = 500_000;

/// Rounds of numbers.
const NUMBERS_EVERY: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Ground {
    lite: bool,
    candidates: Vec<Candidate>,
    crypto: Arc<CryptoProvider>,
    certificate: DtlsCert,
}

impl Ground {
    /// `addresses` are those that clients are told.
    pub fn new(lite: bool, addresses: &[(Way, SocketAddr)]) -> Self {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate =
            crypto.dtls_provider.generate_certificate().expect("the provider in use makes certificates");
        let candidates = addresses.iter().filter_map(|&(way, address)| candidate(way, address)).collect();
        Self { lite, candidates, crypto, certificate }
    }

    pub(super) fn build(&self, now: Instant) -> Rtc {
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(self.crypto.clone())
            .set_dtls_cert(self.certificate.clone())
            .set_ice_lite(self.lite)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(true)
            .enable_h264(true)
            .enable_bwe(Some(Bitrate::bps(FIRST_ESTIMATE)))
            .set_stats_interval(Some(NUMBERS_EVERY))
            .build(now);
        for candidate in &self.candidates {
            rtc.add_local_candidate(candidate.clone());
        }
        rtc
    }

    /// The address under which a datagram came, as the peer knows it: a datagram to the private
    /// address of a machine with a public one has come to its public one.
    pub fn arrived_at(&self, way: Way, to: SocketAddr) -> Option<SocketAddr> {
        let known =
            || self.candidates.iter().filter(|known| Way::of(known.proto()) == way).map(Candidate::addr);
        known().find(|known| *known == to).or_else(|| known().find(|known| known.is_ipv4() == to.is_ipv4()))
    }
}

/// Addresses that no client can reach (unspecified ones) make no candidate.
fn candidate(way: Way, address: SocketAddr) -> Option<Candidate> {
    match way {
        Way::Udp => Candidate::host(address, "udp").ok(),
        // RFC 6544, 4.5: passive, since we wait for connections.
        Way::Tcp => Candidate::builder().tcp().host(address).tcptype(TcpType::Passive).build().ok(),
    }
}
