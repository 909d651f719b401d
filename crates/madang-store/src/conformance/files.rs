//! Which files are kept though no message has them, on every engine.

use madang_model::{FileId, FileRef, PersonId, SpaceId};

use super::{House, for_each_engine};
use crate::db::CONTENT;
use crate::error::Result;
use crate::{files, scheduled};

const JOON: PersonId = PersonId(2);
const GARDEN: SpaceId = SpaceId(9);

for_each_engine!(files_that_wait_to_be_sent_are_not_taken_for_forgotten_ones);

fn files_that_wait_to_be_sent_are_not_taken_for_forgotten_ones(house: &House) {
    let db = house.open_with_schema(CONTENT);
    let file = |id: i64| FileRef {
        id: FileId(id),
        name: "plan.txt".into(),
        media_type: "text/plain".into(),
        size: 6,
        width: None,
        height: None,
        thumb: false,
    };
    let kept = || {
        db.write_blocking(|tx| -> Result<Vec<i64>> {
            files::give_up(tx, FileId(1))?;
            files::drop_unused(tx, 100)?;
            let found = [1, 2, 3].map(|id| files::by_id(tx, FileId(id)));
            found
                .into_iter()
                .filter_map(|it| it.transpose())
                .filter(|it| it.as_ref().is_ok_and(|it| !it.removed))
                .map(|it| Ok(it?.file.id.0))
                .collect()
        })
        .expect("cleared")
    };
    db.write_blocking(move |tx| -> Result<()> {
        for id in [1, 2, 3] {
            files::insert(tx, &file(id), &[id as u8; 32], JOON, 5)?;
        }
        scheduled::put(tx, JOON, "a", GARDEN, 1_000, &[FileId(1), FileId(2)])
    })
    .expect("kept");
    assert_eq!(kept(), [1, 2], "of the third nobody knows any more");
    // The second is taken out of the message.
    db.write_blocking(|tx| scheduled::put(tx, JOON, "a", GARDEN, 1_000, &[FileId(1)])).expect("changed");
    assert_eq!(kept(), [1]);
    db.write_blocking(|tx| scheduled::take(tx, JOON, "a")).expect("given up");
    assert!(kept().is_empty());
}
