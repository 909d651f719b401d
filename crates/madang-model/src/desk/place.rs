//! The page of a site on which a visitor is, as their browser tells it: read before it is kept or shown to anybody.

use super::ticket::Page;
use crate::limits;

/// Names of what opens something, wherever they stand within the name of a parameter.
const SECRETS: &[&str] =
    &["token", "secret", "passw", "session", "auth", "signature", "credential", "email", "phone"];
/// Names that open something where they are the whole of it.
const SHORT_SECRETS: &[&str] =
    &["code", "key", "sid", "sig", "otp", "state", "jwt", "pwd", "pin", "nonce", "ticket", "invite", "hash"];

impl Page {
    /// Without what could open something: a name and password before the host, what stands behind `#`, parameters that
    /// are called as secrets are. None for what is no page of the web.
    #[must_use]
    pub fn cleaned(self) -> Option<Page> {
        let url: String = self.url.chars().filter(|it| !it.is_control() && !it.is_whitespace()).collect();
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "https" | "http") {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (host, path) = rest.split_at(rest.find(['/', '?', '\\']).unwrap_or(rest.len()));
        let host = host.rsplit('@').next().filter(|it| !it.is_empty())?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let kept: Vec<&str> = query.split('&').filter(|it| !it.is_empty() && !opens_something(it)).collect();
        let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
        let title = self.title.replace(char::is_control, " ");
        Some(Page {
            url: cut(&format!("{scheme}://{host}{path}{query}"), limits::PAGE_URL_CHARS),
            title: cut(title.trim(), limits::PAGE_TITLE_CHARS),
        })
    }
}

/// A name that is written in another way than it reads hides something.
fn opens_something(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.contains('%') || SECRETS.iter().any(|it| name.contains(it)) || SHORT_SECRETS.contains(&name.as_str())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, kept: Option<&str>) {
        let page = Page { url: given.into(), title: String::new() }.cleaned();
        assert_eq!(page.map(|it| it.url).as_deref(), kept, "{given}");
    }

    #[test]
    fn of_an_address_stays_what_opens_nothing() {
        check("https://shop.example/cart", Some("https://shop.example/cart"));
        check("HTTP://shop.example", Some("http://shop.example"));
        check("https://shop.example/cart?item=3&size=L", Some("https://shop.example/cart?item=3&size=L"));
        check("https://shop.example/reset?token=abc&step=2#key", Some("https://shop.example/reset?step=2"));
        check("https://shop.example/in?code=1&State=2&user_email=a@b", Some("https://shop.example/in"));
        check("https://shop.example/?%74oken=1", Some("https://shop.example/"));
        check("https://nari:secret@shop.example/a@b", Some("https://shop.example/a@b"));
        check("https://shop.example/ca\nrt\u{0}", Some("https://shop.example/cart"));
    }

    #[test]
    fn what_is_no_page_of_the_web_is_none() {
        for given in
            ["", "shop.example", "javascript://x", "file:///etc/passwd", "data:text/html,x", "https://"]
        {
            check(given, None);
        }
    }

    #[test]
    fn nobody_reads_more_than_so_much() {
        let page = Page { url: format!("https://a/{}", "x".repeat(9_000)), title: "가\n".repeat(900) };
        let page = page.cleaned().expect("a page");
        assert_eq!(
            (page.url.len(), page.title.chars().count()),
            (limits::PAGE_URL_CHARS, limits::PAGE_TITLE_CHARS)
        );
    }
}
