//! A newcomer in a space of 100,000 messages: when they see the newest page,
//! and when they have all of it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::ask::Asker;
use super::crowd::Crowd;
use super::fan_out::sub_command;
use super::machine::Meter;
use super::report::{Line, Report, median, short};
use super::stage::Stage;
use super::wire;

/// Connections that fetch pages at once, as a browser has them.
const AT_ONCE: usize = 6;
/// Senders that fill the space.
const FILLERS: usize = 128;

/// Fills a new space, and lets three newcomers come.
pub fn arrive(
    stage: &mut Stage,
    owner: &str,
    messages: i64,
    scratch: &Path,
    report: &mut Report,
) -> Result<()> {
    let address = stage.place.address;
    let mut crowd = Crowd::open(address, owner, "Long ago")?;
    crowd.tokens = vec![owner.to_owned()];
    stage.change_space(crowd.clone())?;
    super::say(&format!("a space of {messages} messages is filled"))?;
    let began = Instant::now();
    stage.set_senders(FILLERS)?;
    stage.begin();
    stage.acknowledged = 0;
    while stage.acknowledged < messages as u64 {
        stage.turn(Duration::from_millis(100))?;
    }
    stage.come_to_rest()?;
    let filled = stage.head()? as f64 / began.elapsed().as_secs_f64();
    super::say(&format!("{filled:.0} messages a second; newcomers arrive"))?;
    let meter = Meter::start(stage.place.process())?;
    let visits = (0..3).map(|_| visit(address, &crowd)).collect::<Result<Vec<_>>>()?;
    let used = meter.read()?;
    let file = scratch.join("raw-read.db").display().to_string();
    let said = sub_command("raw-read", &[file, messages.to_string()])?;
    let (raw_newest, raw_all) = said.trim().split_once(' ').context("raw-read gives two times")?;
    let pages = messages / 64 + 1;
    for (what, ours, theirs) in [
        (
            "ms until a newcomer (join link, socket, welcome, page) sees the newest page".to_owned(),
            0,
            raw_newest,
        ),
        (format!("ms until they have all {pages} pages"), 1, raw_all),
    ] {
        let ours = median(visits.iter().map(|visit| visit[ours]));
        let theirs: f64 = theirs.parse()?;
        report.lines.push(Line {
            what: format!("space of {messages} messages: {what} (reference: raw SQLite rows)"),
            ratio: Some(ours / theirs),
            goal: "",
            ours: short(ours),
            reference: short(theirs),
            met: None,
            others: used.others,
        });
    }
    super::say(&format!("server CPU per newcomer: {:.2} s", used.server / 3.0))
}

/// Milliseconds to the newest page, and to all of them.
fn visit(address: SocketAddr, crowd: &Crowd) -> Result<[f64; 2]> {
    let began = Instant::now();
    let secret = Asker::connect(address, None)?.join(&crowd.link, "Newcomer")?;
    let head = welcome(address, &secret, &crowd.space)?;
    let newest = head / 64;
    let first = page(&mut Asker::connect(address, Some(&secret))?, &crowd.space, newest)?;
    let to_newest = began.elapsed().as_secs_f64() * 1e3;
    if first["rows"].as_array().is_none_or(Vec::is_empty) {
        bail!("the newest page is empty");
    }
    let next = AtomicI64::new(newest - 1);
    let rows = std::thread::scope(|scope| {
        let work = || -> Result<usize> {
            let mut asker = Asker::connect(address, Some(&secret))?;
            let mut rows = 0;
            loop {
                let number = next.fetch_sub(1, Ordering::Relaxed);
                if number < 0 {
                    return Ok(rows);
                }
                rows += page(&mut asker, &crowd.space, number)?["rows"].as_array().map_or(0, Vec::len);
            }
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|it| it.join().expect("it does not panic")).sum::<Result<usize>>()
    })?;
    let all = began.elapsed().as_secs_f64() * 1e3;
    // Below are rows of this space only: every seq up to the newest page.
    if (rows as i64) < newest * 64 - 1 {
        bail!("only {rows} rows came of {}", newest * 64 - 1);
    }
    Ok([to_newest, all])
}

fn page(asker: &mut Asker, space: &str, number: i64) -> Result<Value> {
    asker.json("GET", &format!("/spaces/{space}/pages/{number}"), "")
}

/// Opens a socket as a device that knows nothing; gives the head of the space.
fn welcome(address: SocketAddr, secret: &str, space: &str) -> Result<i64> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(wire::upgrade(address, secret).as_bytes())?;
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    let mut greeted = false;
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            bail!("the socket was closed");
        }
        bytes.extend_from_slice(&buffer[..count]);
        if !greeted && let Some(end) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
            bytes.drain(..end + 4);
            greeted = true;
            let mut hello = Vec::new();
            wire::put_client_text(&mut hello, r#"{"type":"hello","device":"bench"}"#);
            stream.write_all(&hello)?;
        }
        if greeted && let Some(frame) = wire::frame(&bytes) {
            let welcome: Value = serde_json::from_slice(frame.payload)?;
            let spaces = welcome["spaces"].as_array().map(Vec::as_slice).unwrap_or_default();
            let here = spaces.iter().find(|it| it["id"] == space).context("the welcome shows the space")?;
            return here["head"]["seq"].as_i64().context("a space tells its head");
        }
    }
}
