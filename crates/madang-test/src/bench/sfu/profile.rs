//! Which cipher seals the media: it alone may cost twice as much as another, so it is printed, and
//! a series whose servers were reached with different ones is not compared.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use str0m::config::CryptoProvider;
use str0m::crypto::{SrtpProvider, SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80};

/// The library tells nobody what was negotiated, but asks for the cipher it needs.
#[derive(Debug)]
struct Listening {
    inner: &'static dyn SrtpProvider,
    cm: AtomicU64,
    gcm_128: AtomicU64,
    gcm_256: AtomicU64,
}

pub struct Profile {
    listening: &'static Listening,
    pub provider: Arc<CryptoProvider>,
}

impl Profile {
    /// One for the life of the process: the library keeps references for good.
    pub fn listen() -> Profile {
        let mut provider = str0m::crypto::from_feature_flags();
        let listening: &'static Listening = Box::leak(Box::new(Listening {
            inner: provider.srtp_provider,
            cm: AtomicU64::new(0),
            gcm_128: AtomicU64::new(0),
            gcm_256: AtomicU64::new(0),
        }));
        provider.srtp_provider = listening;
        Profile { listening, provider: Arc::new(provider) }
    }

    /// The ciphers that were asked for since this was last asked.
    pub fn heard(&self) -> String {
        let counts = [
            ("AES128_CM_SHA1_80", &self.listening.cm),
            ("AEAD_AES_128_GCM", &self.listening.gcm_128),
            ("AEAD_AES_256_GCM", &self.listening.gcm_256),
        ];
        let asked = counts.iter().filter(|(_, count)| count.swap(0, Ordering::Relaxed) > 0);
        asked.map(|(name, _)| *name).collect::<Vec<_>>().join("+")
    }
}

impl SrtpProvider for Listening {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        self.cm.fetch_add(1, Ordering::Relaxed);
        self.inner.aes_128_cm_sha1_80()
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        self.gcm_128.fetch_add(1, Ordering::Relaxed);
        self.inner.aead_aes_128_gcm()
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        self.gcm_256.fetch_add(1, Ordering::Relaxed);
        self.inner.aead_aes_256_gcm()
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        self.inner.srtp_aes_128_ecb_round(key, input, output);
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        self.inner.srtp_aes_256_ecb_round(key, input, output);
    }
}
