//! What the command line does to the house: the same things people do, asked
//! by whoever runs the machine.

use std::sync::Arc;

use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, name};
use madang_store::house;
use madang_store::people::{self, NewPerson, PersonRecord};

use crate::app::App;
use crate::error::Result;
use crate::password;
use crate::people::{find, workspace};

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
        let app = self.clone();
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
        let (app, named) = (self.clone(), named.to_owned());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                let record = find(tx, house, &named)?.filter(|it| it.standing().is_some());
                let record = record.ok_or(Refusal::NotFound(Thing::Person))?;
                app.remove_person_in(tx, house, record.id, &record)
            })
            .await
    }

    /// Tells a process that serves the same database to look again.
    ///
    /// # Errors
    /// What the store said.
    pub async fn touch(self: &Arc<Self>) -> Result<()> {
        let now = self.clock.now_us().to_string();
        self.db.write(move |tx| -> Result<()> { Ok(house::set_fact(tx, house::TOUCHED, &now)?) }).await
    }
}
