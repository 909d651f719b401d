//! Sending people who come by http to https, and nothing else.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{Method, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::tls::Acceptor;

/// How long one of these connections may take in all: a line is asked and a line answered.
const LONGEST: Duration = Duration::from_secs(10);

/// The way to https for a request that came without it.
///
/// The host is always our own: a redirect to whatever `Host` says would send people wherever a stranger likes.
pub fn to_https<B>(origin: &str, request: &Request<B>) -> Response {
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let target = format!("{origin}{}", if path.starts_with('/') { path } else { "/" });
    match *request.method() {
        Method::GET | Method::HEAD => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response()
        }
        // What a program has sent in the clear is out; it shall notice, and not go on.
        _ => (StatusCode::FORBIDDEN, format!("This is http. Use {target}\n")).into_response(),
    }
}

/// The answer to everything while there is no certificate.
pub fn waiting(sentence: String) -> Response {
    let headers = [(header::RETRY_AFTER, "60"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, sentence).into_response()
}

/// Answers one connection with `answer`.
pub async fn answer_all<S>(stream: S, answer: impl Fn(&Request<Incoming>) -> Response)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let response: Response<Body> = answer(&request);
        async move { Ok::<_, Infallible>(response) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(LONGEST).keep_alive(false).max_buf_size(16 * 1024);
    // Whoever hangs up early has heard enough.
    let _ = tokio::time::timeout(LONGEST, http.serve_connection(TokioIo::new(stream), service)).await;
}

/// Listens on the port of http until the server stops.
pub async fn listen(
    listener: TcpListener,
    origin: Arc<str>,
    acceptor: Acceptor,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let stream = tokio::select! {
            _ = stopping.changed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let (origin, acceptor) = (origin.clone(), acceptor.clone());
        tokio::spawn(answer_all(stream, move |request| match acceptor.waiting() {
            Some(sentence) => waiting(sentence),
            None => to_https(&origin, request),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &str, target: &str) -> Response {
        let request = Request::builder().method(method).uri(target).header("host", "evil.example").body(());
        to_https("https://chat.example", &request.expect("a request"))
    }

    #[test]
    fn the_way_to_https_is_our_own_whatever_the_request_says() {
        let answer = ask("GET", "/s/7?after=3");
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(answer.headers()["location"], "https://chat.example/s/7?after=3");
        assert_eq!(ask("GET", "http://evil.example/x").headers()["location"], "https://chat.example/x");
        assert_eq!(ask("OPTIONS", "*").status(), StatusCode::FORBIDDEN);
    }

    #[test]
    fn what_was_sent_in_the_clear_is_not_led_on() {
        let answer = ask("POST", "/api/v1/session");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(!answer.headers().contains_key("location"));
    }
}
