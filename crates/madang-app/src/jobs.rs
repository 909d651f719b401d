//! Jobs: mail that waits to leave, and the daily tidying.
//!
//! A job is claimed for a while, done, and then forgotten; one that fails is
//! tried again later, for about a day.

use std::sync::Arc;
use std::time::Duration;

use madang_store::db::Tx;
use madang_store::jobs::{self, JobRecord};
use madang_store::{
    blocks, bookings, claims, digests, links, meetings, push, secrets, sessions, visit_codes,
};

use crate::app::App;
use crate::error::Result;
use crate::mail::Letter;

const SECOND_US: i64 = 1_000_000;
/// A claimed job belongs to its worker for this long.
const LEASE_US: i64 = 120 * SECOND_US;
/// Waits before each further try, in seconds: 1, 5, 30 minutes, 2, 6, 12 hours.
const WAITS: [i64; 6] = [60, 300, 1_800, 7_200, 21_600, 43_200];
/// How long the worker sleeps when nothing is due.
const REST: Duration = Duration::from_secs(15);
/// Whom a meeting invited from outside is forgotten so long after it: 30 days.
const MEETING_GUESTS_US: i64 = 30 * 24 * 3_600 * SECOND_US;
/// From where a visit was begun is forgotten so long after it: 30 days.
const VISIT_NETWORKS_US: i64 = 30 * 24 * 3_600 * SECOND_US;
/// How often things are cleared away.
const TIDY: Duration = Duration::from_secs(600);

impl App {
    /// Works until the process ends.
    pub async fn work_jobs(self: Arc<Self>) {
        let mut tidied: Option<tokio::time::Instant> = None;
        loop {
            if tidied.is_none_or(|at| at.elapsed() >= TIDY) {
                if let Err(error) = self.tidy().await {
                    tracing::error!(%error, "Clearing away did not work, it is tried again");
                }
                tidied = Some(tokio::time::Instant::now());
            }
            match self.work_once().await {
                Ok(0) => {
                    // A new job wakes the worker; silence is no reason to wait for ever.
                    let _ = tokio::time::timeout(REST, self.new_jobs.notified()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "Jobs could not be read, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Does what is due now; gives how many jobs that were.
    ///
    /// # Errors
    /// What the store said.
    pub async fn work_once(self: &Arc<Self>) -> Result<usize> {
        let now_us = self.clock.now_us();
        let due =
            self.db.write(move |tx| -> Result<_> { Ok(jobs::claim(tx, now_us, now_us + LEASE_US)?) }).await?;
        let count = due.len();
        for job in due {
            self.work(job).await?;
        }
        Ok(count)
    }

    async fn work(self: &Arc<Self>, job: JobRecord) -> Result<()> {
        let Err(error) = self.attempt(&job).await else {
            return self.db.write(move |tx| -> Result<()> { Ok(jobs::done(tx, job.id)?) }).await;
        };
        let now_us = self.clock.now_us();
        let wait = WAITS.get((job.tries - 1).max(0) as usize).copied();
        tracing::warn!(job.kind = %job.kind, job.tries, %error, "A job failed{}", if wait.is_some() { ", it is tried again" } else { " for good" });
        self.db
            .write(move |tx| -> Result<()> {
                match wait {
                    Some(seconds) => {
                        Ok(jobs::failed(tx, job.id, now_us + seconds * SECOND_US, &error.to_string())?)
                    }
                    None => Ok(jobs::done(tx, job.id)?),
                }
            })
            .await
    }

    async fn attempt(self: &Arc<Self>, job: &JobRecord) -> anyhow::Result<()> {
        match job.kind.as_str() {
            "mail" => self.mailer.send(&serde_json::from_str::<Letter>(&job.payload)?).await.map(drop),
            "booking_reminder" => Ok(self.remind_of_booking(serde_json::from_str(&job.payload)?).await?),
            "outer_calendar" => Ok(self.read_calendar_again(serde_json::from_str(&job.payload)?).await?),
            "erase_messages" => Ok(self.erase_messages_of(serde_json::from_str(&job.payload)?).await?),
            "erase_again" => Ok(self.erase_person_again(serde_json::from_str(&job.payload)?).await?),
            other => anyhow::bail!("nobody knows how to do a job of the kind {other}"),
        }
    }

    /// Sends a letter with the transaction, or logs its link when the house
    /// has no mail.
    pub(crate) fn post_letter(&self, tx: &mut Tx, letter: &Letter) -> Result<()> {
        if !self.mailer.is_configured() {
            tracing::info!(
                "No mail server is configured; \"{}\" for {}: {}",
                letter.subject,
                letter.to,
                letter.link.1
            );
            return Ok(());
        }
        let payload = serde_json::to_string(letter).map_err(anyhow::Error::from)?;
        jobs::insert(tx, self.ids.next(), "mail", &payload, self.clock.now_us())?;
        self.new_jobs.notify_one();
        Ok(())
    }

    /// Clears away what is over: secrets, sessions, links, deleted spaces.
    ///
    /// # Errors
    /// What the store said.
    pub async fn tidy(self: &Arc<Self>) -> Result<()> {
        let now_us = self.clock.now_us();
        self.db
            .write(move |tx| -> Result<()> {
                secrets::forget_expired(tx, now_us)?;
                sessions::forget_expired(tx, now_us)?;
                links::forget_expired(tx, now_us)?;
                visit_codes::forget_expired(tx, now_us)?;
                claims::forget_expired(tx, now_us)?;
                blocks::forget_over(tx, now_us, now_us - VISIT_NETWORKS_US)?;
                push::forget_read(tx)?;
                digests::forget_over(tx, now_us)?;
                meetings::forget_over(tx, now_us - MEETING_GUESTS_US)?;
                bookings::forget_over(tx, now_us - MEETING_GUESTS_US)?;
                Ok(())
            })
            .await?;
        self.forget_old_deliveries().await?;
        self.forget_old_tellings().await?;
        self.forget_previews().await?;
        self.clear_exports().await?;
        self.erase_deleted_spaces().await?;
        self.forget_erased_spaces().await?;
        // Last of what reads messages, since a first run may take its time; the files go right after it.
        self.keep_retention().await?;
        self.tidy_files().await
    }
}
