//! Who asks, as the tools get it.

use madang_app::Way;
use madang_model::{PersonId, SessionId};
use rmcp::ErrorData;
use rmcp::handler::server::common::{AsRequestContext, FromContextPart};

use super::rights::Rights;
use crate::auth::Caller;
use crate::proxy::ClientAddress;
use crate::words::Language;

/// Who asks, by which token, from where, and in which language they are answered.
pub(super) struct Who {
    pub person: PersonId,
    pub session: SessionId,
    pub rights: Rights,
    pub language: Language,
    pub way: Way,
}

impl Who {
    /// What the door knows of a request.
    pub(super) fn of(parts: Option<&http::request::Parts>) -> Result<Who, ErrorData> {
        let nobody = || ErrorData::internal_error("nobody is known here", None);
        let parts = parts.ok_or_else(nobody)?;
        let caller = parts.extensions.get::<Caller>().ok_or_else(nobody)?;
        let rights = parts.extensions.get::<Rights>().ok_or_else(nobody)?;
        let accepts = parts.headers.get(http::header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        Ok(Who {
            person: caller.person,
            session: caller.session,
            rights: rights.clone(),
            language: Language::choose(accepts),
            way: Way::Web(parts.extensions.get::<ClientAddress>().map(|it| it.0)),
        })
    }
}

impl<C: AsRequestContext> FromContextPart<C> for Who {
    fn from_context_part(context: &mut C) -> Result<Self, ErrorData> {
        Who::of(context.as_request_context().extensions.get::<http::request::Parts>())
    }
}
