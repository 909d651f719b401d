//! Two hundred visitors, twenty agents and hours of virtual time: with passes, rings that nobody hears, switches, full
//! hands, visitors who give up, and a restart of the house in the middle of it.

use std::collections::{BTreeMap, BTreeSet};

use super::laws::{carry_out, holds};
use super::tests::{NOW, RING, SECOND};
use super::*;

const VISITORS: i64 = 200;
const AGENTS: i64 = 20;
const MINUTE: i64 = 60 * SECOND;
const LANGUAGES: [&str; 2] = ["ko", "en"];
const SKILLS: [&str; 3] = ["refunds", "billing", "setup"];

/// xorshift64* (Vigna 2016): one seed is one run.
struct Lots(u64);

impl Lots {
    fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        i64::try_from(number).expect("31 bits") % end
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Comes(SpaceId),
    GivesUp(SpaceId),
    Accepts(SpaceId, PersonId),
    Declines(SpaceId, PersonId),
    Finishes(SpaceId, PersonId),
    Switches(PersonId),
    Restart,
    /// `again` said so.
    Look,
}

/// What a log would hold, and nothing else: a board can be built from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    Opened,
    Decided(Decision),
    Assigned(PersonId),
    Closed,
}

struct House {
    lots: Lots,
    now_us: i64,
    plan: BTreeSet<(i64, Deed)>,
    board: Board,
    /// What each visitor came with, as their `ticket.opened` says.
    opened: BTreeMap<SpaceId, Waiting>,
    log: Vec<(i64, SpaceId, Stored)>,
    served: BTreeMap<SpaceId, PersonId>,
    gave_up: BTreeSet<SpaceId>,
    rings: usize,
}

fn desk_of(person: i64) -> Vec<Stand> {
    let stand = |desk, skills: &[&str], languages: &[&str]| Stand {
        desk: DeskId(desk),
        skills: skills.iter().map(|it| (*it).to_owned()).collect(),
        languages: languages.iter().map(|it| (*it).to_owned()).collect(),
    };
    let language = &LANGUAGES[usize::from(person % 3 == 0)..][..1];
    let skill = &SKILLS[usize::try_from(person % 3).expect("small")..][..1];
    match person % 4 {
        0 => vec![stand(0, skill, &LANGUAGES), stand(1, skill, &LANGUAGES)],
        1 => vec![stand(1, &[], language)],
        _ => vec![stand(0, skill, language)],
    }
}

impl House {
    fn new(seed: u64) -> Self {
        let rules = |desk, per_agent| Rules {
            desk: DeskId(desk),
            open: true,
            ring_us: RING,
            per_agent,
            same_agent: true,
        };
        let agent = |person| Agent {
            person: PersonId(person),
            reachable: true,
            open: 0,
            last_assigned_us: None,
            at: desk_of(person),
        };
        let board = Board {
            desks: vec![rules(0, 2), rules(1, 3)],
            agents: (0..AGENTS).map(agent).collect(),
            tickets: Vec::new(),
        };
        let mut house = Self {
            lots: Lots(seed * 2 + 1),
            now_us: NOW,
            plan: BTreeSet::new(),
            board,
            opened: BTreeMap::new(),
            log: Vec::new(),
            served: BTreeMap::new(),
            gave_up: BTreeSet::new(),
            rings: 0,
        };
        for visitor in 0..VISITORS {
            // A rush in the first twelve minutes, then a trickle for more than three hours.
            let minutes = if visitor % 3 == 0 { 210 } else { 12 };
            house.after(minutes, Deed::Comes(SpaceId(1_000 + visitor)));
        }
        for person in 0..AGENTS {
            house.after(200, Deed::Switches(PersonId(person)));
        }
        house.plan.insert((NOW + 10 * MINUTE, Deed::Restart));
        house
    }

    /// At some moment within so many minutes.
    fn after(&mut self, minutes: i64, deed: Deed) {
        let at_us = self.now_us + 1 + self.lots.below(minutes * 60 * 1_000) * 1_000;
        self.plan.insert((at_us, deed));
    }

    fn run(&mut self) {
        while let Some((at_us, deed)) = self.plan.pop_first() {
            self.now_us = at_us;
            self.happens(deed);
            self.look();
            assert!(self.log.len() < 100_000, "it goes round in circles");
        }
    }

    fn happens(&mut self, deed: Deed) {
        match deed {
            Deed::Comes(space) => self.comes(space),
            Deed::GivesUp(space) => {
                if self.board.tickets.iter().any(|ticket| ticket.space == space) {
                    self.gave_up.insert(space);
                    self.ends(space);
                    self.store(space, Stored::Closed);
                }
            }
            Deed::Accepts(space, agent) if self.rings_at(space, agent) => self.accepts(space, agent),
            Deed::Declines(space, agent) if self.rings_at(space, agent) => {
                let pass = Decision::Passed { space, agent, why: PassWhy::Declined };
                carry_out(&mut self.board, &[pass], self.now_us);
                self.store(space, Stored::Decided(pass));
            }
            // Too late: it has gone on to somebody else.
            Deed::Accepts(..) | Deed::Declines(..) | Deed::Look => {}
            Deed::Finishes(space, agent) => {
                self.agent(agent).open -= 1;
                self.store(space, Stored::Closed);
            }
            Deed::Switches(agent) => {
                let on = !self.agent(agent).reachable;
                self.agent(agent).reachable = on;
                // Nobody is away for good; who is on may go again while there is something to do.
                if !on || !self.plan.is_empty() && self.now_us < NOW + 240 * MINUTE {
                    self.after(if on { 90 } else { 15 }, Deed::Switches(agent));
                }
            }
            Deed::Restart => self.restart(),
        }
    }

    fn comes(&mut self, space: SpaceId) {
        let n = space.0 - 1_000;
        let priority = if self.lots.one_in(10) { 2 } else { 0 };
        let ticket = Waiting {
            space,
            desk: DeskId(i64::from(self.lots.one_in(3))),
            number: n,
            waiting_since_us: self.now_us,
            priority,
            language: LANGUAGES[usize::from(self.lots.one_in(3))].into(),
            skill: (n % 4 == 0).then(|| SKILLS[usize::try_from(n % 3).expect("small")].into()),
            last_agent: (n % 5 == 0).then_some(PersonId(n % AGENTS)),
            passed: Vec::new(),
            offered: None,
        };
        self.opened.insert(space, ticket.clone());
        self.board.tickets.push(ticket);
        self.store(space, Stored::Opened);
        if self.lots.one_in(8) {
            self.after(10, Deed::GivesUp(space));
        }
    }

    fn rings_at(&self, space: SpaceId, agent: PersonId) -> bool {
        let ticket = self.board.tickets.iter().find(|ticket| ticket.space == space);
        ticket.and_then(|ticket| ticket.offered).is_some_and(|offer| offer.agent == agent)
    }

    fn accepts(&mut self, space: SpaceId, agent: PersonId) {
        assert_eq!(self.served.insert(space, agent), None, "{space} was served twice");
        self.ends(space);
        let now_us = self.now_us;
        let who = self.agent(agent);
        who.open += 1;
        who.last_assigned_us = Some(now_us);
        let open = who.open;
        assert!(open <= 3, "{agent} has {open} tickets");
        self.store(space, Stored::Assigned(agent));
        self.after(40, Deed::Finishes(space, agent));
    }

    fn ends(&mut self, space: SpaceId) {
        self.board.tickets.retain(|ticket| ticket.space != space);
    }

    fn agent(&mut self, person: PersonId) -> &mut Agent {
        self.board.agents.iter_mut().find(|agent| agent.person == person).expect("an agent of the house")
    }

    fn store(&mut self, space: SpaceId, stored: Stored) {
        self.log.push((self.now_us, space, stored));
    }

    /// The router is asked, and the agents hear of it.
    fn look(&mut self) {
        let decisions = route(&self.board, self.now_us);
        self.in_order(&decisions);
        carry_out(&mut self.board, &decisions, self.now_us);
        holds(&self.board);
        for decision in decisions {
            match decision {
                Decision::Passed { space, .. } => self.store(space, Stored::Decided(decision)),
                Decision::Offered { space, agent, .. } => {
                    self.rings += 1;
                    self.store(space, Stored::Decided(decision));
                    let seconds = 1 + self.lots.below(15);
                    let deed = match self.lots.below(10) {
                        0 | 1 => None,
                        2 => Some(Deed::Declines(space, agent)),
                        _ => Some(Deed::Accepts(space, agent)),
                    };
                    self.plan.extend(deed.map(|deed| (self.now_us + seconds * SECOND, deed)));
                }
            }
        }
        self.plan.retain(|(_, deed)| *deed != Deed::Look);
        self.plan.extend(again(&self.board, self.now_us).map(|at_us| (at_us, Deed::Look)));
    }

    /// Of those that are offered for no other reason than being next, nobody was overtaken by one with the same wish.
    fn in_order(&self, decisions: &[Decision]) {
        let line: Vec<&Waiting> = line::line(&self.board);
        for decision in decisions {
            let Decision::Offered { space, reason: Reason::First | Reason::Language | Reason::Skill, .. } =
                decision
            else {
                continue;
            };
            let at = line.iter().position(|ticket| ticket.space == *space).expect("in line");
            let overtaken = line[..at].iter().find(|before| {
                let same_wish = (before.desk, &before.language, &before.skill)
                    == (line[at].desk, &line[at].language, &line[at].skill);
                let untouched =
                    before.passed.is_empty() && before.offered.is_none() && before.last_agent.is_none();
                let asked = decisions
                    .iter()
                    .any(|it| matches!(it, Decision::Offered { space, .. } if *space == before.space));
                same_wish && untouched && !asked && line[at].passed.is_empty()
            });
            assert_eq!(overtaken.map(|it| it.space), None, "overtaken by {space}");
        }
    }

    /// The house stops and starts: what stood in memory is gone, and the board is built from what is stored.
    fn restart(&mut self) {
        let before = self.board.clone();
        let mut tickets: BTreeMap<SpaceId, Waiting> = BTreeMap::new();
        let mut open: BTreeMap<PersonId, u32> = BTreeMap::new();
        let mut helper: BTreeMap<SpaceId, PersonId> = BTreeMap::new();
        let mut last: BTreeMap<PersonId, i64> = BTreeMap::new();
        for (at_us, space, stored) in &self.log {
            match stored {
                Stored::Opened => drop(tickets.insert(*space, self.opened[space].clone())),
                Stored::Decided(decision) => {
                    let ticket = tickets.remove(space).expect("it was opened");
                    let mut one = Board { tickets: vec![ticket], ..Board::default() };
                    carry_out(&mut one, std::slice::from_ref(decision), *at_us);
                    tickets.extend(one.tickets.into_iter().map(|ticket| (*space, ticket)));
                }
                Stored::Assigned(agent) => {
                    tickets.remove(space);
                    helper.insert(*space, *agent);
                    *open.entry(*agent).or_default() += 1;
                    last.insert(*agent, *at_us);
                }
                Stored::Closed => {
                    tickets.remove(space);
                    if let Some(agent) = helper.remove(space) {
                        *open.entry(agent).or_default() -= 1;
                    }
                }
            }
        }
        self.board.tickets = tickets.into_values().collect();
        for agent in &mut self.board.agents {
            agent.open = open.get(&agent.person).copied().unwrap_or_default();
            agent.last_assigned_us = last.get(&agent.person).copied();
        }
        let line = |board: &Board| line::line(board).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(line(&before), line(&self.board), "the order after a restart is what it was");
        assert_eq!(before.agents, self.board.agents);
        assert_eq!(route(&before, self.now_us), route(&self.board, self.now_us));
        assert!(!self.board.tickets.is_empty(), "a restart that nobody would notice proves nothing");
    }
}

#[test]
fn two_hundred_visitors_are_served_once_each_and_in_order_though_agents_pass_switch_off_and_the_house_restarts()
 {
    for seed in 1..=8 {
        let mut house = House::new(seed);
        house.run();
        assert!(house.board.tickets.is_empty(), "seed {seed}: left in line: {:?}", house.board.tickets);
        let both: Vec<&SpaceId> = house.gave_up.iter().filter(|it| house.served.contains_key(it)).collect();
        assert!(both.is_empty(), "seed {seed}: {both:?} gave up and were served");
        let ended = house.served.len() + house.gave_up.len();
        assert_eq!(ended, usize::try_from(VISITORS).expect("200"), "seed {seed}");
        assert!(house.rings > house.served.len() + 20, "seed {seed}: some rings are passed on");
        assert!(!house.gave_up.is_empty(), "seed {seed}: some give up");
        assert!(house.board.agents.iter().all(|agent| agent.open == 0), "seed {seed}");
        let longest_us = house.log.iter().map(|(at_us, ..)| *at_us).max().expect("a log") - NOW;
        assert!(longest_us > 180 * MINUTE, "seed {seed}: hours of virtual time");
    }
}
