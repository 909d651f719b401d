//! By which mail server the house sends its mails, as owners choose it.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, Refusal};
use madang_store::seal::OwnSeal;
use madang_store::{house, log};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::mail_server::{self, MailServer};
use crate::people::workspace;

/// One change after the other, so that what is used is what is kept.
static CHANGING: Mutex<()> = Mutex::const_new(());

impl App {
    /// The server that mails go by; whoever shows it leaves its password out.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn mail_server(self: &Arc<Self>, reader: PersonId) -> Result<Option<MailServer>> {
        self.asks_house(reader, HouseRight::ManageMail).await?;
        Ok(self.mailer.server())
    }

    /// Mails go by this server from here on, or by none. Without a password the one that is kept stays, if it was
    /// given for the same account.
    ///
    /// # Errors
    /// `NotAllowed`, `MailIsFixed`, what is wrong with it, or what the store said.
    pub async fn set_mail_server(
        self: &Arc<Self>,
        person: PersonId,
        server: Option<MailServer>,
        password: Option<String>,
    ) -> Result<()> {
        self.asks_house(person, HouseRight::ManageMail).await?;
        if self.mailer.is_fixed() {
            return Err(Refusal::MailIsFixed.into());
        }
        let _alone = CHANGING.lock().await;
        let was = self.mailer.server();
        let server = server.map(|it| with_password(it, password, was.as_ref())?.checked()).transpose()?;
        let sealed = match &server {
            Some(server) => Some(self.sealed(server.clone()).await?),
            None => None,
        };
        let said = json!({"mail": {"was": was.as_ref().map(told), "now": server.as_ref().map(told)},
            "new_password": server.as_ref().map(|it| Some(&it.password) != was.as_ref().map(|it| &it.password))});
        let (app, by, now) = (self.clone(), by(person), server.clone());
        self.db
            .write(move |tx| -> Result<()> {
                let found = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, found, person)?, HouseRight::ManageMail)?;
                if now == was {
                    return Ok(());
                }
                mail_server::keep(tx, sealed.as_deref())?;
                app.write_down(tx, by, Act::SettingsChanged, Object::Nothing, said.clone())
            })
            .await?;
        self.mailer.take(server);
        Ok(())
    }

    /// The key is made at first use, by calls that block.
    async fn sealed(self: &Arc<Self>, server: MailServer) -> Result<String> {
        let app = self.clone();
        let sealing = move || {
            let seal = OwnSeal::open(&app.db, &app.keyring, house::MAIL_KEY)?;
            mail_server::sealed(&seal, &server)
        };
        tokio::task::spawn_blocking(sealing).await.map_err(anyhow::Error::from)?
    }
}

/// A password goes nowhere but where it was given for: whoever names another server gives it anew.
fn with_password(
    server: MailServer,
    password: Option<String>,
    was: Option<&MailServer>,
) -> Result<MailServer, Refusal> {
    let kept = was.filter(|was| was.is_same_account(&server)).map(|was| was.password.clone());
    match password.or(kept) {
        Some(password) => Ok(MailServer { password, ..server }),
        None if server.account.is_empty() => Ok(server),
        None => {
            let why = "give the password of this account".into();
            Err(Refusal::Invalid { what: "password", why })
        }
    }
}

/// As the audit log tells it.
fn told(server: &MailServer) -> Value {
    json!({
        "host": server.host,
        "port": server.port,
        "security": server.security.as_str(),
        "account": server.account,
        "from": server.from,
    })
}
