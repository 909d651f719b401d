//! The binary with options of a story's own, and browsers that trust only what the story says.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::talk::PATIENCE;

/// A process that serves.
pub struct Door {
    /// What it says of itself.
    pub origin: String,
    pub address: SocketAddr,
    process: Child,
}

fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("MADANG_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test has a file");
    test.ancestors().nth(2).expect("tests live in target/PROFILE/deps").join("madang")
}

/// Runs a command to its end.
pub fn madang(data: &Path, arguments: &[&str]) -> Output {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut command = Command::new(binary());
    command.args(arguments).arg("--data").arg(data).env("RUST_LOG", "warn");
    command.output().expect("it runs")
}

/// What a command said on standard error.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sets a house up and gives its owner's token and first space.
pub fn set_up(data: &Path) -> (String, String) {
    let person = ["--email", "nari@example.com", "--name", "나리", "--password", "마당에 핀 꽃 한 송이"];
    let made = madang(data, &[&["setup", "--workspace", "한빛"], &person[..]].concat());
    let ids: Value = serde_json::from_slice(&made.stdout).unwrap_or_else(|_| panic!("{}", said(&made)));
    let field = |name: &str| ids[name].as_str().expect("setup gives ids").to_owned();
    (field("token"), field("space"))
}

/// Serves until dropped.
pub async fn serve(data: &Path, options: &[&str]) -> Result<Door> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut command = tokio::process::Command::new(binary());
    command.args(["serve", "--rate-limit", "0", "--data"]).arg(data).args(options);
    if !options.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn()?;
    let out = process.stdout.take().context("standard output is piped")?;
    let line = BufReader::new(out).lines().next_line().await?.unwrap_or_default();
    let origin =
        line.strip_prefix("madang is ready at ").with_context(|| format!("it said {line:?}"))?.to_owned();
    // The public address of a house behind a proxy has none of its own.
    let port = origin.rsplit(':').next().and_then(|it| it.parse().ok()).unwrap_or_default();
    Ok(Door { origin, address: (Ipv4Addr::LOCALHOST, port).into(), process })
}

impl Door {
    pub fn signal(&self, name: &str) {
        let id = self.process.id().expect("it runs").to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill runs").success());
    }

    /// Asks it to stop and waits for its end.
    pub async fn stop(mut self) -> Option<i32> {
        self.signal("TERM");
        self.process.wait().await.expect("it ends").code()
    }
}

/// A browser that goes to `name` at this door and trusts `root` alone.
pub fn browser(root: &str, name: &str, address: SocketAddr) -> reqwest::Client {
    let root = reqwest::Certificate::from_pem(root.as_bytes()).expect("a certificate");
    reqwest::Client::builder()
        .tls_certs_only([root])
        .resolve(name, address)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

/// A port that was free a moment ago, for programs that cannot be told to choose one.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// As `serve`, for a house whose public address does not tell where it listens.
pub async fn serve_at(data: &Path, address: SocketAddr, options: &[&str]) -> Result<Door> {
    let listen = address.to_string();
    let door = serve(data, &[&["--listen", &listen], options].concat()).await?;
    Ok(Door { address, ..door })
}
