//! A push service on this machine (RFC 8030), and a device that subscribed there: it checks who sent a message
//! (RFC 8292) and reads what only it can read (RFC 8291).

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::talk::PATIENCE;

/// One message as it came.
#[derive(Debug)]
pub struct Message {
    /// Whose: what stands after `/push/`.
    pub to: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// The service. What is not told otherwise is taken (201).
pub struct Service {
    pub address: SocketAddr,
    messages: mpsc::UnboundedReceiver<Message>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Service {
    pub async fn open() -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (told, messages) = mpsc::unbounded_channel();
        let answers: Arc<Mutex<VecDeque<&'static str>>> = Arc::default();
        let script = answers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = take(stream, &told, &script).await;
            }
        });
        Service { address, messages, answers }
    }

    /// The next message is answered with this status line, and more headers if there are.
    pub fn answers(&self, status: &'static str) {
        self.answers.lock().push_back(status);
    }

    pub async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.messages.recv());
        next.await.expect("a push in time").expect("the service runs")
    }

    /// A device that subscribed here.
    pub fn device(&self, name: &'static str) -> Device {
        let key = PrivateKey::generate(&ECDH_P256).expect("a key");
        let public = key.compute_public_key().expect("a point").as_ref().to_vec();
        Device { name, address: self.address, key, public, auth: *b"sixteen bytes it" }
    }
}

async fn take(
    stream: TcpStream,
    told: &mpsc::UnboundedSender<Message>,
    script: &Mutex<VecDeque<&'static str>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let status = script.lock().pop_front().unwrap_or("201 Created");
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.get_mut().write_all(answer.as_bytes()).await?;
    let to = path.rsplit('/').next().unwrap_or_default().to_owned();
    // Nobody listens any more once the story is over.
    let _ = told.send(Message { to, headers, body });
    Ok(())
}

/// A device that subscribed.
pub struct Device {
    name: &'static str,
    address: SocketAddr,
    key: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Device {
    /// As a browser gives it.
    pub fn subscription(&self) -> Value {
        let keys = json!({"p256dh": URL_SAFE_NO_PAD.encode(&self.public), "auth": URL_SAFE_NO_PAD.encode(self.auth)});
        json!({"endpoint": format!("http://{}/push/{}", self.address, self.name), "expirationTime": null, "keys": keys})
    }

    /// Checks that the house with this key sent it, and reads it.
    pub fn reads(&self, message: &Message, key: &str) -> Value {
        assert_eq!(message.to, self.name);
        assert_eq!(message.headers["content-encoding"], "aes128gcm");
        let ttl: u64 = message.headers["ttl"].parse().expect("a number of seconds");
        assert!(ttl > 0 && message.body.len() <= 4_096);
        self.sent_by(&message.headers["authorization"], key);
        serde_json::from_slice(&self.opens(&message.body)).expect("JSON")
    }

    /// RFC 8292, 2 to 3: who it is, for whom, and until when.
    fn sent_by(&self, authorization: &str, key: &str) {
        let (token, shown) =
            authorization.strip_prefix("vapid t=").and_then(|it| it.split_once(", k=")).expect("two parts");
        assert_eq!(shown, key, "the key that devices subscribed with");
        let (said, signature) = token.rsplit_once('.').expect("three parts");
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(key))
            .verify(said.as_bytes(), &bytes(signature))
            .expect("signed with that key");
        let (_, claims) = said.split_once('.').expect("two parts");
        let claims: Value = serde_json::from_slice(&bytes(claims)).expect("JSON");
        assert_eq!(claims["aud"], format!("http://{}", self.address));
        let now =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let left = claims["exp"].as_u64().expect("a time") - now;
        assert!(left > 0 && left <= 24 * 3_600, "{left}");
        assert!(
            claims["sub"].as_str().is_some_and(|it| it.starts_with("mailto:") || it.starts_with("https:"))
        );
    }

    /// RFC 8291, 3.4 and RFC 8188, 2, from the receiver's side.
    fn opens(&self, body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        let (sender, record) = (&rest[5..70], &rest[70..]);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65]);
        let theirs = agreement::UnparsedPublicKey::new(&ECDH_P256, sender);
        let first: [u8; 32] = agreement::agree(&self.key, theirs, Unspecified, |shared| {
            expand(
                &Salt::new(HKDF_SHA256, &self.auth).extract(shared),
                &[b"WebPush: info\0", &self.public, sender],
            )
        })
        .expect("a key in common");
        let prk = Salt::new(HKDF_SHA256, salt).extract(&first);
        let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"]).expect("a key");
        let nonce = expand(&prk, &[b"Content-Encoding: nonce\0"]).expect("a nonce");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
        let mut plain = record.to_vec();
        let plain = key
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut plain)
            .expect("meant for this device");
        let end = plain.iter().rposition(|byte| *byte != 0).expect("a delimiter");
        assert_eq!(plain[end], 2, "the last record");
        plain[..end].to_vec()
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    prk.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}
