//! The search index: a fixed set of questions with what they must find.

use madang_model::search::{Has, index_tokens, read};
use madang_model::{FileId, PersonId, Seq, SpaceId};

use super::{House, for_each_engine};
use crate::db::Db;
use crate::error::Result;
use crate::search::{self, Doc, Wanted};

for_each_engine!(
    every_statement_of_the_index_is_good,
    questions_find_what_they_should,
    what_says_it_in_few_words_fits_best,
    a_beginning_finds_all_that_goes_on_from_it,
    only_named_spaces_are_searched,
    filters_and_pages_narrow_what_is_found,
    what_is_replaced_or_removed_is_not_found,
    texts_of_files_come_later_and_go_with_them,
    an_emptied_index_is_empty,
);

const GARDEN: SpaceId = SpaceId(7);
const OFFICE: SpaceId = SpaceId(8);
const NARI: PersonId = PersonId(1);
const JOON: PersonId = PersonId(2);

fn index(house: &House) -> Db {
    house.open_with_schema(search::SCHEMA)
}

fn doc(space: SpaceId, seq: Seq, author: PersonId, text: &str) -> Doc {
    Doc { space, seq, file: None, part: 0, author, at_us: 1_000_000 * seq, has: 0, words: index_tokens(text) }
}

fn put(db: &Db, docs: Vec<Doc>) {
    db.write_blocking(move |tx| -> Result<()> { docs.iter().try_for_each(|doc| search::put(tx, doc)) })
        .unwrap();
}

fn ask(db: &Db, question: &str, more: Wanted, best: bool) -> Vec<Seq> {
    let wanted = Wanted { terms: read(question).terms, ..more };
    let hits = db.read_blocking(move |conn| search::find(conn, &wanted, best)).unwrap();
    hits.iter().map(|hit| hit.seq).collect()
}

fn both() -> Wanted {
    Wanted { spaces: vec![GARDEN, OFFICE], ..Wanted::default() }
}

const TEXTS: [&str; 14] = [
    "내일 회의에서 예산을 정합시다",
    "회의실 예약했어요. 3층입니다",
    "점심은 김치찌개 어때요?",
    "주간회의 자료를 올렸습니다",
    "Deploying the new server tonight",
    "deployment finished, server restarted",
    "사용자 안내서를 고쳤습니다",
    "東京タワーで会いましょう",
    "The café on 5th street",
    "층간 소음 문제",
    "\u{1112}\u{116c}\u{110b}\u{1174}\u{1105}\u{1169}\u{11a8}",
    "v2.1.0 릴리스 노트",
    "nari@example.com 으로 보내 주세요",
    "ㅋㅋㅋ 좋아요",
];

fn corpus(db: &Db) {
    let docs = TEXTS.iter().zip(1..).map(|(text, seq)| doc(GARDEN, seq, NARI, text)).collect();
    put(db, docs);
}

fn every_statement_of_the_index_is_good(house: &House) {
    let db = index(house);
    db.check_statements(search::statements(db.engine())).unwrap();
}

fn questions_find_what_they_should(house: &House) {
    let db = index(house);
    corpus(&db);
    let check = |question: &str, expected: &[Seq]| {
        assert_eq!(ask(&db, question, both(), false), expected, "{question}");
        let mut best = ask(&db, question, both(), true);
        best.sort_by(|a, b| b.cmp(a));
        assert_eq!(best, expected, "{question}, best first");
    };
    // With particles, within compounds, in pieces, and as a syllable.
    check("회의", &[11, 4, 2, 1]);
    check("회의실", &[2]);
    check("주간회의", &[4]);
    check("회의 예산", &[1]);
    check("예산 회의", &[1]);
    check("\"예산을 정합시다\"", &[1]);
    check("\"정합시다 예산을\"", &[]);
    check("층", &[10, 2]);
    check("3층", &[2]);
    check("찌개", &[3]);
    check("용자", &[7]);
    // English by words and beginnings, whatever the case and accents.
    check("deploy", &[6, 5]);
    check("DEPLOYMENT", &[6]);
    check("server", &[6, 5]);
    check("ploy", &[]);
    check("cafe", &[9]);
    check("CAFÉ", &[9]);
    check("\"new server\"", &[5]);
    check("\"server new\"", &[]);
    check("server -tonight", &[6]);
    // Japanese by the same pairs; numbers and addresses as phrases.
    check("東京", &[8]);
    check("タワー", &[8]);
    check("京都", &[]);
    check("v2.1", &[12]);
    check("nari@example.com", &[13]);
    check("ㅋㅋ", &[14]);
    check("없는말", &[]);
    // What looks like the engines' own language is only words.
    for hostile in ["\"", "a\" OR text:b", "NEAR(a b)", "회의*", "'; DROP TABLE docs; --", "& | ! :*", "(((("]
    {
        ask(&db, hostile, both(), false);
        ask(&db, hostile, both(), true);
    }
}

fn what_says_it_in_few_words_fits_best(house: &House) {
    let db = index(house);
    let texts = ["예산", "예산은 다음 주 회의에서 다시 정하기로 했습니다", "예산 확정", "예산", "무관한 글"];
    put(&db, texts.iter().zip(1..).map(|(text, seq)| doc(GARDEN, seq, NARI, text)).collect());
    assert_eq!(ask(&db, "예산", both(), false), [4, 3, 2, 1]);
    assert_eq!(ask(&db, "예산", both(), true), [4, 1, 3, 2], "of two alike, the newer one");
    assert_eq!(ask(&db, "예산", Wanted { limit: 1, ..both() }, true), [4]);
    // Only the newest are weighed, so that a word that everybody says costs no more than another.
    let long = "공지 ".repeat(9);
    let many = (10..=10 + search::WEIGHED).map(|seq| doc(GARDEN, seq, NARI, &long));
    put(&db, [doc(GARDEN, 9, NARI, "공지")].into_iter().chain(many).collect());
    assert_eq!(ask(&db, "공지", Wanted { limit: 1, ..both() }, true), [10 + search::WEIGHED]);
}

fn a_beginning_finds_all_that_goes_on_from_it(house: &House) {
    let db = index(house);
    let texts = ["release notes", "released", "relax", "re-lease", "lease"];
    put(&db, texts.iter().zip(1..).map(|(text, seq)| doc(GARDEN, seq, NARI, text)).collect());
    for (question, expected) in [
        ("r", vec![4, 3, 2, 1]),
        ("rel", vec![3, 2, 1]),
        ("rele", vec![2, 1]),
        ("released", vec![2]),
        ("releases", vec![]),
        ("lease -release", vec![5, 4]),
    ] {
        assert_eq!(ask(&db, question, both(), false), expected, "{question}");
        assert_eq!(ask(&db, question, both(), true).len(), expected.len(), "{question}, best first");
    }
    // More words than are asked by name.
    put(&db, (100..300).map(|n| doc(GARDEN, n, NARI, &format!("build{n}"))).collect());
    let found = ask(&db, "build", Wanted { limit: 500, ..both() }, false);
    assert_eq!(found, (100..300).rev().collect::<Vec<_>>());
}

fn only_named_spaces_are_searched(house: &House) {
    let db = index(house);
    put(&db, vec![doc(GARDEN, 1, NARI, "봄 회의"), doc(OFFICE, 2, JOON, "가을 회의")]);
    let of = |spaces: Vec<SpaceId>| ask(&db, "회의", Wanted { spaces, ..Wanted::default() }, false);
    assert_eq!(of(vec![GARDEN, OFFICE]), [2, 1]);
    assert_eq!(of(vec![GARDEN]), [1]);
    assert_eq!(of(vec![SpaceId(9)]), [0; 0]);
    assert_eq!(of(vec![]), [0; 0]);
    // More spaces than are named to the index itself.
    let many: Vec<SpaceId> = (100..300).map(SpaceId).chain([OFFICE]).collect();
    assert_eq!(of(many), [2]);
    // The word that names the space is none that a text can hold.
    assert_eq!(ask(&db, "s7", both(), false), [0; 0]);
}

fn filters_and_pages_narrow_what_is_found(house: &House) {
    let db = index(house);
    let file = Doc { file: Some(FileId(5)), ..doc(GARDEN, 3, NARI, "회의 자료.pdf") };
    let with_file =
        Doc { has: Has::File.bit() | Has::Link.bit(), ..doc(GARDEN, 3, NARI, "회의 자료입니다") };
    put(&db, vec![doc(GARDEN, 1, NARI, "회의"), doc(GARDEN, 2, JOON, "회의"), with_file, file]);
    let check = |question: &str, more: Wanted, expected: &[Seq]| {
        assert_eq!(ask(&db, question, more, false), expected, "{question}");
    };
    check("회의", both(), &[3, 2, 1]);
    check("회의", Wanted { from: Some(vec![JOON]), ..both() }, &[2]);
    check("회의", Wanted { from: Some(vec![]), ..both() }, &[]);
    check("회의", Wanted { has: Has::File.bit(), ..both() }, &[3]);
    check("", Wanted { has: Has::File.bit(), ..both() }, &[3]);
    check("회의", Wanted { has: Has::File.bit() | Has::Pin.bit(), ..both() }, &[]);
    check("회의", Wanted { since_us: 2_000_000, until_us: 3_000_000, ..both() }, &[2]);
    check("자료", Wanted { files: true, ..both() }, &[3]);
    check("", Wanted { from: Some(vec![NARI]), ..both() }, &[3, 1]);
    check("-자료", Wanted { from: Some(vec![NARI]), ..both() }, &[1]);
    check("-없는말 -자료", both(), &[2, 1]);
    check("회의", Wanted { limit: 2, ..both() }, &[3, 2]);
    let wanted = Wanted { terms: read("회의").terms, limit: 2, ..both() };
    let hits = db.read_blocking(move |conn| search::find(conn, &wanted, false)).unwrap();
    check("회의", Wanted { before: hits[1].id, ..both() }, &[1]);
    // A mark set later is found, and taken away again.
    let mark = |has: i64| {
        db.write_blocking(move |tx| search::mark(tx, GARDEN, 1, Has::Pin.bit() | Has::Reaction.bit(), has))
            .unwrap();
    };
    mark(Has::Pin.bit());
    check("", Wanted { has: Has::Pin.bit(), ..both() }, &[1]);
    mark(0);
    check("", Wanted { has: Has::Pin.bit(), ..both() }, &[]);
}

fn what_is_replaced_or_removed_is_not_found(house: &House) {
    let db = index(house);
    put(&db, vec![doc(GARDEN, 1, NARI, "처음 문장"), doc(GARDEN, 2, NARI, "다른 문장")]);
    // The same once more, and then another text in its place.
    put(&db, vec![doc(GARDEN, 1, NARI, "처음 문장")]);
    assert_eq!(ask(&db, "문장", both(), false), [2, 1]);
    put(&db, vec![doc(GARDEN, 1, NARI, "바뀐 글")]);
    assert_eq!(ask(&db, "처음", both(), false), [0; 0]);
    assert_eq!(ask(&db, "바뀐", both(), false), [1]);
    db.write_blocking(|tx| search::forget(tx, GARDEN, 1)).unwrap();
    assert_eq!(ask(&db, "바뀐", both(), false), [0; 0]);
    // Two spaces at the same microsecond do not take each other's place.
    put(
        &db,
        vec![
            doc(GARDEN, 5, NARI, "같은 때"),
            Doc { space: SpaceId(7 + 1024), ..doc(GARDEN, 5, NARI, "같은 때") },
        ],
    );
    let spaces = vec![GARDEN, SpaceId(7 + 1024)];
    assert_eq!(ask(&db, "같은", Wanted { spaces, ..both() }, false), [5, 5]);
    while db.write_blocking(|tx| search::forget_space(tx, GARDEN)).unwrap() {}
    assert_eq!(ask(&db, "문장", both(), false), [0; 0]);
}

fn texts_of_files_come_later_and_go_with_them(house: &House) {
    let db = index(house);
    let named = Doc { file: Some(FileId(5)), ..doc(GARDEN, 1, NARI, "자료.pdf") };
    let message = || vec![doc(GARDEN, 1, NARI, "여기 있어요"), named.clone()];
    let keep = |docs: Vec<Doc>| -> Vec<FileId> {
        db.write_blocking(move |tx| search::put_message(tx, GARDEN, 1, &docs)).unwrap()
    };
    let files = |question: &str| ask(&db, question, Wanted { files: true, ..both() }, false);
    let next = || db.read_blocking(search::due).unwrap();
    let read = |text: &str| {
        let (due, stretches) = (next().unwrap(), vec![index_tokens(text), index_tokens("둘째 부분")]);
        db.write_blocking(move |tx| search::put_text(tx, &due, &stretches)).unwrap();
    };
    let wait = || db.write_blocking(|tx| search::await_text(tx, GARDEN, 1, FileId(5))).unwrap();
    assert_eq!(keep(message()), [FileId(5)]);
    wait();
    wait();
    let due = next().unwrap();
    assert_eq!((due.file, due.tries), (FileId(5), 0));
    db.write_blocking(move |tx| search::not_yet(tx, &due)).unwrap();
    assert_eq!(next().unwrap().tries, 1);
    read("예산은 동결한다");
    assert_eq!((files("동결"), files("둘째"), files("자료"), next()), (vec![1], vec![1], vec![1], None));
    assert_eq!(ask(&db, "동결", both(), false), [0; 0], "messages are found by their own words");
    // A reaction says the message anew: the text stays and is not read again.
    assert_eq!(keep(message()), []);
    assert_eq!(files("동결"), [1]);
    // The file is taken off the message, and put there again.
    assert_eq!(keep(vec![doc(GARDEN, 1, NARI, "여기 있어요")]), []);
    assert_eq!((files("동결"), files("자료")), (vec![], vec![]));
    assert_eq!(keep(message()), [FileId(5)]);
    wait();
    let late = next().unwrap();
    db.write_blocking(|tx| search::forget(tx, GARDEN, 1)).unwrap();
    assert_eq!(next(), None);
    // What was read of a file that went meanwhile is not kept.
    db.write_blocking(move |tx| search::put_text(tx, &late, &[index_tokens("예산은 동결한다")])).unwrap();
    assert_eq!((files("동결"), files("자료")), (vec![], vec![]));
    keep(message());
    wait();
    while db.write_blocking(|tx| search::forget_space(tx, GARDEN)).unwrap() {}
    assert_eq!(next(), None);
    wait();
    db.write_blocking(search::clear).unwrap();
    assert_eq!(next(), None);
}

fn an_emptied_index_is_empty(house: &House) {
    let db = index(house);
    corpus(&db);
    db.write_blocking(|tx| search::set_made_from(tx, "house 1")).unwrap();
    db.write_blocking(search::clear).unwrap();
    assert_eq!(ask(&db, "회의", both(), false), [0; 0]);
    assert_eq!(db.read_blocking(search::made_from).unwrap().as_deref(), Some("house 1"));
    corpus(&db);
    assert_eq!(ask(&db, "회의", both(), false), [11, 4, 2, 1]);
}
