//! Names and addresses as they are kept and compared.

use unicode_normalization::UnicodeNormalization;

use crate::limits;
use crate::refusal::Refusal;

/// A name as it is compared: compatibility-composed (NFKC), lower case.
pub fn fold(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).collect()
}

/// A name as it is kept: one line, composed (NFC), trimmed, 1 to 80 characters.
pub fn checked(name: &str) -> Result<String, Refusal> {
    let name = checked_or_empty(name)?;
    if name.is_empty() {
        return Err(Refusal::Invalid { what: "name", why: "it is empty".into() });
    }
    Ok(name)
}

/// As `checked`, but nothing is a name too.
pub fn checked_or_empty(name: &str) -> Result<String, Refusal> {
    let name: String = name.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim().to_owned();
    if name.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::TooLong { what: "the name", limit: limits::NAME_CHARS });
    }
    Ok(name)
}

/// An e-mail address as it is kept: trimmed, lower case. Only the shape is
/// checked (RFC 5321, 4.5.3.1 for the lengths); whether somebody reads it is
/// found out by writing to it.
pub fn email(address: &str) -> Result<String, Refusal> {
    let invalid = |why: &str| Refusal::Invalid { what: "e-mail address", why: why.into() };
    let folded: String = address.trim().nfc().flat_map(char::to_lowercase).collect();
    if folded.len() > 254 {
        return Err(invalid("it is too long"));
    }
    let (local, domain) = folded.rsplit_once('@').ok_or_else(|| invalid("it has no @"))?;
    let plain = |text: &str| {
        !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c))
    };
    if local.is_empty() || local.len() > 64 || !plain(local) {
        return Err(invalid("the part before the @ is not right"));
    }
    let labels_fit = domain.split('.').all(|label| !label.is_empty() && label.len() <= 63);
    if domain.is_empty() || !plain(domain) || !labels_fit {
        return Err(invalid("the part after the @ is not right"));
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_and_composed_hangul_are_one_name() {
        assert_eq!(fold("\u{1112}\u{1161}\u{11ab}빛 ABC"), fold("한빛 abc"));
    }

    #[test]
    fn addresses_are_folded_and_shapes_checked() {
        assert_eq!(email("  Nari@Example.COM "), Ok("nari@example.com".into()));
        for wrong in ["", "nari", "@x.y", "a b@x.y", "a@", "a@x..y", "a@x y", "\"a\"@x.y", "a@b@c", "<a@x.y>"]
        {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }
}
