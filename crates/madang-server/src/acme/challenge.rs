//! What the authority is shown when it connects to prove a name (TLS-ALPN-01, RFC 8737).

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use parking_lot::RwLock;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// RFC 8737, 6.2.
pub const PROTOCOL: &[u8] = b"acme-tls/1";

/// Certificates for names that are being proved.
#[derive(Debug, Default)]
pub struct Challenges(RwLock<HashMap<String, Arc<CertifiedKey>>>);

impl Challenges {
    /// # Errors
    /// When no certificate can be made for the name.
    pub fn show(&self, name: &str, digest: &[u8]) -> Result<()> {
        // RFC 8737, 3: one name, and the digest in the critical acmeIdentifier extension.
        let proof = signed_by_itself(name, vec![CustomExtension::new_acme_identifier(digest)])?;
        self.0.write().insert(name.to_ascii_lowercase(), Arc::new(proof));
        Ok(())
    }

    pub fn clear(&self) {
        self.0.write().clear();
    }
}

impl ResolvesServerCert for Challenges {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().get(&hello.server_name()?.to_ascii_lowercase()).cloned()
    }
}

/// RFC 8737, 3: such a connection offers this protocol and no other.
pub fn is_challenge(hello: &ClientHello<'_>) -> bool {
    hello.alpn().is_some_and(|mut offered| offered.next() == Some(PROTOCOL) && offered.next().is_none())
}

/// The certificate under which it is said that there is none yet. No browser trusts it, and nothing but that sentence
/// is ever served under it.
///
/// # Errors
/// When none can be made for the name.
pub fn stand_in(name: &str) -> Result<CertifiedKey> {
    signed_by_itself(name, Vec::new())
}

fn signed_by_itself(name: &str, extensions: Vec<CustomExtension>) -> Result<CertifiedKey> {
    let mut params = CertificateParams::new(vec![name.to_owned()])?;
    params.custom_extensions = extensions;
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    let provider = rustls::crypto::CryptoProvider::get_default().context("no crypto provider")?;
    // Not `from_der`, which compares the two and stumbles over the extension that it must not know.
    let key = provider.key_provider.load_private_key(key)?;
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
