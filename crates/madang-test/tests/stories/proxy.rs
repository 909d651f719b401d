//! Behind a reverse proxy: nginx, with the very lines that the guide gives.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::door::{free_port, serve_at, set_up};
use crate::talk::PATIENCE;

/// nginx in front of `house`, ended with the story.
struct Nginx {
    process: Child,
    address: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// What the guide tells to write into nginx.conf, led to another port.
fn lines_of_the_guide(house: SocketAddr) -> String {
    let guide = include_str!("../../../../docs/guide/en/README.md");
    let block = guide.split("```nginx\n").nth(1).and_then(|rest| rest.split("```").next());
    let block = block.expect("the guide has lines for nginx");
    assert!(include_str!("../../../../docs/guide/ko/README.md").contains(block), "in both languages");
    block.replace("127.0.0.1:8080", &house.to_string())
}

async fn nginx(folder: &Path, house: SocketAddr) -> Nginx {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let at = |name: &str| folder.join(name).display().to_string();
    let lines = lines_of_the_guide(house)
        .replace("listen 443 ssl;", &format!("listen {address};"))
        .lines()
        .filter(|line| !line.trim_start().starts_with("ssl_"))
        .collect::<Vec<_>>()
        .join("\n");
    let config = format!(
        "daemon off; pid {}; error_log {} warn; events {{}}\nhttp {{ access_log off; client_body_temp_path {}; \
         proxy_temp_path {}; fastcgi_temp_path {}; uwsgi_temp_path {}; scgi_temp_path {};\n{lines}\n}}\n",
        at("pid"),
        at("errors"),
        at("body"),
        at("proxy"),
        at("f"),
        at("u"),
        at("s"),
    );
    std::fs::write(folder.join("nginx.conf"), config).expect("written");
    let program =
        ["/usr/sbin/nginx", "nginx"].into_iter().find(|it| !it.starts_with('/') || Path::new(it).exists());
    let process = Command::new(program.expect("a name"))
        .args(["-p", &folder.display().to_string(), "-e", &at("errors"), "-c", &at("nginx.conf")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nginx is installed: testing/install.sh");
    let up = async { while tokio::net::TcpStream::connect(address).await.is_err() {} };
    let wrong = || std::fs::read_to_string(folder.join("errors")).unwrap_or_default();
    let nginx = Nginx { process, address };
    tokio::time::timeout(PATIENCE, up).await.unwrap_or_else(|_| panic!("nginx listens: {}", wrong()));
    nginx
}

/// Signs in wrongly, from `from` and as `forwarded` says, and gives the status.
async fn knock(to: SocketAddr, from: &str, forwarded: Option<(&str, &str)>, email: &str) -> u16 {
    let from: IpAddr = from.parse().expect("an address");
    let client = reqwest::Client::builder().local_address(from).build().expect("a client");
    let body = json!({"email": email, "password": "틀린 비밀번호입니다"});
    let mut request = client.post(format!("http://{to}/api/v1/session")).json(&body);
    if let Some((name, value)) = forwarded {
        request = request.header(name, value);
    }
    request.send().await.expect("answered").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_behind_a_proxy_knows_its_visitors_and_believes_no_stranger() {
    let data = tempfile::tempdir().expect("a folder");
    let (token, _) = set_up(data.path());
    let options = ["--public-url", "https://talk.example.com", "--trusted-proxies", "127.0.0.1"];
    let house = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let _door = serve_at(data.path(), house, &options).await.expect("it serves");
    let folder = tempfile::tempdir().expect("a folder");
    let proxy = nginx(folder.path(), house).await;

    // Each visitor behind the proxy has a limit of their own, whatever they say of themselves.
    let mut last = 0;
    for n in 0..40 {
        last = knock(
            proxy.address,
            "127.0.0.2",
            Some(("x-forwarded-for", &format!("203.0.113.{n}"))),
            &format!("a{n}@example.com"),
        )
        .await;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "a spoofed header gives no new limit");
    assert_eq!(knock(proxy.address, "127.0.0.3", None, "b@example.com").await, 401, "others are not held up");
    // A stranger who comes past the proxy is believed nothing either.
    let spoofed = Some(("forwarded", "for=203.0.113.77"));
    assert_eq!(
        knock(house, "127.0.0.2", spoofed, "c@example.com").await,
        429,
        "it is the address that knocked before"
    );

    // Cookies are for https alone, because the public address is.
    let body = json!({"email": "nari@example.com", "password": "마당에 핀 꽃 한 송이"});
    let client =
        reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, 4])).build().expect("a client");
    let ours = |origin: &'static str| {
        client
            .post(format!("http://{}/api/v1/session", proxy.address))
            .header("origin", origin)
            .json(&body)
            .send()
    };
    let answer = ours("https://talk.example.com").await.expect("answered");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-madang=") && cookie.contains("; Secure"), "{cookie}");
    assert_eq!(ours("https://evil.example").await.expect("answered").status().as_u16(), 403);

    // The socket goes through too.
    let mut request =
        format!("ws://{}/api/v1/socket", proxy.address).into_client_request().expect("a request");
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("upgraded");
    socket.send(Message::text(json!({"type": "hello", "device": "test"}).to_string())).await.expect("sent");
    let welcome = socket.next().await.expect("a frame").expect("connected");
    let welcome: Value = serde_json::from_str(welcome.to_text().expect("text")).expect("JSON");
    assert_eq!(welcome["type"], "welcome");
}
