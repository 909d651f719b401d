//! The log and its views against the model's reference, on every engine.

use std::sync::Arc;

use madang_model::call::{self, Ending};
use madang_model::card::{Card, Checklist, Confirm, Item, Poll};
use madang_model::event::Posted;
use madang_model::meeting::{MeetingFacts, Wish};
use madang_model::permission::{Role, SpaceRole};
use madang_model::row::Row;
use madang_model::space::{SpaceKind, SpaceState, create, decide};
use madang_model::{
    Body, Bookmark, BookmarkId, CallId, Command, Draft, Event, PersonId, Seq, SpaceId, WorkspaceId,
};

use super::{House, for_each_engine};
use crate::db::{CONTENT, Db, DbConfig, KEYS, Place};
use crate::error::{Result, StoreError};
use crate::log::SpaceRecord;
use crate::people::{self, NewPerson};
use crate::seal::Keyring;
use crate::{house, log, markers, registers, spaces};

const WORKSPACE: WorkspaceId = WorkspaceId(7);
const GARDEN: SpaceId = SpaceId(9);
const CAST: [(PersonId, Role); 4] = [
    (PersonId(1), Role::Owner),
    (PersonId(2), Role::Member),
    (PersonId(3), Role::Member),
    (PersonId(4), Role::Guest),
];
const MINA: PersonId = PersonId(3);
const SAM: PersonId = PersonId(4);

/// A real store with a workspace, its people and one space.
struct Garden {
    db: Db,
    keyring: Keyring,
}

impl Garden {
    fn open(house: &House) -> Garden {
        let mut content = house.config.clone();
        content.migrations = CONTENT;
        let db = Db::open(&content).expect("the database opens");
        let mut keys = match &content.place {
            Place::Sqlite(file) => DbConfig::sqlite(file.with_file_name("keys.db")),
            Place::Postgres { url, schema } => DbConfig::postgres(url.clone(), format!("{schema}_keys")),
        };
        keys.migrations = KEYS;
        (keys.readers, keys.writers) = (1, 1);
        let keys = Db::open(&keys).expect("the key database opens");
        let keyring = Keyring::open(keys, &house.directory().join("root.key")).expect("the keyring opens");
        let garden = Garden { db, keyring };
        garden.furnish();
        garden
    }

    fn furnish(&self) {
        let keyring = self.keyring.clone();
        self.db
            .write_blocking(move |tx| -> Result<()> {
                house::insert_workspace(tx, WORKSPACE, "한빛", 1)?;
                for (id, role) in CAST {
                    let name = format!("사람 {}", id.0);
                    let new = NewPerson {
                        id,
                        email: None,
                        name,
                        password_hash: None,
                        bot: false,
                        language: "ko".into(),
                    };
                    people::insert(tx, &new, 1)?;
                    people::set_role(tx, WORKSPACE, id, role, 1)?;
                }
                spaces::insert(tx, GARDEN, WORKSPACE, SpaceKind::Open, "정원", None, 1)?;
                let record = log::space(tx, GARDEN)?.expect("it was inserted");
                let people = [(PersonId(2), SpaceRole::Member), (SAM, SpaceRole::Guest)];
                let bodies = create(MINA, SpaceKind::Open, "정원", &people).expect("the space is right");
                log::append(tx, &keyring, &record, MINA, None, 1, bodies)?;
                Ok(())
            })
            .expect("the garden is furnished");
    }

    /// Runs a command as the app does. A refusal adds nothing.
    fn run(&self, person: PersonId, client_id: Option<String>, command: &Command) -> Result<Vec<Arc<Event>>> {
        let (keyring, command) = (self.keyring.clone(), command.clone());
        self.db.write_blocking(move |tx| {
            let (record, mut scene) = log::scene(tx, GARDEN, person, &command)?.expect("the garden is there");
            if let Some(seq) = command.meeting() {
                let found = log::meeting(tx, &keyring, &record, seq)?;
                scene.meeting =
                    found.map(|it| MeetingFacts { seq, organiser: it.organiser, meeting: it.meeting });
            }
            if command.is_about_bookmarks() {
                let kept = log::bookmarks(tx, &keyring, &record)?;
                scene.bookmarks = kept.into_iter().map(|it| it.bookmark).collect();
            }
            match decide(&scene, &command, 2) {
                Ok(bodies) => log::append(tx, &keyring, &record, person, client_id.as_deref(), 2, bodies),
                Err(_) => Ok(Vec::new()),
            }
        })
    }

    fn bookmarks(&self, space: &SpaceRecord) -> Vec<Bookmark> {
        let (keyring, space) = (self.keyring.clone(), space.clone());
        let kept = self.db.read_blocking(move |conn| log::bookmarks(conn, &keyring, &space)).expect("read");
        kept.into_iter().map(|it| it.bookmark).collect()
    }

    /// The call that runs is over, as the house writes it down.
    fn hang_up(&self, person: PersonId) -> Vec<Arc<Event>> {
        let keyring = self.keyring.clone();
        let end = move |tx: &mut crate::db::Tx| -> Result<Vec<Arc<Event>>> {
            let record = log::space_locked(tx, GARDEN)?.expect("the garden is there");
            let Some(started) = log::running_in(tx, GARDEN)? else { return Ok(Vec::new()) };
            let ending = Ending { lasted_us: 5, people: vec![person], missed: vec![SAM] };
            let bodies = call::end(Some(started), started, ending);
            log::append(tx, &keyring, &record, person, None, 2, bodies)
        };
        self.db.write_blocking(end).expect("the store works")
    }

    fn events(&self, after: Seq) -> Vec<Event> {
        let keyring = self.keyring.clone();
        let read =
            move |conn: &mut crate::db::Conn| log::events(conn, &keyring, WORKSPACE, GARDEN, after, 10_000);
        self.db.read_blocking(read).expect("the log is read")
    }

    fn pages(&self) -> Vec<Row> {
        let keyring = self.keyring.clone();
        self.db
            .read_blocking(move |conn| -> Result<Vec<Row>> {
                let record = log::space(conn, GARDEN)?.expect("the garden is there");
                let mut rows = Vec::new();
                for n in 0..=madang_model::position::page_of(record.facts.head) {
                    rows.extend(log::page(conn, &keyring, &record, n)?.rows);
                }
                Ok(rows)
            })
            .expect("the pages are read")
    }

    fn reference(&self) -> SpaceState {
        let mut state = SpaceState::new(GARDEN, WORKSPACE);
        self.events(0).iter().for_each(|event| state.apply(event));
        state
    }
}

/// The clock of a machine may be put back; the time of a log goes on.
fn time_grows_though_the_clock_goes_back(house: &House) {
    let garden = Garden::open(house);
    for now_us in [1_000_000, 999_999, 5, 1_000_000, 2_000_000] {
        let keyring = garden.keyring.clone();
        let said = Body::MessagePosted(Posted { text: "몇 시예요?".into(), ..Posted::default() });
        garden
            .db
            .write_blocking(move |tx| {
                let record = log::space_locked(tx, GARDEN)?.expect("the garden is there");
                log::append(tx, &keyring, &record, MINA, None, now_us, vec![said.clone()])
            })
            .expect("kept");
    }
    let times: Vec<i64> = garden.events(4).iter().map(|event| event.at_us).collect();
    assert_eq!(times, [1_000_000, 1_000_001, 1_000_002, 1_000_003, 2_000_000]);
}

/// A small generator with a seed, so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // xorshift64* (Vigna 2016); nothing secret depends on it.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    fn card(&mut self) -> Card {
        let words = vec!["가".to_owned(), "나".to_owned()];
        let title = "무엇?".to_owned();
        match self.roll(3) {
            0 => {
                let anonymous = self.roll(2) == 0;
                Card::Poll(Poll { title, options: words, anonymous, ..Poll::default() })
            }
            1 => {
                let items = words.into_iter().map(|text| Item { text, ..Item::default() }).collect();
                Card::Checklist(Checklist { title, items })
            }
            _ => Card::Confirm(Confirm::default()),
        }
    }

    fn command(&mut self, head: Seq) -> Command {
        let message = 1 + self.roll(head.max(1) as u64) as Seq;
        let emoji = if self.roll(2) == 0 { "+1".to_owned() } else { "tada".to_owned() };
        let text = format!("글 {message} *굵게*");
        match self.roll(21) {
            20 => Command::StartCall { call: CallId(head), video: head % 2 == 0, sealed: head % 3 == 0 },
            14 | 15 => {
                Command::PostMessage(Draft { text, card: Some(Box::new(self.card())), ..Draft::default() })
            }
            16 | 17 => Command::Vote { message, options: vec![self.roll(2) as u16] },
            18 => Command::CheckItem { message, item: self.roll(2) as u16, done: self.roll(3) > 0 },
            19 => [
                Command::ConfirmMessage { message },
                Command::ClosePoll { message },
                Command::AssignItem { message, item: 0, person: Some(SAM) },
            ][self.roll(3) as usize]
                .clone(),
            0..=3 => Command::PostMessage(Draft { text, ..Draft::default() }),
            4 | 5 => Command::PostMessage(Draft {
                text,
                thread: Some(message),
                also: self.roll(3) == 0,
                ..Draft::default()
            }),
            6 => Command::EditMessage { message, text, app: None },
            7 => Command::RemoveMessage { message },
            8 | 9 => Command::AddReaction { message, emoji },
            10 => Command::RemoveReaction { message, emoji },
            11 => Command::PinMessage { message },
            12 => Command::UnpinMessage { message },
            _ => [
                Command::JoinSpace,
                Command::LeaveSpace,
                Command::ChangeSpace {
                    name: Some(format!("정원 {head}")), description: None, picture: None
                },
                Command::RemindReaders { message, people: vec![SAM] },
            ][self.roll(4) as usize]
                .clone(),
        }
    }
}

/// Plans a meeting, changes the newest one or one of its series, or cancels it.
fn meets(state: &SpaceState, step: usize) -> Command {
    let hour = 8 + step % 9;
    let wish = Box::new(Wish {
        title: "회의".into(),
        start: format!("2026-12-01T{hour:02}:00:00"),
        zone: "Asia/Seoul".into(),
        minutes: 30,
        repeat: Some("FREQ=DAILY".into()),
        ..Wish::default()
    });
    let newest = state.rows.values().rev().find_map(|row| Some((row.seq, row.meeting()?)));
    match newest.filter(|(_, it)| !it.cancelled) {
        None => Command::PlanMeeting(wish),
        Some((meeting, _)) if step.is_multiple_of(5) => Command::CancelMeeting { meeting },
        Some((meeting, _)) if step.is_multiple_of(2) => Command::ChangeMeeting { meeting, wish },
        Some((meeting, it)) => {
            let at = step.is_multiple_of(3).then(|| ("2026-12-05T17:00:00".to_owned(), 45));
            Command::ChangeOneMeeting { meeting, occurrence: it.start.clone(), at }
        }
    }
}

/// Adds a bookmark, changes the oldest one, or takes it away.
fn bookmarks(state: &SpaceState, step: usize) -> Command {
    let title = format!("계획 {step}");
    match state.bookmarks.first().map(|it| it.id) {
        Some(bookmark) if step.is_multiple_of(3) => Command::RemoveBookmark { bookmark },
        Some(bookmark) if step.is_multiple_of(2) => {
            let emoji = if step.is_multiple_of(4) { "tada" } else { "" };
            Command::ChangeBookmark { bookmark, title: Some(title), link: None, emoji: Some(emoji.into()) }
        }
        _ => Command::AddBookmark(Bookmark {
            id: BookmarkId(step as i64),
            title,
            link: "https://example.com/계획".into(),
            emoji: None,
        }),
    }
}

/// For every command: the views folded into rows are what the log adds up to.
fn invariant_6_snapshot_and_events_give_a_fresh_snapshot(house: &House) {
    let garden = Garden::open(house);
    let mut dice = Dice(0x6d61_6461_6e67);
    let mut state = garden.reference();
    for step in 0..400 {
        let (person, _) = CAST[dice.roll(4) as usize];
        let command = dice.command(state.head);
        let added = garden.run(person, None, &command).expect("the store works");
        added.iter().for_each(|event| state.apply(event));
        if step % 7 == 6 {
            garden.hang_up(person).iter().for_each(|event| state.apply(event));
        }
        if step % 9 == 8 {
            let command = meets(&state, step);
            let added = garden.run(MINA, None, &command).expect("the store works");
            added.iter().for_each(|event| state.apply(event));
        }
        if step % 5 == 4 {
            let command = bookmarks(&state, step);
            let added = garden.run(MINA, None, &command).expect("the store works");
            added.iter().for_each(|event| state.apply(event));
        }
        if step % 40 == 39 {
            let rows: Vec<Row> = state.rows.values().cloned().collect();
            assert_eq!(garden.pages(), rows, "after step {step}");
            assert_eq!(garden.reference().rows, state.rows, "served events fold alike after step {step}");
        }
    }
    let record = garden.db.read_blocking(|conn| log::space(conn, GARDEN)).expect("read").expect("there");
    assert_eq!(record.facts, state.facts());
    assert!(!state.bookmarks.is_empty());
    assert_eq!(garden.bookmarks(&record), state.bookmarks);
    let newest = state
        .rows
        .values()
        .rev()
        .find(|row| row.message().is_some_and(|it| !it.removed && (it.thread.is_none() || it.also)));
    assert_eq!(record.last_message, newest.map(|row| row.seq));
}

fn invariant_3_seq_starts_at_one_and_has_no_gaps(house: &House) {
    let garden = Garden::open(house);
    let garden = &garden;
    std::thread::scope(|scope| {
        for (person, _) in CAST {
            scope.spawn(move || {
                for n in 0..25 {
                    let draft = Draft { text: format!("{n}"), ..Draft::default() };
                    garden.run(person, None, &Command::PostMessage(draft)).expect("the store works");
                }
            });
        }
    });
    let events = garden.events(0);
    // Nari is not in the garden: her posts are refused and leave no gap.
    assert_eq!(events.len(), 4 + 75);
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event.seq, place as Seq + 1);
    }
    assert!(events.windows(2).all(|pair| pair[0].at_us < pair[1].at_us), "times grow strictly");
}

/// The second write of one client id fails whole; the first answer stays.
fn a_client_id_is_unique_for_good(house: &House) {
    let garden = Garden::open(house);
    let post = |text: &str| Command::PostMessage(Draft { text: text.into(), ..Draft::default() });
    let first = garden.run(MINA, Some("one".into()), &post("하나")).expect("kept");
    let again = garden.run(MINA, Some("one".into()), &post("둘"));
    assert!(matches!(again, Err(StoreError::Unique(_))), "{again:?}");
    garden.run(SAM, Some("one".into()), &post("남의 것")).expect("another author's ids are their own");
    let keyring = garden.keyring.clone();
    let answer =
        garden.db.read_blocking(move |conn| log::first_answer(conn, &keyring, MINA, "one")).expect("read");
    assert_eq!(answer.as_ref(), first.first().map(Arc::as_ref));
    assert_eq!(garden.events(0).len(), 4 + 2);
}

fn read_markers_only_move_forward_and_keep_their_steps(house: &House) {
    let garden = Garden::open(house);
    for n in 0..80 {
        let draft = Draft { text: format!("{n}"), ..Draft::default() };
        garden.run(MINA, None, &Command::PostMessage(draft)).expect("kept");
    }
    let moved = |seq: Seq, at: i64| {
        garden
            .db
            .write_blocking(move |tx| markers::move_to(tx, GARDEN, SAM, seq, 84, at))
            .expect("the store works")
            .is_some()
    };
    assert!(moved(50, 100) && !moved(40, 110) && !moved(50, 120) && moved(60, 130));
    for seq in 61..=84 {
        moved(seq, 100 + seq);
    }
    let readers = garden.db.read_blocking(|conn| markers::readers(conn, GARDEN, 45)).expect("read");
    let sam = readers.iter().find(|it| it.person == SAM).expect("sam is in the garden");
    assert_eq!((sam.read, sam.at), (true, Some(100)));
    let register = garden
        .db
        .read_blocking(|conn| registers::get(conn, SAM, &madang_model::register::Key::Read(GARDEN)))
        .expect("read")
        .expect("the register was set");
    assert_eq!(register.value["seq"], 84);
    assert_eq!(register.value["unread"], 0);
}

/// Leaving empties what the person kept about the space, drafts of its
/// threads included, and nothing else; a device that was away hears of it.
fn leaving_empties_the_registers_of_that_space_only(house: &House) {
    use madang_model::register::Key;
    let garden = Garden::open(house);
    let other = SpaceId(10);
    garden
        .db
        .write_blocking(move |tx| -> Result<()> {
            for key in [
                Key::Draft(GARDEN, None),
                Key::Draft(GARDEN, Some(3)),
                Key::Draft(other, Some(3)),
                Key::Settings,
            ] {
                registers::set(tx, SAM, &key, &serde_json::json!({"text": "…"}))?;
            }
            Ok(())
        })
        .expect("kept");
    let rev = garden.db.read_blocking(|conn| registers::rev(conn, SAM)).expect("read");
    garden.run(SAM, None, &Command::LeaveSpace).expect("left");
    let told = garden.db.read_blocking(move |conn| registers::after(conn, SAM, rev)).expect("read");
    let told: Vec<(String, bool)> = told.into_iter().map(|it| (it.key, it.value.is_null())).collect();
    let drafts = [Key::Draft(GARDEN, None).to_string(), Key::Draft(GARDEN, Some(3)).to_string()];
    assert_eq!(told[0], (Key::Membership(GARDEN).to_string(), false), "first that the person is out");
    assert_eq!(told[1..], drafts.map(|key| (key, true)));
}

for_each_engine!(
    invariant_6_snapshot_and_events_give_a_fresh_snapshot,
    invariant_3_seq_starts_at_one_and_has_no_gaps,
    a_client_id_is_unique_for_good,
    read_markers_only_move_forward_and_keep_their_steps,
    leaving_empties_the_registers_of_that_space_only,
    time_grows_though_the_clock_goes_back,
);
