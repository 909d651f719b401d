//! A device that reaches nothing but the web comes into a call by the relay there, which goes nowhere else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use futures_util::future::join_all;
use madang_test::House;
use md5::{Digest, Md5};
use rustls::pki_types::ServerName;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;

use super::tcp::{check, house_of_https, line};
use super::{calls, joining};
use crate::cast::does;
use crate::talk::{PATIENCE, house, new_space};

const UDP: [u8; 4] = [17, 0, 0, 0];

/// A TURN client as small as it can be (RFC 8656), of our own making: that others can do it too shows in the browser.
struct Client<S> {
    way: S,
    name: String,
    password: String,
    realm: Vec<u8>,
    nonce: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    fn new(way: S, server: &Value) -> Self {
        let given = |key: &str| server[key].as_str().expect("credentials").to_owned();
        Self { way, name: given("username"), password: given("credential"), realm: vec![], nonce: vec![] }
    }

    /// Asks, and reads what is answered: its kind, and the body.
    async fn asks(&mut self, kind: u16, values: &[(u16, &[u8])]) -> (u16, Vec<u8>) {
        let mut all = values.to_vec();
        let (name, realm, nonce) = (self.name.clone(), self.realm.clone(), self.nonce.clone());
        if !realm.is_empty() {
            all.extend([(0x06, name.as_bytes()), (0x14, &realm), (0x15, &nonce)]);
        }
        let mut bytes = message(kind, &all);
        if !realm.is_empty() {
            let key = Md5::digest(format!("{}:{}:{}", name, String::from_utf8_lossy(&realm), self.password));
            let length = (bytes.len() - 20 + 24) as u16;
            bytes[2..4].copy_from_slice(&length.to_be_bytes());
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
            let signature = hmac::sign(&key, &bytes);
            bytes.extend([0, 8, 0, 20]);
            bytes.extend(signature.as_ref());
        }
        self.way.write_all(&bytes).await.expect("asked");
        self.reads().await.expect("answered")
    }

    /// None: the connection has ended.
    async fn reads(&mut self) -> Option<(u16, Vec<u8>)> {
        let read = async {
            let mut head = [0; 20];
            self.way.read_exact(&mut head).await.ok()?;
            let mut body = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
            self.way.read_exact(&mut body).await.ok()?;
            Some((u16::from_be_bytes([head[0], head[1]]), body))
        };
        tokio::time::timeout(PATIENCE, read).await.expect("in time")
    }

    /// Asks without a name, as one begins, and then with it.
    async fn allocates(&mut self) -> u16 {
        let (kind, body) = self.asks(0x003, &[(0x19, &UDP)]).await;
        assert_eq!((kind, value(&body, 0x09).expect("an error")[..4].to_vec()), (0x113, vec![0, 0, 4, 1]));
        self.realm = value(&body, 0x14).expect("a realm").to_vec();
        self.nonce = value(&body, 0x15).expect("a nonce").to_vec();
        self.asks(0x003, &[(0x19, &UDP)]).await.0
    }
}

fn message(kind: u16, values: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in values {
        body.extend(kind.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let length = (body.len() as u16).to_be_bytes();
    [&kind.to_be_bytes()[..], &length, &[0x21, 0x12, 0xa4, 0x42], b"twelve bytes", &body].concat()
}

fn value(body: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut rest = body;
    while let [one, two, three, four, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*three, *four]));
        if u16::from_be_bytes([*one, *two]) == wanted {
            return after.get(..length);
        }
        rest = &after[length.next_multiple_of(4)..];
    }
    None
}

/// XOR-PEER-ADDRESS (RFC 8489, 14.2).
fn masked(peer: SocketAddr) -> Vec<u8> {
    let mask = [&[0x21, 0x12, 0xa4, 0x42][..], b"twelve bytes"].concat();
    let (family, ip) = match peer {
        SocketAddr::V4(it) => (1, it.ip().octets().to_vec()),
        SocketAddr::V6(it) => (2, it.ip().octets().to_vec()),
    };
    let port = peer.port() ^ 0x2112;
    let ip = ip.iter().zip(mask).map(|(it, mask)| it ^ mask);
    [0, family].into_iter().chain(port.to_be_bytes()).chain(ip).collect()
}

/// Joins a call: what the device was given for the way there, and the server's answer to its offer.
async fn joined(house: &House) -> (Value, Value, String) {
    let space = new_space(house, &house.token, "closed").await;
    let call = calls(house, &house.token, &space).await;
    let lobby = does(house, &house.token, "GET", &format!("/calls/{call}"), None).await;
    let wish = joining("test", "by-relay");
    let mine = line(wish["offer"].as_str().expect("SDP"), "a=ice-ufrag:").to_owned();
    let joined = does(house, &house.token, "POST", &format!("/calls/{call}/participants"), Some(wish)).await;
    (lobby["ice_servers"][0].clone(), joined["answer"].clone(), mine)
}

/// Where the server says that media is reached by UDP.
fn media(answer: &str) -> SocketAddr {
    let candidate =
        answer.lines().find(|it| it.starts_with("a=candidate:") && it.to_lowercase().contains(" udp "));
    let mut words = candidate.expect("a candidate").split(' ').skip(4);
    let mut word = || words.next().expect("an address and a port");
    format!("{}:{}", word(), word()).parse().expect("an address")
}

/// Comes into the call by the relay, asks the media server as ICE does, and is answered; then tries everybody else.
async fn goes_by<S: AsyncRead + AsyncWrite + Unpin>(
    house: &House,
    way: S,
    (server, answer, mine): (Value, Value, String),
) {
    let answer = answer.as_str().expect("SDP");
    let media = media(answer);
    let mut device = Client::new(way, &server);
    assert_eq!(device.allocates().await, 0x103);
    assert_eq!(device.asks(0x008, &[(0x12, &masked(media))]).await.0, 0x108);
    let check = check(&format!("{}:{mine}", line(answer, "a=ice-ufrag:")), line(answer, "a=ice-pwd:"));
    let sent = message(0x016, &[(0x12, &masked(media)), (0x13, &check[2..])]);
    device.way.write_all(&sent).await.expect("sent");
    let (kind, body) = device.reads().await.expect("an answer of the media server");
    assert_eq!((kind, value(&body, 0x12)), (0x017, Some(&masked(media)[..])));
    assert_eq!(value(&body, 0x13).expect("data")[..2], [1, 1], "a binding success response");

    let secret = UdpSocket::bind("127.0.0.1:0").await.expect("a port of this machine");
    let near = secret.local_addr().expect("an address");
    let web: SocketAddr =
        house.origin().rsplit("//").next().expect("an address").parse().expect("an address");
    let mapped = format!("[::ffff:127.0.0.1]:{}", media.port()).parse().expect("an address");
    let afar =
        ["169.254.169.254:80", "10.0.0.1:3478", "[::1]:3478"].map(|it| it.parse().expect("an address"));
    for other in [near, web, mapped].into_iter().chain(afar) {
        let (kind, body) = device.asks(0x009, &[(0x0c, &[0x40, 2, 0, 0]), (0x12, &masked(other))]).await;
        assert_eq!((kind, &value(&body, 0x09).expect("an error")[2..4]), (0x119, &[4, 3][..]), "{other}");
        let sent = message(0x016, &[(0x12, &masked(other)), (0x13, b"hello")]);
        device.way.write_all(&sent).await.expect("sent");
    }
    // What was sent before is done with when this is answered.
    assert_eq!(device.asks(0x004, &[]).await.0, 0x104);
    let mut heard = [0; 64];
    let nothing = secret.try_recv(&mut heard).expect_err("nothing came there");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(device.asks(0x004, &[(0x0d, &[0; 4])]).await.0, 0x104, "given back");
    assert_eq!(device.reads().await, None, "and that is the end of it");
    assert_eq!(house.ask(Some(&house.token), "GET", "/me", None).await.expect("asked").0, 200);
}

fn port(house: &House) -> String {
    house.origin().rsplit("//").next().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_reaches_the_web_alone_is_relayed_to_the_calls_and_nowhere_else() {
    let house = house().await;
    let joined = joined(&house).await;
    assert_eq!(joined.0["urls"][0], format!("turn:{}?transport=tcp", port(&house)));
    let way = TcpStream::connect(port(&house)).await.expect("connected");
    goes_by(&house, way, joined).await;
    let metrics = house.client.get(format!("{}/metrics", house.origin())).bearer_auth(&house.token);
    let metrics = metrics.send().await.expect("asked").text().await.expect("read");
    let shown = |name: &str| metrics.lines().find_map(|it| it.strip_prefix(name)).map(str::trim);
    assert_eq!(shown("madang_relay_allocations "), Some("0"), "{metrics}");
    assert!(shown("madang_relay_bytes_total{to=\"media\"}").is_some_and(|it| it != "0"));
    assert!(shown("madang_relay_refused_total ").is_some_and(|it| it != "0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_reaches_https_alone_is_relayed_in_tls() {
    let (mut house, folder) = house_of_https().await;
    let joined = joined(&house).await;
    assert_eq!(joined.0["urls"][0], format!("turns:{}?transport=tcp", port(&house)));
    let certificate = std::fs::read_to_string(folder.path().join("cert.pem")).expect("read");
    for named in [None, Some("stun.turn")] {
        let connector = connector(&certificate, named);
        let way = TcpStream::connect(port(&house)).await.expect("connected");
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let way = connector.connect(name, way).await.expect("in TLS");
        goes_by(&house, way, joined.clone()).await;
    }
    assert_eq!(house.stop().await.expect("stopped"), Some(0));
}

fn connector(certificate: &str, named: Option<&str>) -> TlsConnector {
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    let certificate = rustls::pki_types::CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM");
    roots.add(certificate).expect("a root");
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = named.into_iter().map(|it| it.as_bytes().to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_nat_the_relay_finds_the_calls_under_the_address_that_devices_know() {
    let mut house = House::set_up().expect("a house");
    house.options = vec!["--media-announce".into(), "203.0.113.9".into()];
    house.start().await.expect("it serves");
    let joined = joined(&house).await;
    assert_eq!(media(joined.1.as_str().expect("SDP")).ip().to_string(), "203.0.113.9");
    let way = TcpStream::connect(port(&house)).await.expect("connected");
    goes_by(&house, way, joined).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_nothing_to_the_relay_is_let_go() {
    let house = house().await;
    let greeting = message(0x003, &[(0x19, &UDP)]);
    let long = [&message(0x003, &[])[..2], &[0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42], &[0; 64]].concat();
    let nonsense = [&greeting[..], b"GET / HTTP/1.1\r\n\r\n"].concat();
    let flood = greeting.repeat(1_000);
    let says = async |said: Vec<u8>| {
        let mut stranger = TcpStream::connect(port(&house)).await.expect("connected");
        stranger.write_all(&said).await.expect("said");
        let mut rest = Vec::new();
        // An end by reset is an end too.
        let end = tokio::time::timeout(Duration::from_secs(20), stranger.read_to_end(&mut rest)).await;
        assert!(end.is_ok(), "it ends by itself");
        assert!(rest.len() < 2_000, "and costs little: {}", rest.len());
    };
    let half = greeting[..15].to_vec();
    join_all([greeting, half, long, nonsense, flood].map(says)).await;
    assert_eq!(house.ask(Some(&house.token), "GET", "/me", None).await.expect("asked").0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_no_relay_is_told_of() {
    let mut house = House::set_up().expect("a house");
    house.options = vec!["--trusted-proxies".into(), "127.0.0.1/32".into()];
    house.start().await.expect("it serves");
    let (server, ..) = joined(&house).await;
    assert_eq!(server, Value::Null);
}
