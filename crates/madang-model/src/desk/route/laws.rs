//! Laws of the router, over boards made up by chance.

use proptest::prelude::*;

use super::tests::{NOW, RING, SECOND};
use super::*;

const LANGUAGES: [&str; 3] = ["ko", "en", "ja"];
const SKILLS: [&str; 2] = ["refunds", "billing"];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(of, 0..=of.len())
        .prop_map(|found| found.into_iter().map(str::to_owned).collect())
}

fn desks() -> impl Strategy<Value = Vec<Rules>> {
    let one = (any::<bool>(), 1..4_u32, any::<bool>(), 1..4_i64);
    proptest::collection::vec(one, 3).prop_map(|all| {
        let rules = |(n, (open, per_agent, same_agent, rings)): (usize, (bool, u32, bool, i64))| {
            let desk = DeskId(i64::try_from(n).expect("three desks"));
            Rules { desk, open: open || n == 0, ring_us: rings * RING, per_agent, same_agent }
        };
        all.into_iter().enumerate().map(rules).collect()
    })
}

fn agents() -> impl Strategy<Value = Vec<Agent>> {
    let stand = (some(&SKILLS), some(&LANGUAGES));
    let one = (
        any::<bool>(),
        0..4_u32,
        proptest::option::of(0..900_i64),
        proptest::collection::vec((stand, any::<bool>()), 3),
    );
    proptest::collection::vec(one, 0..6).prop_map(|all| {
        let mut found = Vec::new();
        for ((reachable, open, last, stands), person) in all.into_iter().zip(0..) {
            let mut at = Vec::new();
            for (((skills, languages), there), desk) in stands.into_iter().zip(0..) {
                if there {
                    at.push(Stand { desk: DeskId(desk), skills, languages });
                }
            }
            let last_assigned_us = last.map(|seconds| NOW - seconds * SECOND);
            found.push(Agent { person: PersonId(person), reachable, open, last_assigned_us, at });
        }
        found
    })
}

fn tickets() -> impl Strategy<Value = Vec<Waiting>> {
    let pass = (0..6_i64, 0..200_i64, 0..3_u8);
    let one = (
        (0..3_i64, 0..400_i64, 0..4_u8, 0..3_usize),
        proptest::option::of(0..2_usize),
        proptest::option::of(0..6_i64),
        proptest::collection::vec(pass, 0..5),
        proptest::option::of((0..6_i64, -10..20_i64)),
    );
    proptest::collection::vec(one, 0..8).prop_map(|all| {
        let whys = [PassWhy::TimeOut, PassWhy::Declined, PassWhy::Unreachable];
        all.into_iter()
            .zip(100..)
            .map(|(((desk, waited, priority, language), skill, last, passed, offered), space)| Waiting {
                space: SpaceId(space),
                desk: DeskId(desk),
                number: space,
                waiting_since_us: NOW - waited * SECOND,
                priority,
                language: LANGUAGES[language].into(),
                skill: skill.map(|n| SKILLS[n].into()),
                last_agent: last.map(PersonId),
                passed: passed
                    .into_iter()
                    .map(|(agent, ago, why)| Pass {
                        agent: PersonId(agent),
                        at_us: NOW - ago.min(waited) * SECOND,
                        why: whys[usize::from(why)],
                    })
                    .collect(),
                offered: offered
                    .map(|(agent, left)| Offer { agent: PersonId(agent), until_us: NOW + left * SECOND }),
            })
            .collect()
    })
}

fn boards() -> impl Strategy<Value = Board> {
    (desks(), agents(), tickets()).prop_map(|(desks, agents, tickets)| Board { desks, agents, tickets })
}

fn shuffled() -> impl Strategy<Value = (Board, Board)> {
    boards().prop_flat_map(|board| {
        let (desks, agents, tickets) = (board.desks.clone(), board.agents.clone(), board.tickets.clone());
        let other = (Just(desks).prop_shuffle(), Just(agents).prop_shuffle(), Just(tickets).prop_shuffle());
        (Just(board), other.prop_map(|(desks, agents, tickets)| Board { desks, agents, tickets }))
    })
}

/// The board after the decisions were carried out.
pub(super) fn carry_out(board: &mut Board, decisions: &[Decision], now_us: i64) {
    for decision in decisions {
        let of = |space| move |ticket: &&mut Waiting| ticket.space == space;
        match *decision {
            Decision::Passed { space, agent, why } => {
                let ticket = board.tickets.iter_mut().find(of(space)).expect("a ticket of the board");
                assert_eq!(
                    ticket.offered.map(|offer| offer.agent),
                    Some(agent),
                    "whoever was not asked cannot pass"
                );
                ticket.offered = None;
                ticket.passed.push(Pass { agent, at_us: now_us, why });
            }
            Decision::Offered { space, agent, until_us, .. } => {
                let ticket = board.tickets.iter_mut().find(of(space)).expect("a ticket of the board");
                assert_eq!(ticket.offered, None, "nothing is offered to two");
                ticket.offered = Some(Offer { agent, until_us });
            }
        }
    }
}

/// What must be so whenever the router has spoken.
pub(super) fn holds(board: &Board) {
    let rung: Vec<PersonId> =
        board.tickets.iter().filter_map(|it| it.offered.map(|offer| offer.agent)).collect();
    for (n, agent) in rung.iter().enumerate() {
        assert!(!rung[..n].contains(agent), "{agent} is rung for two tickets");
    }
    for ticket in &board.tickets {
        let Some(offer) = ticket.offered else { continue };
        let agent = board.agents.iter().find(|it| it.person == offer.agent).expect("somebody of the board");
        let rules = board.rules(ticket.desk).expect("a desk of the board");
        assert!(
            agent.reachable && agent.stand(ticket.desk).is_some() && agent.open < rules.per_agent,
            "{agent:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nobody_is_rung_twice_nobody_beyond_the_limit_and_nobody_who_is_not_there(mut board in boards()) {
        let decisions = route(&board, NOW);
        carry_out(&mut board, &decisions, NOW);
        holds(&board);
        prop_assert_eq!(route(&board, NOW), [], "what was carried out leaves nothing to decide");
    }

    #[test]
    fn the_order_of_the_lists_changes_nothing((one, other) in shuffled()) {
        prop_assert_eq!(route(&one, NOW), route(&other, NOW));
        prop_assert_eq!(again(&one, NOW), again(&other, NOW));
    }

    /// Where somebody takes whoever asks for the same and came later, the earlier had been asked for, or waits for
    /// somebody better.
    #[test]
    fn of_two_that_want_the_same_the_first_in_line_is_offered_first(mut board in boards()) {
        for ticket in &mut board.tickets {
            (ticket.desk, ticket.skill, ticket.last_agent) = (DeskId(0), None, None);
            (ticket.language, ticket.passed, ticket.offered) = ("ko".into(), Vec::new(), None);
            // All have waited long enough to be given to anybody.
            ticket.waiting_since_us -= 1_000 * SECOND;
        }
        let decisions = route(&board, NOW);
        let line: Vec<SpaceId> = line::line(&board).iter().map(|ticket| ticket.space).collect();
        let offered: Vec<SpaceId> = decisions.iter().map(|it| match it {
            Decision::Offered { space, .. } | Decision::Passed { space, .. } => *space,
        }).collect();
        prop_assert_eq!(&offered[..], &line[..offered.len()]);
    }

    /// Agents that never answer, and a house that asks only when `again` says so: each ticket of an open desk where
    /// somebody has a hand free is offered, and again and again.
    #[test]
    fn nothing_is_lost_while_somebody_is_there(mut board in boards()) {
        let desks = board.desks.clone();
        let helped = |board: &Board, ticket: &Waiting| {
            let rules = desks.iter().find(|rules| rules.desk == ticket.desk).expect("a desk");
            rules.open && board.agents.iter()
                .any(|it| it.reachable && it.stand(ticket.desk).is_some() && it.open < rules.per_agent)
        };
        let mut offered: Vec<(SpaceId, usize)> = Vec::new();
        let mut now_us = NOW;
        for _ in 0..400 {
            let decisions = route(&board, now_us);
            carry_out(&mut board, &decisions, now_us);
            for decision in &decisions {
                let Decision::Offered { space, .. } = decision else { continue };
                match offered.iter_mut().find(|(it, _)| it == space) {
                    Some((_, times)) => *times += 1,
                    None => offered.push((*space, 1)),
                }
            }
            let Some(next_us) = again(&board, now_us) else { break };
            prop_assert!(next_us > now_us);
            now_us = next_us;
        }
        for ticket in board.tickets.iter().filter(|ticket| helped(&board, ticket)) {
            let times = offered.iter().find(|(space, _)| *space == ticket.space).map_or(0, |(_, times)| *times);
            prop_assert!(times >= 2, "{ticket:?} was offered {times} times until {}", now_us - NOW);
        }
    }
}
