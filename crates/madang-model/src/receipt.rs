//! Receipts: how many people have not read a message yet.
//!
//! Nobody counts per message. Each member has one read marker in a space, a
//! seq; the markers are kept sorted and the number beside a message is found
//! by binary search. Its author and bots do not count; a person who joined
//! later begins at their joining.

use crate::position::Seq;

/// How many of the `sorted` markers lie before `seq`.
///
/// `author` is the marker of the message's author, if they are a member.
pub fn unread(sorted: &[Seq], seq: Seq, author: Option<Seq>) -> usize {
    let behind = sorted.partition_point(|&marker| marker < seq);
    behind - usize::from(author.is_some_and(|marker| marker < seq))
}

#[cfg(test)]
mod tests {
    use super::unread;

    #[test]
    fn the_number_counts_down_and_leaves_the_author_out() {
        // Markers of nari (author, at 3), joon (3), mina (7), sam (9).
        let sorted = [3, 3, 7, 9];
        assert_eq!(unread(&sorted, 8, Some(3)), 2);
        assert_eq!(unread(&sorted, 8, None), 3);
        assert_eq!(unread(&sorted, 3, Some(3)), 0);
        assert_eq!(unread(&sorted, 10, Some(9)), 3);
        assert_eq!(unread(&[], 1, None), 0);
    }
}
