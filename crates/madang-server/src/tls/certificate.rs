//! A certificate chain with its key: read, checked, and what it says of itself.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use parking_lot::RwLock;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// A chain that can be served.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub key: Arc<CertifiedKey>,
    /// The DNS names and addresses that it is for.
    pub names: Vec<String>,
    /// Seconds since 1970 UTC.
    pub not_before: i64,
    pub not_after: i64,
}

impl Certificate {
    /// Reads PEM: the server's own certificate first, then each issuer's.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Certificate> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .context("it is not a certificate chain in PEM")?;
        if chain.is_empty() {
            bail!("it holds no certificate (a part that begins with -----BEGIN CERTIFICATE-----)");
        }
        let key = PrivateKeyDer::from_pem_slice(key).context("the key is not a private key in PEM")?;
        let parsed: Vec<x509_cert::Certificate> = chain
            .iter()
            .map(|der| x509_cert::Certificate::from_der(der))
            .collect::<Result<_, _>>()
            .context("one of its certificates cannot be read")?;
        for pair in parsed.windows(2) {
            if pair[0].tbs_certificate.issuer != pair[1].tbs_certificate.subject {
                bail!("its certificates are not in order: the server's own comes first, then who signed it");
            }
        }
        let provider = rustls::crypto::CryptoProvider::get_default().context("no crypto provider")?;
        let key = CertifiedKey::from_der(chain, key, provider)
            .context("the certificate and the key do not belong together")?;
        let own = &parsed[0].tbs_certificate;
        let at = |time: &x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        Ok(Certificate {
            key: Arc::new(key),
            names: names(own)?,
            not_before: at(&own.validity.not_before),
            not_after: at(&own.validity.not_after),
        })
    }

    /// Refuses what no browser would take at `now` (seconds since 1970 UTC).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn must_be_valid(&self, now: i64) -> Result<()> {
        let days = |seconds: i64| seconds / 86_400;
        if now >= self.not_after {
            bail!("the certificate expired {} days ago: renew it", days(now - self.not_after));
        }
        if now < self.not_before {
            bail!(
                "the certificate is valid only in {} days: is the clock right?",
                days(self.not_before - now) + 1
            );
        }
        Ok(())
    }

    /// Whether a browser that goes to `host` takes it (RFC 9525, 6.3: a wildcard stands for one label).
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']);
        self.names.iter().any(|name| match name.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
            None => name.eq_ignore_ascii_case(host),
        })
    }
}

fn names(own: &x509_cert::TbsCertificate) -> Result<Vec<String>> {
    let Some((_, names)) = own.get::<SubjectAltName>().context("its names cannot be read")? else {
        return Ok(Vec::new());
    };
    let text = |name: &GeneralName| match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            bytes if bytes.len() == 4 => {
                <[u8; 4]>::try_from(bytes).ok().map(|it| std::net::Ipv4Addr::from(it).to_string())
            }
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|it| std::net::Ipv6Addr::from(it).to_string()),
        },
        _ => None,
    };
    Ok(names.0.iter().filter_map(text).collect())
}

/// The certificate that is served, replaced while serving.
#[derive(Debug, Default)]
pub struct Served(RwLock<Option<Certificate>>);

impl Served {
    pub fn set(&self, certificate: Certificate) {
        // A gauge takes a float; seconds since 1970 are exact in it.
        metrics::gauge!("madang_certificate_expires_seconds").set(certificate.not_after as f64);
        *self.0.write() = Some(certificate);
    }

    pub fn get(&self) -> Option<Certificate> {
        self.0.read().clone()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().as_ref().map(|certificate| certificate.key.clone())
    }
}

/// Seconds since 1970 UTC.
pub fn now() -> i64 {
    madang_app::Clock.now_us() / 1_000_000
}
