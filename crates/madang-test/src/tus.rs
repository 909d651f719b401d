//! A small client of tus 1.0.0 (docs/protocol/files.md), for whoever loses lines and servers on purpose. One request a
//! call; nothing is tried again here.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const PART: &str = "application/offset+octet-stream";

/// Who sends, and where to.
pub struct Tus<'a> {
    pub client: &'a reqwest::Client,
    /// `http://127.0.0.1:PORT`
    pub origin: &'a str,
    /// The header that shows who asks.
    pub key: (&'static str, String),
}

/// What came back.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    /// `Upload-Offset`.
    pub offset: Option<i64>,
    /// `Location`, below `/api/v1`.
    pub path: Option<String>,
    pub answer: Value,
}

impl Tus<'_> {
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Told> {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.origin));
        request = request.header("tus-resumable", "1.0.0").header("origin", self.origin);
        request = request.header(self.key.0, &self.key.1);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.body(body).send().await?;
        let header = |name: &str| answer.headers().get(name).and_then(|it| it.to_str().ok());
        let offset = header("upload-offset").and_then(|it| it.parse().ok());
        let path = header("location").and_then(|it| it.strip_prefix("/api/v1")).map(str::to_owned);
        let status = answer.status().as_u16();
        let answer = serde_json::from_slice(&answer.bytes().await?).unwrap_or(Value::Null);
        Ok(Told { status, offset, path, answer })
    }

    /// Begins an upload of `length` bytes.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn begin(&self, name: &str, length: usize) -> Result<Told> {
        let metadata = format!("filename {}", STANDARD.encode(name));
        let headers = [("upload-length", length.to_string()), ("upload-metadata", metadata)];
        self.ask(Method::POST, "/uploads", &headers, Vec::new()).await
    }

    /// Sends a part.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn send(&self, path: &str, offset: usize, part: &[u8]) -> Result<Told> {
        let headers = [("upload-offset", offset.to_string()), ("content-type", PART.to_owned())];
        self.ask(Method::PATCH, path, &headers, part.to_vec()).await
    }

    /// Announces `length` bytes, sends `part` of them, and the line is cut.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn send_and_hang_up(
        &self,
        path: &str,
        offset: usize,
        length: usize,
        part: &[u8],
    ) -> Result<()> {
        let host = self.origin.strip_prefix("http://").context("served without TLS here")?;
        let (origin, (name, value)) = (self.origin, &self.key);
        let head = format!(
            "PATCH /api/v1{path} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\n{name}: {value}\r\n\
             tus-resumable: 1.0.0\r\nupload-offset: {offset}\r\ncontent-type: {PART}\r\n\
             content-length: {length}\r\n\r\n"
        );
        let mut line = TcpStream::connect(host).await?;
        line.write_all(head.as_bytes()).await?;
        line.write_all(part).await?;
        Ok(line.flush().await?)
    }

    /// Asks where an upload stands.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn offset(&self, path: &str) -> Result<Told> {
        self.ask(Method::HEAD, path, &[], Vec::new()).await
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn give_up(&self, path: &str) -> Result<Told> {
        self.ask(Method::DELETE, path, &[], Vec::new()).await
    }

    /// The file that it has become.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn file(&self, path: &str) -> Result<Told> {
        self.ask(Method::GET, &format!("{path}/file"), &[], Vec::new()).await
    }

    /// The content of a file.
    ///
    /// # Errors
    /// What the connection said, also in the middle of the content.
    pub async fn content(&self, id: &str) -> Result<(u16, Vec<u8>)> {
        let request = self.client.get(format!("{}/api/v1/files/{id}/x", self.origin));
        let answer = request.header(self.key.0, &self.key.1).send().await?;
        Ok((answer.status().as_u16(), answer.bytes().await?.to_vec()))
    }
}

/// Bytes that repeat nowhere and are the same each time for a seed (xorshift).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ seed.wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
