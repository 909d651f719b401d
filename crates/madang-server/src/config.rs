//! What an administrator can set: options of the command line, environment
//! variables `MADANG_…`, and `madang.toml`, in this order of weight.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;

use crate::turn::Turn;

/// The options as they are given; what is left out has a default.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Options {
    /// Where everything is kept [default: ./data]
    #[arg(long, env = "MADANG_DATA", value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// Address and port of the web server [default: 127.0.0.1:8080]
    #[arg(long, env = "MADANG_LISTEN", value_name = "ADDR", global = true)]
    pub listen: Option<SocketAddr>,
    /// Where people find the house, such as https://chat.example.com [default: from --listen]
    #[arg(long, env = "MADANG_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,
    /// postgres://… or sqlite:FILE [default: SQLite in the data folder]
    #[arg(long, env = "MADANG_DATABASE_URL", value_name = "URL", global = true)]
    pub database_url: Option<String>,
    /// file:FOLDER or s3://bucket?… for the contents of files [default: a folder in the data folder]
    #[arg(long, env = "MADANG_FILES_URL", value_name = "URL", global = true)]
    pub files_url: Option<String>,
    /// smtp://user:password@host:587, smtps://…; without it links are shown and logged instead of mailed
    #[arg(long, env = "MADANG_MAIL_URL", value_name = "URL", global = true)]
    pub mail_url: Option<String>,
    /// The sender of mails, such as "Madang <madang@example.com>"
    #[arg(long, env = "MADANG_MAIL_FROM", value_name = "ADDRESS", global = true)]
    pub mail_from: Option<String>,
    /// Where answers by mail come in, such as reply@example.com: mail to reply+…@example.com must be handed to
    /// `madang mail receive`
    #[arg(long, env = "MADANG_REPLY_ADDRESS", value_name = "ADDRESS", global = true)]
    pub reply_address: Option<String>,
    /// Seconds that somebody must be away before they are told by mail of what waits for them, at most once a day;
    /// 0 for never [default: 14400]
    #[arg(long, env = "MADANG_DIGEST_AFTER", value_name = "SECONDS", global = true)]
    pub digest_after: Option<u64>,
    /// The largest upload in bytes [default: 2147483648]
    #[arg(long, env = "MADANG_UPLOAD_LIMIT", value_name = "BYTES", global = true)]
    pub upload_limit: Option<i64>,
    /// Bytes of one person's unfinished uploads together, never less than the largest upload [default: five times that]
    #[arg(long, env = "MADANG_UNFINISHED_LIMIT", value_name = "BYTES", global = true)]
    pub unfinished_limit: Option<i64>,
    /// Requests a second of one person, 0 for no limit [default: 50]
    #[arg(long, env = "MADANG_RATE_LIMIT", value_name = "N", global = true)]
    pub rate_limit: Option<u32>,
    /// Sign-ins and other ways in that one network may try a minute, 0 for no limit [default: 60]
    #[arg(long, env = "MADANG_OPENING_LIMIT", value_name = "N", global = true)]
    pub opening_limit: Option<u32>,
    /// Seconds of silence after which a device is taken for gone; clients ping every 25 [default: 90]
    #[arg(long, env = "MADANG_DEVICE_SILENCE", value_name = "SECONDS", global = true)]
    pub device_silence: Option<u64>,
    /// Certificate chain (PEM) for https
    #[arg(long, env = "MADANG_TLS_CERT", value_name = "FILE", global = true)]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for https
    #[arg(long, env = "MADANG_TLS_KEY", value_name = "FILE", global = true)]
    pub tls_key: Option<PathBuf>,
    /// A public name to get a certificate for, by ACME (Let's Encrypt); repeated or separated by commas
    #[arg(long, env = "MADANG_ACME_DOMAIN", value_name = "NAME", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub acme_domain: Vec<String>,
    /// Where the certificate authority may write to when something is wrong
    #[arg(long, env = "MADANG_ACME_EMAIL", value_name = "ADDRESS", global = true)]
    pub acme_email: Option<String>,
    /// Another certificate authority's ACME directory [default: Let's Encrypt]
    #[arg(long, env = "MADANG_ACME_DIRECTORY", value_name = "URL", global = true)]
    pub acme_directory: Option<String>,
    /// The certificate (PEM) by which an ACME directory of one's own is known
    #[arg(long, env = "MADANG_ACME_ROOT", value_name = "FILE", global = true)]
    pub acme_root: Option<PathBuf>,
    /// With https: address and port where http is answered by sending people to https, such as 0.0.0.0:80
    #[arg(long, env = "MADANG_HTTP_LISTEN", value_name = "ADDR", global = true)]
    pub http_listen: Option<SocketAddr>,
    /// Reverse proxies whose X-Forwarded-… and Forwarded are believed, as addresses or networks
    #[arg(long, env = "MADANG_TRUSTED_PROXIES", value_name = "NET", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub trusted_proxies: Vec<Net>,
    /// Address of a translation service that speaks LibreTranslate's API, such as http://127.0.0.1:5000; messages that
    /// people have translated are sent to it [default: nothing is translated]
    #[arg(long, env = "MADANG_TRANSLATE_URL", value_name = "URL", global = true)]
    pub translate_url: Option<String>,
    /// What the translation service asks for as `api_key`
    #[arg(long, env = "MADANG_TRANSLATE_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    pub translate_key: Option<String>,
    /// The program that makes one video of a recorded call, or off [default: ffmpeg, where it is on the path]
    #[arg(long, env = "MADANG_FFMPEG", value_name = "FILE", global = true)]
    pub ffmpeg: Option<PathBuf>,
    /// Address and UDP port for calls, or off [default: port 3478, on loopback when --listen is]
    #[arg(long, env = "MADANG_MEDIA_LISTEN", value_name = "ADDR", global = true)]
    pub media_listen: Option<MediaListen>,
    /// Addresses under which devices reach the port for calls, where they are not those of this machine
    #[arg(long, env = "MADANG_MEDIA_ANNOUNCE", value_name = "IP", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub media_announce: Vec<IpAddr>,
    /// TURN servers of your own, for devices that reach neither port: turn:HOST:PORT?transport=udp, turns:HOST:443
    #[arg(long, env = "MADANG_TURN_URL", value_name = "URL", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub turn_url: Vec<String>,
    /// The static secret of those TURN servers (coturn: use-auth-secret)
    #[arg(long, env = "MADANG_TURN_SECRET", value_name = "SECRET", hide_env_values = true, global = true)]
    pub turn_secret: Option<String>,
    /// Networks of your own that may be asked for push (over http too), as addresses or networks; all others that
    /// are private are refused
    #[arg(long, env = "MADANG_OUTGOING_ALLOWED", value_name = "NET", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub outgoing_allowed: Vec<Net>,
}

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Net(IpNet);

impl std::str::FromStr for Net {
    type Err = String;

    fn from_str(text: &str) -> Result<Net, String> {
        let found = text.parse().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from));
        found.map(Net).ok_or_else(|| format!("{text} is not an address or a network such as 10.0.0.0/8"))
    }
}

impl TryFrom<String> for Net {
    type Error = String;

    fn try_from(text: String) -> Result<Net, String> {
        text.parse()
    }
}

/// Where calls are listened for, as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MediaListen {
    Off,
    At(SocketAddr),
}

impl std::str::FromStr for MediaListen {
    type Err = String;

    fn from_str(text: &str) -> Result<MediaListen, String> {
        if text == "off" {
            return Ok(MediaListen::Off);
        }
        let found = text.parse().map(MediaListen::At);
        found.map_err(|_| format!("{text} is not off or an address such as 0.0.0.0:3478"))
    }
}

impl TryFrom<String> for MediaListen {
    type Error = String;

    fn try_from(text: String) -> Result<MediaListen, String> {
        text.parse()
    }
}

/// Where calls are listened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaPlace {
    pub at: SocketAddr,
    /// Somebody chose it: it must be had.
    pub chosen: bool,
}

/// The port of STUN and TURN (RFC 8489, 18.6), which firewalls that let calls through know.
const MEDIA_PORT: u16 = 3478;

/// How https is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    Off,
    Files { cert: PathBuf, key: PathBuf },
    Acme(Acme),
}

/// How a certificate is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acme {
    /// Never empty.
    pub domains: Vec<String>,
    pub email: Option<String>,
    pub directory: String,
    pub root: Option<PathBuf>,
}

/// Says that the command line, the environment or `madang.toml` must be changed, so that the process ends with 2.
/// Put it around an error as its context.
#[derive(Debug)]
pub struct Misconfigured(pub String);

impl std::fmt::Display for Misconfigured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misconfigured {}

/// The settled configuration.
#[derive(Debug, Clone)]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// None: follows from the address that was really bound.
    pub public_url: Option<String>,
    pub database_url: Option<String>,
    pub files_url: Option<String>,
    pub mail_url: Option<String>,
    pub mail_from: Option<String>,
    /// Where the mail server was named: "command_line", "environment" or "file".
    pub mail_source: Option<&'static str>,
    pub reply_address: Option<String>,
    /// Zero for never.
    pub digest_after: Duration,
    pub upload_limit: i64,
    pub unfinished_limit: i64,
    pub rate_limit: Option<NonZeroU32>,
    pub opening_limit: Option<NonZeroU32>,
    pub device_silence: Duration,
    pub tls: Tls,
    pub http_listen: Option<SocketAddr>,
    pub translate_url: Option<String>,
    pub translate_key: Option<String>,
    /// None: of a recorded call its files are all there is.
    pub ffmpeg: Option<PathBuf>,
    pub trusted_proxies: Vec<IpNet>,
    pub outgoing_allowed: Vec<IpNet>,
    /// None: calls are off.
    pub media: Option<MediaPlace>,
    pub media_announce: Vec<IpAddr>,
    /// Relays for calls.
    pub turn: Option<Turn>,
}

impl Options {
    /// Fills what was not given from `file` and settles the defaults.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn settle(self, file: Option<&Path>) -> Result<Config> {
        let file = match file {
            Some(path) => read(path)?,
            None if Path::new("madang.toml").exists() => read(Path::new("madang.toml"))?,
            None => Options::default(),
        };
        let tls = tls(&self, &file)?;
        let http_listen = self.http_listen.or(file.http_listen);
        if http_listen.is_some() && tls == Tls::Off {
            bail!("--http-listen sends people to https: it needs --tls-cert and --tls-key, or --acme-domain");
        }
        let public_url = self.public_url.or(file.public_url).map(|url| checked_url(&url)).transpose()?;
        let turn = turn(
            if self.turn_url.is_empty() { file.turn_url } else { self.turn_url },
            self.turn_secret.or(file.turn_secret),
        )?;
        let mail_source = mail_source(self.mail_url.as_deref(), file.mail_url.as_deref());
        let mail_url = self.mail_url.or(file.mail_url);
        let mail_from = self.mail_from.or(file.mail_from);
        if mail_url.is_some() && mail_from.is_none() {
            bail!("--mail-url needs --mail-from: the address that mails come from");
        }
        let reply_address =
            self.reply_address.or(file.reply_address).map(|it| checked_address(&it)).transpose()?;
        let digest_after = Duration::from_secs(self.digest_after.or(file.digest_after).unwrap_or(4 * 3_600));
        let upload_limit = self.upload_limit.or(file.upload_limit).unwrap_or(2 << 30).max(1);
        let unfinished_limit = self.unfinished_limit.or(file.unfinished_limit);
        let listen = self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Ok(Config {
            data: self.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen,
            public_url,
            database_url: self.database_url.or(file.database_url),
            files_url: self.files_url.or(file.files_url),
            mail_url,
            mail_from,
            mail_source,
            reply_address,
            digest_after,
            upload_limit,
            unfinished_limit: unfinished_limit.unwrap_or(upload_limit.saturating_mul(5)).max(upload_limit),
            rate_limit: NonZeroU32::new(self.rate_limit.or(file.rate_limit).unwrap_or(50)),
            opening_limit: NonZeroU32::new(self.opening_limit.or(file.opening_limit).unwrap_or(60)),
            device_silence: Duration::from_secs(
                self.device_silence.or(file.device_silence).unwrap_or(90).max(1),
            ),
            tls,
            http_listen,
            translate_url: self.translate_url.or(file.translate_url),
            translate_key: self.translate_key.or(file.translate_key),
            ffmpeg: match self.ffmpeg.or(file.ffmpeg) {
                Some(off) if off == Path::new("off") => None,
                Some(named) if named.is_file() => Some(named),
                Some(named) => bail!("--ffmpeg {}: there is no such program", named.display()),
                None => madang_app::recordings::find_ffmpeg(std::env::var_os("PATH").as_deref()),
            },
            trusted_proxies: nets(&self.trusted_proxies, &file.trusted_proxies),
            outgoing_allowed: nets(&self.outgoing_allowed, &file.outgoing_allowed),
            turn,
            media: media(self.media_listen.or(file.media_listen), listen),
            media_announce: match self.media_announce.is_empty() {
                true => file.media_announce,
                false => self.media_announce,
            },
        })
    }
}

/// Where the mail server comes from, so that whoever looks for it knows where to change it.
fn mail_source(given: Option<&str>, file: Option<&str>) -> Option<&'static str> {
    match (given, std::env::var("MADANG_MAIL_URL").ok()) {
        (Some(given), Some(set)) if given == set => Some("environment"),
        (Some(_), _) => Some("command_line"),
        (None, _) => file.map(|_| "file"),
    }
}

/// Relays want an address that browsers take, and a secret.
fn turn(urls: Vec<String>, secret: Option<String>) -> Result<Option<Turn>> {
    for url in &urls {
        let fits = ["turn:", "turns:", "stun:"].iter().any(|scheme| url.starts_with(scheme));
        if !fits || url.contains("//") {
            bail!("--turn-url {url} is not an address such as turn:relay.example.com:3478?transport=udp");
        }
    }
    match (urls.is_empty(), secret) {
        (true, None) => Ok(None),
        (false, Some(secret)) if !secret.is_empty() => Ok(Some(Turn { urls, secret })),
        _ => bail!("--turn-url and --turn-secret belong together: name both, or neither"),
    }
}

/// On loopback as long as the web is, so that a house that is tried out is open to nobody.
fn media(given: Option<MediaListen>, web: SocketAddr) -> Option<MediaPlace> {
    match given {
        Some(MediaListen::Off) => None,
        Some(MediaListen::At(at)) => Some(MediaPlace { at, chosen: true }),
        None => {
            let ip = if web.ip().is_loopback() { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
            Some(MediaPlace { at: (ip, MEDIA_PORT).into(), chosen: false })
        }
    }
}

fn nets(given: &[Net], file: &[Net]) -> Vec<IpNet> {
    let chosen = if given.is_empty() { file } else { given };
    chosen.iter().map(|net| net.0).collect()
}

fn read(path: &Path) -> Result<Options> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))
}

fn tls(given: &Options, file: &Options) -> Result<Tls> {
    let cert = given.tls_cert.clone().or_else(|| file.tls_cert.clone());
    let key = given.tls_key.clone().or_else(|| file.tls_key.clone());
    let acme = acme(given, file)?;
    match (cert, key) {
        (None, None) => Ok(acme.map_or(Tls::Off, Tls::Acme)),
        _ if acme.is_some() => bail!("--acme-domain and --tls-cert exclude each other: choose one"),
        (Some(cert), Some(key)) => Ok(Tls::Files { cert, key }),
        _ => bail!("https needs both --tls-cert and --tls-key"),
    }
}

fn acme(given: &Options, file: &Options) -> Result<Option<Acme>> {
    let domains =
        if given.acme_domain.is_empty() { file.acme_domain.clone() } else { given.acme_domain.clone() };
    if domains.is_empty() {
        return Ok(None);
    }
    for name in &domains {
        let is_address = name.parse::<std::net::IpAddr>().is_ok();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if is_address || !name.contains('.') || !name.chars().all(fits) {
            bail!("--acme-domain {name} is not a public name such as talk.example.com");
        }
    }
    let directory = given.acme_directory.clone().or_else(|| file.acme_directory.clone());
    let directory = directory.unwrap_or_else(|| instant_acme::LetsEncrypt::Production.url().to_owned());
    if !directory.starts_with("https://") {
        bail!("--acme-directory {directory} is not an https:// address");
    }
    Ok(Some(Acme {
        domains: domains.iter().map(|name| name.to_ascii_lowercase()).collect(),
        email: given.acme_email.clone().or_else(|| file.acme_email.clone()),
        directory,
        root: given.acme_root.clone().or_else(|| file.acme_root.clone()),
    }))
}

/// An address whose part before the @ has room for a secret (RFC 5321, 4.5.3.1: 64 octets).
fn checked_address(address: &str) -> Result<String> {
    let fits = address.split_once('@').is_some_and(|(local, domain)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        (1..=30).contains(&local.len())
            && local.chars().all(plain)
            && !domain.is_empty()
            && domain.chars().all(plain)
    });
    if !fits {
        bail!("--reply-address {address} is not a plain address such as reply@example.com");
    }
    Ok(address.to_owned())
}

fn checked_url(url: &str) -> Result<String> {
    let parsed: http::Uri = url.parse().with_context(|| format!("--public-url {url} is not an address"))?;
    let has_path = !matches!(parsed.path(), "" | "/");
    if !matches!(parsed.scheme_str(), Some("http" | "https")) || parsed.host().is_none() || has_path {
        bail!(
            "--public-url is http://HOST or https://HOST, with a port if it is not the usual one, without a path"
        );
    }
    Ok(url.trim_end_matches('/').to_owned())
}

impl Config {
    /// The public address, once the port is known.
    pub fn public_url_at(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| match &self.tls {
            Tls::Off => format!("http://{bound}"),
            Tls::Files { .. } => format!("https://{bound}"),
            Tls::Acme(acme) if bound.port() == 443 => format!("https://{}", acme.domains[0]),
            Tls::Acme(acme) => format!("https://{}:{}", acme.domains[0], bound.port()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_weighs_more_than_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("madang.toml");
        std::fs::write(
            &path,
            "data = \"/srv/madang\"\nupload-limit = 5\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\n",
        )
        .expect("written");
        let given = Options { upload_limit: Some(7), ..Options::default() };
        let config = given.settle(Some(&path)).expect("it settles");
        assert_eq!((config.data, config.upload_limit), (PathBuf::from("/srv/madang"), 7));
        assert_eq!(config.trusted_proxies.len(), 2);
    }

    #[test]
    fn a_wrong_configuration_says_what_to_change() {
        let says = |options: Options| format!("{:#}", options.settle(None).expect_err("it is wrong"));
        let cert = Options { tls_cert: Some("a.pem".into()), ..Options::default() };
        assert!(says(cert).contains("--tls-key"));
        let url = Options { public_url: Some("chat.example".into()), ..Options::default() };
        assert!(says(url).contains("https://HOST"));
        let bare = Options { http_listen: Some(([127, 0, 0, 1], 0).into()), ..Options::default() };
        assert!(says(bare).contains("--acme-domain"));
        let address = Options { acme_domain: vec!["203.0.113.9".into()], ..Options::default() };
        assert!(says(address).contains("public name"));
        let answers = Options { reply_address: Some("a+b@example.com".into()), ..Options::default() };
        assert!(says(answers).contains("reply@example.com"));
        let relay = Options { turn_url: vec!["turn:relay.example.com".into()], ..Options::default() };
        assert!(says(relay).contains("--turn-secret"));
        let both = Options {
            acme_domain: vec!["talk.example.com".into()],
            tls_cert: Some("a.pem".into()),
            tls_key: Some("a.key".into()),
            ..Options::default()
        };
        assert!(says(both).contains("choose one"));
    }

    #[test]
    fn a_house_with_a_certificate_of_its_own_is_found_by_its_name() {
        let options = Options { acme_domain: vec!["Talk.Example.com".into()], ..Options::default() };
        let config = options.settle(None).expect("it settles");
        assert_eq!(config.public_url_at(([0, 0, 0, 0], 443).into()), "https://talk.example.com");
        assert_eq!(config.public_url_at(([0, 0, 0, 0], 8443).into()), "https://talk.example.com:8443");
    }
}
