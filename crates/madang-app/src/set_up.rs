//! The first day: a workspace, its owner, and a first space.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::Role;
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Refusal, SpaceId, WorkspaceId, name};
use madang_store::house;
use madang_store::people::{self, NewPerson};

use crate::app::App;
use crate::audit::by_somebody;
use crate::error::Result;
use crate::session::Kind;
use crate::spaces::NewSpace;
use crate::{password, session::Session};

/// What somebody gives on the first day.
#[derive(Debug, Clone)]
pub struct SetUp {
    pub workspace: String,
    pub email: String,
    pub name: String,
    pub password: String,
    /// "ko" or "en".
    pub language: String,
    /// What the owner's device is called.
    pub device: String,
    /// Opens a token for programs rather than a browser session.
    pub for_program: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Begun {
    pub workspace: WorkspaceId,
    pub owner: PersonId,
    pub space: SpaceId,
    pub session: Session,
    pub secret: String,
}

impl App {
    /// Whether the house waits for its first day.
    ///
    /// # Errors
    /// What the store said.
    pub async fn needs_set_up(&self) -> Result<bool> {
        Ok(self.workspace().await?.is_none())
    }

    /// Makes the workspace, its owner and a first open space. Once.
    ///
    /// # Errors
    /// `AlreadySetUp`, what is wrong with the input, or what the store said.
    pub async fn set_up(self: &Arc<Self>, first: SetUp) -> Result<Begun> {
        let workspace_name = name::checked(&first.workspace)?;
        let owner_name = name::checked(&first.name)?;
        let email = name::email(&first.email)?;
        password::check(&first.password, &[&email, &owner_name, &workspace_name])?;
        if !self.needs_set_up().await? {
            return Err(Refusal::AlreadySetUp.into());
        }
        let language = if first.language == "ko" { "ko" } else { "en" };
        let hash = password::hash(first.password.clone()).await?;
        let (app, by) = (self.clone(), by_somebody());
        self.db
            .write(move |tx| {
                // Two first days at once: the second waits here, and then sees the first.
                house::set_fact(tx, house::SET_UP, &app.clock.now_us().to_string())?;
                if !house::workspaces(tx)?.is_empty() {
                    return Err(Refusal::AlreadySetUp.into());
                }
                let now_us = app.clock.now_us();
                let workspace = WorkspaceId(app.ids.next());
                house::insert_workspace(tx, workspace, &workspace_name, now_us)?;
                let owner = PersonId(app.ids.next());
                let new = NewPerson {
                    id: owner,
                    email: Some(email.clone()),
                    name: owner_name.clone(),
                    password_hash: Some(hash.clone()),
                    bot: false,
                    language: language.into(),
                };
                people::insert(tx, &new, now_us)?;
                people::set_role(tx, workspace, owner, Role::Owner, now_us)?;
                let space = app.create_space_in(tx, owner, &first_space(language))?;
                let kind = if first.for_program { Kind::Token } else { Kind::Browser };
                let (id, secret) = app.open_session(tx, owner, kind, &first.device)?;
                app.write_down(
                    tx,
                    by.person(owner),
                    Act::HouseSetUp,
                    Object::Nothing,
                    serde_json::Value::Null,
                )?;
                let session = Session { id, person: owner, is_token: first.for_program, is_visit: false };
                Ok(Begun { workspace, owner, space, session, secret })
            })
            .await
    }
}

fn first_space(language: &str) -> NewSpace {
    let (name, description) = match language {
        "ko" => ("일반", "모두가 함께 이야기하는 곳"),
        _ => ("General", "Where everybody talks"),
    };
    NewSpace {
        client_id: None,
        name: name.into(),
        kind: SpaceKind::Open,
        description: description.into(),
        team: None,
    }
}
