//! A program outside that the house tells something: it takes requests one after the other, and answers as it likes.

use madang_test::House;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A house that may tell programs on this machine.
pub async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.options.extend(["--outgoing-allowed".into(), "127.0.0.1".into()]);
    house.start().await.expect("it serves");
    house
}

pub struct Receiver {
    listener: TcpListener,
}

pub struct Request {
    head: String,
    pub body: String,
    stream: BufReader<TcpStream>,
}

impl Receiver {
    pub async fn open() -> Receiver {
        Receiver { listener: TcpListener::bind("127.0.0.1:0").await.expect("a port") }
    }

    pub fn url(&self) -> String {
        format!("http://{}/events", self.listener.local_addr().expect("an address"))
    }

    /// The next request, not answered yet.
    pub async fn next(&self) -> Request {
        let (stream, _) = self.listener.accept().await.expect("somebody comes");
        let mut stream = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.expect("a line");
            if let Some(("content-length", value)) = line.trim_end().to_ascii_lowercase().split_once(": ") {
                length = value.parse().expect("a length");
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("a body");
        Request { head, body: String::from_utf8(body).expect("text"), stream }
    }

    /// Takes the next request, and answers it with this status.
    pub async fn takes(&self, status: &str) -> Request {
        let mut request = self.next().await;
        request.answer(status, "").await;
        request
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|it| it.to_ascii_lowercase().starts_with(&format!("{name}: ")))?;
        line.split_once(": ").map(|it| it.1)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub async fn answer(&mut self, status: &str, body: &str) {
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(answer.as_bytes()).await.expect("answered");
    }
}
