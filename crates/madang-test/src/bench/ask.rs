//! One question after another over one connection that waits. For preparing
//! runs, and for newcomers, whose every wait counts.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::wire;

pub struct Asker {
    stream: TcpStream,
    address: SocketAddr,
    pub token: Option<String>,
}

impl Asker {
    pub fn connect(address: SocketAddr, token: Option<&str>) -> Result<Asker> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Asker { stream, address, token: token.map(str::to_owned) })
    }

    /// Asks and gives the head and the body of a good answer as bytes.
    pub fn bytes(&mut self, method: &str, path: &str, body: &str) -> Result<(String, Vec<u8>)> {
        let request = wire::request(self.address, self.token.as_deref(), method, path, body);
        self.stream.write_all(request.as_bytes())?;
        let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
        loop {
            let count = self.stream.read(&mut buffer)?;
            if count == 0 {
                bail!("{method} {path}: the connection was closed");
            }
            bytes.extend_from_slice(&buffer[..count]);
            if let Some(answer) = wire::answer(&bytes)? {
                let body = bytes.split_off(answer.body.start);
                if !(200..300).contains(&answer.status) {
                    bail!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&body));
                }
                return Ok((String::from_utf8(bytes)?, body));
            }
        }
    }

    pub fn json(&mut self, method: &str, path: &str, body: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&self.bytes(method, path, body)?.1)?)
    }

    /// Joins by a link as a new guest; gives the secret of their session.
    pub fn join(&mut self, link: &str, name: &str) -> Result<String> {
        let body = format!("{{\"name\":\"{name}\",\"language\":\"en\"}}");
        let (head, _) = self.bytes("POST", &format!("/join/{link}"), &body)?;
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: madang="));
        let secret = cookie.and_then(|it| it.split(';').next()).context("joining opens a session")?;
        Ok(secret.to_owned())
    }

    /// The newest seq of a space.
    pub fn head(&mut self, space: &str) -> Result<i64> {
        let answer = self.json("GET", &format!("/spaces/{space}"), "")?;
        answer["space"]["head"]["seq"].as_i64().context("a space tells its head")
    }
}
