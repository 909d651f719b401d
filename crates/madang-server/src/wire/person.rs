//! A person, as others see them.

use madang_model::permission::Role;
use madang_store::people::PersonRecord;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    #[schema(example = "01jd2m8k3q7zt")]
    pub id: String,
    pub name: String,
    /// Missing for people without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// File id of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// "owner", "admin", "member", "guest" or "visitor".
    pub role: &'static str,
    /// False once they were taken out of the workspace.
    pub active: bool,
    /// Out for a while rather than for good: whoever manages people can take them back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deactivated: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
}

impl From<&PersonRecord> for Person {
    fn from(record: &PersonRecord) -> Self {
        Person {
            id: record.id.to_string(),
            name: record.name.clone(),
            email: record.email.clone(),
            picture: record.picture.map(|id| id.to_string()),
            role: record.role.unwrap_or(Role::Guest).as_str(),
            active: record.standing().is_some(),
            deactivated: record.deactivated,
            bot: record.bot,
        }
    }
}
