//! https with certificate files of one's own.

use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use reqwest::Version;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::door::{browser, madang, said, serve, set_up};

const NAME: &str = "talk.example.com";

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn issuer(name: &str, by: Option<&Issuer>) -> Issuer {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    match by {
        None => CertifiedIssuer::self_signed(params, key).expect("signed"),
        Some(root) => CertifiedIssuer::signed_by(params, key, root).expect("signed"),
    }
}

/// A root, one between, and a folder with `cert.pem` and `key.pem`.
struct Authority {
    root: Issuer,
    between: Issuer,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Authority {
        let root = issuer("root", None);
        let between = issuer("between", Some(&root));
        Authority { root, between, folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A chain and its key, valid for `days` from yesterday.
    fn make(&self, days: i64) -> (String, String) {
        let mut params = CertificateParams::new(vec![NAME.to_owned()]).expect("a name");
        let now = std::time::SystemTime::now();
        let day = std::time::Duration::from_secs(86_400);
        params.not_before = (now - 30 * day).into();
        params.not_after = if days < 0 { (now - day).into() } else { (now + 30 * day).into() };
        let key = KeyPair::generate().expect("a key");
        let own = params.signed_by(&key, &self.between).expect("signed");
        (format!("{}{}", own.pem(), self.between.pem()), key.serialize_pem())
    }

    fn write(&self, chain: &str, key: &str) {
        std::fs::write(self.path("key.pem"), key).expect("written");
        std::fs::write(self.path("cert.pem"), chain).expect("written");
    }

    fn options(&self) -> Vec<String> {
        let path = |name| self.path(name).display().to_string();
        vec!["--tls-cert".into(), path("cert.pem"), "--tls-key".into(), path("key.pem")]
    }
}

async fn refused(authority: &Authority, data: &Path) -> String {
    let options = authority.options();
    let all: Vec<&str> =
        ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(options.iter().map(String::as_str)).collect();
    let output = madang(data, &all);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    said(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_by_https_in_http_2_and_1_and_by_the_socket() {
    let (authority, data) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let (token, _) = set_up(data.path());
    let (chain, key) = authority.make(30);
    authority.write(&chain, &key);
    let mut options = authority.options();
    options.extend(["--http-listen".into(), "127.0.0.1:0".into()]);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let door = serve(data.path(), &options).await.expect("it serves");
    assert!(door.origin.starts_with("https://"), "{}", door.origin);
    let client = browser(&authority.root.pem(), NAME, door.address);
    let url = |path: &str| format!("https://{NAME}:{}{path}", door.address.port());
    let answer = client.get(url("/healthz")).send().await.expect("the chain leads to the root");
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    assert!(answer.headers().contains_key("strict-transport-security"));
    // Signing in over HTTP/2 gives a cookie that never travels in the clear.
    let body = json!({"email": "nari@example.com", "password": "마당에 핀 꽃 한 송이"});
    let signed_in = client.post(url("/api/v1/session")).json(&body).send().await.expect("asked");
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-madang=") && cookie.contains("; Secure"), "{cookie}");

    // What speaks HTTP/1.1 alone, and the socket over it; TLS 1.2 alone too.
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(
                rustls::pki_types::CertificateDer::from_pem_slice(authority.root.pem().as_bytes())
                    .expect("PEM"),
            )
            .expect("a root");
        let config = rustls::ClientConfig::builder_with_protocol_versions(&[version])
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
        let stream = tokio::net::TcpStream::connect(door.address).await.expect("connected");
        let name = ServerName::try_from(NAME).expect("a name");
        let stream = connector.connect(name, stream).await.expect("shaken hands");
        let mut request = format!("wss://{NAME}/api/v1/socket").into_client_request().expect("a request");
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.expect("upgraded");
        socket
            .send(Message::text(json!({"type": "hello", "device": "test"}).to_string()))
            .await
            .expect("sent");
        let welcome = socket.next().await.expect("a frame").expect("connected");
        let welcome: Value = serde_json::from_str(welcome.to_text().expect("text")).expect("JSON");
        assert_eq!(welcome["type"], "welcome");
    }

    // http on the port of https is led to where it belongs.
    let plain =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let answer = plain.get(format!("http://{}/s/1?after=2", door.address)).send().await.expect("answered");
    assert_eq!(answer.status().as_u16(), 308);
    assert_eq!(answer.headers()["location"].to_str().expect("text"), format!("{}/s/1?after=2", door.origin));
    assert_eq!(door.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_served_without_a_restart_and_a_broken_one_is_not() {
    let (authority, data) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let (chain, key) = authority.make(30);
    authority.write(&chain, &key);
    let options = authority.options();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let door = serve(data.path(), &options).await.expect("it serves");
    let url = format!("https://{NAME}:{}/healthz", door.address.port());
    let works = |root: String| {
        let (url, address) = (url.clone(), door.address);
        // A client for each question: connections that are open keep their certificate.
        async move { browser(&root, NAME, address).get(url).send().await.is_ok() }
    };
    assert!(works(authority.root.pem()).await);
    authority.write("-----BEGIN CERTIFICATE-----\nbroken", &key);
    door.signal("HUP");
    let next = Authority::new();
    let (chain, key) = next.make(30);
    assert!(works(authority.root.pem()).await, "the one before stays");
    authority.write(&chain, &key);
    door.signal("HUP");
    let changed = async { while !works(next.root.pem()).await {} };
    tokio::time::timeout(crate::talk::PATIENCE, changed).await.expect("the new one is served");
    assert!(!works(authority.root.pem()).await, "the old one is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_cannot_work_are_refused_with_a_sentence() {
    let (authority, data) = (Authority::new(), tempfile::tempdir().expect("a folder"));
    let ((chain, key), (_, other)) = (authority.make(30), authority.make(30));
    assert!(refused(&authority, data.path()).await.contains("cannot read the certificate"));
    authority.write(&chain, &other);
    assert!(refused(&authority, data.path()).await.contains("do not belong together"));
    let (own, between) = chain.split_at(chain.rfind("-----BEGIN").expect("two of them"));
    authority.write(&format!("{own}{}", authority.root.pem()), &key);
    assert!(refused(&authority, data.path()).await.contains("not in order"));
    authority.write(&format!("{between}{own}"), &key);
    assert!(refused(&authority, data.path()).await.contains("not in order"));
    authority.write("nothing", &key);
    assert!(refused(&authority, data.path()).await.contains("holds no certificate"));
    let (chain, key) = authority.make(-1);
    authority.write(&chain, &key);
    assert!(refused(&authority, data.path()).await.contains("expired"));
}
