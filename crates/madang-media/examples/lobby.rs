//! A call without a house: the media server behind the smallest signalling there is, for
//! `testing/media`. Prints where it listens, for HTTP on loopback; ends with its input.
//!
//! One request each, its call and participant in the query, its body JSON:
//! `join {sdp, publish, receive, rights}`, `renegotiate {sdp}`, `want {slots}`,
//! `allow {rights, muted}`, `sends {sources}`, `leave`, `numbers`, `told` (the newest slots).

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use madang_media::{Config, Event, Layer, Media, Offer, Rights, Slots, Source, Want, Wants};
use madang_model::{CallId, ParticipantId};
use serde_json::{Value, json};

type Told = Arc<Mutex<HashMap<ParticipantId, Value>>>;

struct Lobby {
    media: Media,
    told: Told,
    runtime: tokio::runtime::Runtime,
}

fn main() -> std::io::Result<()> {
    let http = TcpListener::bind("127.0.0.1:0")?;
    let told = Told::default();
    let mut config = Config::loopback();
    config.lite = std::env::var("LOBBY_FULL_ICE").is_err();
    if std::env::var("LOBBY_TCP").is_ok() {
        config.tcp = Some(http.local_addr()?.port());
    }
    let heard = told.clone();
    let media = Media::start(config, move |event| hear(&heard, event))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{} {}", http.local_addr()?, media.udp())?;
    out.flush()?;
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let lobby = Lobby { media, told, runtime };
    for stream in http.incoming() {
        lobby.serve(stream?)?;
    }
    Ok(())
}

fn hear(told: &Told, event: Event) {
    let mut told = told.lock().expect("nobody panics while holding it");
    match event {
        Event::Slots { participant, slots, .. } => {
            let shown = told.entry(participant).or_insert_with(|| json!({"events": []}));
            shown["slots"] = shape(&slots);
        }
        Event::Connected { participant, .. }
        | Event::Lost { participant, .. }
        | Event::Gone { participant, .. } => {
            let shown = told.entry(participant).or_insert_with(|| json!({"events": []}));
            let name = format!("{event:?}").split(' ').next().unwrap_or_default().to_lowercase();
            shown["events"].as_array_mut().expect("made above").push(name.into());
        }
        Event::Speaker { .. } | Event::Numbers { .. } | Event::Recorded { .. } => {}
    }
}

fn shape(slots: &Slots) -> Value {
    let bound: Vec<Value> = slots
        .slots
        .iter()
        .map(|it| json!({"mid": it.mid, "track": it.track.map(|it| it.to_string()), "why": it.why.map(|it| it.as_str())}))
        .collect();
    let send: HashMap<&str, Vec<&str>> = slots
        .send
        .iter()
        .map(|(source, layers)| {
            (source.as_str(), layers.iter().map(|layer: &Layer| layer.as_str()).collect())
        })
        .collect();
    json!({
        "n": slots.n, "slots": bound, "send": send, "speaker": slots.speaker.map(|it| it.to_string()),
        "quality": {"state": slots.quality.state.as_str(), "did": slots.quality.did.map(|it| it.as_str())},
    })
}

impl Lobby {
    /// HTTP/1.1 as far as a test needs it; what is no HTTP is ICE over TCP, as on the web port.
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut read = Vec::new();
        let mut buffer = [0; 64 * 1024];
        let (head, body) = loop {
            let count = stream.read(&mut buffer)?;
            read.extend(&buffer[..count]);
            if read.first() == Some(&0) {
                stream.set_nonblocking(true)?;
                let _in = self.runtime.enter();
                self.media.take_tcp(tokio::net::TcpStream::from_std(stream)?, read.into());
                return Ok(());
            }
            let text = String::from_utf8_lossy(&read).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                if count == 0 {
                    return Ok(());
                }
                continue;
            };
            let lower = head.to_lowercase();
            let length = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                break (head.to_owned(), body.to_owned());
            }
        };
        let target = head.split(' ').nth(1).unwrap_or("/").to_owned();
        let (kind, answer) = if target == "/" {
            ("text/html", "<!doctype html><title>Lobby</title>".to_owned())
        } else {
            ("application/json", self.answer(&target, &body).to_string())
        };
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
            answer.len()
        )
    }

    fn answer(&self, target: &str, body: &str) -> Value {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let ask = |key: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
        };
        let call = CallId(ask("call").unwrap_or(1));
        let who = ParticipantId(ask("participant").unwrap_or(1));
        let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        match path {
            "/join" => {
                let joined = self.media.join(call, who, rights(&body["rights"]), offer(&body));
                match self.runtime.block_on(joined) {
                    Ok(answer) => {
                        json!({"sdp": answer.sdp, "slots": shape(&answer.slots), "participant": who.to_string()})
                    }
                    Err(error) => json!({"error": error.to_string()}),
                }
            }
            "/renegotiate" => {
                match self.runtime.block_on(self.media.renegotiate(call, who, text(&body["sdp"]))) {
                    Ok(sdp) => json!({"sdp": sdp}),
                    Err(error) => json!({"error": error.to_string()}),
                }
            }
            "/want" => {
                self.media.want(call, who, wants(&body));
                Value::Null
            }
            "/allow" => {
                self.media.allow(call, who, rights(&body["rights"]), sources(&body["muted"]));
                Value::Null
            }
            "/sends" => {
                self.media.sends(call, who, sources(&body["sources"]));
                Value::Null
            }
            "/leave" => {
                self.media.leave(call, who);
                Value::Null
            }
            "/numbers" => {
                let numbers = self.runtime.block_on(self.media.numbers(call));
                let shown = numbers.iter().map(|it| json!({"participant": it.participant.to_string(), "loss_up": it.loss_up, "loss_down": it.loss_down, "estimate": it.estimate, "freezes": it.freezes, "way": it.way, "received": it.received, "sent": it.sent}));
                shown.collect()
            }
            _ => self
                .told
                .lock()
                .expect("nobody panics while holding it")
                .get(&who)
                .cloned()
                .unwrap_or(Value::Null),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn sources(value: &Value) -> Vec<Source> {
    list(value).iter().filter_map(|it| it.as_str()?.parse().ok()).collect()
}

fn rights(value: &Value) -> Rights {
    let may = |key: &str| value[key].as_bool().unwrap_or(true);
    Rights { microphone: may("microphone"), camera: may("camera"), screen: may("screen"), see: may("see") }
}

fn offer(body: &Value) -> Offer {
    let publish = list(&body["publish"])
        .iter()
        .filter_map(|it| Some((text(&it["mid"]), it["source"].as_str()?.parse().ok()?)));
    let receive = list(&body["receive"]).iter().map(|it| {
        let kind = if it["kind"] == "audio" { madang_media::Kind::Audio } else { madang_media::Kind::Video };
        (text(&it["mid"]), kind)
    });
    Offer { sdp: text(&body["sdp"]), publish: publish.collect(), receive: receive.collect() }
}

fn wants(body: &Value) -> Wants {
    let slots = list(&body["slots"]).iter().map(|it| Want {
        mid: text(&it["mid"]),
        track: it["track"].as_str().and_then(|it| it.parse().ok()),
        height: it["height"].as_u64().unwrap_or(720) as u32,
        priority: it["priority"].as_u64().unwrap_or(1) as u8,
    });
    Wants {
        slots: slots.collect(),
        low_data: body["low_data"].as_bool().unwrap_or(false),
        pinned: body["pinned"].as_str().and_then(|it| it.parse().ok()),
    }
}
