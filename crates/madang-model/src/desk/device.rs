//! With what a visitor comes: browser and system as their browser says in every request, and the size of the screen,
//! the clock and the languages. What would know them again elsewhere is neither asked for nor kept.

use serde::{Deserialize, Serialize};

use crate::limits;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// With its version: `Chrome 141`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub browser: String,
    /// `Android 15`; without a version where it is not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// Of the screen, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Whose clock: `Asia/Seoul`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// As BCP 47 tags, the preferred one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
}

/// What a browser says of itself in a request: `User-Agent`, and `Sec-CH-UA` with `Sec-CH-UA-Platform` where it has them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    pub agent: &'a str,
    pub brands: &'a str,
    pub platform: &'a str,
}

/// Browsers by the word before their version. The first that is found is it: those below are named by those above.
const BROWSERS: &[(&str, &str)] = &[
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(inapp", "Naver"),
    ("Line", "LINE"),
    ("Instagram", "Instagram"),
    ("FBAV", "Facebook"),
    ("Whale", "Whale"),
    ("SamsungBrowser", "Samsung Internet"),
    ("EdgiOS", "Edge"),
    ("EdgA", "Edge"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
];

impl Device {
    /// Cut to what is shown, with what the request says of browser and system.
    #[must_use]
    pub fn read(self, said: Said<'_>) -> Device {
        let size = |it: Option<u32>| it.filter(|it| (1..=20_000).contains(it));
        let (width, height) = (size(self.width), size(self.height));
        Device {
            browser: word(&brand(said.brands).or_else(|| browser(said.agent)).unwrap_or_default()),
            system: word(&system(said).unwrap_or_default()),
            width: width.filter(|_| height.is_some()),
            height: height.filter(|_| width.is_some()),
            zone: word(&self.zone),
            languages: self.languages.iter().map(|it| word(it)).filter(|it| !it.is_empty()).take(5).collect(),
        }
    }
}

fn word(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_control())
        .take(limits::DEVICE_WORD_CHARS)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Of `"Chromium";v="141", "Not?A_Brand";v="8", "Google Chrome";v="141"` the one that is no engine and no decoy.
fn brand(brands: &str) -> Option<String> {
    let named = brands.split(',').filter_map(|it| {
        let (name, rest) = it.trim().strip_prefix('"')?.split_once('"')?;
        let version = rest.split('"').nth(1)?;
        Some((name, version))
    });
    let real = |name: &str| name != "Chromium" && !name.contains("Not");
    let (name, version) = named
        .clone()
        .find(|(name, _)| real(name))
        .or_else(|| named.clone().find(|(name, _)| *name == "Chromium"))?;
    let name = name.trim_start_matches("Google ").trim_start_matches("Microsoft ");
    Some(format!("{name} {version}"))
}

fn browser(agent: &str) -> Option<String> {
    let (mark, name) = BROWSERS.iter().find(|(mark, _)| agent.contains(mark))?;
    let version = number(agent, mark, 1);
    Some(if version.is_empty() { (*name).to_owned() } else { format!("{name} {version}") })
}

fn system(said: Said<'_>) -> Option<String> {
    let agent = said.agent;
    let with = |name: &str, mark: &str| {
        let version = number(agent, mark, 2);
        if version.is_empty() { name.to_owned() } else { format!("{name} {version}") }
    };
    if agent.contains("iPhone") || agent.contains("iPad") {
        return Some(with(if agent.contains("iPad") { "iPadOS" } else { "iOS" }, " OS"));
    }
    // Chromium says `Android 10` of every Android, and the hint says no version.
    if agent.contains("Android") {
        let version = number(agent, "Android", 2);
        let frozen = !said.platform.is_empty() || version == "10";
        return Some(if frozen { "Android".to_owned() } else { with("Android", "Android") });
    }
    let platform = said.platform.trim_matches('"');
    if !platform.is_empty() && platform != "Unknown" {
        return Some(platform.to_owned());
    }
    let known = [("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];
    known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned())
}

/// The version behind a word, in so many parts at most.
fn number(agent: &str, mark: &str, parts: usize) -> String {
    let rest = agent.split_once(mark).map_or("", |(_, rest)| rest);
    let digits: String = rest
        .trim_start_matches(['/', ' '])
        .chars()
        .take_while(|it| it.is_ascii_digit() || matches!(it, '.' | '_'))
        .collect();
    digits.split(['.', '_']).filter(|it| !it.is_empty()).take(parts).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(agent: &str, brands: &str, platform: &str, browser: &str, system: &str) {
        let device = Device::default().read(Said { agent, brands, platform });
        assert_eq!((device.browser.as_str(), device.system.as_str()), (browser, system), "{agent}");
    }

    #[test]
    fn browsers_and_systems_are_known_by_what_they_say() {
        check(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
            r#""Chromium";v="141", "Not?A_Brand";v="8", "Google Chrome";v="141""#,
            r#""Android""#,
            "Chrome 141",
            "Android",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
            "",
            "",
            "Safari 26",
            "iOS 26.1",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22G86 KAKAOTALK/25.9.2",
            "",
            "",
            "KakaoTalk 25",
            "iOS 18.6",
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "",
            "",
            "Edge 140",
            "Windows",
        );
        check(
            "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0",
            "",
            "",
            "Firefox 144",
            "Android 15",
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64)",
            r#""Chromium";v="141", "Not A;Brand";v="9""#,
            r#""Linux""#,
            "Chromium 141",
            "Linux",
        );
        check("curl/8.5", "", "", "", "");
    }

    #[test]
    fn what_a_client_says_is_cut_to_what_is_shown() {
        let said = Device {
            width: Some(360),
            height: Some(740),
            zone: format!("Asia/Seoul\n{}", "x".repeat(500)),
            languages: vec!["ko-KR".into(); 40],
            browser: "whatever it says of itself".into(),
            ..Device::default()
        };
        let device = said.read(Said::default());
        assert_eq!((device.width, device.height, device.browser.as_str()), (Some(360), Some(740), ""));
        assert_eq!((device.zone.chars().count(), device.languages.len()), (limits::DEVICE_WORD_CHARS, 5));
        let odd = Device { width: Some(0), height: Some(9), ..Device::default() }.read(Said::default());
        assert_eq!((odd.width, odd.height), (None, None));
    }
}
