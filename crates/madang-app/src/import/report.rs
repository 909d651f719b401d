//! What an import brought, and what it could not carry over.

use std::collections::BTreeMap;

/// Something of the other house that has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The export holds a link to the file, not the file.
    FileMissing,
    /// Larger than this house takes.
    FileTooLarge,
    /// A reaction with a picture of the other house's own.
    OwnEmoji,
    /// A reply whose root is not in the export; it stands in the main line.
    RootMissing,
    /// Who joined, left, or renamed the space.
    Notice,
    /// Removed in the other house.
    Removed,
    /// It said nothing in a form that we know.
    Empty,
    /// More letters than a message takes; the rest follows in a second one.
    Split,
    /// A pinned message that is not in the export, or one too many.
    Pin,
    /// A line that could not be read.
    Unreadable,
    /// A private space none of whose people is in this house.
    NobodyLeft,
}

impl Loss {
    /// The word in the report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Loss::FileMissing => "file_missing",
            Loss::FileTooLarge => "file_too_large",
            Loss::OwnEmoji => "own_emoji",
            Loss::RootMissing => "root_missing",
            Loss::Notice => "notice",
            Loss::Removed => "removed",
            Loss::Empty => "empty",
            Loss::Split => "split",
            Loss::Pin => "pin",
            Loss::Unreadable => "unreadable",
            Loss::NobodyLeft => "nobody_left",
        }
    }
}

/// How often, and the first few places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    pub count: u64,
    pub examples: Vec<String>,
}

/// Examples kept of each loss.
const EXAMPLES: usize = 5;

/// What an export holds and what became of it. Of a dry run, the `new_` and `known_` numbers say what would become.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub people: u64,
    /// Found here by their address or from an earlier run.
    pub known_people: u64,
    pub new_people: u64,
    pub spaces: u64,
    pub new_spaces: u64,
    pub messages: u64,
    pub new_messages: u64,
    pub replies: u64,
    pub files_named: u64,
    pub new_files: u64,
    pub new_reactions: u64,
    pub losses: BTreeMap<Loss, Lost>,
    /// Of a dry run: names of people whom nobody here is known to be, the first two hundred.
    pub strangers: Vec<String>,
}

impl Report {
    pub(super) fn lose(&mut self, space: &str, losses: Vec<(Loss, String)>) {
        for (loss, what) in losses {
            let lost = self.losses.entry(loss).or_default();
            lost.count += 1;
            if lost.examples.len() < EXAMPLES {
                lost.examples.push(format!("{space}: {what}"));
            }
        }
    }
}
