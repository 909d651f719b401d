//! What links lead to, on the wire.

use madang_app::{Preview as AppPreview, Previews as AppPreviews};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Previews {
    pub previews: Vec<Preview>,
    /// Some sites have not answered yet: ask again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The workspace shows none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Names the link in addresses.
    pub key: String,
    /// As it stands in the message.
    pub href: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the site calls itself, else its host.
    pub site: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<PreviewPicture>,
}

/// There is one, of this size in pixels.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewPicture {
    pub width: u32,
    pub height: u32,
}

impl From<AppPreviews> for Previews {
    fn from(found: AppPreviews) -> Self {
        let previews = found.found.into_iter().map(Preview::from).collect();
        Previews { previews, pending: found.pending, off: found.off }
    }
}

impl From<AppPreview> for Preview {
    fn from(found: AppPreview) -> Self {
        Preview {
            key: found.key,
            href: found.href,
            title: found.title,
            description: found.description,
            site: found.site,
            picture: found.picture.map(|(width, height)| PreviewPicture { width, height }),
        }
    }
}
