//! The mail server that owners name in the app: kept sealed, its password
//! given to nobody, and asked as carefully as every address that somebody
//! else chose (docs/decisions/0022).

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use madang_model::Refusal;
use madang_store::db::{Db, Tx};
use madang_store::house;
use madang_store::seal::{Keyring, OwnSeal};
use serde::{Deserialize, Serialize};

use crate::outgoing;

/// What it is sealed as.
const PLACE: &[u8] = b"mail server";
/// Where mail servers outside listen (RFC 5321, 6409, 8314), and the one that many offer where 587 is closed.
const PORTS: [u16; 4] = [25, 465, 587, 2525];
/// How long a mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How what is said to it is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte on (RFC 8314, usually port 465).
    Tls,
    /// After a greeting (RFC 3207, usually port 587); never without.
    Starttls,
    /// In the open: for a mail server on this machine.
    None,
}

impl Security {
    pub fn as_str(self) -> &'static str {
        match self {
            Security::Tls => "tls",
            Security::Starttls => "starttls",
            Security::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Security::Tls, Security::Starttls, Security::None].into_iter().find(|it| it.as_str() == text)
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty for a server that asks for no name.
    pub account: String,
    pub password: String,
    /// The sender of mails, such as "Madang <madang@example.com>".
    pub from: String,
}

/// Without the password, wherever it is printed.
impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailServer({}:{}, {})", self.host, self.port, self.security.as_str())
    }
}

impl MailServer {
    /// Tidied, if it could be one.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn checked(mut self) -> Result<MailServer, Refusal> {
        let invalid = |what: &'static str, why: &str| Err(Refusal::Invalid { what, why: why.to_owned() });
        self.host = self.host.trim().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | ':');
        if self.host.is_empty() || self.host.len() > 253 || !self.host.chars().all(fits) {
            return invalid("host", "give the name of a mail server, such as smtp.example.com");
        }
        if self.port == 0 {
            return invalid("port", "give the port of the mail server, usually 587 or 465");
        }
        self.account = self.account.trim().to_owned();
        let plain = |text: &str, most: usize| text.len() <= most && !text.chars().any(char::is_control);
        if !plain(&self.account, 300) {
            return invalid("account", "it is a name on one line");
        }
        if !plain(&self.password, 1_000) {
            return invalid("password", "it is a password on one line");
        }
        self.from = self.from.trim().to_owned();
        if !plain(&self.from, 300) || self.from.parse::<Mailbox>().is_err() {
            return invalid("from", "give a mail address, such as Madang <madang@example.com>");
        }
        Ok(self)
    }

    /// Whether a password that was given for `other` may be used here: nobody else would be told it.
    pub fn is_same_account(&self, other: &MailServer) -> bool {
        (&self.host, self.port, &self.account, self.security)
            == (&other.host, other.port, &other.account, other.security)
    }

    /// Looks its name up, and connects nowhere inside but where `allowed` says.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) async fn transport(&self, allowed: &[IpNet]) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
        let host = self.host.as_str();
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host, self.port))
            .await
            .with_context(|| format!("the name {host} is not known"))?
            .collect();
        let address = self.admitted(found, allowed)?;
        let tls = || TlsParameters::new(host.to_owned()).context("TLS cannot be spoken");
        let tls = match self.security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::Starttls => Tls::Required(tls()?),
            Security::None if address.ip().is_loopback() => Tls::None,
            Security::None => bail!("{host} is not this machine: choose TLS or STARTTLS"),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
            .port(self.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if !self.account.is_empty() {
            builder = builder.credentials(Credentials::new(self.account.clone(), self.password.clone()));
        }
        Ok(builder.build())
    }

    /// The first address that may be asked. In a network of one's own every port is, elsewhere those of mail.
    fn admitted(&self, found: Vec<SocketAddr>, allowed: &[IpNet]) -> Result<SocketAddr> {
        let Some(address) = outgoing::admitted(found, allowed) else {
            bail!(
                "{} is inside a network of its own: whoever runs the server can allow it with --outgoing-allowed, or \
                 give --mail-url",
                self.host
            );
        };
        let own = allowed.iter().any(|net| net.contains(&address.ip()));
        if !own && !PORTS.contains(&self.port) {
            bail!("mail servers are asked at the ports 25, 465, 587 and 2525");
        }
        Ok(address)
    }
}

/// The one that is kept. Blocks.
///
/// # Errors
/// What the store said; `Seal` when it was kept under another root key.
pub(crate) fn kept(db: &Db, keyring: &Keyring) -> crate::Result<Option<MailServer>> {
    let text = db.read_blocking(|conn| house::fact(conn, house::MAIL_SERVER))?.unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let damaged = |_| anyhow::anyhow!("the mail server that was named in the app is damaged");
    let sealed = STANDARD.decode(text).map_err(|_| damaged(()))?;
    let plain = OwnSeal::open(db, keyring, house::MAIL_KEY)?.unseal(PLACE, &sealed)?;
    Ok(Some(serde_json::from_slice(&plain).map_err(|_| damaged(()))?))
}

/// Sealed, as the fact keeps it.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn sealed(seal: &OwnSeal, server: &MailServer) -> crate::Result<String> {
    let plain = serde_json::to_vec(server).expect("plain values become JSON");
    Ok(STANDARD.encode(seal.seal(PLACE, &plain)?))
}

/// Keeps it, or forgets the one that is kept.
///
/// # Errors
/// What the store said.
pub(crate) fn keep(tx: &mut Tx, sealed: Option<&str>) -> crate::Result<()> {
    Ok(house::set_fact(tx, house::MAIL_SERVER, sealed.unwrap_or_default())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, port: u16, security: Security) -> MailServer {
        let (account, password, from) =
            ("nari".into(), "secret".into(), "Madang <madang@example.com>".into());
        MailServer { host: host.into(), port, security, account, password, from }
    }

    #[test]
    fn what_is_no_mail_server_is_refused() {
        let fine = server(" SMTP.Example.com ", 587, Security::Starttls).checked().expect("fine");
        assert_eq!(fine.host, "smtp.example.com");
        for wrong in [
            server("", 587, Security::Tls),
            server("smtp example.com", 587, Security::Tls),
            server("smtp.example.com/x", 587, Security::Tls),
            server("smtp.example.com", 0, Security::Tls),
            MailServer { from: "nobody".into(), ..fine.clone() },
            MailServer { from: "a@b.kr\r\nBcc: c@d.kr".into(), ..fine.clone() },
            MailServer { account: "a\nb".into(), ..fine.clone() },
        ] {
            assert!(wrong.clone().checked().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_printed_nowhere_and_used_for_the_account_that_it_was_given_for() {
        let it = server("smtp.example.com", 587, Security::Starttls);
        assert!(!format!("{it:?}").contains("secret"));
        assert!(it.is_same_account(&MailServer { from: "b@example.com".into(), ..it.clone() }));
        for other in [
            MailServer { host: "smtp.example.net".into(), ..it.clone() },
            MailServer { port: 2525, ..it.clone() },
            MailServer { account: "joon".into(), ..it.clone() },
            MailServer { security: Security::None, ..it.clone() },
        ] {
            assert!(!it.is_same_account(&other), "{other:?}");
        }
    }

    #[tokio::test]
    async fn nothing_inside_is_asked_and_nothing_far_in_the_open() {
        let refused = async |it: &MailServer, allowed: &[IpNet]| match it.transport(allowed).await {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        };
        let here = server("127.0.0.1", 2525, Security::None);
        assert!(refused(&here, &[]).await.contains("--outgoing-allowed"));
        let own: IpNet = "127.0.0.0/8".parse().expect("a network");
        assert_eq!(refused(&here, &[own]).await, "");
        let far = server("93.184.215.14", 25, Security::None);
        assert!(refused(&far, &[]).await.contains("choose TLS"));
        assert_eq!(refused(&server("93.184.215.14", 465, Security::Tls), &[]).await, "");
        assert!(refused(&server("93.184.215.14", 22, Security::Tls), &[]).await.contains("ports"));
    }
}
