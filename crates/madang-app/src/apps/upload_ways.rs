//! Ways to one upload for whoever holds them: a program hands a file over at an address that says all, without a token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::{PersonId, UploadId};

use crate::app::App;
use crate::error::Result;

/// What a way is sealed for, so that nothing else that is sealed is taken for one.
const PLACE: &[u8] = b"upload";

impl App {
    /// The way to this upload of a person. It ends with the upload.
    ///
    /// # Errors
    /// When nothing can be sealed.
    pub fn upload_way(&self, person: PersonId, upload: UploadId) -> Result<String> {
        let plain = [person.0.to_be_bytes(), upload.0.to_be_bytes()].concat();
        Ok(URL_SAFE_NO_PAD.encode(self.app_seal.seal(PLACE, &plain)?))
    }

    /// Whose upload a way leads to.
    #[must_use]
    pub fn upload_behind(&self, way: &str) -> Option<(PersonId, UploadId)> {
        let sealed = URL_SAFE_NO_PAD.decode(way).ok()?;
        let plain = self.app_seal.unseal(PLACE, &sealed).ok()?;
        let (person, upload) = plain.split_at_checked(8)?;
        let number = |bytes: &[u8]| bytes.try_into().ok().map(i64::from_be_bytes);
        Some((PersonId(number(person)?), UploadId(number(upload)?)))
    }
}
