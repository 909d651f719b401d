//! Digests: whoever has been away is told by mail of what waits for them, at most once a day, and may answer by mail.
//!
//! What waits is what concerns a person and is not read: calls on them, answers to them, direct messages. It is worked
//! out when it is looked for, from the views that devices show too; nothing is kept but when somebody was last told.

mod letter;
mod news;
mod receive;
mod reply;

use std::sync::Arc;
use std::time::Duration;

use madang_model::PersonId;
use madang_model::register::Key;
use madang_store::secrets;
use madang_store::{digests, house, registers};
use serde_json::json;

use crate::app::App;
use crate::error::Result;
use crate::session::hash_of;

pub(crate) use letter::{Digest, mail_secret};
pub use receive::{Received, Undelivered};
pub(crate) use reply::MARK;

const SECOND_US: i64 = 1_000_000;
/// Whoever was told is not told again within this time. A little less than a day, or the hour would wander.
const AGAIN_US: i64 = 20 * 3_600 * SECOND_US;
/// An address or link in a digest is good for so long: 30 days in microseconds.
const GOOD_US: i64 = 30 * 24 * 3_600 * SECOND_US;
/// People looked at in one go.
const PEOPLE: i64 = 50;
/// The longest time between two looks.
const LOOK: Duration = Duration::from_secs(300);

impl App {
    /// Looks for people to tell until the process ends. A mail server may be named at any time.
    pub async fn mail_digests(self: Arc<Self>) {
        let after = self.config.digest_after;
        if after.is_zero() {
            return;
        }
        let rest = (after / 4).clamp(Duration::from_secs(1), LOOK);
        loop {
            if self.mailer.is_configured()
                && let Err(error) = self.mail_digests_once().await
            {
                tracing::error!(%error, "Digests could not be made, it is tried again");
            }
            tokio::time::sleep(rest).await;
        }
    }

    /// Tells everybody who is to be told now; gives how many that were.
    ///
    /// # Errors
    /// What the store said.
    pub async fn mail_digests_once(self: &Arc<Self>) -> Result<usize> {
        let after_us = i64::try_from(self.config.digest_after.as_micros()).unwrap_or(i64::MAX);
        let (mut told, mut last) = (0, PersonId(0));
        loop {
            let now_us = self.clock.now_us();
            let away = self
                .db
                .read(move |conn| -> Result<Vec<PersonId>> {
                    // Before the first day there is nobody.
                    let Some(house) = house::workspaces(conn)?.first().map(|it| it.id) else {
                        return Ok(Vec::new());
                    };
                    Ok(digests::away(conn, house, last, now_us - after_us, now_us - AGAIN_US, PEOPLE)?)
                })
                .await?;
            for person in &away {
                told += usize::from(self.mail_digest(*person, after_us).await?);
            }
            match away.last() {
                Some(person) if away.len() as i64 == PEOPLE => last = *person,
                _ => return Ok(told),
            }
        }
    }

    /// Tells one person, if something waits for them for long enough and they want to know.
    async fn mail_digest(self: &Arc<Self>, person: PersonId, after_us: i64) -> Result<bool> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        let waiting = self.db.read(move |conn| app.waiting(conn, person, now_us, now_us - after_us)).await?;
        let Some(waiting) = waiting else { return Ok(false) };
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<bool> {
                // Another process may look too.
                if !digests::claim(tx, person, now_us, now_us - AGAIN_US)? {
                    return Ok(false);
                }
                let letter = app.digest_letter(tx, &waiting, now_us)?;
                app.post_letter(tx, &letter)?;
                Ok(true)
            })
            .await
    }

    /// Ends the digests of whoever got a letter with this link.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn stop_digests(self: &Arc<Self>, secret: &str) -> Result<()> {
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        self.db
            .write(move |tx| -> Result<()> {
                let record = secrets::by_token(tx, "digest", &hash, now_us)?;
                let person = record.and_then(|it| it.person);
                let person = person.ok_or(madang_model::Refusal::LinkInvalid)?;
                let kept = registers::get(tx, person, &Key::Settings)?;
                let mut settings = kept.and_then(|it| it.value.as_object().cloned()).unwrap_or_default();
                settings.insert("mail".to_owned(), json!(false));
                registers::put(tx, person, &Key::Settings, &serde_json::Value::Object(settings))?;
                Ok(())
            })
            .await
    }
}
