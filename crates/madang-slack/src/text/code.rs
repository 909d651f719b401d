//! Which parts of a text are code, where nothing else means anything. Both houses write it the same way.

/// The text in pieces, in order; `true` before those that are code, with their marks.
pub(super) fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        let body = start + run;
        let end = match run {
            // A fence closes with the next one, on whatever line.
            3.. => text[body..].find("```").map(|close| {
                let close = body + close;
                close + text[close..].len() - text[close..].trim_start_matches('`').len()
            }),
            1 => text[body..]
                .find(['`', '\n', '\r'])
                .map(|close| body + close)
                .and_then(|close| (text.as_bytes()[close] == b'`' && close > body).then_some(close + 1)),
            _ => None,
        };
        match end {
            Some(end) => {
                if from < start {
                    found.push((false, &text[from..start]));
                }
                found.push((true, &text[start..end]));
                (from, at) = (end, end);
            }
            None => at = body,
        }
    }
    if from < text.len() {
        found.push((false, &text[from..]));
    }
    found
}
