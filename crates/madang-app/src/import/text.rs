//! Keys of the other house in a text become ids of this one.

use std::collections::HashMap;

use madang_model::{PersonId, SpaceId};

/// `<@key>` and `<#key|name>` with our ids; what is not known is written out.
pub(super) fn with_our_ids(
    text: &str,
    people: &HashMap<String, PersonId>,
    spaces: &HashMap<String, SpaceId>,
) -> String {
    let mut ours = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        ours.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find('>') else { break };
        let (what, label) = rest[1..end].split_once('|').unwrap_or((&rest[1..end], ""));
        let written = match what.split_at_checked(1) {
            Some(("@", key)) => match people.get(key) {
                Some(person) => Some(format!("<@{person}>")),
                None => Some(format!("@{}", if label.is_empty() { key } else { label })),
            },
            Some(("#", key)) => match spaces.get(key) {
                Some(space) if label.is_empty() => Some(format!("<#{space}>")),
                Some(space) => Some(format!("<#{space}|{label}>")),
                None => Some(format!("#{}", if label.is_empty() { key } else { label })),
            },
            _ => None,
        };
        match written {
            Some(written) => ours.push_str(&written),
            None => ours.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    ours.push_str(rest);
    ours
}

/// The text in pieces of at most `limit` characters, cut at ends of lines where there are some.
pub(super) fn pieces(text: &str, limit: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(limit) {
        let cut = rest[..end].rfind('\n').filter(|at| *at > end / 2).map_or(end, |at| at + 1);
        pieces.push(rest[..cut].trim_end().to_owned());
        rest = &rest[cut..];
    }
    pieces.push(rest.to_owned());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_ids_and_the_unknown_is_written_out() {
        let people = HashMap::from([("U1".to_owned(), PersonId(7))]);
        let spaces = HashMap::from([("C1".to_owned(), SpaceId(9))]);
        let ours = |text: &str| with_our_ids(text, &people, &spaces);
        let (nari, plans) = (PersonId(7), SpaceId(9));
        assert_eq!(ours("<@U1> 안녕 <@U1|nari>"), format!("<@{nari}> 안녕 <@{nari}>"));
        assert_eq!(ours("<#C1> and <#C1|plans>"), format!("<#{plans}> and <#{plans}|plans>"));
        assert_eq!(ours("<@U2> <@U2|joon> <#C2|old> <#C2>"), "@U2 @joon #old #C2");
        assert_eq!(ours("<https://a.b|a> <!here> a < b > c <"), "<https://a.b|a> <!here> a < b > c <");
        assert_eq!(ours("가<@나>"), "가@나");
    }

    #[test]
    fn a_long_text_is_cut_at_a_line_and_never_within_a_letter() {
        assert_eq!(pieces("짧다", 10), ["짧다"]);
        assert_eq!(pieces("가나다라\n마바사", 6), ["가나다라", "마바사"]);
        assert_eq!(pieces("가나다라마바사", 3), ["가나다", "라마바", "사"]);
    }
}
