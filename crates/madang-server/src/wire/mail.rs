//! The mail server, as owners see and name it. Its password comes in and never goes out.

use madang_app::{MailServer, Security};
use madang_model::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct MailSettings {
    /// Where it was named: "command_line", "environment", "file" (madang.toml), "app", or "none".
    pub source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<MailServerShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MailServerShown {
    pub host: String,
    pub port: u16,
    /// "tls", "starttls" or "none".
    pub security: &'static str,
    /// Empty for a server that asks for no name.
    pub account: String,
    pub from: String,
    /// A password is kept for it in the app.
    pub has_password: bool,
}

impl MailSettings {
    /// `fixed` says where the server's start has it from.
    pub fn new(server: Option<MailServer>, fixed: Option<&'static str>) -> Self {
        let source = fixed.unwrap_or(if server.is_some() { "app" } else { "none" });
        let server = server.map(|it| MailServerShown {
            host: it.host,
            port: it.port,
            security: it.security.as_str(),
            account: it.account,
            from: it.from,
            has_password: !it.password.is_empty(),
        });
        MailSettings { source, server }
    }
}

#[derive(Deserialize, ToSchema)]
pub struct SetMail {
    pub host: String,
    pub port: u16,
    /// "tls" (usually port 465), "starttls" (usually 587), or "none" for a mail server on this machine.
    pub security: String,
    #[serde(default)]
    pub account: String,
    /// Left out: the one that is kept, if host, port, security and account stay as they are.
    pub password: Option<String>,
    /// The sender of mails, such as "Madang <madang@example.com>".
    pub from: String,
}

impl SetMail {
    /// # Errors
    /// `Invalid` for a word that means nothing.
    pub fn checked(self) -> Result<(MailServer, Option<String>), Refusal> {
        let why = || Refusal::Invalid { what: "security", why: "it is tls, starttls or none".into() };
        let security = Security::parse(&self.security).ok_or_else(why)?;
        let (host, port, account, from) = (self.host, self.port, self.account, self.from);
        // As it is kept, so that it is known again.
        let server = MailServer { host, port, security, account, password: String::new(), from }.checked()?;
        Ok((server, self.password))
    }
}
