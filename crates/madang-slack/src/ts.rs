//! Times as Slack's clients name messages by: seconds since 1970, and six digits after the point. In a space no two are
//! the same, and their order is that of its log.

/// `1795808278.006069` for microseconds since 1970.
#[must_use]
pub fn written(at_us: i64) -> String {
    format!("{}.{:06}", at_us.div_euclid(1_000_000), at_us.rem_euclid(1_000_000))
}

/// Microseconds since 1970. Fewer digits after the point are read too, as are whole seconds.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    let (seconds, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 6 || !seconds.bytes().chain(rest.bytes()).all(|it| it.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    let micros: i64 = format!("{rest:0<6}").parse().ok()?;
    seconds.checked_mul(1_000_000)?.checked_add(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_its_text_and_back() {
        for at in [0, 1, 1_795_808_278_006_069, 1_795_808_278_000_000] {
            assert_eq!(read(&written(at)), Some(at));
        }
        assert_eq!(read("1795808278"), Some(1_795_808_278_000_000));
        assert_eq!(read("1795808278.5"), Some(1_795_808_278_500_000));
        for wrong in ["", "x", "-1", "1.1234567", "1.2.3", "99999999999999999999", "1e5"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
