//! A request whose answer is lost: it is written in full, and the connection
//! is cut before anything comes back.

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Sends a request to `origin` and hangs up.
///
/// # Errors
/// What the connection said; then it was perhaps not even sent.
pub async fn send_and_hang_up(
    origin: &str,
    (name, value): (&str, String),
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<()> {
    let address = origin.strip_prefix("http://").context("the house is served without TLS here")?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\n{name}: {value}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(head.as_bytes()).await?;
    connection.flush().await?;
    Ok(())
}
