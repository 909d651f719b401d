//! Files as messages and pictures use them.
//!
//! Whoever uploaded a file may use it once; a forward makes rows of its own
//! with the same content, so that removing one message takes nothing from
//! another.

use madang_model::{FileId, FileRef, PersonId, Refusal};
use madang_store::db::Tx;
use madang_store::files;

use crate::app::App;
use crate::error::Result;

impl App {
    /// The files of a new message: the person's own, not used anywhere yet.
    pub(crate) fn files_to_attach(
        &self,
        tx: &mut Tx,
        person: PersonId,
        ids: &[FileId],
    ) -> Result<Vec<FileRef>> {
        let found = files::by_ids_locked(tx, ids)?;
        let usable = |it: &&files::FileRecord| it.uploader == person && it.used_as.is_empty() && !it.removed;
        let refs: Vec<FileRef> = found.iter().filter(usable).map(|it| it.file.clone()).collect();
        if refs.len() != ids.len() {
            return Err(Refusal::FileNotUsable.into());
        }
        Ok(refs)
    }

    /// Rows of their own for the files of a forwarded message. The originals are held until the copies are
    /// there, so that the content is never without a file.
    pub(crate) fn copy_files_for_forward(
        &self,
        tx: &mut Tx,
        person: PersonId,
        theirs: &[FileRef],
    ) -> Result<Vec<FileRef>> {
        let ids: Vec<FileId> = theirs.iter().map(|it| it.id).collect();
        let mut copies = Vec::with_capacity(ids.len());
        for record in files::by_ids_locked(tx, &ids)? {
            if record.removed {
                return Err(Refusal::MessageRemoved.into());
            }
            let copy = FileRef { id: FileId(self.ids.next()), ..record.file };
            files::insert(tx, &copy, &record.hash, person, self.clock.now_us())?;
            copies.push(copy);
        }
        Ok(copies)
    }

    /// Makes an uploaded image a picture: of a person, a space, or both.
    ///
    /// # Errors
    /// `FileNotUsable` for what is not one's own image, or what the store said.
    pub(crate) fn use_as_picture(&self, tx: &mut Tx, person: PersonId, file: FileId) -> Result<()> {
        let record = files::by_ids_locked(tx, &[file])?.pop().ok_or(Refusal::FileNotUsable)?;
        let free = record.used_as.is_empty() || record.used_as == "picture";
        if record.uploader != person || !record.file.thumb || !free || record.removed {
            return Err(Refusal::FileNotUsable.into());
        }
        Ok(files::set_used_as(tx, file, "picture")?)
    }
}
