//! The page that a visitor shows to who helps: taken in here, checked again and handed to the devices that look.

use std::io::Read;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
use madang_model::Refusal;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::cobrowse::{PageShown, ShowPage};

/// Bytes of one piece of a page, before it is packed and after.
const UNPACKED: usize = 4 << 20;
const PACKED: usize = 1 << 20;

pub fn endpoints() -> Vec<Endpoint> {
    let show = endpoint!(show, __path_show, Policy::Visit).for_visitors();
    vec![show.layered(|route| route.layer(DefaultBodyLimit::max(UNPACKED)))]
}

/// Shows the visitor's page, or what changed on it, to the agents who look at it. Needs the consent `page`; nothing of it
/// is kept. The body may be packed with gzip.
#[utoipa::path(post, path = "/api/v1/visit/cobrowse", tag = "visits", request_body = ShowPage, responses((status = 200, body = PageShown), (status = 409, body = crate::error::ErrorBody), (status = 413, body = crate::error::ErrorBody)))]
async fn show(
    State(doors): State<Doors>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<PageShown>> {
    let space = doors.app.shown_page(caller.person).await?;
    let packed = headers.get(header::CONTENT_ENCODING).is_some_and(|it| it == "gzip");
    Ok(Json(doors.hub.show_page(space, move || read(&body, packed)).await?))
}

fn read(body: &[u8], packed: bool) -> Result<ShowPage, Refusal> {
    let too_large = Refusal::TooLarge { limit: UNPACKED as i64 };
    let wrong = |why: String| Refusal::Invalid { what: "JSON", why };
    if !packed {
        return serde_json::from_slice(body).map_err(|error| wrong(error.to_string()));
    }
    if body.len() > PACKED {
        return Err(too_large);
    }
    let mut text = Vec::with_capacity(body.len() * 8);
    // A little text may unpack to more than there is memory.
    let read = GzDecoder::new(body).take(UNPACKED as u64 + 1).read_to_end(&mut text);
    read.map_err(|error| wrong(format!("the body is no gzip: {error}")))?;
    if text.len() > UNPACKED {
        return Err(too_large);
    }
    serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).expect("into memory");
        encoder.finish().expect("into memory")
    }

    #[test]
    fn a_page_comes_packed_or_not_and_one_that_unpacks_to_too_much_is_refused() {
        let page = br#"{"n":1,"full":true,"source":"a","events":[]}"#;
        assert_eq!(read(page, false).expect("a page").n, 1);
        assert_eq!(read(&packed(page), true).expect("a page").source, "a");
        let bomb = packed(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < PACKED);
        assert!(matches!(read(&bomb, true), Err(Refusal::TooLarge { .. })));
        assert!(matches!(read(b"no gzip", true), Err(Refusal::Invalid { .. })));
        let deep = format!(r#"{{"events":{}}}"#, "[".repeat(100_000));
        assert!(matches!(read(deep.as_bytes(), false), Err(Refusal::Invalid { .. })));
    }
}
