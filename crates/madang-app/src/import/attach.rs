//! Files of the other house, taken in like an upload that came whole.

use madang_model::{FileRef, PersonId, Refusal};

use super::{Export, Import, Loss, OldFile};
use crate::error::{Error, Result};

impl<E: Export> Import<E> {
    /// The files that the export holds, as files of `author`, and what is lost of the others.
    pub(super) async fn attach(
        &mut self,
        author: PersonId,
        files: &[OldFile],
    ) -> Result<(Vec<FileRef>, Vec<(Loss, String)>)> {
        let (mut taken, mut losses) = (Vec::new(), Vec::new());
        for file in files {
            let path = self.desk.join(format!("import-{}", self.app.ids.next()));
            let (key, to) = (file.key.clone(), path.clone());
            if !self.with_export(move |export| export.file(&key, &to)).await? {
                losses.push((Loss::FileMissing, file.name.clone()));
                continue;
            }
            let brought = self.app.take_in_whole(author, &file.name, &file.media_type, &path).await;
            // Gone already when it was taken in.
            let _ = tokio::fs::remove_file(&path).await;
            match brought {
                Ok(file) => taken.push(file),
                Err(Error::Refusal(Refusal::TooLarge { .. })) => {
                    losses.push((Loss::FileTooLarge, file.name.clone()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((taken, losses))
    }
}
