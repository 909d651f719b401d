//! One table per border, and the laws of the log.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bookmark::Bookmark;
use crate::call::{self, Ending};
use crate::card::{Card, Checklist, Confirm, Item, Poll};
use crate::command::{Command, Draft};
use crate::event::{Body, Event};
use crate::id::{BookmarkId, CallId};
use crate::meeting::Wish;
use crate::permission::{HouseRight, Right, may, may_change_role, may_in_house};
use crate::refusal::{Refusal, Thing};
use crate::row::Row;

// The cast. Nari owns the workspace; joon and mina are members, mina hosts the
// space; sam is a partner's guest; dara is out of the house.
const NARI: PersonId = PersonId(1);
const JOON: PersonId = PersonId(2);
const MINA: PersonId = PersonId(3);
const SAM: PersonId = PersonId(4);
const BORI: PersonId = PersonId(5);
const DARA: PersonId = PersonId(6);

fn role(person: PersonId) -> Option<Role> {
    match person {
        NARI => Some(Role::Owner),
        JOON | MINA | BORI => Some(Role::Member),
        SAM => Some(Role::Guest),
        _ => None,
    }
}

/// A house of one space, in memory.
struct House {
    space: SpaceState,
    log: Vec<Event>,
}

impl House {
    fn with(kind: SpaceKind, people: &[(PersonId, SpaceRole)]) -> House {
        let mut house = House { space: SpaceState::new(SpaceId(9), WorkspaceId(7)), log: Vec::new() };
        let bodies = create(MINA, kind, "정원", people).expect("the space is right");
        house.append(MINA, bodies);
        house
    }

    fn garden() -> House {
        House::with(SpaceKind::Closed, &[(JOON, SpaceRole::Member), (SAM, SpaceRole::Guest)])
    }

    fn append(&mut self, author: PersonId, bodies: Vec<Body>) {
        for body in bodies {
            let seq = self.space.head + 1;
            let event = Event {
                space: self.space.id,
                seq,
                at_us: seq * 10,
                author,
                client_id: None,
                staff: false,
                body,
            };
            self.space.apply(&event);
            self.log.push(event);
        }
    }

    fn ask(&self, person: PersonId, command: &Command) -> Result<Vec<Body>, Refusal> {
        decide(&self.space.scene(person, command, role), command, 1_000)
    }

    fn run(&mut self, person: PersonId, command: Command) -> Result<Seq, Refusal> {
        let bodies = self.ask(person, &command)?;
        self.append(person, bodies);
        Ok(self.space.head)
    }

    fn says(&mut self, person: PersonId, text: &str) -> Seq {
        self.run(person, post(text)).expect("the message is right")
    }

    /// The call that runs is over.
    fn hang_up(&mut self, people: Vec<PersonId>, missed: Vec<PersonId>) {
        let Some(started) = self.space.call else { return };
        let ending = Ending { lasted_us: 65_000_000, people, missed };
        let bodies = call::end(self.space.call, started, ending);
        self.append(MINA, bodies);
    }

    fn message(&self, seq: Seq) -> &crate::row::MessageRow {
        self.space.rows[&seq].message().expect("a message stands there")
    }
}

fn post(text: &str) -> Command {
    Command::PostMessage(Draft { text: text.into(), ..Draft::default() })
}

fn start(video: bool) -> Command {
    Command::StartCall { call: CallId(77), video, sealed: false }
}

fn meeting(start: &str, series: bool) -> Wish {
    Wish {
        title: "주간 회의".into(),
        start: start.into(),
        zone: "Asia/Seoul".into(),
        minutes: 30,
        repeat: series.then(|| "FREQ=DAILY".into()),
        remind: 10,
        ..Wish::default()
    }
}

/// One of a series takes place in the afternoon.
fn one_moved(meeting: Seq) -> Command {
    let at = Some(("2026-12-02T15:00".to_owned(), 60));
    Command::ChangeOneMeeting { meeting, occurrence: "2026-12-02T09:00:00".into(), at }
}

fn reply(root: Seq, text: &str) -> Command {
    Command::PostMessage(Draft { text: text.into(), thread: Some(root), ..Draft::default() })
}

#[track_caller]
fn refused(house: &House, person: PersonId, command: Command, refusal: Refusal) {
    assert_eq!(house.ask(person, &command), Err(refusal));
}

#[test]
fn outsiders_do_not_learn_that_a_closed_space_exists() {
    let house = House::garden();
    for person in [NARI, BORI, DARA] {
        refused(&house, person, post("hello"), Refusal::NotFound(Thing::Space));
        refused(&house, person, Command::JoinSpace, Refusal::NotFound(Thing::Space));
    }
}

#[test]
fn members_of_the_workspace_read_and_join_open_spaces_and_guests_do_not() {
    let mut house = House::with(SpaceKind::Open, &[]);
    refused(&house, JOON, post("hello"), Refusal::NotAMember);
    refused(&house, SAM, Command::JoinSpace, Refusal::NotFound(Thing::Space));
    house.run(JOON, Command::JoinSpace).expect("open spaces let members in");
    house.says(JOON, "안녕하세요");
}

#[test]
fn a_message_needs_content_and_a_reply_needs_a_root() {
    let mut house = House::garden();
    refused(&house, JOON, post("  \n "), Refusal::Empty);
    let root = house.says(JOON, "시작할까요?");
    let answer = house.run(MINA, reply(root, "네")).expect("a reply to a root");
    refused(&house, SAM, reply(answer, "저도"), Refusal::NotARoot);
    refused(&house, SAM, reply(999, "?"), Refusal::NotFound(Thing::Message));
    refused(&house, SAM, reply(1, "to a notice"), Refusal::NotFound(Thing::Message));
    refused(
        &house,
        JOON,
        post(&"가".repeat(40_001)),
        Refusal::TooLong { what: "the message", limit: 40_000 },
    );
}

#[test]
fn only_authors_edit_and_only_authors_and_hosts_remove() {
    let mut house = House::garden();
    let seq = house.says(JOON, "처음");
    let edit = Command::EditMessage { message: seq, text: "다음".into(), app: None };
    refused(&house, MINA, edit.clone(), Refusal::NotTheAuthor);
    house.run(JOON, edit).expect("the author edits");
    assert_eq!(house.message(seq).text, "다음");
    let remove = Command::RemoveMessage { message: seq };
    refused(&house, SAM, remove.clone(), Refusal::NotAllowed("host"));
    house.run(MINA, remove.clone()).expect("a host removes");
    assert_eq!(house.ask(MINA, &remove), Ok(vec![]));
    refused(
        &house,
        JOON,
        Command::EditMessage { message: seq, text: "?".into(), app: None },
        Refusal::MessageRemoved,
    );
    assert!(house.message(seq).text.is_empty());
}

#[test]
fn a_wish_that_is_fulfilled_adds_nothing() {
    let mut house = House::garden();
    let seq = house.says(JOON, "좋아요");
    let thumb = Command::AddReaction { message: seq, emoji: "+1".into() };
    house.run(SAM, thumb.clone()).expect("guests react");
    assert_eq!(house.ask(SAM, &thumb), Ok(vec![]));
    assert_eq!(house.ask(JOON, &Command::UnpinMessage { message: seq }), Ok(vec![]));
    assert_eq!(house.ask(MINA, &Command::UnarchiveSpace), Ok(vec![]));
    assert_eq!(house.ask(MINA, &Command::AddMember { person: JOON, role: SpaceRole::Member }), Ok(vec![]));
}

#[test]
fn calling_on_everyone_needs_a_small_space_or_a_host() {
    let mut house = House::garden();
    house.says(JOON, "<!everyone> 모여요");
    refused(&house, SAM, post("<!everyone> hi"), Refusal::EveryoneNotAllowed);
    for number in 100..160 {
        let body = Body::MemberJoined { person: PersonId(number), role: SpaceRole::Member };
        house.append(MINA, vec![body]);
    }
    refused(&house, JOON, post("<!everyone> 모여요"), Refusal::EveryoneNotAllowed);
    house.says(MINA, "<!everyone> 모여요");
}

#[test]
fn a_guest_stays_a_guest_whoever_adds_them() {
    let mut house = House::with(SpaceKind::Closed, &[]);
    house.run(MINA, Command::AddMember { person: SAM, role: SpaceRole::Host }).expect("a host adds");
    assert_eq!(house.space.members[&SAM], SpaceRole::Guest);
    refused(
        &house,
        SAM,
        Command::AddMember { person: JOON, role: SpaceRole::Member },
        Refusal::NotAllowed("member"),
    );
    refused(
        &house,
        MINA,
        Command::AddMember { person: DARA, role: SpaceRole::Member },
        Refusal::NotFound(Thing::Person),
    );
}

#[test]
fn whoever_becomes_a_guest_keeps_no_members_right() {
    let house = House::garden();
    for old in [SpaceRole::Member, SpaceRole::Host] {
        let actor = Actor { person: JOON, role: Some(Role::Guest), membership: Some(old), agent: false };
        for right in Right::ALL {
            let allowed = matches!(
                right,
                Right::Read | Right::Leave | Right::Follow | Right::Post | Right::React | Right::Call
            );
            let answer = may(&actor, right, &house.space.facts());
            assert_eq!(answer.is_ok(), allowed, "{right:?}: {answer:?}");
        }
    }
}

#[test]
fn one_call_runs_in_a_space_and_its_end_is_written_once() {
    let mut house = House::garden();
    refused(&house, BORI, start(true), Refusal::NotFound(Thing::Space));
    let started = house.run(SAM, start(true)).expect("guests call too");
    assert_eq!(house.ask(JOON, &start(false)), Ok(vec![]), "he joins that one");
    house.hang_up(vec![SAM, JOON], vec![MINA]);
    let kept = house.space.rows[&started].clone();
    assert_eq!(kept.changed, house.space.head);
    assert_eq!(call::end(house.space.call, started, Ending::default()), vec![], "it is over");
    house.run(MINA, Command::ArchiveSpace).expect("archived");
    refused(&house, SAM, start(true), Refusal::SpaceArchived);
    let open = House::with(SpaceKind::Open, &[]);
    refused(&open, JOON, start(true), Refusal::NotAMember);
}

#[test]
fn a_meeting_is_changed_by_whoever_planned_it_and_by_hosts() {
    let mut house = House::garden();
    let wish = |start: &str| Box::new(meeting(start, false));
    refused(&house, BORI, Command::PlanMeeting(wish("2026-12-01T09:00")), Refusal::NotFound(Thing::Space));
    // Whoever may not call on everybody names people.
    refused(&house, SAM, Command::PlanMeeting(wish("2026-12-01T09:00")), Refusal::EveryoneNotAllowed);
    let mine = Wish { people: vec![SAM, JOON], ..meeting("2026-12-01T09:00", false) };
    let planned = house.run(SAM, Command::PlanMeeting(Box::new(mine.clone()))).expect("guests plan too");
    let change = |title: &str| {
        let wish = Box::new(Wish { title: title.into(), ..mine.clone() });
        Command::ChangeMeeting { meeting: planned, wish }
    };
    refused(&house, JOON, change("다른 이름"), Refusal::NotAllowed("host"));
    house.run(SAM, change("다른 이름")).expect("their own");
    house.run(MINA, change("또 다른 이름")).expect("a host");
    let row = house.space.rows[&planned].clone();
    assert_eq!(row.meeting().map(|it| (it.title.as_str(), it.revision)), Some(("또 다른 이름", 2)));
    assert_eq!(row.changed, house.space.head);
    let guests = Wish { guests: 1, ..mine.clone() };
    let outside = Command::ChangeMeeting { meeting: planned, wish: Box::new(guests) };
    refused(&house, SAM, outside, Refusal::NotAllowed("member"));
    house.run(MINA, Command::CancelMeeting { meeting: planned }).expect("cancelled");
    assert_eq!(house.ask(SAM, &Command::CancelMeeting { meeting: planned }), Ok(vec![]));
    refused(&house, SAM, change("zu spät"), Refusal::MeetingCancelled);
    refused(&house, MINA, Command::CancelMeeting { meeting: 1 }, Refusal::NotFound(Thing::Meeting));
    assert!(house.space.rows[&planned].meeting().is_some_and(|it| it.cancelled));
}

#[test]
fn direct_spaces_keep_their_people() {
    let house = House::with(SpaceKind::Direct, &[(JOON, SpaceRole::Member)]);
    refused(
        &house,
        MINA,
        Command::AddMember { person: NARI, role: SpaceRole::Member },
        Refusal::DirectIsFixed,
    );
    refused(&house, JOON, Command::LeaveSpace, Refusal::DirectIsFixed);
    refused(&house, MINA, Command::DeleteSpace, Refusal::DirectIsFixed);
    refused(&house, NARI, post("?"), Refusal::NotFound(Thing::Space));
}

#[test]
fn an_archived_space_is_read_and_not_written() {
    let mut house = House::garden();
    refused(&house, JOON, Command::ArchiveSpace, Refusal::NotAllowed("host"));
    house.run(MINA, Command::ArchiveSpace).expect("a host archives");
    refused(&house, JOON, post("?"), Refusal::SpaceArchived);
    house.run(JOON, Command::LeaveSpace).expect("leaving is always possible");
    house.run(MINA, Command::UnarchiveSpace).expect("a host unarchives");
    house.says(SAM, "thanks");
}

#[test]
fn a_deleted_space_can_be_restored_while_there_is_time() {
    let mut house = House::garden();
    house.run(MINA, Command::DeleteSpace).expect("a host deletes");
    refused(&house, JOON, post("?"), Refusal::NotFound(Thing::Space));
    refused(&house, MINA, post("?"), Refusal::SpaceDeleted);
    let scene = house.space.scene(MINA, &Command::RestoreSpace, role);
    let late = crate::limits::UNDO_DELETE_US + 1_001;
    assert_eq!(decide(&scene, &Command::RestoreSpace, late), Err(Refusal::UndoOver));
    house.run(MINA, Command::RestoreSpace).expect("in time");
    house.says(JOON, "살았다");
}

#[test]
fn reactions_are_ordered_by_their_oldest() {
    let mut house = House::garden();
    let seq = house.says(JOON, "?");
    let react = |emoji: &str| Command::AddReaction { message: seq, emoji: emoji.into() };
    house.run(SAM, react("tada")).expect("first");
    house.run(MINA, react("+1")).expect("second");
    house.run(JOON, react("tada")).expect("third");
    house.run(SAM, Command::RemoveReaction { message: seq, emoji: "tada".into() }).expect("taken back");
    let kinds: Vec<&str> = house.message(seq).reactions.iter().map(|it| it.emoji.as_str()).collect();
    assert_eq!(kinds, ["+1", "tada"]);
}

#[test]
fn a_root_counts_its_replies_and_the_first_five_repliers() {
    let mut house = House::garden();
    let root = house.says(JOON, "?");
    let first = house.run(SAM, reply(root, "1")).expect("a reply");
    house.run(SAM, reply(root, "2")).expect("a reply");
    let last = house.run(MINA, reply(root, "3")).expect("a reply");
    house.run(SAM, Command::RemoveMessage { message: first }).expect("own reply");
    let replies = house.message(root).replies.clone().expect("there are replies");
    assert_eq!((replies.count, replies.last, replies.people), (2, last, vec![SAM, MINA]));
}

#[test]
fn nobody_gives_a_role_above_their_own() {
    assert_eq!(
        may_change_role(Role::Member, Some(Role::Guest), Some(Role::Member)),
        Err(Refusal::NotAllowed("admin"))
    );
    assert_eq!(
        may_change_role(Role::Admin, Some(Role::Member), Some(Role::Owner)),
        Err(Refusal::NotAllowed("owner"))
    );
    assert_eq!(may_change_role(Role::Admin, Some(Role::Owner), None), Err(Refusal::NotAllowed("owner")));
    assert_eq!(may_change_role(Role::Admin, Some(Role::Guest), Some(Role::Admin)), Ok(()));
    let visitor = Some(Role::Visitor);
    let promoted = may_change_role(Role::Owner, visitor, Some(Role::Member));
    assert_eq!(promoted, Err(Refusal::NotFound(Thing::Person)), "visitors stay visitors");
    assert_eq!(may_change_role(Role::Owner, visitor, None), Ok(()), "and may be forgotten");
    assert_eq!(Role::to_give("visitor"), None);
    assert_eq!(may_change_role(Role::Owner, Some(Role::Owner), Some(Role::Member)), Ok(()));
}

#[test]
fn whoever_is_out_of_the_house_has_no_right_in_it() {
    for right in HouseRight::ALL {
        assert_eq!(may_in_house(None, right), Err(Refusal::NotFound(Thing::Workspace)));
    }
    let house = House::garden();
    for right in Right::ALL {
        let actor = Actor { person: DARA, role: None, membership: None, agent: false };
        assert_eq!(may(&actor, right, &house.space.facts()), Err(Refusal::NotFound(Thing::Space)));
    }
}

#[test]
fn every_event_is_read_as_it_was_stored() {
    let mut house = House::garden();
    let seq = house.says(JOON, "*굵게* <@0000000000004>");
    house.run(JOON, Command::EditMessage { message: seq, text: "고침".into(), app: None }).expect("an edit");
    house.run(MINA, Command::PinMessage { message: seq }).expect("a pin");
    house.run(MINA, Command::DeleteSpace).expect("a deletion");
    for event in &house.log {
        let stored = event.body.to_stored();
        assert_eq!(Body::from_stored(&stored).expect("it parses"), event.body);
        let outer = serde_json::to_string(event).expect("it is JSON");
        assert_eq!(&serde_json::from_str::<Event>(&outer).expect("it parses"), event);
    }
}

fn bookmark(id: i64, title: &str) -> Command {
    let link = "https://example.com/plan".to_owned();
    Command::AddBookmark(Bookmark { id: BookmarkId(id), title: title.into(), link, emoji: None })
}

#[test]
fn whoever_may_pin_lays_out_the_bookmarks_of_a_space() {
    let mut house = House::garden();
    house.run(JOON, bookmark(1, "계획")).expect("added");
    assert_eq!(house.ask(SAM, &bookmark(2, "계획")), Err(Refusal::NotAllowed("member")));
    assert_eq!(house.ask(DARA, &bookmark(2, "계획")), Err(Refusal::NotFound(Thing::Space)));
    let change = |emoji: Option<&str>| Command::ChangeBookmark {
        bookmark: BookmarkId(1),
        title: None,
        link: None,
        emoji: emoji.map(str::to_owned),
    };
    house.run(MINA, change(Some("tada"))).expect("changed");
    assert_eq!(house.space.bookmarks[0].emoji.as_deref(), Some("tada"));
    // What is so already is no event.
    assert_eq!(house.ask(MINA, &change(Some(":tada:"))), Ok(Vec::new()));
    assert_eq!(house.ask(MINA, &change(None)), Ok(Vec::new()));
    assert!(house.ask(SAM, &Command::RemoveBookmark { bookmark: BookmarkId(1) }).is_err());
    for id in 2..=100 {
        house.run(MINA, bookmark(id, "하나 더")).expect("added");
    }
    assert_eq!(
        house.ask(MINA, &bookmark(101, "너무 많음")),
        Err(Refusal::TooMany { what: "bookmarks", limit: 100 })
    );
    let remove = Command::RemoveBookmark { bookmark: BookmarkId(1) };
    house.run(MINA, remove.clone()).expect("removed");
    assert_eq!(house.ask(MINA, &remove), Err(Refusal::NotFound(Thing::Bookmark)));
    assert_eq!(house.space.bookmarks.len(), 99);
}

/// What somebody may do in the laws below; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Deed {
    Post,
    Reply(usize),
    Edit(usize),
    Remove(usize),
    React(usize, bool),
    Unreact(usize, bool),
    Pin(usize),
    Unpin(usize),
    Join,
    Leave,
    Rename,
    Ask(u8),
    Vote(usize, Vec<u16>),
    Close(usize),
    Check(usize, u16, bool),
    Assign(usize, u16),
    Confirm(usize),
    Call(bool),
    HangUp,
    Meet(bool),
    Remeet(usize, bool),
    CallOff(usize),
}

/// One of each kind of card.
fn card(kind: u8) -> Card {
    let words = |n: usize| (0..n).map(|n| format!("{n}번")).collect::<Vec<_>>();
    match kind % 4 {
        0 => Card::Poll(Poll { title: "점심?".into(), options: words(3), multi: true, ..Poll::default() }),
        1 => {
            Card::Poll(Poll {
                title: "비밀?".into(), options: words(2), anonymous: true, ..Poll::default()
            })
        }
        2 => {
            let items = words(2).into_iter().map(|text| Item { text, ..Item::default() }).collect();
            Card::Checklist(Checklist { title: "할 일".into(), items })
        }
        _ => Card::Confirm(Confirm::default()),
    }
}

fn asks(kind: u8) -> Command {
    Command::PostMessage(Draft {
        text: "꼭 읽어요".into(),
        card: Some(Box::new(card(kind))),
        ..Draft::default()
    })
}

fn deeds() -> impl Strategy<Value = Vec<(u8, Deed)>> {
    let one = prop_oneof![
        4 => Just(Deed::Post),
        3 => (0..40usize).prop_map(Deed::Reply),
        2 => (0..40usize).prop_map(Deed::Edit),
        1 => (0..40usize).prop_map(Deed::Remove),
        3 => (0..40usize, any::<bool>()).prop_map(|(n, b)| Deed::React(n, b)),
        2 => (0..40usize, any::<bool>()).prop_map(|(n, b)| Deed::Unreact(n, b)),
        1 => (0..40usize).prop_map(Deed::Pin),
        1 => (0..40usize).prop_map(Deed::Unpin),
        1 => Just(Deed::Join),
        1 => Just(Deed::Leave),
        1 => Just(Deed::Rename),
        2 => any::<u8>().prop_map(Deed::Ask),
        2 => (0..40usize, proptest::collection::vec(0..4u16, 0..3)).prop_map(|(n, v)| Deed::Vote(n, v)),
        1 => (0..40usize).prop_map(Deed::Close),
        2 => (0..40usize, 0..3u16, any::<bool>()).prop_map(|(n, i, b)| Deed::Check(n, i, b)),
        1 => (0..40usize, 0..3u16).prop_map(|(n, i)| Deed::Assign(n, i)),
        2 => (0..40usize).prop_map(Deed::Confirm),
        1 => any::<bool>().prop_map(Deed::Call),
        1 => Just(Deed::HangUp),
        1 => any::<bool>().prop_map(Deed::Meet),
        2 => (0..40usize, any::<bool>()).prop_map(|(n, b)| Deed::Remeet(n, b)),
        1 => (0..40usize).prop_map(Deed::CallOff),
    ];
    proptest::collection::vec((1..=6u8, one), 0..80)
}

fn command(house: &House, deed: &Deed) -> Command {
    let seqs: Vec<Seq> = house.space.rows.keys().copied().collect();
    let at = |n: &usize| seqs[n % seqs.len()];
    let emoji = |b: &bool| if *b { "+1".to_owned() } else { "tada".to_owned() };
    match deed {
        Deed::Post => post("글"),
        Deed::Reply(n) => Command::PostMessage(Draft {
            also: n % 2 == 0,
            thread: Some(at(n)),
            text: "답".into(),
            ..Draft::default()
        }),
        Deed::Edit(n) => Command::EditMessage { message: at(n), text: format!("고침 {n}"), app: None },
        Deed::Remove(n) => Command::RemoveMessage { message: at(n) },
        Deed::React(n, b) => Command::AddReaction { message: at(n), emoji: emoji(b) },
        Deed::Unreact(n, b) => Command::RemoveReaction { message: at(n), emoji: emoji(b) },
        Deed::Pin(n) => Command::PinMessage { message: at(n) },
        Deed::Unpin(n) => Command::UnpinMessage { message: at(n) },
        Deed::Join => Command::JoinSpace,
        Deed::Leave => Command::LeaveSpace,
        Deed::Ask(kind) => asks(*kind),
        Deed::Vote(n, options) => Command::Vote { message: at(n), options: options.clone() },
        Deed::Close(n) => Command::ClosePoll { message: at(n) },
        Deed::Check(n, item, done) => Command::CheckItem { message: at(n), item: *item, done: *done },
        Deed::Assign(n, item) => Command::AssignItem { message: at(n), item: *item, person: Some(JOON) },
        Deed::Confirm(n) => Command::ConfirmMessage { message: at(n) },
        Deed::Call(video) => start(*video),
        Deed::Meet(series) => Command::PlanMeeting(Box::new(meeting("2026-12-01T09:00", *series))),
        Deed::Remeet(n, true) => one_moved(at(n)),
        Deed::Remeet(n, false) => {
            Command::ChangeMeeting { meeting: at(n), wish: Box::new(meeting("2026-12-01T10:00", true)) }
        }
        Deed::CallOff(n) => Command::CancelMeeting { meeting: at(n) },
        // The house hangs up, in `does`.
        Deed::HangUp => Command::JoinSpace,
        Deed::Rename => Command::ChangeSpace {
            name: Some(format!("정원 {}", house.space.head)),
            description: None,
            picture: None,
        },
    }
}

/// Refusals are part of life; what they leave behind is nothing.
fn does(house: &mut House, person: PersonId, deed: &Deed) {
    match deed {
        Deed::HangUp => house.hang_up(vec![person], vec![]),
        _ => {
            let command = command(house, deed);
            let _ = house.run(person, command);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Replaying the log gives the same space, wherever one stops in between,
    /// and events that come twice change nothing.
    #[test]
    fn invariant_5_replaying_the_log_gives_the_same_space(deeds in deeds(), cut in 0..200usize) {
        let mut house = House::with(SpaceKind::Open, &[(JOON, SpaceRole::Member), (SAM, SpaceRole::Guest)]);
        for (person, deed) in &deeds {
            does(&mut house, PersonId(i64::from(*person)), deed);
        }
        let mut replayed = SpaceState::new(house.space.id, house.space.workspace);
        for event in house.log.iter().take(cut).chain(&house.log) {
            replayed.apply(event);
        }
        prop_assert_eq!(&replayed, &house.space);
    }

    /// What is served of removed messages folds into the same rows.
    #[test]
    fn blanked_events_fold_into_the_same_rows(deeds in deeds()) {
        let mut house = House::with(SpaceKind::Open, &[(JOON, SpaceRole::Member), (SAM, SpaceRole::Guest)]);
        for (person, deed) in &deeds {
            does(&mut house, PersonId(i64::from(*person)), deed);
        }
        let removed = |seq: &Seq| house.space.rows.get(seq).and_then(Row::message).is_some_and(|it| it.removed);
        let mut served = SpaceState::new(house.space.id, house.space.workspace);
        for event in &house.log {
            let about = match &event.body {
                Body::MessagePosted(_) => Some(event.seq),
                Body::MessageEdited { message, .. } => Some(*message),
                _ => None,
            };
            let mut event = event.clone();
            if about.as_ref().is_some_and(removed) {
                event.body = event.body.blanked();
            }
            served.apply(&event);
        }
        prop_assert_eq!(&served.rows, &house.space.rows);
    }
}

/// One story for the fold vectors that Rust and TypeScript share.
fn story() -> House {
    let mut house = House::garden();
    let root = house.says(JOON, "배포할까요?");
    house.run(SAM, reply(root, "네")).expect("a reply");
    let also = Command::PostMessage(Draft {
        text: "3시에".into(),
        thread: Some(root),
        also: true,
        ..Draft::default()
    });
    house.run(MINA, also).expect("a reply for all");
    let gone = house.run(SAM, reply(root, "오타")).expect("a reply");
    house.run(SAM, Command::RemoveMessage { message: gone }).expect("removed");
    house
        .run(JOON, Command::EditMessage { message: root, text: "지금 배포할까요?".into(), app: None })
        .expect("edited");
    for (person, emoji) in [(SAM, "tada"), (MINA, "+1"), (JOON, "tada")] {
        house.run(person, Command::AddReaction { message: root, emoji: emoji.into() }).expect("a reaction");
    }
    house.run(SAM, Command::RemoveReaction { message: root, emoji: "tada".into() }).expect("taken back");
    house.run(MINA, Command::PinMessage { message: root }).expect("pinned");
    let second = house.says(MINA, "`code` 와 *굵게*");
    house.run(MINA, Command::PinMessage { message: second }).expect("pinned");
    house.run(JOON, Command::AddReaction { message: second, emoji: "eyes".into() }).expect("a reaction");
    house.run(MINA, Command::RemoveMessage { message: second }).expect("removed");
    house
        .run(MINA, Command::ChangeSpace { name: Some("새 정원".into()), description: None, picture: None })
        .expect("renamed");
    house.run(MINA, Command::RemindReaders { message: root, people: vec![SAM] }).expect("reminded");
    house.run(MINA, Command::UnpinMessage { message: root }).expect("unpinned");
    answered(&mut house);
    house.run(JOON, start(true)).expect("a call");
    house.hang_up(vec![JOON, MINA], vec![SAM]);
    house.run(MINA, start(false)).expect("another call");
    let met =
        house.run(JOON, Command::PlanMeeting(Box::new(meeting("2026-12-01T09:00", true)))).expect("planned");
    house.run(JOON, one_moved(met)).expect("moved");
    let due = Body::MeetingDue {
        planned: met,
        title: "주간 회의".into(),
        start: 1_796_000_000_000_000,
        end: 1_796_001_800_000_000,
        people: Vec::new(),
    };
    house.append(JOON, vec![due]);
    let off =
        house.run(MINA, Command::PlanMeeting(Box::new(meeting("2026-12-03T09:00", false)))).expect("planned");
    house.run(MINA, Command::CancelMeeting { meeting: off }).expect("cancelled");
    house.run(SAM, Command::LeaveSpace).expect("left");
    house
}

/// Polls, a checklist and a message to be confirmed, with all that people answer.
fn answered(house: &mut House) {
    let poll = house.run(JOON, asks(0)).expect("a poll");
    for (person, options) in
        [(SAM, vec![2]), (MINA, vec![0, 2]), (SAM, vec![1]), (JOON, vec![0]), (JOON, vec![])]
    {
        house.run(person, Command::Vote { message: poll, options }).expect("a vote");
    }
    house.run(JOON, Command::ClosePoll { message: poll }).expect("closed");
    let secret = house.run(MINA, asks(1)).expect("a secret poll");
    for person in [SAM, JOON] {
        house.run(person, Command::Vote { message: secret, options: vec![1] }).expect("a secret vote");
    }
    let list = house.run(SAM, asks(2)).expect("a checklist");
    for (item, done) in [(0, true), (1, true), (0, false)] {
        house.run(JOON, Command::CheckItem { message: list, item, done }).expect("checked");
    }
    house.run(MINA, Command::AssignItem { message: list, item: 0, person: Some(JOON) }).expect("assigned");
    let must = house.run(MINA, asks(3)).expect("a message to be confirmed");
    for person in [SAM, JOON] {
        house.run(person, Command::ConfirmMessage { message: must }).expect("confirmed");
    }
    let gone = house.run(MINA, asks(0)).expect("a poll");
    house.run(SAM, Command::Vote { message: gone, options: vec![1] }).expect("a vote");
    house.run(MINA, Command::RemoveMessage { message: gone }).expect("removed");
}

#[test]
fn what_people_answer_is_held_to_what_was_asked() {
    let mut house = House::garden();
    let poll = house.run(JOON, asks(0)).expect("a poll");
    assert_eq!(house.message(poll).text, "📊 점심?\n- 0번\n- 1번\n- 2번", "for who knows no polls");
    let vote = |options: &[u16]| Command::Vote { message: poll, options: options.to_vec() };
    assert_eq!(house.run(SAM, vote(&[3])).expect_err("there are three").code(), "invalid");
    assert_eq!(
        house.run(SAM, Command::ConfirmMessage { message: poll }).expect_err("a poll").code(),
        "no_such_card"
    );
    let edit = Command::EditMessage { message: poll, text: "저녁?".into(), app: None };
    assert_eq!(house.run(JOON, edit).expect_err("its words stay").code(), "card_is_fixed");
    assert_eq!(
        house.run(SAM, Command::ClosePoll { message: poll }).expect_err("not his").code(),
        "not_allowed"
    );
    house.run(JOON, Command::ClosePoll { message: poll }).expect("closed");
    assert_eq!(house.run(SAM, vote(&[1])).expect_err("it is over").code(), "poll_closed");
    let secret = house.run(JOON, asks(1)).expect("a secret poll");
    let two = Command::Vote { message: secret, options: vec![0, 1] };
    assert_eq!(house.run(SAM, two).expect_err("one only").code(), "too_many");
    let few = Card::Poll(Poll { title: "?".into(), options: vec!["하나".into()], ..Poll::default() });
    let few = Command::PostMessage(Draft { card: Some(Box::new(few)), ..Draft::default() });
    assert_eq!(house.run(JOON, few).expect_err("nothing to choose").code(), "empty");
}

/// `testing/vectors/fold.json`: events, and the rows they fold into. With
/// `MADANG_BLESS=1` the file is written anew.
#[test]
fn the_fold_vectors_hold() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testing/vectors/fold.json");
    let house = story();
    let rows: BTreeMap<Seq, Row> = house.space.rows.clone();
    let case = serde_json::json!([{
        "name": "a day in the garden",
        "events": house.log,
        "rows": rows.into_values().collect::<Vec<_>>(),
    }]);
    if std::env::var_os("MADANG_BLESS").is_some() {
        let text = serde_json::to_string_pretty(&case).expect("it is JSON");
        std::fs::write(path, text + "\n").expect("the vectors can be written");
    }
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors are there"))
            .expect("they are JSON");
    assert_eq!(kept, case);
}
