//! The page for whoever comes without a session: the screen of sign-in stands in it as the build drew it
//! (`web/scripts/door.mjs`), so that it is seen before any script has come. Here it gets the house's own front.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use madang_app::{App, Front, escape};

use crate::web::{answer, find};
use crate::words::Language;

/// Where the app leads who is not signed in to the screen of sign-in.
fn leads_to_the_door(path: &str) -> bool {
    matches!(path, "" | "signin")
}

/// The page, if that is what the path leads to and the house has had its first day. Whatever goes wrong, the screen is
/// there as soon as the scripts are.
pub async fn serve(app: &Arc<App>, path: &str, headers: &HeaderMap) -> Option<Response> {
    if !leads_to_the_door(path) {
        return None;
    }
    let front = app.front().await.ok().flatten()?;
    let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let name = match Language::choose(accepts) {
        Language::Korean => "door.ko.html",
        Language::English => "door.en.html",
    };
    // As it was built, since it is filled in.
    let (file, _) = find(name, &HeaderMap::new())?;
    let drawn = with_front(std::str::from_utf8(&file.data).ok()?, &front);
    let mut response = answer(name, file, None);
    *response.body_mut() = drawn.into();
    let headers = response.headers_mut();
    // What the file is does not say what the front is.
    headers.remove(header::ETAG);
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    Some(response)
}

fn with_front(page: &str, front: &Front) -> String {
    let logo = front.logo.map(|it| it.to_string());
    let page = part(page, "logo", logo.as_deref());
    let page = part(&page, "welcome", Some(front.welcome.as_str()).filter(|it| !it.is_empty()));
    page.replace("@name@", &escape(&front.name))
}

/// What stands between `<!--name-->` and `<!--/name-->`, with its value in it, or nothing.
fn part(page: &str, name: &str, value: Option<&str>) -> String {
    let (begin, end) = (format!("<!--{name}-->"), format!("<!--/{name}-->"));
    let Some((before, rest)) = page.split_once(&begin) else { return page.to_owned() };
    let Some((within, after)) = rest.split_once(&end) else { return page.to_owned() };
    let within = value.map(|it| within.replace(&format!("@{name}@"), &escape(it))).unwrap_or_default();
    format!("{before}{within}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!--logo--><img src=\"/l?v=@logo@\"><!--/logo--><p>@name@</p><!--welcome--><p>@welcome@</p><!--/welcome-->!";

    #[test]
    fn a_front_stands_in_the_page_as_text() {
        let front =
            Front {
                name: "<b>@welcome@ & 마당".into(), welcome: "\"어서\" 오세요".into(), logo: None
            };
        assert_eq!(
            with_front(PAGE, &front),
            "<p>&lt;b&gt;@welcome@ &amp; 마당</p><p>&quot;어서&quot; 오세요</p>!"
        );
    }

    #[test]
    fn what_a_house_has_not_leaves_nothing() {
        let front = Front { name: "마당".into(), welcome: String::new(), logo: None };
        assert_eq!(with_front(PAGE, &front), "<p>마당</p>!");
    }

    #[test]
    fn only_the_doors_own_paths_lead_to_it() {
        assert!(["", "signin"].into_iter().all(leads_to_the_door));
        assert!(["setup", "j/x", "s/x", "h/x", "signin/x"].into_iter().all(|it| !leads_to_the_door(it)));
    }
}
