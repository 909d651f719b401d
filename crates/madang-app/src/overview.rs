//! How the house is, in numbers, and a mail that shows whether mail works.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, Refusal};
use madang_store::overview::{self, Numbers};
use madang_store::{house, log};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;
use crate::{attempts, mail};

/// What those who run the house see first.
#[derive(Debug, Clone)]
pub struct Overview {
    pub numbers: Numbers,
    /// Unix milliseconds of the last backup.
    pub backed_up_ms: Option<i64>,
    pub has_mail: bool,
}

/// What became of a test mail.
#[derive(Debug, Clone)]
pub struct MailTest {
    pub to: String,
    /// What the mail server answered, when it took it.
    pub said: Option<String>,
    /// What it said, or what was in the way, when it did not.
    pub complaint: Option<String>,
}

impl App {
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn overview(self: &Arc<Self>, reader: PersonId) -> Result<Overview> {
        let has_mail = self.mailer.is_configured();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::SeeOverview)?;
                let numbers = overview::numbers(conn, house)?;
                let backed_up = house::fact(conn, house::BACKED_UP)?.and_then(|text| text.parse().ok());
                Ok(Overview { numbers, backed_up_ms: backed_up, has_mail })
            })
            .await
    }

    /// Sends a real mail to the one who asks, and tells what the mail server said.
    ///
    /// # Errors
    /// `NotAllowed`, `TooFast`, or what the store said.
    pub async fn test_mail(self: &Arc<Self>, person: PersonId) -> Result<MailTest> {
        self.asks_house(person, HouseRight::SeeOverview).await?;
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        let record = self.person(person).await?;
        let to = record.email.clone().ok_or(Refusal::NotAllowed("admin"))?;
        self.attempts.count(attempts::LETTER, &to, now_us)?;
        let letter = mail::test(&record.language, &to, &self.config.public_url);
        let (said, complaint) = match self.mailer.send(&letter).await {
            Ok(said) => (Some(said), None),
            Err(error) => (None, Some(format!("{error:#}"))),
        };
        let went = complaint.is_none();
        self.db
            .write(move |tx| app.write_down(tx, by, Act::MailTested, Object::Nothing, json!({"went": went})))
            .await?;
        Ok(MailTest { to, said, complaint })
    }
}
