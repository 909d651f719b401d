//! A mail server for stories: it takes every mail and gives it to the story.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use mail_parser::{Message, MessageParser};

use crate::talk::PATIENCE;

/// A mail server (RFC 5321) on this machine, and the mails that it takes. Ends with the process.
pub fn sink() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (give, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let give = give.clone();
            std::thread::spawn(move || take(stream, &give));
        }
    });
    (address, mails)
}

fn take(stream: TcpStream, give: &Sender<String>) -> Option<()> {
    let mut answer = stream.try_clone().ok()?;
    answer.write_all(b"220 sink\r\n").ok()?;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(line) = lines.next() {
        let says: &[u8] = match line.get(..4) {
            Some("DATA") => {
                answer.write_all(b"354 go on\r\n").ok()?;
                let said: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                // A story that is over listens no more.
                let _ = give.send(said.join("\r\n"));
                b"250 taken\r\n"
            }
            Some("QUIT") => b"221 bye\r\n",
            _ => b"250 sink\r\n",
        };
        answer.write_all(says).ok()?;
    }
    Some(())
}

/// The next mail.
pub fn next(mails: &Receiver<String>) -> String {
    tokio::task::block_in_place(|| mails.recv_timeout(3 * PATIENCE)).expect("a mail")
}

pub fn read(raw: &str) -> Message<'_> {
    MessageParser::default().parse(raw).expect("a mail")
}

/// A header as it is written.
pub fn header(mail: &Message<'_>, name: &str) -> String {
    mail.header_raw(name.to_owned()).unwrap_or_default().trim().to_owned()
}
