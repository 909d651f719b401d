//! What the command line does to the house: the same things people do, asked
//! by whoever runs the machine; and how a process that serves hears of it.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, name};
use madang_store::bus::Announcement;
use madang_store::db::Conn;
use madang_store::people::{self, NewPerson, PersonRecord};
use madang_store::{house, log, spaces};
use serde_json::json;

use crate::app::App;
use crate::audit::by_somebody;
use crate::error::Result;
use crate::password;
use crate::people::{find, workspace};

/// How often it is looked whether the command line changed something: what it
/// ends is cut within a second.
const LOOK: std::time::Duration = std::time::Duration::from_millis(300);
/// Events of one space that are told of, the newest; devices fetch what is before.
const TOLD: i64 = 64;

impl App {
    /// Adds somebody with a password.
    ///
    /// # Errors
    /// `EmailTaken`, what is wrong with the input, or what the store said.
    pub async fn add_person(
        self: &Arc<Self>,
        email: &str,
        person_name: &str,
        new_password: String,
        role: Role,
    ) -> Result<PersonId> {
        let (email, person_name) = (name::email(email)?, name::checked(person_name)?);
        password::check(&new_password, &[&email, &person_name])?;
        let hash = password::hash(new_password).await?;
        let (app, by) = (self.clone(), by_somebody());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                if people::by_email(tx, house, &email)?.is_some() {
                    return Err(Refusal::EmailTaken.into());
                }
                let now_us = app.clock.now_us();
                let new = NewPerson {
                    id: PersonId(app.ids.next()),
                    email: Some(email.clone()),
                    name: person_name.clone(),
                    password_hash: Some(hash.clone()),
                    bot: false,
                    language: "en".into(),
                };
                people::insert(tx, &new, now_us)?;
                people::set_role(tx, house, new.id, role, now_us)?;
                let about = json!({"by": "command line", "email": email, "role": role.as_str()});
                app.write_down(tx, by, Act::PersonJoined, new.id, about)?;
                Ok(new.id)
            })
            .await
    }

    /// Everybody who ever belonged to the house.
    ///
    /// # Errors
    /// What the store said.
    pub async fn everybody(self: &Arc<Self>) -> Result<Vec<PersonRecord>> {
        self.db
            .read(|conn| {
                let house = workspace(conn)?.id;
                Ok(people::changed_after(conn, house, -1)?)
            })
            .await
    }

    /// Takes somebody out of the house, in the name of an owner.
    ///
    /// # Errors
    /// `NotFound`, `LastOwner`, or what the store said.
    pub async fn remove_person_from_outside(self: &Arc<Self>, named: &str) -> Result<()> {
        let (app, named, by) = (self.clone(), named.to_owned(), by_somebody());
        self.db
            .write(move |tx| {
                let workspace = workspace(tx)?.id;
                house::lock_people(tx, workspace)?;
                let record = find(tx, workspace, &named)?.filter(|it| it.kept_role().is_some());
                let record = record.ok_or(Refusal::NotFound(Thing::Person))?;
                app.remove_person_in(tx, workspace, record.id, &record)?;
                app.write_down(tx, by, Act::PersonRemoved, record.id, json!({"email": record.email}))
            })
            .await
    }

    /// Tells a process that serves the same database to look again.
    ///
    /// # Errors
    /// What the store said.
    pub async fn touch(self: &Arc<Self>) -> Result<()> {
        let since = self.began_us.to_string();
        self.db.write(move |tx| -> Result<()> { Ok(house::set_fact(tx, house::TOUCHED, &since)?) }).await
    }

    /// Notices what the command line changed in the same database meanwhile,
    /// until the process ends.
    pub async fn watch_for_changes_from_outside(self: Arc<Self>) {
        let touched = || self.db.read(|conn| -> Result<_> { Ok(house::fact(conn, house::TOUCHED)?) });
        let mut known: Option<Option<String>> = None;
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let noticed = match touched().await {
                Ok(found) if known.as_ref() == Some(&found) => Ok(()),
                Ok(found) => {
                    let since = found.as_deref().and_then(|text| text.parse().ok());
                    // What stood there at the first look is older than this process.
                    let is_news = known.replace(found).is_some();
                    match since.filter(|_| is_news) {
                        Some(since) => self.notice(since).await,
                        None => Ok(()),
                    }
                }
                Err(error) => Err(error),
            };
            if let Err(error) = noticed {
                tracing::warn!(%error, "Changes from outside cannot be seen just now");
            }
        }
    }

    /// Tells everybody in this process what another one did since a time.
    async fn notice(self: &Arc<Self>, since_us: i64) -> Result<()> {
        self.forget_all_sessions();
        let app = self.clone();
        let news = self.db.read(move |conn| app.news(conn, since_us)).await?;
        self.bus.publish(news);
        Ok(())
    }

    fn news(&self, conn: &mut Conn, since_us: i64) -> Result<Vec<Announcement>> {
        let mut news = vec![Announcement::Outside];
        for (space, house, head) in spaces::active_since(conn, since_us)? {
            let last = log::events(conn, &self.keyring, house, space, head - TOLD, TOLD)?;
            let new = last.into_iter().filter(|event| event.at_us >= since_us);
            news.extend(new.map(|event| Announcement::Event(Arc::new(event))));
        }
        let house = workspace(conn)?.id;
        let changed = people::changed_after(conn, house, since_us)?;
        news.extend(changed.into_iter().map(|it| Announcement::Person(it.id)));
        Ok(news)
    }
}
