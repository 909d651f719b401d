//! Certificates by ACME, from Pebble, the test server of Let's Encrypt (`testing/install.sh` installs it).

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use crate::door::{Door, browser, free_port, madang, serve, set_up};

const NAME: &str = "talk.madang.test";
/// Longer than an order takes on a busy machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An authority that resolves every name to this machine.
struct Pebble {
    folder: tempfile::TempDir,
    port: u16,
    management: u16,
    /// By which the authority's own server is known.
    known_by: String,
    children: Vec<Child>,
}

impl Pebble {
    /// Chooses its ports and makes its certificate; nobody listens yet.
    fn new() -> Pebble {
        let folder = tempfile::tempdir().expect("a folder");
        let names = vec!["localhost".to_owned()];
        let key = KeyPair::generate().expect("a key");
        let own = CertificateParams::new(names).and_then(|params| params.self_signed(&key)).expect("signed");
        std::fs::write(folder.path().join("root.pem"), own.pem()).expect("written");
        std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).expect("written");
        let (port, management) = (free_port(), free_port());
        Pebble { folder, port, management, known_by: own.pem(), children: Vec::new() }
    }

    fn options(&self) -> Vec<String> {
        let root = self.folder.path().join("root.pem").display().to_string();
        let directory = format!("https://localhost:{}/dir", self.port);
        let email = "nari@madang.test".to_owned();
        let pairs = [
            ("--acme-domain", NAME.to_owned()),
            ("--acme-email", email),
            ("--acme-directory", directory),
            ("--acme-root", root),
        ];
        pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }

    /// Begins to prove names at `port` and to sign for `seconds`. Gives its root.
    async fn start(&mut self, port: u16, seconds: u64) -> String {
        let path = |name: &str| self.folder.path().join(name);
        let config = json!({"pebble": {
            "listenAddress": format!("127.0.0.1:{}", self.port),
            "managementListenAddress": format!("127.0.0.1:{}", self.management),
            "certificate": path("root.pem"), "privateKey": path("key.pem"),
            "httpPort": 1, "tlsPort": port, "ocspResponderURL": "", "certificateValidityPeriod": seconds,
        }});
        std::fs::write(path("pebble.json"), config.to_string()).expect("written");
        let names = format!("127.0.0.1:{}", free_port());
        let mut dns = Command::new("pebble-challtestsrv");
        dns.args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", &names]);
        dns.args([
            "-http01",
            "",
            "-https01",
            "",
            "-tlsalpn01",
            "",
            "-management",
            &format!("127.0.0.1:{}", free_port()),
        ]);
        let mut server = Command::new("pebble");
        // It waits up to 15 seconds before it looks, to surprise clients; the nonces it refuses are surprise enough.
        server
            .arg("-config")
            .arg(path("pebble.json"))
            .args(["-dnsserver", &names])
            .env("PEBBLE_VA_NOSLEEP", "1");
        for command in [&mut dns, &mut server] {
            let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            self.children.push(child.expect("pebble is installed: testing/install.sh"));
        }
        let client = browser(&self.known_by, "localhost", ([127, 0, 0, 1], self.management).into());
        let url = format!("https://localhost:{}/roots/0", self.management);
        let root = within(async || client.get(&url).send().await.ok()).await.text().await.expect("PEM");
        let directory = format!("https://localhost:{}/dir", self.port);
        within(async || client.get(&directory).send().await.ok()).await;
        root
    }
}

impl Pebble {
    fn stop(&mut self) {
        for mut child in self.children.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks again until there is an answer.
async fn within<T>(ask: impl AsyncFn() -> Option<T>) -> T {
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("it comes to that")
}

fn url(door: &Door, path: &str) -> String {
    format!("https://{NAME}:{}{path}", door.address.port())
}

/// What somebody sees who looks away from the browser's warning.
async fn careless(door: &Door) -> (u16, String) {
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .resolve(NAME, door.address)
        .build()
        .expect("a client");
    let answer = client.get(url(door, "/api/v1/setup")).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// What `madang doctor` says of the certificate.
fn doctor(data: &Path, options: &[&str]) -> (bool, String) {
    let output = madang(data, &[&["doctor", "--json"], options].concat());
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let lines = report["lines"].as_array().expect("lines");
    let line =
        lines.iter().find(|line| line["about"] == "certificate").expect("a line about the certificate");
    (line["fine"] == true, line["text"].as_str().expect("text").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_gets_its_certificate_by_itself_and_keeps_it_over_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let (token, _) = set_up(data.path());
    let mut pebble = Pebble::new();
    let options = pebble.options();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    // The authority is away: the house serves all the same, and says what is so.
    let door = serve(data.path(), &options).await.expect("it serves");
    assert_eq!(door.origin, format!("https://{NAME}:{}", door.address.port()));
    let (status, text) = careless(&door).await;
    assert_eq!(status, 503);
    assert!(text.contains(NAME) && text.contains("인증서"), "{text}");
    within(async || doctor(data.path(), &options).1.contains("attempt 1 failed").then_some(())).await;

    let root = pebble.start(door.address.port(), 90 * 86_400).await;
    door.signal("HUP");
    let client = browser(&root, NAME, door.address);
    let answer =
        within(async || client.get(url(&door, "/metrics")).bearer_auth(&token).send().await.ok()).await;
    let metrics = answer.text().await.expect("text");
    assert!(metrics.contains("madang_acme_orders_total{result=\"issued\"} 1"), "{metrics}");
    assert!(metrics.contains("madang_certificate_expires_seconds"), "{metrics}");
    let (fine, text) =
        doctor(data.path(), &[&options[..], &["--listen", &door.address.to_string()]].concat());
    assert!(fine && text.contains("89 days left"), "{text}");
    for entry in std::fs::read_dir(data.path().join("acme")).expect("a folder") {
        let mode = entry.expect("an entry").metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "ours alone");
    }
    assert_eq!(door.stop().await, Some(0));

    // Nobody is there to ask, and nobody is asked.
    pebble.stop();
    let door = serve(data.path(), &options).await.expect("it serves");
    let client = browser(&root, NAME, door.address);
    let answer = client.get(url(&door, "/metrics")).bearer_auth(&token).send().await.expect("from the cache");
    assert!(!answer.text().await.expect("text").contains("madang_acme_orders_total"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_before_it_ends() {
    let data = tempfile::tempdir().expect("a folder");
    let mut pebble = Pebble::new();
    let options = pebble.options();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let door = serve(data.path(), &options).await.expect("it serves");
    let root = pebble.start(door.address.port(), 12).await;
    door.signal("HUP");
    let kept = data.path().join("acme/certificate.pem");
    let first = within(async || std::fs::read_to_string(&kept).ok()).await;
    let second = within(async || std::fs::read_to_string(&kept).ok().filter(|now| *now != first)).await;
    assert!(second.contains("BEGIN CERTIFICATE"));
    let client = browser(&root, NAME, door.address);
    within(async || client.get(url(&door, "/healthz")).send().await.ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_cannot_be_proved_is_told_with_the_authoritys_own_words() {
    let data = tempfile::tempdir().expect("a folder");
    let mut pebble = Pebble::new();
    let options = pebble.options();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    set_up(data.path());
    // It knocks at a port where nobody is.
    pebble.start(free_port(), 90 * 86_400).await;
    let door = serve(data.path(), &options).await.expect("it serves");
    let told =
        within(async || Some(doctor(data.path(), &options).1).filter(|it| it.contains("failed"))).await;
    assert!(told.contains("could not prove the name") && told.contains(NAME), "{told}");
    assert!(told.contains("Failed to connect"), "{told}");
    let (status, text) = careless(&door).await;
    assert!(status == 503 && text.contains("could not prove the name"), "{text}");
}
