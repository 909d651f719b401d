//! What devices say of a call, broken where its structure is: seeded, for a moment here, and longer with `make soak`
//! (`MADANG_FUZZ_SECONDS`). What fails says its seed, which is one run.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use madang_test::House;
use madang_test::netsim::link::Dice;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{calls, hears, joining, joins, people, sees};
use crate::cast::does;
use crate::talk::{Socket, add, connect, house, new_space};

/// Nobody here is ever connected, and who does not get connected is out after half a minute.
const MOST_SECONDS: f64 = 20.0;

/// What a device may say by HTTP and by its socket, as it is right.
struct Speech {
    requests: Vec<(&'static str, String, Value)>,
    signals: Vec<Value>,
}

impl Speech {
    fn of(call: &str, me: &str, other: &str) -> Speech {
        let track = format!("{other}/screen");
        let at = |more: &str| format!("/calls/{call}{more}");
        let mine = |more: &str| format!("/calls/{call}/participants/{me}{more}");
        let slots = json!([{"mid": "2", "track": track, "height": 360, "priority": 1}]);
        let intent = json!({"microphone": true, "camera": false, "screen": true, "hand": true, "slots": slots, "low_data": false, "device": "test"});
        let join = joining("test", "one");
        let again = join["offer"].clone();
        let requests = vec![
            ("POST", at("/participants"), join),
            ("PUT", mine(""), intent),
            ("POST", mine("/offer"), json!({"offer": again})),
            ("POST", mine("/mute"), json!({"source": "microphone"})),
            ("PUT", at(""), json!({"locked": false, "host": me, "guests_unseen": false})),
            ("POST", at("/reactions"), json!({"emoji": "🎉", "device": "test"})),
            ("POST", mine("/keys"), json!({"epoch": 1, "keys": [{"participant": other, "sealed": "AAAA"}]})),
        ];
        let signals = vec![
            json!({"kind": "pointer", "track": track, "x": 0.5, "y": 0.5}),
            json!({"kind": "ink", "track": track, "stroke": "s1", "points": [[0.5, 0.25], [1.0, 0.0]], "colour": 3, "stay": true, "done": false}),
            json!({"kind": "ink_undo", "track": track, "stroke": "s1"}),
            json!({"kind": "ink_clear", "track": track}),
            json!({"kind": "ask_to_unmute", "participant": other, "source": "camera"}),
        ];
        let frame = |signal| json!({"type": "call_signal", "call": call, "signal": signal});
        Speech { requests, signals: signals.into_iter().map(frame).collect() }
    }
}

fn below(dice: &mut Dice, most: usize) -> usize {
    (dice.throw() * most.max(1) as f64) as usize
}

/// Something that does not belong there.
fn wrong(dice: &mut Dice) -> Value {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let some = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(-0.0),
        json!(""),
        json!("\u{0}"),
        json!("\u{202e}가\r\na=x"),
        json!("9".repeat(20_000)),
        json!("/".repeat(64)),
        json!([]),
        json!({}),
        deep,
        json!(vec![json!({"mid": "2", "track": null}); 3_000]),
    ];
    some[below(dice, some.len())].clone()
}

/// Breaks one place of it.
fn broken(dice: &mut Dice, value: &mut Value) {
    let inside = dice.throw() < 0.8;
    match value {
        Value::Object(fields) if inside && !fields.is_empty() => {
            let name = fields.keys().nth(below(dice, fields.len())).expect("one of them").clone();
            match below(dice, 6) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(format!("{name}x"), wrong(dice))),
                _ => broken(dice, fields.get_mut(&name).expect("it is there")),
            }
        }
        Value::Array(items) if inside && !items.is_empty() => {
            let place = below(dice, items.len());
            match below(dice, 4) {
                0 => items.extend(vec![items[place].clone(); 1 + below(dice, 500)]),
                _ => broken(dice, &mut items[place]),
            }
        }
        // SDP and names: a piece of the text is cut, doubled or another one.
        Value::String(text) if inside && !text.is_empty() => {
            let letters: Vec<char> = text.chars().collect();
            let (from, to) = (below(dice, letters.len()), below(dice, letters.len()));
            let (from, to) = (from.min(to), from.max(to));
            let piece: String = letters[from..to].iter().collect();
            let (front, back): (String, String) =
                (letters[..from].iter().collect(), letters[to..].iter().collect());
            *text = match below(dice, 3) {
                0 => format!("{front}{back}"),
                1 => format!("{front}{piece}{piece}{back}"),
                _ => format!("{front}\u{7f}9{back}"),
            };
        }
        other => *other = wrong(dice),
    }
}

/// One step: a request or a frame of the socket that is broken in some places.
async fn says(house: &House, token: &str, socket: &mut Socket, speech: &Speech, dice: &mut Dice) {
    let times = 1 + below(dice, 3);
    if dice.throw() < 0.6 {
        let (method, path, body) = &speech.requests[below(dice, speech.requests.len())];
        let mut body = body.clone();
        (0..times).for_each(|_| broken(dice, &mut body));
        let ask = || house.ask(Some(token), method, path, Some(body.clone()));
        // A connection on which something was refused unread is closed, and may be taken once more before that is seen.
        let answered = match ask().await {
            Err(_) => ask().await,
            answered => answered,
        };
        let (status, answer) = answered.expect("it answers");
        assert!(status < 500, "{method} {path} {body}: {status} {answer}");
        assert!(status < 400 || answer["error"]["code"].is_string(), "{method} {path}: {status} {answer}");
        return;
    }
    let mut frame = speech.signals[below(dice, speech.signals.len())].clone();
    (0..times).for_each(|_| broken(dice, &mut frame));
    let mut text = frame.to_string();
    if dice.throw() < 0.3 {
        let letters: Vec<char> = text.chars().collect();
        text = letters[..below(dice, letters.len())].iter().collect();
    }
    if socket.send(Message::text(text)).await.is_err() {
        // Who says too much at once is hung up on, and comes back.
        *socket = connect(house, token, json!({})).await.0;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fuzz_whatever_a_device_says_of_a_call_is_answered_and_harms_no_other_call() {
    let ask = |name| std::env::var(name).ok().and_then(|it| it.parse::<f64>().ok());
    let seed = ask("MADANG_FUZZ_SEED").map_or(1, |it| it as u64);
    let until =
        Instant::now() + Duration::from_secs_f64(ask("MADANG_FUZZ_SECONDS").unwrap_or(2.0).min(MOST_SECONDS));
    eprintln!("MADANG_FUZZ_SEED={seed} does it again");
    let house = house().await;
    let (_, joons) = house.member("joon").expect("joon");
    let (_, minas) = house.member("mina").expect("mina");
    let garden = new_space(&house, &house.token, "closed").await;
    let yard = new_space(&house, &house.token, "closed").await;
    for space in [&garden, &yard] {
        add(&house, space, "joon@example.com").await;
    }
    add(&house, &yard, "mina@example.com").await;
    // A call that has nothing to do with it.
    let quiet = calls(&house, &minas, &yard).await;
    let mut ear = connect(&house, &minas, json!({})).await.0;
    joins(&house, &minas, &quiet, "mina").await;
    let call = calls(&house, &house.token, &garden).await;
    let host = joins(&house, &house.token, &call, "nari").await;
    let me = joins(&house, &joons, &call, "one").await;
    // nari of her own call, which she hosts; and of one in which joon is not.
    let (own, theirs) = (Speech::of(&call, &host, &me), Speech::of(&quiet, &me, &host));
    let mut sockets =
        [connect(&house, &house.token, json!({})).await.0, connect(&house, &joons, json!({})).await.0];
    let dice = &mut Dice::new(seed);
    while Instant::now() < until {
        says(&house, &house.token, &mut sockets[0], &own, dice).await;
        says(&house, &joons, &mut sockets[1], &theirs, dice).await;
    }
    does(
        &house,
        &minas,
        "POST",
        &format!("/calls/{quiet}/reactions"),
        Some(json!({"emoji": "🎉", "device": "test"})),
    )
    .await;
    hears(&mut ear, "call_signal", |it| it["signal"]["kind"] == "reaction" && it["call"] == quiet.as_str())
        .await;
    let now = does(&house, &minas, "GET", "/calls", None).await;
    let still = now["calls"].as_array().expect("calls").iter().find(|it| it["id"] == quiet.as_str());
    assert!(still.is_some_and(|it| people(it) >= 1), "{now}");
    joins(&house, &house.token, &quiet, "late").await;
    sees(&mut ear, |it| it["id"] == quiet.as_str() && people(it) >= 2).await;
}
