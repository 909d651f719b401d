//! Push: who we are to push services, whether they can be reached and take what we send; and one notification sent
//! for a look, to somebody who asked for it.

use std::collections::BTreeSet;
use std::time::Duration;

use madang_app::outgoing::{Caps, Failure, Outgoing, Request};
use madang_app::{App, Outcome};
use madang_store::db::Db;
use madang_store::house;
use madang_store::push::{self, Health};

use super::Report;
use crate::config::Config;

/// Enough to hear that there is somebody.
const CAPS: Caps = Caps { time: Duration::from_secs(10), bytes: 256 * 1_024, cut: false, redirects: 0 };

pub(super) async fn look(config: &Config, report: &mut Report) {
    let Ok((content, _)) = crate::serve::databases(config) else { return };
    let Ok(db) = Db::open(&content) else { return };
    let found = db.read_blocking(|conn| {
        let chosen = !house::settings(conn)?.push_contact.is_empty();
        Ok::<_, madang_store::StoreError>((push::all_health(conn)?, push::endpoints(conn)?, chosen))
    });
    let (health, endpoints, chosen) = match found {
        Ok(found) => found,
        Err(error) => return report.look("push", format!("it cannot be looked at: {error}")),
    };
    report.add("push", devices(config, &health, chosen));
    let origins: BTreeSet<String> = endpoints.iter().filter_map(|it| origin(it)).collect();
    let outgoing = Outgoing::new(config.outgoing_allowed.clone());
    for origin in origins {
        report.add("push service", reached(&outgoing, &origin).await);
    }
}

fn devices(config: &Config, health: &Health, chosen: bool) -> Result<String, String> {
    let said = health.last_error.as_deref().unwrap_or_default();
    match health {
        Health { devices: 0, .. } => Ok("no device is told yet: people turn it on in Me, Notifications".into()),
        Health { devices, failing, .. } if *failing > 0 => Err(format!(
            "of {devices} devices, {failing} were not told last time ({said}): see the push service's line below"
        )),
        // Apple takes nothing from a house that gives no address (it answers 403 BadJwtToken).
        _ if !chosen && config.mail_from.is_none() && !config.public_url_at(config.listen).starts_with("https://") => Err(
            "push services want to know whom to write to: name an address under Administration, Push, set --mail-from, or serve https with --public-url".into(),
        ),
        Health { devices, .. } => Ok(format!("{devices} devices are told")),
    }
}

fn origin(endpoint: &str) -> Option<String> {
    let uri: http::Uri = endpoint.parse().ok()?;
    Some(format!("{}://{}/", uri.scheme_str()?, uri.authority()?))
}

async fn reached(outgoing: &Outgoing, origin: &str) -> Result<String, String> {
    let url = origin.parse().map_err(|_| format!("{origin} is no address"))?;
    let request = Request {
        method: http::Method::GET,
        url,
        headers: http::HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    match outgoing.send(request, CAPS).await {
        // Whatever it says to a question that is none: it is there.
        Ok(_) | Err(Failure::TooLong(_)) => Ok(format!("{origin} answers")),
        Err(Failure::Refused(why)) => Err(format!(
            "{origin} is not asked: {why}; if it is yours, name its network with --outgoing-allowed"
        )),
        Err(error) => {
            Err(format!("{origin} cannot be reached ({error}): the firewall must let us out to it"))
        }
    }
}

/// Sends every device of somebody a notification, and says what the push services said.
pub(super) async fn send(app: &std::sync::Arc<App>, email: &str, report: &mut Report) -> anyhow::Result<()> {
    let folded = email.to_lowercase();
    let everybody = app.everybody().await?;
    let Some(person) = everybody.into_iter().find(|it| it.email.as_deref() == Some(&folded)) else {
        report.look("push test", format!("nobody here has the address {email}"));
        return Ok(());
    };
    let devices = app.told_devices(person.id).await?;
    if devices.is_empty() {
        report.look(
            "push test",
            format!("{email} has no device that is told: Me, Notifications, on the device"),
        );
    }
    for device in devices {
        match app.try_push(device, String::new()).await? {
            Outcome::Sent => {
                report.fine("push test", format!("the push service took it for device {device}: look there"))
            }
            Outcome::None => {
                report.look("push test", format!("device {device} is gone, and is told no more"))
            }
            Outcome::Refused(why) => report.look("push test", format!("device {device} was not told: {why}")),
        }
    }
    Ok(())
}
