//! Addresses in a text. Only http, https, mailto and tel become links; everything else, such as
//! `javascript:`, stays text.

use super::chars::{is_cjk, is_space};
use super::steps;

enum Scheme {
    Web,
    Mail,
    Tel,
}

/// May a bare link start with this letter? Spares looking at every letter of a text.
pub fn may_start(c: char) -> bool {
    matches!(c, 'h' | 'H' | 'm' | 'M' | 't' | 'T')
}

/// How many bytes of `rest` are a link typed without brackets; 0 if it does not start with one.
///
/// Punctuation at its end and a `)` that nothing opened belong to the sentence, and so does a
/// Korean particle set right after a letter or digit: `https://madang.kr에서`.
pub fn bare(rest: &str) -> usize {
    let Some((scheme, start)) = scheme(rest) else { return 0 };
    let body = &rest[start..];
    if !begins_well(&scheme, body) {
        return 0;
    }
    if let Scheme::Tel = scheme {
        return start + telephone(body);
    }
    let mut end = start;
    let mut depth = 0usize;
    let mut before = ':';
    for c in body.chars() {
        steps::add(1);
        let particle = is_cjk(c) && (before.is_ascii_alphanumeric() || ")*~".contains(before));
        if particle || stops_bare(c) || (c == ')' && depth == 0) {
            break;
        }
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        before = c;
        end += c.len_utf8();
    }
    rest[..end].trim_end_matches(ends_sentence).len()
}

/// Is all of `text` an address that a link may have?
pub fn is_address(text: &str) -> bool {
    match scheme(text) {
        Some((scheme, start)) => begins_well(&scheme, &text[start..]) && !text.chars().any(forbidden),
        None => false,
    }
}

/// The address and the bytes up to and with the `)` that closes it, from just after `](`.
pub fn in_parentheses(rest: &str) -> Option<(&str, usize)> {
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        steps::add(1);
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => {
                return is_address(&rest[..at]).then(|| (&rest[..at], at + 1));
            }
            ')' => depth -= 1,
            // A second `[` starts a link of its own; stopping here also keeps the search linear.
            '[' => return None,
            c if forbidden(c) => return None,
            _ => {}
        }
    }
    None
}

fn scheme(rest: &str) -> Option<(Scheme, usize)> {
    let has = |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if has("https://") {
        Some((Scheme::Web, 8))
    } else if has("http://") {
        Some((Scheme::Web, 7))
    } else if has("mailto:") {
        Some((Scheme::Mail, 7))
    } else if has("tel:") {
        Some((Scheme::Tel, 4))
    } else {
        None
    }
}

fn begins_well(scheme: &Scheme, body: &str) -> bool {
    match scheme {
        Scheme::Web => body.chars().next().is_some_and(char::is_alphanumeric),
        Scheme::Mail => {
            let local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
            // RFC 5321, 4.5.3.1.1: the part before the @ has at most 64 octets.
            let at = body.bytes().take(65).take_while(local).count();
            let domain = body.get(at..).and_then(|tail| tail.strip_prefix('@'));
            (1..=64).contains(&at) && domain.and_then(|d| d.chars().next()).is_some_and(char::is_alphanumeric)
        }
        Scheme::Tel => telephone(body) > 0,
    }
}

/// How many bytes are a telephone number of at least three digits.
fn telephone(body: &str) -> usize {
    let mut digits = 0;
    let mut end = 0;
    for (at, b) in body.bytes().take(32).enumerate() {
        match b {
            b'0'..=b'9' => {
                digits += 1;
                end = at + 1;
            }
            b'+' if at == 0 => {}
            b'-' | b'.' | b'(' | b')' => {}
            _ => break,
        }
    }
    if digits >= 3 { end } else { 0 }
}

/// Characters that no address holds: spaces, controls, and marks that turn the reading
/// direction or are not seen, with which an address could be made to look like another.
fn forbidden(c: char) -> bool {
    is_space(c)
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn stops_bare(c: char) -> bool {
    forbidden(c)
        || matches!(c, '`' | '|' | '\\' | '^' | '{' | '}' | '\u{2018}'..='\u{201f}' | '…'
            | '\u{3001}'..='\u{3020}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

fn ends_sentence(c: char) -> bool {
    ".,:;!?'*_~[](".contains(c)
}
