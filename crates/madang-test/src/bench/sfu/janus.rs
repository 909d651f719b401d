//! Janus from Debian: its VideoRoom over its HTTP interface, with a configuration of
//! its own in a temporary folder. It never offers an address of loopback for media, so all servers
//! and clients are given the machine's own: packets between two programs do not leave it either way.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::peer::{Media, Peer};
use super::{Make, Sfu};
use crate::bench::machine;

/// Everything that no call needs is left out, so that it costs nothing.
const CONFIG: &str = r#"
general: { session_timeout = 0  event_loops = LOOPS  debug_level = 2 }
media: { rtp_port_range = "20000-60000" }
nat: { ice_lite = true  ipv6 = false  ice_enforce_list = "HOST" }
plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
transports: { disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
events: { broadcast = false }
"#;
const HTTP: &str = r#"
general: { json = "compact"  base_path = "/janus"  http = true  port = PORT  ip = "127.0.0.1"  https = false }
admin: { admin_http = false }
"#;

pub struct Janus {
    child: Child,
    /// Its configuration, kept as long as it runs.
    _folder: tempfile::TempDir,
    address: SocketAddr,
    session: u64,
    asked: u64,
    /// Publishers, by their number in the series.
    feeds: Vec<u64>,
    /// Whom publishers want to see once all are there.
    waiting: Vec<Vec<usize>>,
}

/// The room that is made for a series.
const ROOM: u64 = 1;

impl Janus {
    /// Whether there is one on this machine.
    pub fn is_here() -> bool {
        Command::new("janus").arg("--help").output().is_ok_and(|it| it.status.success())
    }

    pub fn start(loops: usize, media: Media) -> Result<Janus> {
        let folder = tempfile::tempdir()?;
        // It cannot be told to choose a port and say which: one that was free a moment ago is.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        let host = super::own_address()?.to_string();
        file("janus.jcfg", &CONFIG.replace("LOOPS", &loops.to_string()).replace("HOST", &host))?;
        file("janus.transport.http.jcfg", &HTTP.replace("PORT", &address.port().to_string()))?;
        file("janus.plugin.videoroom.jcfg", "general: { }\n")?;
        let mut command = Command::new("janus");
        command.arg("-F").arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = machine::spawn(&mut command)?;
        let mut janus = Janus {
            child,
            _folder: folder,
            address,
            session: 0,
            asked: 0,
            feeds: Vec::new(),
            waiting: Vec::new(),
        };
        janus.session = janus.opened()?;
        let handle = janus.attach()?;
        let codec = if media == Media::Voices { "audiocodec" } else { "videocodec" };
        let codec_name = if media == Media::Voices { "opus" } else { "vp8" };
        let made = janus.plugin(
            handle,
            &json!({"request": "create", "room": ROOM, "publishers": 100, "bitrate": 0, codec: codec_name}),
            None,
        )?;
        if made["plugindata"]["data"]["videoroom"] != "created" {
            bail!("Janus made no room: {made}");
        }
        Ok(janus)
    }

    /// It answers a second or so after its start.
    fn opened(&mut self) -> Result<u64> {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            match self.post("", json!({"janus": "create"})) {
                Ok(answer) => return answer["data"]["id"].as_u64().context("Janus opens a session"),
                Err(error) if Instant::now() > until => return Err(error.context("Janus does not answer")),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn attach(&mut self) -> Result<u64> {
        let session = format!("/{}", self.session);
        let answer = self.post(&session, json!({"janus": "attach", "plugin": "janus.plugin.videoroom"}))?;
        answer["data"]["id"].as_u64().with_context(|| format!("Janus attaches: {answer}"))
    }

    /// A message to the VideoRoom, and its answer, which may come as an event.
    fn plugin(&mut self, handle: u64, body: &Value, jsep: Option<Value>) -> Result<Value> {
        let mut message = json!({"janus": "message", "body": body});
        if let Some(jsep) = jsep {
            message["jsep"] = jsep;
        }
        let answer = self.post(&format!("/{}/{handle}", self.session), message)?;
        if answer["janus"] != "ack" {
            return Ok(answer);
        }
        let transaction = answer["transaction"].clone();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            let event = self.get(&format!("/{}?maxev=1", self.session))?;
            if event["transaction"] == transaction {
                if let Some(error) = event["plugindata"]["data"].get("error") {
                    bail!("Janus says {error} to {body}");
                }
                return Ok(event);
            }
        }
        bail!("Janus did not answer {body}")
    }

    fn subscribe(&mut self, make: Make, of: &[usize], peers: &mut Vec<Peer>) -> Result<()> {
        let mut peer = make()?;
        let handle = self.attach()?;
        let streams: Vec<Value> = of.iter().map(|of| json!({"feed": self.feeds[*of]})).collect();
        let body = json!({"request": "join", "room": ROOM, "ptype": "subscriber", "streams": streams});
        let offered = self.plugin(handle, &body, None)?;
        let answer = json!({"type": "answer", "sdp": peer.answer(sdp(&offered)?)?});
        self.plugin(handle, &json!({"request": "start"}), Some(answer))?;
        peers.push(peer);
        Ok(())
    }

    fn post(&mut self, path: &str, mut body: Value) -> Result<Value> {
        self.asked += 1;
        body["transaction"] = self.asked.to_string().into();
        self.http("POST", path, &body.to_string())
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.http("GET", path, "")
    }

    /// HTTP/1.0: the answer ends with the connection.
    fn http(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(40)))?;
        let length = body.len();
        write!(stream, "{method} /janus{path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("an answer has a head and a body")?;
        Ok(serde_json::from_str(body)?)
    }
}

fn sdp(event: &Value) -> Result<&str> {
    event["jsep"]["sdp"].as_str().with_context(|| format!("Janus describes its side: {event}"))
}

impl Sfu for Janus {
    fn process(&self) -> u32 {
        self.child.id()
    }

    /// One connection to publish and one to subscribe, as its own clients do it.
    fn enter(&mut self, make: Make, sends: bool, of: &[usize], peers: &mut Vec<Peer>) -> Result<()> {
        if !sends {
            return self.subscribe(make, of, peers);
        }
        let mut peer = make()?;
        let handle = self.attach()?;
        let joined =
            self.plugin(handle, &json!({"request": "join", "room": ROOM, "ptype": "publisher"}), None)?;
        let id = joined["plugindata"]["data"]["id"].as_u64().context("Janus names publishers")?;
        let offer = json!({"type": "offer", "sdp": peer.offer(true, 0)?});
        let answer = self.plugin(handle, &json!({"request": "configure"}), Some(offer))?;
        peer.accept(sdp(&answer)?)?;
        peers.push(peer);
        self.feeds.push(id);
        if !of.is_empty() {
            self.waiting.push(of.to_vec());
        }
        Ok(())
    }

    /// It subscribes nobody to what is not there yet.
    fn all_send(&mut self, make: Make, peers: &mut Vec<Peer>) -> Result<()> {
        std::mem::take(&mut self.waiting).iter().try_for_each(|of| self.subscribe(make, of, peers))
    }
}

impl Drop for Janus {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
