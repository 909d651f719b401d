//! Calls over HTTP and the socket: begun, joined, rung, hosted and ended.

mod host;
mod hostile;
mod record;
mod ring;
mod seal;
mod streams;
mod tcp;
mod time;
mod turn;

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{Socket, connect, house, next};

/// An offer as a browser makes it, with a microphone and a slot for each kind. Nobody connects by it.
fn offer(mark: &str) -> String {
    let head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n";
    let ice = format!(
        "c=IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=ice-ufrag:{mark}\r\na=ice-pwd:a1b2c3d4e5f6a1b2c3d4e5f6\r\n\
         a=fingerprint:sha-256 {}\r\na=setup:actpass\r\n",
        ["AB"; 32].join(":")
    );
    let audio = |mid: u8, way: &str| {
        format!(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{ice}a=mid:{mid}\r\na={way}\r\na=rtpmap:111 opus/48000/2\r\n\
             a=fmtp:111 minptime=10;useinbandfec=1\r\n"
        )
    };
    let video = format!(
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n{ice}a=mid:2\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\n\
         a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
    );
    format!("{head}{}a=ssrc:1001 cname:x\r\n{}{video}", audio(0, "sendonly"), audio(1, "recvonly"))
}

pub fn joining(device: &str, key: &str) -> Value {
    json!({
        "offer": offer(&format!("{key:x<8}")),
        "publish": [{"mid": "0", "source": "microphone"}],
        "receive": [{"mid": "1", "kind": "audio"}, {"mid": "2", "kind": "video"}],
        "device": device, "key": key, "microphone": true, "camera": false,
    })
}

/// As `joining`, by a device that offers its camera as well, on the line 3.
pub fn joining_with_camera(key: &str) -> Value {
    let mut wish = joining("test", key);
    let microphone = wish["offer"].as_str().expect("SDP").to_owned();
    let camera = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=mid:3\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n";
    let attributes = microphone.split("c=IN IP4 0.0.0.0\r\n").nth(1).and_then(|it| it.split("a=mid:").next());
    let camera = camera.replace("a=rtcp-mux\r\n", attributes.expect("ICE and DTLS"));
    wish["offer"] = json!(format!("{}{camera}", microphone.replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 3")));
    wish["publish"] = json!([{"mid": "0", "source": "microphone"}, {"mid": "3", "source": "camera"}]);
    wish
}

/// What the house answers to that camera.
pub fn answered_camera(joined: &Value) -> String {
    let sdp = joined["answer"].as_str().expect("SDP").to_owned();
    sdp.split("m=").find(|it| it.contains("a=mid:3")).expect("the line is answered").to_owned()
}

/// Begins a call in a space.
pub async fn calls(house: &House, token: &str, space: &str) -> String {
    let body = json!({"video": true, "ring": true});
    let started = does(house, token, "POST", &format!("/spaces/{space}/call"), Some(body)).await;
    started["call"]["id"].as_str().expect("an id").to_owned()
}

/// Joins with a device; gives the participant.
pub async fn joins(house: &House, token: &str, call: &str, key: &str) -> String {
    let path = format!("/calls/{call}/participants");
    let joined = does(house, token, "POST", &path, Some(joining("test", key))).await;
    assert!(joined["answer"].as_str().is_some_and(|sdp| sdp.starts_with("v=0")), "{joined}");
    joined["participant"].as_str().expect("an id").to_owned()
}

/// The next frame of a kind that fits.
pub async fn hears(socket: &mut Socket, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
    loop {
        let frame = next(socket).await.expect("a frame").expect("still connected");
        if frame["type"] == kind && fits(&frame) {
            return frame;
        }
    }
}

/// Waits until a call is as it should be, and gives it.
pub async fn sees(socket: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    hears(socket, "call", |frame| fits(&frame["call"])).await["call"].clone()
}

pub fn people(call: &Value) -> usize {
    call["participants"].as_array().map_or(0, Vec::len)
}

/// A direct space of two.
pub async fn direct(house: &House, token: &str, with: &str) -> String {
    let made = does(house, token, "POST", "/directs", Some(json!({"people": [with]}))).await;
    made["space"]["id"].as_str().expect("an id").to_owned()
}

async fn refused(house: &House, token: &str, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
    let (status, answer) = house.ask(Some(token), method, path, body).await.expect("asked");
    (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_meet_in_a_call_and_the_log_says_how_it_was() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let mut nari = connect(&house, &house.token, json!({})).await.0;
    let mut ear = connect(&house, &token, json!({})).await.0;
    let call = calls(&house, &house.token, &space).await;
    assert_eq!(calls(&house, &token, &space).await, call, "whoever calls back comes into the same one");
    let mine = joins(&house, &house.token, &call, "one").await;
    assert_eq!(
        joins(&house, &house.token, &call, "one").await,
        mine,
        "the same wish is the same participant"
    );
    let theirs = joins(&house, &token, &call, "two").await;
    let seen = sees(&mut ear, |it| people(it) == 2).await;
    assert_eq!((seen["host"].as_str(), seen["video"].as_bool()), (Some(mine.as_str()), Some(true)));
    let welcome = connect(&house, &token, json!({})).await.1;
    assert_eq!(welcome["calls"][0]["id"], call.as_str(), "a device that comes later knows of it");
    let path = format!("/calls/{call}/participants/{theirs}");
    let intent = json!({"microphone": false, "hand": true, "slots": [{"mid": "2", "track": format!("{mine}/camera"), "height": 360, "priority": 1}]});
    let now = does(&house, &token, "PUT", &path, Some(intent)).await;
    assert!(now["participant"]["hand"].is_i64() && now["participant"]["microphone"] == false, "{now}");
    let raised = hears(&mut nari, "call_signal", |_| true).await;
    assert_eq!(
        (raised["from"].as_str(), raised["signal"]["up"].as_bool()),
        (Some(theirs.as_str()), Some(true))
    );
    does(&house, &token, "DELETE", &path, None).await;
    sees(&mut nari, |it| people(it) == 1).await;
    does(&house, &house.token, "DELETE", &format!("/calls/{call}"), None).await;
    sees(&mut ear, |it| it["ended"].is_i64()).await;
    let ended = hears(&mut ear, "event", |it| it["event"]["type"] == "call.ended").await;
    let body = &ended["event"]["body"];
    assert_eq!(body["people"].as_array().map(Vec::len), Some(2), "{body}");
    assert!(body["missed"].is_null() && body["lasted_us"].as_i64() > Some(0), "{body}");
    let page = does(&house, &token, "GET", &format!("/spaces/{space}/pages/0"), None).await;
    let row =
        page["rows"].as_array().expect("rows").iter().find(|it| it["type"] == "call.started").expect("a row");
    assert_eq!(
        (row["body"]["ended"]["people"].clone(), row["changed"].clone()),
        (body["people"].clone(), ended["event"]["seq"].clone())
    );
    let gone = refused(
        &house,
        &token,
        "POST",
        &format!("/calls/{call}/participants"),
        Some(joining("test", "three")),
    )
    .await;
    assert_eq!(gone, (404, "call_over".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_out_of_the_space_is_out_of_the_call_within_a_second() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    does(&house, &token, "POST", &format!("/spaces/{}/join", house.space), None).await;
    let (_, minas) = house.member("mina").expect("mina");
    does(&house, &minas, "POST", &format!("/spaces/{}/join", house.space), None).await;
    let mut nari = connect(&house, &house.token, json!({})).await.0;
    let call = calls(&house, &house.token, &house.space).await;
    joins(&house, &house.token, &call, "one").await;
    let theirs = joins(&house, &token, &call, "two").await;
    let hers = joins(&house, &minas, &call, "three").await;
    sees(&mut nari, |it| people(it) == 3).await;
    let removed = std::time::Instant::now();
    does(&house, &house.token, "DELETE", &format!("/spaces/{}/members/{joon}", house.space), None).await;
    sees(&mut nari, |it| people(it) == 2).await;
    assert!(removed.elapsed() < std::time::Duration::from_secs(1), "{:?}", removed.elapsed());
    let path = format!("/calls/{call}/participants/{theirs}");
    let muted = refused(&house, &token, "PUT", &path, Some(json!({"microphone": false}))).await;
    assert_eq!(muted, (403, "not_a_member".into()));
    let away = std::time::Instant::now();
    does(&house, &minas, "DELETE", "/session", None).await;
    let left = sees(&mut nari, |it| people(it) == 1).await;
    assert!(away.elapsed() < std::time::Duration::from_secs(1), "{:?}", away.elapsed());
    assert_ne!(left["participants"][0]["id"], hers.as_str());
    does(&house, &house.token, "POST", &format!("/spaces/{}/archive", house.space), None).await;
    sees(&mut nari, |it| it["ended"].is_i64()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_cut_off_by_a_kill_is_over_at_the_next_start_and_its_people_are_known() {
    let mut house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let mut nari = connect(&house, &house.token, json!({})).await.0;
    let call = calls(&house, &house.token, &space).await;
    joins(&house, &house.token, &call, "one").await;
    joins(&house, &token, &call, "two").await;
    sees(&mut nari, |it| people(it) == 2).await;
    // What is noted beside the calls is noted before what is written after it.
    crate::talk::post(&house, &house.token, &space, "들려요?").await;
    house.kill().await.expect("killed");
    house.start().await.expect("it serves");
    let log = does(&house, &token, "GET", &format!("/spaces/{space}/events"), None).await;
    let ended = log["events"].as_array().expect("events").iter().find(|it| it["type"] == "call.ended");
    let people = ended.expect("it is over")["body"]["people"].as_array().map(Vec::len);
    assert!(people.is_some_and(|it| it >= 1), "{ended:?}");
    let gone = refused(&house, &token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!(gone, (404, "call_over".into()));
    let again = calls(&house, &token, &space).await;
    assert_ne!(again, call);
    joins(&house, &token, &again, "three").await;
    assert_eq!(house.stop().await.expect("stopped"), Some(0));
    house.start().await.expect("it serves");
    let log = does(&house, &token, "GET", &format!("/spaces/{space}/events"), None).await;
    let ends =
        log["events"].as_array().expect("events").iter().filter(|it| it["type"] == "call.ended").count();
    assert_eq!(ends, 2, "a clean stop writes the end of what runs");
}
