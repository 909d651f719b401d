//! How people get here: ports, the public address, its certificate, and mail.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use madang_store::db::Db;
use madang_store::house;
use madang_store::seal::Keyring;

use super::Report;
use crate::config::{Acme, Config, Tls};
use crate::tls::Files;
use crate::tls::certificate::{Certificate, now};

/// A certificate that ends sooner than this wants somebody to look.
const SOON_DAYS: i64 = 10;

pub(super) async fn look(config: &Config, report: &mut Report) {
    // Whoever serves holds the lock of the data folder.
    let serving = crate::serve::alone(&config.data).is_err();
    let public_url = config.public_url_at(config.listen);
    port("port", config.listen, "--listen", serving, report);
    if let Some(address) = config.http_listen {
        port("http port", address, "--http-listen", serving, report);
    }
    calls(config, serving, report);
    report.add("address", address(config, &public_url));
    match &config.tls {
        Tls::Off => {}
        Tls::Files { cert, key } => report.add("certificate", of_files(cert, key, &public_url)),
        Tls::Acme(settings) => report.add("certificate", of_acme(config, settings)),
    }
    if serving {
        report.add("reachable", reachable(&public_url).await);
    }
    report.add("mail", mail(config).await);
}

fn port(about: &'static str, address: SocketAddr, option: &str, serving: bool, report: &mut Report) {
    match TcpListener::bind(address) {
        Ok(_) if serving => report.look(
            about,
            format!(
                "madang serves, but not at {address}: give doctor the {option} that the server was given"
            ),
        ),
        Ok(_) => report.fine(about, format!("{address} is free; madang does not serve just now")),
        Err(_) if serving => report.fine(about, format!("madang serves at {address}")),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => report.look(
            about,
            format!(
                "{address} is not allowed to us: AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit"
            ),
        ),
        Err(error) => {
            report
                .look(about, format!("another program has {address} ({error}): stop it, or change {option}"));
        }
    }
}

/// Calls want a UDP port, and an address under which devices reach it.
fn calls(config: &Config, serving: bool, report: &mut Report) {
    let Some(place) = config.media else {
        return report.fine("calls", "they are off (--media-listen off)");
    };
    let at = place.at;
    let taken = std::net::UdpSocket::bind(at).is_err();
    if taken != serving {
        let text = match taken {
            true => {
                format!("another program has UDP {at}: stop it, or choose another port with --media-listen")
            }
            false => format!(
                "madang serves, but carries no calls at UDP {at}: give doctor the --media-listen that the server was \
                 given, or see in its log why not"
            ),
        };
        return report.look("calls", text);
    }
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_public = !local.iter().any(|it| config.public_url_at(config.listen).starts_with(it));
    if at.ip().is_loopback() && is_public {
        let text =
            format!("UDP {at} is reached from this machine alone: set --media-listen 0.0.0.0:{}", at.port());
        return report.look("calls", text);
    }
    let announced: Vec<String> = config.media_announce.iter().map(ToString::to_string).collect();
    let told = match announced.is_empty() {
        true => format!(
            "UDP {at}, under the addresses of this machine; behind a NAT name the public one with --media-announce"
        ),
        false => format!("UDP {at}, announced as {}", announced.join(", ")),
    };
    report.fine("calls", format!("{told}; {}", relayed(config)));
}

/// What becomes of those who reach no UDP.
fn relayed(config: &Config) -> String {
    let ours = crate::turn::address(config, &config.public_url_at(config.listen));
    match (&config.turn, ours) {
        (Some(named), _) => format!("relayed by {}", named.urls.join(", ")),
        (None, Some(ours)) => format!("relayed by {ours}"),
        (None, None) => "behind a proxy nobody comes in without UDP: a relay helps (--turn-url)".to_owned(),
    }
}

/// Phones and browsers hold back cameras, notifications and installing where the origin is not secure.
fn address(config: &Config, url: &str) -> Result<String, String> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|it| url.starts_with(it));
    if url.starts_with("https://") {
        return match config.tls == Tls::Off && config.trusted_proxies.is_empty() {
            true => Err(format!(
                "{url} is https, and madang speaks http: name the reverse proxy with --trusted-proxies, or all its \
                 visitors share one address and one limit"
            )),
            false => Ok(format!("{url} is a secure origin")),
        };
    }
    match local {
        true => Ok(format!("{url} is for this machine alone; phones need https and --public-url")),
        false => Err(format!(
            "{url} is not https: everything can be read on the way, and phones refuse cameras, notifications and \
             installing; see HTTPS in the guide"
        )),
    }
}

fn of_files(cert: &std::path::Path, key: &std::path::Path, url: &str) -> Result<String, String> {
    let files = Files { cert: cert.to_path_buf(), key: key.to_path_buf() };
    let certificate = files.read().map_err(|error| format!("{error:#}"))?;
    let host =
        url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    if !certificate.covers(&host) {
        let names = certificate.names.join(", ");
        return Err(format!(
            "it is for {names} and not for {host}: get one for {host}, or change --public-url"
        ));
    }
    fresh(&certificate, "renew it; madang takes the new files by itself")
}

fn of_acme(config: &Config, settings: &Acme) -> Result<String, String> {
    let names = settings.domains.join(", ");
    let (standing, certificate) = crate::acme::look(&config.data).map_err(|error| format!("{error:#}"))?;
    let ours = standing.directory == settings.directory && standing.domains == settings.domains;
    let last = standing.last_error.map_or_else(String::new, |error| {
        let wait = (standing.next_try - now()).max(0) / 60;
        format!(
            "; attempt {} failed: {error}; the next is in {wait} minutes, or at once on SIGHUP",
            standing.failures
        )
    });
    match certificate.filter(|_| ours) {
        Some(certificate) if last.is_empty() => fresh(&certificate, "madang serve renews it by itself"),
        Some(certificate) => Err(format!("it ends in {} days{last}", days(&certificate))),
        None => Err(format!(
            "there is none for {names} yet; madang serve asks {} for it{last}",
            settings.directory
        )),
    }
}

fn fresh(certificate: &Certificate, advice: &str) -> Result<String, String> {
    let text = format!("for {}, {} days left", certificate.names.join(", "), days(certificate));
    if days(certificate) < SOON_DAYS { Err(format!("{text}: {advice}")) } else { Ok(text) }
}

fn days(certificate: &Certificate) -> i64 {
    (certificate.not_after - now()) / 86_400
}

/// Goes to the public address as a browser on this machine would.
async fn reachable(url: &str) -> Result<String, String> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| chain(&error))?;
    match client.get(format!("{url}/healthz")).send().await {
        Ok(answer) if answer.status().is_success() => Ok(format!("{url} answers on this machine")),
        Ok(answer) => Err(format!("{url}/healthz answers {}: does the proxy lead here?", answer.status())),
        Err(error) => Err(format!(
            "{url} cannot be reached from this machine ({}): check the name, the firewall and the proxy",
            chain(&error)
        )),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Takes the mail server that owners named in the app, if one is kept; without one no key is asked for.
fn named_in_the_app(config: &Config, mailer: &madang_app::Mailer) -> anyhow::Result<()> {
    let (content, keys) = crate::serve::databases(config)?;
    let db = Db::open(&content)?;
    let kept = db.read_blocking(|conn| house::fact(conn, house::MAIL_SERVER))?;
    if kept.is_some_and(|it| !it.is_empty()) {
        mailer.take_kept(&db, &Keyring::open(Db::open(&keys)?, &config.data.join("root.key"))?)?;
    }
    Ok(())
}

async fn mail(config: &Config) -> Result<String, String> {
    let mailer = madang_app::Mailer::new(config.mail_url.as_deref(), config.mail_from.as_deref())
        .map_err(|error| format!("{error:#}"))?;
    let mailer = mailer.allowing(config.outgoing_allowed.clone());
    named_in_the_app(config, &mailer)
        .map_err(|error| format!("the mail server of the app cannot be read: {error:#}"))?;
    if !mailer.is_configured() {
        return Err(
            "no mail server: links are shown to inviters and logged; name one under Administration, Mail, or set --mail-url and \
             --mail-from".into()
        );
    }
    match mailer.check().await {
        Ok(true) => Ok(match &config.reply_address {
            Some(address) => format!("the mail server answers; answers by mail come in at {address}"),
            None => "the mail server answers; for answers by mail set --reply-address".into(),
        }),
        Ok(false) => {
            Err("the mail server does not take us: check --mail-url, or Administration, Mail".into())
        }
        Err(error) => Err(format!("the mail server cannot be reached: {error:#}")),
    }
}
