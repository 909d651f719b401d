//! An app with what is needed to talk to it.

use madang_app::records::AppRecord;
use madang_model::AppId;
use serde_json::Value;

use super::{Kind, Said};
use crate::Slack;
use crate::fail::Fail;
use crate::manifest::{self, Manifest};

#[derive(Debug, Clone)]
pub struct Known {
    pub record: AppRecord,
    pub manifest: Manifest,
    pub signing_secret: String,
}

impl Slack {
    /// # Errors
    /// When there is no such app.
    pub async fn known(&self, id: AppId) -> Result<Known, Fail> {
        let record = self.app.installed(id).await?;
        self.known_of(record)
    }

    /// # Errors
    /// When its secrets cannot be opened.
    pub fn known_of(&self, record: AppRecord) -> Result<Known, Fail> {
        let manifest: Value = serde_json::from_str(&record.manifest).unwrap_or_default();
        // It was checked when it was installed; an older one may lack what a newer check wants.
        let manifest = manifest::read(&manifest).unwrap_or_default();
        let installed = self.app.app_secrets(record)?;
        Ok(Known { record: installed.record, manifest, signing_secret: installed.signing_secret })
    }
}

impl Known {
    /// Where this is said, over HTTP.
    #[must_use]
    pub(super) fn url_for(&self, said: &Said) -> Option<String> {
        let settings = &self.manifest.settings;
        match said.kind {
            Kind::Events => settings.event_subscriptions.request_url.clone(),
            Kind::Commands => {
                let called = said.payload["command"].as_str().unwrap_or_default();
                let command = self.manifest.features.slash_commands.iter().find(|it| it.command == called);
                command.and_then(|it| it.url.clone())
            }
            Kind::Interactive => {
                let options =
                    matches!(said.payload["type"].as_str(), Some("block_suggestion" | "dialog_suggestion"));
                let own = settings.interactivity.message_menu_options_url.clone().filter(|_| options);
                own.or_else(|| settings.interactivity.request_url.clone())
            }
        }
    }
}
