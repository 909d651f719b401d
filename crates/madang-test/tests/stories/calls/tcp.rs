//! A device that reaches no UDP comes into a call by the web's own port.

use std::time::Duration;

use aws_lc_rs::hmac;
use madang_test::House;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{calls, joining};
use crate::cast::does;
use crate::talk::{PATIENCE, house, new_space};

/// A binding request as ICE sends it (RFC 8445, 7.1; RFC 8489, 5), with the length before it (RFC 4571, 2).
pub(super) fn check(username: &str, password: &str) -> Vec<u8> {
    let mut body = Vec::new();
    let mut put = |kind: u16, value: &[u8]| {
        body.extend(kind.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(value);
        body.resize(body.len().next_multiple_of(4), 0);
    };
    put(0x0006, username.as_bytes());
    put(0x0024, &1_845_501_695_u32.to_be_bytes());
    put(0x802a, &7_u64.to_be_bytes());
    put(0x0025, &[]);
    let message = |length: usize, body: &[u8]| {
        let mut bytes = vec![0, 1];
        bytes.extend((length as u16).to_be_bytes());
        bytes.extend(0x2112_a442_u32.to_be_bytes());
        bytes.extend(*b"twelve bytes");
        bytes.extend(body);
        bytes
    };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let signed = hmac::sign(&key, &message(body.len() + 24, &body));
    body.extend([0, 8, 0, 20]);
    body.extend(signed.as_ref());
    let print = crc32(&message(body.len() + 8, &body)) ^ 0x5354_554e;
    body.extend([0x80, 0x28, 0, 4]);
    body.extend(print.to_be_bytes());
    let whole = message(body.len(), &body);
    [&(whole.len() as u16).to_be_bytes()[..], &whole].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

pub(super) fn line<'a>(sdp: &'a str, begins: &str) -> &'a str {
    sdp.lines().find_map(|it| it.strip_prefix(begins)).expect("the SDP says it")
}

/// Joins a call and checks the way by TCP to the web's port.
async fn reaches_by_tcp(house: &House) {
    let space = new_space(house, &house.token, "closed").await;
    let call = calls(house, &house.token, &space).await;
    let wish = joining("test", "by-tcp");
    let mine = line(wish["offer"].as_str().expect("SDP"), "a=ice-ufrag:").to_owned();
    let joined: Value =
        does(house, &house.token, "POST", &format!("/calls/{call}/participants"), Some(wish)).await;
    let answer = joined["answer"].as_str().expect("SDP");
    let port = house.origin().rsplit(':').next().expect("a port");
    let is_ours = |it: &str| it.contains(&format!(" {port} ")) && it.to_lowercase().contains(" tcp ");
    assert!(answer.lines().any(|it| it.starts_with("a=candidate:") && is_ours(it)), "{answer}");
    let check = check(&format!("{}:{mine}", line(answer, "a=ice-ufrag:")), line(answer, "a=ice-pwd:"));
    let mut way = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("connected");
    way.write_all(&check).await.expect("asked");
    let mut head = [0_u8; 4];
    tokio::time::timeout(PATIENCE, way.read_exact(&mut head)).await.expect("in time").expect("answered");
    assert_eq!(head[2..], [1, 1], "a binding success response");
    assert_eq!(house.ask(Some(&house.token), "GET", "/me", None).await.expect("asked").0, 200);
    let mut stranger = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("connected");
    stranger.write_all(&[0; 64]).await.expect("said");
    let mut rest = Vec::new();
    // An end by reset is an end too.
    let end = tokio::time::timeout(Duration::from_secs(20), stranger.read_to_end(&mut rest)).await;
    assert!(end.is_ok() && rest.is_empty(), "who is nobody's device is let go: {rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_udp_comes_by_the_port_of_the_web() {
    reaches_by_tcp(&house().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_udp_comes_by_the_port_of_https() {
    let (mut house, _folder) = house_of_https().await;
    reaches_by_tcp(&house).await;
    assert_eq!(house.stop().await.expect("stopped"), Some(0));
}

/// A house with a certificate of its own making, and the folder that it lies in.
pub(super) async fn house_of_https() -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("cert.pem"), cert.pem()).expect("written");
    std::fs::write(path("key.pem"), signing_key.serialize_pem()).expect("written");
    let mut house = House::set_up().expect("a house");
    house.options = vec!["--tls-cert".into(), path("cert.pem"), "--tls-key".into(), path("key.pem")];
    house.client =
        reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build().expect("a client");
    house.start().await.expect("it serves");
    (house, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_is_told_of_the_relays_with_credentials_that_end() {
    let mut house = House::set_up().expect("a house");
    let relay = "turn:relay.example.com:3478?transport=udp";
    house.options = vec!["--turn-url".into(), relay.into(), "--turn-secret".into(), "hush".into()];
    house.start().await.expect("it serves");
    let call = calls(&house, &house.token, &house.space).await;
    let lobby = does(&house, &house.token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!(lobby["slots"], json!({"audio": 3, "video": 9}));
    let server = &lobby["ice_servers"][0];
    assert_eq!(server["urls"], json!([relay]));
    let until = server["username"].as_str().and_then(|it| it.split_once(':')).expect("TIME:NAME").0;
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let left = until.parse::<u64>().expect("seconds").saturating_sub(now);
    assert!((3_600..=43_200).contains(&left), "{left}");
    let me = does(&house, &house.token, "GET", "/me", None).await;
    assert!(
        !server.to_string().contains(me["me"]["id"].as_str().expect("an id")),
        "the relay learns of nobody"
    );
}
