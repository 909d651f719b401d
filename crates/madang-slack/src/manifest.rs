//! Slack's app manifest, as JSON or YAML: what an app is called, what it may and where it listens.
//!
//! What we do not know is kept with the text of the manifest and does nothing. What is wrong is told by its place, as
//! `apps.manifest.validate` does.

mod check;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Bytes of a manifest.
pub const MANIFEST_BYTES: usize = 256 * 1024;

/// Something that is wrong in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestError {
    pub message: String,
    /// A JSON pointer, such as `/features/slash_commands/0/command`.
    pub pointer: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Manifest {
    pub display_information: Display,
    pub features: Features,
    pub oauth_config: OauthConfig,
    pub settings: Settings,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Display {
    pub name: String,
    pub description: Option<String>,
    pub long_description: Option<String>,
    pub background_color: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Features {
    pub app_home: AppHome,
    pub bot_user: Option<BotUser>,
    pub slash_commands: Vec<SlashCommand>,
    pub shortcuts: Vec<Shortcut>,
    pub unfurl_domains: Vec<String>,
    pub assistant_view: Option<AssistantView>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AppHome {
    pub home_tab_enabled: bool,
    pub messages_tab_enabled: Option<bool>,
    pub messages_tab_read_only_enabled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct BotUser {
    pub display_name: String,
    pub always_online: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SlashCommand {
    pub command: String,
    pub description: String,
    pub usage_hint: Option<String>,
    pub url: Option<String>,
    pub should_escape: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Shortcut {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ShortcutKind,
    pub callback_id: String,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ShortcutKind {
    Message,
    Global,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AssistantView {
    pub assistant_description: String,
    pub suggested_prompts: Vec<Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct OauthConfig {
    pub redirect_urls: Vec<String>,
    pub scopes: Scopes,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Scopes {
    pub bot: Vec<String>,
    pub user: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub event_subscriptions: EventSubscriptions,
    pub interactivity: Interactivity,
    pub socket_mode_enabled: bool,
    pub token_rotation_enabled: bool,
    pub org_deploy_enabled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct EventSubscriptions {
    pub request_url: Option<String>,
    pub bot_events: Vec<String>,
    pub user_events: Vec<String>,
    pub metadata_subscriptions: Vec<MetadataSubscription>,
}

/// Of whose metadata an app is told; `*` is anybody's, and of any kind.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct MetadataSubscription {
    pub app_id: String,
    pub event_type: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Interactivity {
    pub is_enabled: bool,
    pub request_url: Option<String>,
    pub message_menu_options_url: Option<String>,
}

impl Manifest {
    /// What the app's bot is called.
    #[must_use]
    pub fn bot_name(&self) -> &str {
        match &self.features.bot_user {
            Some(bot) if !bot.display_name.trim().is_empty() => bot.display_name.trim(),
            _ => self.display_information.name.trim(),
        }
    }
}

/// A manifest as text: JSON, or YAML. The value is what is kept.
pub fn read_text(text: &str) -> Result<(Value, Manifest), Vec<ManifestError>> {
    if text.len() > MANIFEST_BYTES {
        return Err(vec![error("manifest is too large", "/")]);
    }
    let value: Value = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|fault| vec![error(&format!("invalid JSON: {fault}"), "/")])?
    } else {
        serde_saphyr::from_str(text).map_err(|fault| {
            let said = fault.to_string();
            vec![error(&format!("invalid YAML: {}", said.lines().next().unwrap_or_default()), "/")]
        })?
    };
    let manifest = read(&value)?;
    Ok((value, manifest))
}

/// A manifest that is JSON already.
pub fn read(value: &Value) -> Result<Manifest, Vec<ManifestError>> {
    // Tools write `null` for what they leave empty.
    let mut value = value.clone();
    without_nulls(&mut value);
    if !value.is_object() {
        return Err(vec![error("must provide an object", "/")]);
    }
    let manifest: Manifest = serde_path_to_error::deserialize(value).map_err(|fault| {
        let at = fault.path().to_string().replace('[', ".").replace(']', "");
        let pointer: String = at.split('.').filter(|it| !it.is_empty()).map(|it| format!("/{it}")).collect();
        vec![error(&fault.inner().to_string(), &pointer)]
    })?;
    match check::check(&manifest) {
        errors if errors.is_empty() => Ok(manifest),
        errors => Err(errors),
    }
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, it| !it.is_null());
            object.values_mut().for_each(without_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

fn error(message: &str, pointer: &str) -> ManifestError {
    ManifestError { message: message.to_owned(), pointer: pointer.to_owned() }
}
