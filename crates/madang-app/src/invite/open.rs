//! Open invitations: listed, taken back and sent again by whoever invited, and
//! by who manages people.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, WorkspaceId};
use madang_store::db::Tx;
use madang_store::log;
use madang_store::secrets::{self, SecretRecord};
use serde_json::json;

use super::{INVITATION_US, Invitation};
use crate::app::App;
use crate::attempts;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;
use crate::session::{fresh_secret, hash_of};
use crate::settings::may_here;

impl App {
    /// Open invitations of the house.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn invitations(self: &Arc<Self>, person: PersonId) -> Result<Vec<SecretRecord>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let role = log::standing_in_house(conn, house, person)?;
                may_in_house(role, HouseRight::InviteGuest)?;
                let mut open = secrets::invitations(conn, house, now_us)?;
                if may_in_house(role, HouseRight::ManagePeople).is_err() {
                    open.retain(|it| it.inviter == Some(person));
                }
                Ok(open)
            })
            .await
    }

    /// Takes an invitation back. Its inviter can, and who manages people.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn revoke_invitation(self: &Arc<Self>, person: PersonId, id: i64) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let (_, record) = own_invitation(tx, person, id)?;
                secrets::use_up(tx, id)?;
                let about = json!({"email": record.email});
                app.write_down(tx, by, Act::InvitationRevoked, Object::Invitation(id), about)
            })
            .await
    }

    /// Sends an invitation again, with a new link and a new end.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn invite_again(self: &Arc<Self>, person: PersonId, id: i64) -> Result<Invitation> {
        let (app, secret, by, now_us) = (self.clone(), fresh_secret("")?, by(person), self.clock.now_us());
        self.attempts.count(attempts::AGAIN, &id.to_string(), now_us)?;
        self.db
            .write(move |tx| {
                let (house, mut record) = own_invitation(tx, person, id)?;
                if record.role == Some(Role::Guest) {
                    let role = log::standing_in_house(tx, house, person)?;
                    may_here(tx, role, HouseRight::InviteGuest)?;
                }
                let email = record.email.clone().unwrap_or_default();
                app.attempts.count(attempts::LETTER, &email, now_us)?;
                record.expires_at = now_us + INVITATION_US;
                secrets::renew(tx, id, &hash_of(&secret), app.mailer.is_configured(), record.expires_at)?;
                let sent = app.send_invitation(tx, house, record, &secret)?;
                app.write_down(
                    tx,
                    by,
                    Act::InvitationSentAgain,
                    Object::Invitation(id),
                    json!({"email": email}),
                )?;
                Ok(sent)
            })
            .await
    }
}

fn own_invitation(tx: &mut Tx, person: PersonId, id: i64) -> Result<(WorkspaceId, SecretRecord)> {
    let house = workspace(tx)?.id;
    let role = log::standing_in_house(tx, house, person)?;
    may_in_house(role, HouseRight::InviteGuest)?;
    let record = secrets::by_id(tx, id)?.filter(|it| it.kind == "invitation" && it.workspace == Some(house));
    let record = record.ok_or(Refusal::NotFound(Thing::Invitation))?;
    if record.inviter != Some(person) && may_in_house(role, HouseRight::ManagePeople).is_err() {
        return Err(Refusal::NotFound(Thing::Invitation).into());
    }
    Ok((house, record))
}
