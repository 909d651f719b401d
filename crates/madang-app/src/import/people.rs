//! People of the other house: known here by their address, or made.

use std::sync::Arc;

use madang_model::permission::Role;
use madang_model::{PersonId, limits, name};
use madang_store::db::{Conn, Tx};
use madang_store::imports::{self, Kind};
use madang_store::people::{self, NewPerson};

use super::{Export, Import, OldPerson, OldRole, OldSpace};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

/// People made in one transaction.
const AT_ONCE: usize = 100;

/// Names of unknown people that a dry run tells.
const STRANGERS: usize = 200;

impl<E: Export> Import<E> {
    pub(super) async fn bring_people(&mut self, people: &[OldPerson]) -> Result<()> {
        for some in people.chunks(AT_ONCE) {
            let (app, house, some): (_, _, Arc<[OldPerson]>) =
                (self.app.clone(), self.house.clone(), some.into());
            let list = some.clone();
            let brought = self
                .app
                .db
                .write(move |tx| -> Result<Vec<(PersonId, bool)>> {
                    list.iter().map(|it| bring(&app, tx, &house, it)).collect()
                })
                .await?;
            for (person, (id, made)) in some.iter().zip(brought) {
                self.people.insert(person.key.clone(), id);
                *if made { &mut self.report.new_people } else { &mut self.report.known_people } += 1;
            }
        }
        Ok(())
    }

    /// What a run would do, without doing it.
    pub(super) async fn compare(&mut self, people: &[OldPerson], spaces: &[OldSpace]) -> Result<()> {
        let (house, people): (_, Arc<[OldPerson]>) = (self.house.clone(), people.into());
        let keys: Vec<String> = spaces.iter().map(|it| it.key.clone()).collect();
        let (strangers, known, spaces_known) = self
            .app
            .db
            .read(move |conn| -> Result<(Vec<String>, u64, u64)> {
                let (mut strangers, mut known, mut spaces_known) = (Vec::new(), 0, 0);
                for person in people.iter() {
                    match known_here(conn, &house, person)? {
                        Some(_) => known += 1,
                        None if strangers.len() < STRANGERS => strangers.push(person.name.clone()),
                        None => {}
                    }
                }
                for key in &keys {
                    spaces_known += u64::from(imports::find(conn, &house, Kind::Space, key)?.is_some());
                }
                Ok((strangers, known, spaces_known))
            })
            .await?;
        self.report.strangers = strangers;
        self.report.known_people = known;
        self.report.new_people = self.report.people - known;
        self.report.new_spaces = self.report.spaces - spaces_known;
        Ok(())
    }
}

fn known_here(conn: &mut Conn, house: &str, old: &OldPerson) -> Result<Option<PersonId>> {
    if let Some(id) = imports::find(conn, house, Kind::Person, &old.key)? {
        return Ok(Some(PersonId(id)));
    }
    let Some(email) = address(old) else { return Ok(None) };
    let workspace = workspace(conn)?.id;
    Ok(people::by_email(conn, workspace, &email)?.filter(|it| it.role.is_some()).map(|it| it.id))
}

/// The person here, and whether they were made now.
fn bring(app: &App, tx: &mut Tx, house: &str, old: &OldPerson) -> Result<(PersonId, bool)> {
    if let Some(id) = known_here(tx, house, old)? {
        imports::keep(tx, house, Kind::Person, &old.key, id.0)?;
        return Ok((id, false));
    }
    let (workspace, now_us) = (workspace(tx)?.id, app.clock.now_us());
    // An address that somebody outside the house has is not given twice.
    let email = match address(old) {
        Some(email) if people::by_email(tx, workspace, &email)?.is_none() => Some(email),
        _ => None,
    };
    let new = NewPerson {
        id: PersonId(app.ids.next()),
        email,
        name: short(&old.name, &old.key),
        password_hash: None,
        bot: old.bot,
        language: "en".into(),
    };
    people::insert(tx, &new, now_us)?;
    let role = if old.role == OldRole::Guest || new.email.is_none() { Role::Guest } else { Role::Member };
    people::set_role(tx, workspace, new.id, role, now_us)?;
    // Without an address nobody could ever sign in as them.
    if old.role == OldRole::Gone || new.email.is_none() {
        people::remove_from_house(tx, workspace, new.id, now_us)?;
    }
    imports::keep(tx, house, Kind::Person, &old.key, new.id.0)?;
    Ok((new.id, true))
}

fn address(old: &OldPerson) -> Option<String> {
    old.email.as_deref().and_then(|it| name::email(it).ok())
}

/// A name that fits; the key where there is none.
pub(super) fn short(given: &str, key: &str) -> String {
    let cut: String = given.trim().chars().take(limits::NAME_CHARS).collect();
    name::checked(&cut).or_else(|_| name::checked(key)).unwrap_or_else(|_| "?".into())
}
