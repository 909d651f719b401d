//! Who asks, as the tools get it.

use madang_app::Way;
use madang_model::PersonId;
use rmcp::ErrorData;
use rmcp::handler::server::common::{AsRequestContext, FromContextPart};

use crate::auth::Caller;
use crate::proxy::ClientAddress;
use crate::words::Language;

/// Who asks, from where, and in which language they are answered.
pub(super) struct Who {
    pub person: PersonId,
    pub language: Language,
    pub way: Way,
}

impl<C: AsRequestContext> FromContextPart<C> for Who {
    fn from_context_part(context: &mut C) -> Result<Self, ErrorData> {
        let parts = context.as_request_context().extensions.get::<http::request::Parts>();
        let known = parts.and_then(|parts| Some((parts, parts.extensions.get::<Caller>()?)));
        let (parts, caller) = known.ok_or_else(|| ErrorData::internal_error("nobody is known here", None))?;
        let accepts = parts.headers.get(http::header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        Ok(Who {
            person: caller.person,
            language: Language::choose(accepts),
            way: Way::Web(parts.extensions.get::<ClientAddress>().map(|it| it.0)),
        })
    }
}
