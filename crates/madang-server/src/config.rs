//! What an administrator can set: options of the command line, environment
//! variables `MADANG_…`, and `madang.toml`, in this order of weight.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;

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
    /// The largest upload in bytes [default: 2147483648]
    #[arg(long, env = "MADANG_UPLOAD_LIMIT", value_name = "BYTES", global = true)]
    pub upload_limit: Option<i64>,
    /// Requests a second of one person, 0 for no limit [default: 50]
    #[arg(long, env = "MADANG_RATE_LIMIT", value_name = "N", global = true)]
    pub rate_limit: Option<u32>,
    /// Certificate chain (PEM) for https
    #[arg(long, env = "MADANG_TLS_CERT", value_name = "FILE", global = true)]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for https
    #[arg(long, env = "MADANG_TLS_KEY", value_name = "FILE", global = true)]
    pub tls_key: Option<PathBuf>,
    /// Reverse proxies whose X-Forwarded-For is believed, as addresses or networks
    #[arg(long, env = "MADANG_TRUSTED_PROXIES", value_name = "NET", value_delimiter = ',', global = true)]
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
}

/// How https is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    Off,
    Files { cert: PathBuf, key: PathBuf },
}

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
    pub upload_limit: i64,
    pub rate_limit: Option<NonZeroU32>,
    pub tls: Tls,
    pub trusted_proxies: Vec<IpNet>,
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
        let public_url = self.public_url.or(file.public_url).map(|url| checked_url(&url)).transpose()?;
        let mail_url = self.mail_url.or(file.mail_url);
        let mail_from = self.mail_from.or(file.mail_from);
        if mail_url.is_some() && mail_from.is_none() {
            bail!("--mail-url needs --mail-from: the address that mails come from");
        }
        Ok(Config {
            data: self.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            public_url,
            database_url: self.database_url.or(file.database_url),
            files_url: self.files_url.or(file.files_url),
            mail_url,
            mail_from,
            upload_limit: self.upload_limit.or(file.upload_limit).unwrap_or(2 << 30).max(1),
            rate_limit: NonZeroU32::new(self.rate_limit.or(file.rate_limit).unwrap_or(50)),
            tls,
            trusted_proxies: if self.trusted_proxies.is_empty() {
                file.trusted_proxies
            } else {
                self.trusted_proxies
            },
        })
    }
}

fn read(path: &Path) -> Result<Options> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))
}

fn tls(given: &Options, file: &Options) -> Result<Tls> {
    let cert = given.tls_cert.clone().or_else(|| file.tls_cert.clone());
    let key = given.tls_key.clone().or_else(|| file.tls_key.clone());
    match (cert, key) {
        (None, None) => Ok(Tls::Off),
        (Some(cert), Some(key)) => Ok(Tls::Files { cert, key }),
        _ => bail!("https needs both --tls-cert and --tls-key"),
    }
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
        self.public_url.clone().unwrap_or_else(|| {
            let scheme = if self.tls == Tls::Off { "http" } else { "https" };
            format!("{scheme}://{bound}")
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
            "data = \"/srv/madang\"\nupload-limit = 5\ntrusted-proxies = [\"10.0.0.0/8\"]\n",
        )
        .expect("written");
        let given = Options { upload_limit: Some(7), ..Options::default() };
        let config = given.settle(Some(&path)).expect("it settles");
        assert_eq!((config.data, config.upload_limit), (PathBuf::from("/srv/madang"), 7));
        assert_eq!(config.trusted_proxies.len(), 1);
    }

    #[test]
    fn a_wrong_configuration_says_what_to_change() {
        let says = |options: Options| format!("{:#}", options.settle(None).expect_err("it is wrong"));
        let cert = Options { tls_cert: Some("a.pem".into()), ..Options::default() };
        assert!(says(cert).contains("--tls-key"));
        let url = Options { public_url: Some("chat.example".into()), ..Options::default() };
        assert!(says(url).contains("https://HOST"));
    }
}
