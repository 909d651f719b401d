//! Ids as Slack's clients know them: a letter that says what it is, and our number in base 36.
//!
//! Nothing is stored: the number is the same one, so what an id means can never be lost. What came from another house
//! keeps its old id as another name, which `madang_app` looks up.

use std::str::FromStr;

use madang_model::SpaceId;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// `number` after its letter, such as `C1N6QOB52ZWG`.
#[must_use]
pub fn written(letter: &str, number: i64) -> String {
    let mut rest = number.unsigned_abs();
    // The largest number has 13 digits.
    let mut digits = [b'0'; 13];
    let mut first = digits.len() - 1;
    loop {
        digits[first] = DIGITS[(rest % 36) as usize];
        rest /= 36;
        if rest == 0 {
            break;
        }
        first -= 1;
    }
    let mut id = String::with_capacity(letter.len() + digits.len() - first);
    id.push_str(letter);
    id.extend(digits[first..].iter().map(|it| char::from(*it)));
    id
}

/// The number of an id that begins with one of these letters. Our own way to write ids is read too.
#[must_use]
pub fn number(letters: &str, id: &str) -> Option<i64> {
    // Ours are 13 characters and begin with 0 for the next thousand years; Slack's begin with a letter.
    if let Ok(own) = SpaceId::from_str(id) {
        return Some(own.0);
    }
    let first = id.chars().next().filter(|it| letters.contains(*it))?;
    let digits = &id[first.len_utf8()..];
    // As we write it, and in no other way: one thing has one name.
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    digits.bytes().try_fold(0i64, |sum, digit| {
        let value = DIGITS.iter().position(|it| *it == digit)?;
        sum.checked_mul(36)?.checked_add(i64::try_from(value).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_number_and_back() {
        for value in [0, 1, 35, 36, 123_456_789, 266_000_000_000_000_001, i64::MAX] {
            assert_eq!(number("CDG", &written("C", value)), Some(value));
        }
        assert_eq!(
            number("CDG", &SpaceId(266_000_000_000_000_001).to_string()),
            Some(266_000_000_000_000_001)
        );
    }

    #[test]
    fn what_is_no_id_has_no_number() {
        for wrong in ["", "C", "C0A", "U12", "c12", "C1 2", "C12é", "CZZZZZZZZZZZZZZ", "C-1"] {
            assert_eq!(number("CDG", wrong), None, "{wrong}");
        }
    }
}
