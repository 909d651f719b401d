//! One test for each rule of the router.

use super::*;

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const RING: i64 = 20 * SECOND;
/// When the tests begin.
pub(super) const NOW: i64 = 1_800_000_000 * SECOND;
const DESK: DeskId = DeskId(1);
const OTHER_DESK: DeskId = DeskId(2);

fn rules(desk: DeskId) -> Rules {
    Rules { desk, open: true, ring_us: RING, per_agent: 3, same_agent: true }
}

/// Somebody at the first desk: `skills/languages`, each a list with commas.
fn agent(person: i64, can: &str) -> Agent {
    let (skills, languages) = can.split_once('/').expect("skills/languages");
    let list = |text: &str| text.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let stand = Stand { desk: DESK, skills: list(skills), languages: list(languages) };
    Agent { person: PersonId(person), reachable: true, open: 0, last_assigned_us: None, at: vec![stand] }
}

/// A ticket that began to wait some seconds ago.
fn ticket(space: i64, seconds: i64) -> Waiting {
    Waiting {
        space: SpaceId(space),
        desk: DESK,
        number: space,
        waiting_since_us: NOW - seconds * SECOND,
        priority: 0,
        language: "ko".into(),
        skill: None,
        last_agent: None,
        passed: Vec::new(),
        offered: None,
    }
}

fn passed(agent: i64, seconds_ago: i64) -> Pass {
    Pass { agent: PersonId(agent), at_us: NOW - seconds_ago * SECOND, why: PassWhy::Declined }
}

fn board(agents: Vec<Agent>, tickets: Vec<Waiting>) -> Board {
    Board { desks: vec![rules(DESK), rules(OTHER_DESK)], agents, tickets }
}

/// What is decided, as `ticket>agent reason` and `ticket<agent why`.
fn told(board: &Board, now_us: i64) -> String {
    let tell = |decision: &Decision| match *decision {
        Decision::Offered { space, agent, reason, .. } => {
            format!("{}>{} {}", space.0, agent.0, reason.as_str())
        }
        Decision::Passed { space, agent, why } => format!("{}<{} {}", space.0, agent.0, why.as_str()),
    };
    route(board, now_us).iter().map(tell).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check(board: &Board, expected: &str) {
    assert_eq!(told(board, NOW), expected);
}

#[test]
fn the_highest_priority_is_first_then_the_longest_wait_then_the_lower_number() {
    let mut urgent = ticket(13, 1);
    urgent.priority = 3;
    let same_moment = ticket(11, 50);
    let tickets = vec![ticket(12, 50), urgent, same_moment, ticket(14, 90)];
    let agents = (1..=4).map(|person| agent(person, "/")).collect();
    check(&board(agents, tickets), "13>1 first, 14>2 first, 11>3 first, 12>4 first");
}

#[test]
fn an_offer_rings_as_long_as_the_desk_says() {
    let decisions = route(&board(vec![agent(1, "/")], vec![ticket(10, 0)]), NOW);
    let until_us = NOW + RING;
    let offered =
        Decision::Offered { space: SpaceId(10), agent: PersonId(1), reason: Reason::First, until_us };
    assert_eq!(decisions, [offered]);
}

#[test]
fn nobody_is_rung_for_two_tickets_at_once() {
    check(&board(vec![agent(1, "/")], vec![ticket(10, 9), ticket(11, 8)]), "10>1 first");
    let mut rings = ticket(10, 9);
    rings.offered = Some(Offer { agent: PersonId(1), until_us: NOW + 1 });
    check(&board(vec![agent(1, "/")], vec![rings.clone(), ticket(11, 8)]), "");
    // Two offers to one agent, as two nodes at once could have made them: the first in line goes on.
    let second = Waiting { offered: rings.offered, ..ticket(11, 8) };
    check(&board(vec![agent(1, "/")], vec![second, rings]), "11<1 unreachable");
}

#[test]
fn nobody_is_offered_more_than_the_desk_allows() {
    let full = Agent { open: 3, ..agent(1, "/") };
    check(&board(vec![full.clone()], vec![ticket(10, 500)]), "");
    let mut two_desks = board(vec![full], vec![ticket(10, 500)]);
    two_desks.desks[0].per_agent = 4;
    check(&two_desks, "10>1 first");
}

#[test]
fn the_agent_of_the_last_time_is_asked_first_where_the_desk_wants_it() {
    let again = Waiting { last_agent: Some(PersonId(2)), ..ticket(10, 5) };
    let agents = || vec![agent(1, "/ko"), Agent { open: 2, ..agent(2, "/en") }];
    check(&board(agents(), vec![again.clone()]), "10>2 same_agent");
    let mut unwanted = board(agents(), vec![again.clone()]);
    unwanted.desks[0].same_agent = false;
    check(&unwanted, "10>1 language");
    let off = vec![agent(1, "/ko"), Agent { reachable: false, ..agent(2, "/en") }];
    check(&board(off, vec![again.clone()]), "10>1 language");
    let full = vec![agent(1, "/ko"), Agent { open: 3, ..agent(2, "/en") }];
    check(&board(full, vec![again.clone()]), "10>1 language");
    let said_no = Waiting { passed: vec![passed(2, 1)], ..again };
    check(&board(agents(), vec![said_no]), "10>1 language");
}

#[test]
fn the_agent_of_the_last_time_is_waited_for_not_longer_than_one_ring() {
    let rings = Waiting { offered: Some(Offer { agent: PersonId(2), until_us: NOW + 1 }), ..ticket(9, 30) };
    let back = |seconds| Waiting { last_agent: Some(PersonId(2)), ..ticket(10, seconds) };
    let agents = || vec![agent(1, "/ko"), agent(2, "/ko")];
    check(&board(agents(), vec![rings.clone(), back(19)]), "");
    check(&board(agents(), vec![rings, back(20)]), "10>1 language");
}

#[test]
fn skill_and_language_come_before_language_and_that_before_anybody() {
    let wants = Waiting { skill: Some("refunds".into()), ..ticket(10, 0) };
    let (anybody, speaks, skilled) = (agent(1, "refunds/en"), agent(2, "/ko"), agent(3, "refunds/ko,en"));
    let all = vec![anybody.clone(), speaks.clone(), skilled];
    check(&board(all, vec![wants.clone()]), "10>3 skill");
    check(&board(vec![anybody.clone(), speaks], vec![wants.clone()]), "10>2 language");
    check(&board(vec![anybody], vec![wants]), "10>1 first");
}

#[test]
fn who_named_no_language_speaks_those_of_the_desk_and_a_region_is_no_other_language() {
    let korean = Waiting { language: "ko-KR".into(), ..ticket(10, 0) };
    check(&board(vec![agent(1, "/en"), agent(2, "/")], vec![korean.clone()]), "10>2 first");
    check(&board(vec![agent(1, "/en"), agent(2, "/KO")], vec![korean]), "10>2 language");
}

#[test]
fn somebody_better_with_full_hands_is_waited_for_two_rings_a_step() {
    let agents = || vec![agent(1, "/en"), agent(2, "/ko"), Agent { open: 3, ..agent(3, "refunds/ko") }];
    let wants = |seconds| Waiting { skill: Some("refunds".into()), ..ticket(10, seconds) };
    check(&board(agents(), vec![wants(39)]), "");
    check(&board(agents(), vec![wants(40)]), "10>2 language");
    let two_steps = || vec![agent(1, "/en"), Agent { open: 3, ..agent(3, "refunds/ko") }];
    check(&board(two_steps(), vec![wants(79)]), "");
    check(&board(two_steps(), vec![wants(80)]), "10>1 first");
    let said_no = Waiting { passed: vec![passed(3, 1)], ..wants(5) };
    check(&board(two_steps(), vec![said_no]), "10>1 first");
}

#[test]
fn a_ticket_that_waits_for_somebody_better_does_not_keep_others_waiting() {
    let wants = Waiting { skill: Some("refunds".into()), ..ticket(10, 30) };
    let agents = vec![agent(1, "/ko"), Agent { open: 3, ..agent(2, "refunds/ko") }];
    check(&board(agents, vec![wants, ticket(11, 1)]), "11>1 language");
}

#[test]
fn among_equals_the_least_loaded_then_who_got_none_for_longest_then_the_lowest_id() {
    let with = |person, open, last: Option<i64>| Agent {
        open,
        last_assigned_us: last.map(|seconds| NOW - seconds * SECOND),
        ..agent(person, "/")
    };
    let check = |agents: Vec<Agent>, expected: &str| check(&board(agents, vec![ticket(10, 0)]), expected);
    check(vec![with(1, 2, None), with(2, 1, Some(1))], "10>2 first");
    check(vec![with(1, 1, Some(5)), with(2, 1, Some(9))], "10>2 first");
    check(vec![with(1, 1, Some(5)), with(2, 1, None)], "10>2 first");
    check(vec![with(2, 1, Some(5)), with(1, 1, Some(5))], "10>1 first");
}

#[test]
fn an_offer_that_runs_out_goes_to_the_next_at_once() {
    let rings = Waiting { offered: Some(Offer { agent: PersonId(1), until_us: NOW }), ..ticket(10, 20) };
    let agents = || vec![agent(1, "/"), agent(2, "/")];
    check(&board(agents(), vec![rings.clone()]), "10<1 time_out, 10>2 first");
    assert_eq!(told(&board(agents(), vec![rings]), NOW - 1), "");
}

#[test]
fn when_all_have_passed_all_are_asked_again_a_minute_after_the_last() {
    let agents = || vec![agent(1, "/"), agent(2, "/")];
    let check = |passes: Vec<Pass>, expected: &str| {
        check(&board(agents(), vec![Waiting { passed: passes, ..ticket(10, 300) }]), expected);
    };
    check(vec![passed(1, 70)], "10>2 first");
    check(vec![passed(1, 90), passed(2, 59)], "");
    check(vec![passed(1, 90), passed(2, 60)], "10>1 first");
    // The second time round: whoever was asked less often is next, and needs no pause.
    check(vec![passed(1, 90), passed(2, 70), passed(1, 1)], "10>2 first");
    check(vec![passed(1, 90), passed(2, 80), passed(1, 70), passed(2, 59)], "");
}

#[test]
fn who_has_full_hands_does_not_keep_the_others_from_being_asked_again() {
    let agents = vec![agent(1, "/"), Agent { open: 3, ..agent(2, "/") }];
    check(&board(agents, vec![Waiting { passed: vec![passed(1, 60)], ..ticket(10, 300) }]), "10>1 first");
}

#[test]
fn who_cannot_be_reached_loses_the_offer_and_is_asked_again_when_back() {
    let rings = Waiting { offered: Some(Offer { agent: PersonId(1), until_us: NOW + 1 }), ..ticket(10, 5) };
    let lost = "10<1 unreachable, 10>2 first";
    let two = agent(2, "/");
    check(&board(vec![Agent { reachable: false, ..agent(1, "/") }, two.clone()], vec![rings.clone()]), lost);
    check(&board(vec![two.clone()], vec![rings.clone()]), lost);
    check(&board(vec![Agent { at: Vec::new(), ..agent(1, "/") }, two.clone()], vec![rings.clone()]), lost);
    check(&board(vec![Agent { open: 3, ..agent(1, "/") }, two], vec![rings]), lost);
    let pass = Pass { why: PassWhy::Unreachable, ..passed(1, 1) };
    check(&board(vec![agent(1, "/")], vec![Waiting { passed: vec![pass], ..ticket(10, 5) }]), "10>1 first");
}

#[test]
fn the_tickets_of_a_closed_desk_wait_and_what_rings_may_be_answered() {
    let mut closed = board(vec![agent(1, "/"), agent(2, "/")], vec![ticket(10, 50)]);
    closed.desks[0].open = false;
    check(&closed, "");
    closed.tickets[0].offered = Some(Offer { agent: PersonId(1), until_us: NOW + 1 });
    check(&closed, "");
    assert_eq!(told(&closed, NOW + 1), "10<1 time_out");
}

#[test]
fn an_agent_helps_at_the_desks_where_they_stand() {
    let mut both = agent(1, "/");
    both.at.push(Stand { desk: OTHER_DESK, ..both.at[0].clone() });
    let elsewhere = Waiting { desk: OTHER_DESK, ..ticket(10, 60) };
    check(
        &board(vec![agent(2, "/"), both.clone()], vec![elsewhere.clone(), ticket(11, 5)]),
        "10>1 first, 11>2 first",
    );
    check(&board(vec![agent(2, "/")], vec![elsewhere]), "");
}

#[test]
fn the_house_is_told_when_time_alone_changes_something() {
    let quiet = board(vec![agent(1, "/")], Vec::new());
    assert_eq!(again(&quiet, NOW), None);
    let rings = Waiting { offered: Some(Offer { agent: PersonId(1), until_us: NOW + 7 }), ..ticket(10, 5) };
    assert_eq!(again(&board(vec![agent(1, "/")], vec![rings]), NOW), Some(NOW + 7));
    let all_passed = Waiting { passed: vec![passed(1, 10)], ..ticket(10, 900) };
    assert_eq!(again(&board(vec![agent(1, "/")], vec![all_passed]), NOW), Some(NOW - 10 * SECOND + PAUSE_US));
}

#[test]
fn the_place_in_line_counts_those_before_at_the_same_desk() {
    let elsewhere = Waiting { desk: OTHER_DESK, ..ticket(9, 999) };
    let urgent = Waiting { priority: 1, ..ticket(12, 1) };
    let all = board(Vec::new(), vec![ticket(10, 10), elsewhere, ticket(11, 20), urgent]);
    let places = [9, 10, 11, 12, 13].map(|space| place(&all, SpaceId(space)));
    assert_eq!(places, [Some(1), Some(3), Some(2), Some(1), None]);
}

#[test]
fn the_expected_wait_is_what_recent_tickets_took_over_the_hands_that_are_there() {
    let took = |seconds: i64| Handled { rang_us: 4 * SECOND, open_us: seconds * SECOND };
    let lately = [took(300), took(300), took(600), took(900), took(100_000)];
    let busy = || Agent { open: 3, ..agent(1, "/") };
    let all = board(vec![busy(), Agent { open: 2, ..agent(2, "/") }], Vec::new());
    let wait = |board: &Board, place| expected_wait(board, DESK, place, &lately).map(|us| us / SECOND);
    assert_eq!(wait(&all, 1), Some(4), "a hand is free");
    assert_eq!(wait(&all, 2), Some(104), "one of six must finish first");
    assert_eq!(wait(&all, 4), Some(304));
    assert_eq!(expected_wait(&all, DESK, 2, &lately[..4]), None, "too few to say");
    assert_eq!(
        wait(&board(vec![Agent { reachable: false, ..busy() }], Vec::new()), 1),
        None,
        "nobody is there"
    );
    assert_eq!(expected_wait(&all, DeskId(3), 1, &lately), None, "no such desk");
}
