use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::{Method, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Caps, Failure, Outgoing, Request, address, resolver};

const CAPS: Caps = Caps { time: Duration::from_secs(5), bytes: 1_000, cut: false, redirects: 2 };

fn request(url: &str) -> Request {
    Request {
        method: Method::GET,
        url: url.parse().expect("a url"),
        headers: Default::default(),
        body: Default::default(),
    }
}

fn on_loopback() -> Outgoing {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Outgoing::new(vec!["127.0.0.1/32".parse().expect("a network")])
}

#[test]
fn addresses_of_somebodys_own_network_are_inside() {
    let inside = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.0.1",
        "192.0.0.8",
        "198.19.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
    ];
    for text in inside {
        assert!(!address::is_outside(text.parse::<IpAddr>().expect(text)), "{text} is inside");
    }
    for text in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"] {
        assert!(address::is_outside(text.parse::<IpAddr>().expect(text)), "{text} is outside");
    }
}

#[test]
fn an_address_is_refused_in_whatever_way_it_is_written() {
    let outgoing = Outgoing::new(Vec::new());
    // The parser of addresses knows all of these for 127.0.0.1 and the like.
    for text in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://nari:pw@example.com/",
        "https://example.com:8443/",
    ] {
        let refused = outgoing.check(&text.parse::<Url>().expect(text));
        assert!(matches!(refused, Err(Failure::Refused(_))), "{text} is refused");
    }
    outgoing
        .check(&"https://updates.push.services.mozilla.com/wpush/v2/x".parse().expect("a url"))
        .expect("fine");
}

#[test]
fn of_a_name_with_addresses_on_both_sides_only_those_outside_are_asked() {
    let found: Vec<SocketAddr> =
        ["10.0.0.1:0", "1.1.1.1:0", "[::1]:0"].map(|it| it.parse().expect("an address")).to_vec();
    let asked = resolver::outside(found.clone(), &[]).expect("one is outside");
    assert_eq!(asked, vec![found[1]]);
    assert!(resolver::outside(vec![found[0], found[2]], &[]).is_err());
    let allowed = ["10.0.0.0/8".parse().expect("a network")];
    assert_eq!(resolver::outside(vec![found[0]], &allowed).expect("allowed"), vec![found[0]]);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_and_not_tried_again() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let refused = Outgoing::new(Vec::new()).send(request("https://localhost/"), CAPS).await;
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_leads_only_where_one_may_go() {
    let inside = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let to_inside =
        server(format!("HTTP/1.1 302 Found\r\nlocation: {inside}ok\r\ncontent-length: 0\r\n\r\n")).await;
    let answer = on_loopback().send(request(&to_inside), CAPS).await.expect("it is followed");
    assert_eq!((&answer.body[..], answer.url.as_str()), (&b"ok"[..], format!("{inside}ok").as_str()));
    for target in
        ["http://127.0.0.2/", "https://169.254.169.254/", "https://localhost/", "file:///etc/passwd"]
    {
        let away =
            server(format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")).await;
        let refused = on_loopback().send(request(&away), CAPS).await;
        // localhost may have an address that is allowed, but speaks no TLS there.
        let fits = matches!(refused, Err(Failure::Refused(_) | Failure::Broken(_)));
        assert!(fits, "{target}: {refused:?}");
    }
    let round = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let itself = format!("http://{}/", round.local_addr().expect("an address"));
    serve(round, format!("HTTP/1.1 302 Found\r\nlocation: {itself}\r\ncontent-length: 0\r\n\r\n"));
    assert!(matches!(on_loopback().send(request(&itself), CAPS).await, Err(Failure::Refused(_))));
}

#[tokio::test]
async fn what_is_too_long_or_too_slow_is_no_answer() {
    let long = server(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(2_000))).await;
    assert!(matches!(on_loopback().send(request(&long), CAPS).await, Err(Failure::TooLong(1_000))));
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    let caps = Caps { time: Duration::from_millis(50), ..CAPS };
    assert!(matches!(on_loopback().send(request(&url), caps).await, Err(Failure::TooSlow(_))));
}

/// A server that says the same to everybody, until the test ends.
async fn server(says: impl Into<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    serve(listener, says.into());
    format!("http://{address}/")
}

fn serve(listener: TcpListener, says: String) {
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4_096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(says.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
}
