//! Searching a million messages: the index as the house keeps it, beside a scan with LIKE over the same texts.
//!
//! What is timed is the whole question to the store: from words to the twenty places that are found. Reading those
//! twenty messages from the log is not in it.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use madang_model::search::{Has, index_tokens, read};
use madang_model::{PersonId, SpaceId};
use madang_store::cursors;
use madang_store::db::{Db, DbConfig, Tx};
use madang_store::search::{Doc, Wanted, find, put};

use super::histogram::Histogram;

const SPACES: i64 = 200;
/// The first of them.
const FIRST: i64 = 1_000;
const PEOPLE: i64 = 500;
/// Messages of one transaction, as when an index is made anew.
const STEP: usize = 2_000;
/// How often each question is asked, each time by somebody else.
const TIMES: usize = 20;

const NOUNS: [&str; 40] = [
    "회의",
    "예산",
    "보고서",
    "점심",
    "프로젝트",
    "일정",
    "고객",
    "서버",
    "배포",
    "디자인",
    "회의실",
    "출장",
    "계약서",
    "견적",
    "마감",
    "자료",
    "교육",
    "채용",
    "면접",
    "주간회의",
    "설문",
    "행사",
    "공지",
    "휴가",
    "결제",
    "환불",
    "오류",
    "로그",
    "테스트",
    "문서",
    "사진",
    "영상",
    "번역",
    "인쇄",
    "창고",
    "배송",
    "주문",
    "재고",
    "홍보",
    "감사",
];
const ENDINGS: [&str; 12] =
    ["", "을", "를", "이", "가", "에서", "은", "는", "으로", "까지", "부터", "입니다"];
const VERBS: [&str; 12] = [
    "확인했어요",
    "부탁드립니다",
    "올렸습니다",
    "정합시다",
    "끝났어요",
    "시작할게요",
    "바꿨습니다",
    "보냈어요",
    "좋아요",
    "어려워요",
    "미뤄졌어요",
    "괜찮을까요",
];
const ENGLISH: [&str; 40] = [
    "the",
    "server",
    "deploy",
    "budget",
    "meeting",
    "review",
    "release",
    "ticket",
    "customer",
    "invoice",
    "design",
    "login",
    "error",
    "please",
    "check",
    "today",
    "tomorrow",
    "schedule",
    "draft",
    "update",
    "branch",
    "merge",
    "build",
    "failed",
    "passed",
    "thanks",
    "team",
    "office",
    "coffee",
    "contract",
    "quote",
    "shipping",
    "order",
    "stock",
    "holiday",
    "training",
    "photo",
    "video",
    "translation",
    "printer",
];

/// Questions, and the word that LIKE looks for in the reference.
const QUESTIONS: [(&str, &str); 20] = [
    ("회의", "회의"),
    ("예산", "예산"),
    ("회의실", "회의실"),
    ("주간회의 자료", "주간회의"),
    ("\"예산을 확인했어요\"", "예산을 확인했어요"),
    ("보고", "보고"),
    ("용자", "용자"),
    ("계", "계"),
    ("server", "server"),
    ("dep", "dep"),
    ("the", "the"),
    ("budget meeting", "budget"),
    ("deploy -failed", "deploy"),
    ("번호 777", "777"),
    ("없는낱말", "없는낱말"),
    ("zzz", "zzz"),
    ("회의 has:link", "회의"),
    ("has:pin", "%"),
    ("서버 deploy 확인", "서버"),
    ("배송 주문 재고", "배송"),
];

/// Numbers that look drawn and are the same in every run.
struct Lots(u64);

impl Lots {
    fn next(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % below) as usize
    }

    /// Few words are said often, and many seldom.
    fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let most = words.len() as u64;
        words[self.next(most).min(self.next(most))]
    }

    fn message(&mut self, n: i64) -> String {
        let mut text = String::new();
        for _ in 0..3 + self.next(8) {
            if self.next(3) == 0 {
                text.push_str(self.word(&ENGLISH));
            } else {
                text.push_str(self.word(&NOUNS));
                text.push_str(self.word(&ENDINGS));
            }
            text.push(' ');
        }
        text.push_str(self.word(&VERBS));
        if self.next(20) == 0 {
            let _ = write!(text, " 번호 {}", n % 10_000);
        }
        text
    }
}

/// Makes both, asks both, and tells the table of docs/performance.md.
pub fn run(scratch: &Path, messages: i64) -> Result<String> {
    let base = DbConfig::sqlite(scratch.join("house.db"));
    let index = Db::open(&base.search(scratch.join("search.db")))?;
    let mut scan = rusqlite::Connection::open(scratch.join("scan.db"))?;
    scan.execute_batch(
        "PRAGMA journal_mode = WAL; CREATE TABLE texts (id INTEGER PRIMARY KEY, space INTEGER, text TEXT)",
    )?;
    super::say(&format!("{messages} messages are indexed"))?;
    let began = Instant::now();
    let (mut lots, mut n, mut heads) = (Lots(7), 0, [0; SPACES as usize]);
    while n < messages {
        let step: Vec<(Doc, String)> =
            (n..messages.min(n + STEP as i64)).map(|n| message(&mut lots, n, &mut heads)).collect();
        n += step.len() as i64;
        keep_texts(&mut scan, &step)?;
        let docs: Vec<Doc> = step.into_iter().map(|(doc, _)| doc).collect();
        index.write_blocking(move |tx: &mut Tx| -> Result<()> {
            for doc in &docs {
                put(tx, doc)?;
            }
            // As the follower leaves it: the index knows by them how large the house is.
            for (space, head) in (FIRST..).zip(heads) {
                cursors::set(tx, "search", SpaceId(space), head)?;
            }
            Ok(())
        })?;
    }
    let filled = began.elapsed().as_secs_f64();
    let size = std::fs::metadata(scratch.join("search.db"))?.len() + wal(scratch);
    let mut told = format!(
        "{messages} messages in {SPACES} spaces: made in {filled:.0} s with the reference's texts, {} MiB.\n\n\
         | measured | p50 ms | p95 ms | slowest ms |\n| --- | --- | --- | --- |\n",
        size >> 20
    );
    for (name, spaces) in [("of 40 spaces", 40), ("of 200 spaces", SPACES)] {
        for best in [false, true] {
            let order = if best { "by fit" } else { "newest" };
            ask_index(&index, &format!("index, {order}, member {name}"), spaces, best, &mut told)?;
        }
    }
    ask_scan(&scan, &mut told)?;
    Ok(told)
}

fn wal(scratch: &Path) -> u64 {
    std::fs::metadata(scratch.join("search.db-wal")).map_or(0, |it| it.len())
}

fn message(lots: &mut Lots, n: i64, heads: &mut [i64; SPACES as usize]) -> (Doc, String) {
    let text = lots.message(n);
    let has = [Has::Link, Has::Pin, Has::Reaction].into_iter().zip([10, 200, 5]);
    let has = has.fold(0, |bits, (has, seldom)| bits | if lots.next(seldom) == 0 { has.bit() } else { 0 });
    let space = lots.next(SPACES as u64).min(lots.next(SPACES as u64));
    heads[space] += 1;
    let doc = Doc {
        space: SpaceId(FIRST + space as i64),
        seq: heads[space],
        file: None,
        part: 0,
        author: PersonId(1 + lots.next(PEOPLE as u64) as i64),
        // From 2024 on, one every minute.
        at_us: 1_704_067_200_000_000 + n * 60_000_000,
        has,
        words: index_tokens(&text),
    };
    (doc, text)
}

fn keep_texts(scan: &mut rusqlite::Connection, step: &[(Doc, String)]) -> Result<()> {
    let tx = scan.transaction()?;
    {
        let mut insert = tx.prepare_cached("INSERT INTO texts (space, text) VALUES (?1, ?2)")?;
        for (doc, text) in step {
            insert.execute((doc.space.0, text))?;
        }
    }
    Ok(tx.commit()?)
}

fn ask_index(index: &Db, name: &str, spaces: i64, best: bool, told: &mut String) -> Result<()> {
    let mut times = Histogram::default();
    let mut slowest = (0.0, "");
    for round in 0..TIMES as i64 {
        for (question, _) in QUESTIONS {
            let wanted = wanted(question, spaces, round);
            let began = Instant::now();
            index.read_blocking(move |conn| -> Result<_> { Ok(find(conn, &wanted, best)?.len()) })?;
            let took = began.elapsed();
            times.record(took.as_nanos() as u64);
            let ms = took.as_secs_f64() * 1e3;
            if ms > slowest.0 {
                slowest = (ms, question);
            }
        }
    }
    row(told, name, &times, slowest);
    Ok(())
}

fn wanted(question: &str, spaces: i64, round: i64) -> Wanted {
    let ask = read(question);
    let places = (0..spaces).map(|n| SpaceId(FIRST + (round * 7 + n) % SPACES)).collect();
    let has = ask.has.iter().fold(0, |bits, has| bits | has.bit());
    Wanted { terms: ask.terms, spaces: places, has, ..Wanted::default() }
}

fn ask_scan(scan: &rusqlite::Connection, told: &mut String) -> Result<()> {
    let mut times = Histogram::default();
    let mut slowest = (0.0, "");
    let mut ask = scan.prepare(
        "SELECT id FROM texts WHERE text LIKE '%' || ?1 || '%' AND space < 1040 ORDER BY id DESC LIMIT 20",
    )?;
    for (_, word) in QUESTIONS {
        let began = Instant::now();
        let found: Vec<i64> = ask.query_map([word], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        anyhow::ensure!(found.len() <= 20, "LIMIT holds");
        let took = began.elapsed();
        times.record(took.as_nanos() as u64);
        if took.as_secs_f64() * 1e3 > slowest.0 {
            slowest = (took.as_secs_f64() * 1e3, word);
        }
    }
    row(told, "reference: LIKE over the same texts, newest, one space in five", &times, slowest);
    Ok(())
}

fn row(told: &mut String, name: &str, times: &Histogram, (ms, question): (f64, &str)) {
    let _ =
        writeln!(told, "| {name} | {:.2} | {:.2} | {ms:.1} ({question}) |", times.at(0.5), times.at(0.95));
}
