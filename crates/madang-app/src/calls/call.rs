//! One call while it runs. Pure: time comes in as an argument; what is told and forwarded follows from the changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use madang_model::call::Ending;
use madang_model::{CallId, ParticipantId, PersonId, RecordingId, Refusal, Seq, SessionId, SpaceId};

use super::door::{CallRights, Slots, Source, Wants};
use super::news::Seat;
use super::seal::{GivenKey, Seal};
use super::stream::Program;

/// How the connection of somebody in a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Connecting,
    Connected,
    /// Nothing has come from them for some seconds; they may be back.
    Away,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Connecting => "connecting",
            State::Connected => "connected",
            State::Away => "away",
        }
    }
}

/// One device of somebody in a call.
#[derive(Debug, Clone)]
pub struct Participant {
    pub id: ParticipantId,
    pub seat: Seat,
    pub at_us: i64,
    pub state: State,
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    /// What a host muted, until the person turns it on again.
    pub muted: BTreeSet<Source>,
    /// Since when the hand is up.
    pub hand: Option<i64>,
    pub quality: Option<&'static str>,
    /// It is a program, and not a device that somebody looks at.
    pub program: Option<Program>,
    /// The public key of this device in this call, where it is end-to-end encrypted.
    pub public_key: Option<String>,
    /// The newest key of the call, sealed to this device: for a socket that comes back.
    pub(super) given: Option<GivenKey>,
    /// Since when the state is as it is.
    pub(super) state_since: i64,
    /// A guest of the house.
    pub(super) guest: bool,
    pub(super) rights: CallRights,
    pub(super) wants: Wants,
    /// What it was told last, for a socket that comes back.
    pub(super) slots: Option<Slots>,
    /// Made by the client: the same again is the same participant.
    pub(super) key: String,
    /// By which a device that lost its participant takes its place again.
    pub(super) resume: String,
    /// SDP, shared by every look at the call.
    pub(super) answer: Option<Arc<str>>,
}

impl Participant {
    pub fn person(&self) -> PersonId {
        self.seat.person
    }

    pub(super) fn sources(&self) -> Vec<Source> {
        let sent = [
            (self.microphone, Source::Microphone),
            (self.camera, Source::Camera),
            (self.screen, Source::Screen),
            (self.screen, Source::ScreenAudio),
        ];
        sent.into_iter().filter(|(is, _)| *is).map(|(_, source)| source).collect()
    }
}

/// That a call is being recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub id: RecordingId,
    pub by: PersonId,
    pub at_us: i64,
    /// Who is in it, by their places in the call.
    pub(super) people: Vec<(ParticipantId, PersonId)>,
    /// Why it is being stopped.
    pub(super) stopping: Option<&'static str>,
}

/// What the visitor of a ticket allows to be seen of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VisitorShows {
    pub camera: bool,
    pub screen: bool,
}

/// A call while it runs, and as it was in the moment of its end.
#[derive(Debug, Clone)]
pub struct Call {
    pub id: CallId,
    pub space: SpaceId,
    pub at_us: i64,
    pub by: PersonId,
    pub video: bool,
    pub locked: bool,
    /// Whether guests may be seen. A policy of the call, which the media server keeps.
    pub guest_cameras: bool,
    /// Of a call with the visitor of a ticket: what they allow to be seen of them. No host says otherwise.
    pub visitor: Option<VisitorShows>,
    pub host: Option<ParticipantId>,
    pub participants: Vec<Participant>,
    /// Who asks to be let in.
    pub waiting: Vec<Participant>,
    pub speaker: Option<ParticipantId>,
    pub ended: Option<i64>,
    /// None: the call is not end-to-end encrypted.
    pub seal: Option<Seal>,
    /// While it is written down.
    pub recording: Option<Recorded>,
    /// The event that began it.
    pub(super) seq: Seq,
    /// Who was called by it, whether their devices rang or were quiet.
    pub(super) called: BTreeSet<PersonId>,
    /// Whose devices ring.
    pub(super) ringing: BTreeSet<PersonId>,
    pub(super) rings_until: i64,
    pub(super) declined: BTreeSet<PersonId>,
    /// Who was let in by a host.
    pub(super) admitted: BTreeSet<PersonId>,
    /// Who was not.
    pub(super) turned_away: BTreeSet<PersonId>,
    pub(super) took_part: Vec<PersonId>,
    pub(super) empty_since: Option<i64>,
}

impl Call {
    pub(super) fn new(id: CallId, space: SpaceId, seq: Seq, at_us: i64, by: PersonId, video: bool) -> Call {
        Call {
            id,
            space,
            at_us,
            by,
            video,
            locked: false,
            guest_cameras: true,
            visitor: None,
            host: None,
            participants: Vec::new(),
            waiting: Vec::new(),
            speaker: None,
            ended: None,
            seal: None,
            recording: None,
            seq,
            called: BTreeSet::new(),
            ringing: BTreeSet::new(),
            rings_until: 0,
            declined: BTreeSet::new(),
            admitted: BTreeSet::new(),
            turned_away: BTreeSet::new(),
            took_part: Vec::new(),
            empty_since: Some(at_us),
        }
    }

    pub(super) fn participant(&mut self, id: ParticipantId) -> Result<&mut Participant, Refusal> {
        self.participants.iter_mut().find(|it| it.id == id).ok_or(Refusal::ParticipantGone)
    }

    /// A participant that is this person's own.
    pub(super) fn own(&mut self, person: PersonId, id: ParticipantId) -> Result<&mut Participant, Refusal> {
        self.participant(id).and_then(|it| match it.person() == person {
            true => Ok(it),
            false => Err(Refusal::ParticipantGone),
        })
    }

    /// The participant at a seat.
    pub(super) fn seated(&self, seat: &Seat) -> Option<ParticipantId> {
        let is_there = |it: &&Participant| {
            let same = it.seat.person == seat.person && it.seat.session == seat.session;
            same && (it.seat.device == seat.device || it.seat.device.is_empty() || seat.device.is_empty())
        };
        self.participants.iter().find(is_there).map(|it| it.id)
    }

    pub(super) fn seats(&self, wanted: impl Fn(&Participant) -> bool) -> Vec<Seat> {
        self.participants.iter().filter(|it| wanted(it)).map(|it| it.seat.clone()).collect()
    }

    /// Whether this person is the host of the call, by one of their devices.
    pub fn is_hosted_by(&self, person: PersonId) -> bool {
        self.participants.iter().any(|it| Some(it.id) == self.host && it.person() == person)
    }

    /// What somebody may send and see in it.
    pub fn rights_of(&self, guest: bool) -> CallRights {
        match self.visitor.filter(|_| guest) {
            Some(VisitorShows { camera, screen }) => CallRights { camera, screen, ..CallRights::ALL },
            None => CallRights { camera: self.guest_cameras || !guest, ..CallRights::ALL },
        }
    }

    /// Says whether guests may be seen; gives those for whom that is another right than they had.
    pub(super) fn show_guests(&mut self, cameras: bool) -> Vec<Participant> {
        self.guest_cameras = cameras;
        self.apply_rights()
    }

    /// What the visitor of a ticket allows from here on; gives those for whom that is another right than they had.
    pub(super) fn visitor_shows(&mut self, shows: VisitorShows) -> Vec<Participant> {
        self.visitor = Some(shows);
        self.apply_rights()
    }

    fn apply_rights(&mut self) -> Vec<Participant> {
        let mut changed = Vec::new();
        for index in 0..self.participants.len() {
            let rights = self.rights_of(self.participants[index].guest);
            let them = &mut self.participants[index];
            if them.rights != rights {
                them.rights = rights;
                them.camera &= rights.camera;
                them.screen &= rights.screen;
                changed.push(them.clone());
            }
        }
        changed
    }

    /// Lets somebody in. Gives whether they are in it for the first time.
    pub(super) fn let_in(&mut self, participant: Participant) -> bool {
        let (id, person) = (participant.id, participant.person());
        let is_program = participant.program.is_some();
        self.participants.push(participant);
        if let Some(recording) = &mut self.recording {
            recording.people.push((id, person));
        }
        // A program hosts nothing, takes no part, and keeps no call alive.
        if is_program {
            return false;
        }
        self.waiting.retain(|it| it.person() != person);
        self.empty_since = None;
        if self.may_host(self.participants.len() - 1) {
            self.host.get_or_insert(id);
        }
        let is_new = !self.took_part.contains(&person);
        if is_new {
            self.took_part.push(person);
        }
        is_new
    }

    /// Whether this person comes in at once, waits for somebody to let them in, or does not come in. `waits` says that
    /// nobody of the house knows who they are.
    pub(super) fn may_come_in(&self, person: PersonId, waits: bool) -> Result<bool, Refusal> {
        if self.took_part.contains(&person) || self.admitted.contains(&person) || self.by == person {
            return Ok(true);
        }
        if self.locked || self.turned_away.contains(&person) {
            return Err(Refusal::CallLocked);
        }
        Ok(!waits)
    }

    /// Lets somebody wait, or notes that they still do.
    pub(super) fn keep_waiting(&mut self, participant: Participant) {
        match self.waiting.iter_mut().find(|it| it.person() == participant.person()) {
            Some(waiting) => {
                (waiting.state_since, waiting.seat) = (participant.state_since, participant.seat);
            }
            None => self.waiting.push(participant),
        }
    }

    /// Takes a participant out. Who hosted hands over to whoever has been in longest.
    pub(super) fn take_out(&mut self, id: ParticipantId, now_us: i64) -> Option<Participant> {
        let place = self.participants.iter().position(|it| it.id == id)?;
        let gone = self.participants.remove(place);
        if self.host == Some(id) {
            let next = (0..self.participants.len()).find(|it| self.may_host(*it));
            self.host = next.map(|it| self.participants[it].id);
        }
        if self.speaker == Some(id) {
            self.speaker = None;
        }
        if gone.program.is_none() && self.participants.iter().all(|it| it.program.is_some()) {
            self.empty_since = Some(now_us);
        }
        Some(gone)
    }

    /// Neither programs nor the visitor of a ticket host a call.
    fn may_host(&self, index: usize) -> bool {
        let them = &self.participants[index];
        them.program.is_none() && !(self.visitor.is_some() && them.guest)
    }

    /// Who was called, has not come and has not declined.
    pub(super) fn missed(&self) -> Vec<PersonId> {
        let came = |person: &&PersonId| self.took_part.contains(person) || self.declined.contains(person);
        self.called.iter().filter(|it| !came(it)).copied().collect()
    }

    /// What is written down of it when it is over.
    pub(super) fn ending(&self, now_us: i64) -> Ending {
        let until = self.empty_since.unwrap_or(now_us);
        Ending {
            lasted_us: (until - self.at_us).max(0),
            people: self.took_part.clone(),
            missed: self.missed(),
        }
    }

    pub(super) fn is_of(&self, session: SessionId) -> impl Fn(&Participant) -> bool + use<> {
        move |it| it.seat.session == session
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARI: PersonId = PersonId(1);
    const JOON: PersonId = PersonId(2);
    const MINA: PersonId = PersonId(3);

    fn comes(id: i64, person: PersonId) -> Participant {
        Participant {
            id: ParticipantId(id),
            seat: Seat { person, session: SessionId(id), device: format!("phone {id}") },
            at_us: 0,
            state: State::Connecting,
            microphone: true,
            camera: false,
            screen: false,
            muted: BTreeSet::new(),
            hand: None,
            quality: None,
            program: None,
            public_key: None,
            given: None,
            state_since: 0,
            guest: false,
            rights: CallRights::ALL,
            wants: Wants::default(),
            slots: None,
            key: String::new(),
            resume: String::new(),
            answer: None,
        }
    }

    fn call() -> Call {
        let mut call = Call::new(CallId(7), SpaceId(9), 5, 1_000, NARI, true);
        call.called = BTreeSet::from([JOON, MINA]);
        call
    }

    #[test]
    fn who_has_been_in_longest_hosts_when_the_host_goes() {
        let mut call = call();
        assert!(call.let_in(comes(1, NARI)) && call.let_in(comes(2, JOON)) && call.let_in(comes(3, MINA)));
        assert!(call.is_hosted_by(NARI));
        call.take_out(ParticipantId(1), 2_000);
        assert!(call.is_hosted_by(JOON) && call.empty_since.is_none());
    }

    #[test]
    fn a_call_lasts_until_the_last_one_left() {
        let mut call = call();
        call.let_in(comes(1, NARI));
        assert_eq!(call.ending(5_000).lasted_us, 4_000);
        call.take_out(ParticipantId(1), 6_000);
        assert_eq!(call.ending(60_000_000).lasted_us, 5_000);
        assert!(!call.let_in(comes(4, NARI)), "back again");
        assert_eq!(call.ending(7_000).people, [NARI]);
    }

    #[test]
    fn who_neither_comes_nor_declines_misses_it() {
        let mut call = call();
        call.let_in(comes(1, NARI));
        call.declined.insert(JOON);
        assert_eq!(call.missed(), [MINA]);
        call.let_in(comes(3, MINA));
        assert_eq!(call.missed(), []);
    }

    #[test]
    fn whom_nobody_knows_waits_until_a_host_lets_them_in() {
        let mut call = call();
        call.let_in(comes(1, NARI));
        assert_eq!(call.may_come_in(JOON, false), Ok(true));
        assert_eq!(call.may_come_in(MINA, true), Ok(false));
        call.keep_waiting(comes(3, MINA));
        call.keep_waiting(comes(4, MINA));
        assert_eq!(call.waiting.len(), 1);
        call.admitted.insert(MINA);
        assert_eq!(call.may_come_in(MINA, true), Ok(true));
        call.let_in(comes(5, MINA));
        assert_eq!(call.waiting.len(), 0);
        call.locked = true;
        assert_eq!(call.may_come_in(MINA, true), Ok(true), "back again");
        assert_eq!(call.may_come_in(JOON, false), Err(Refusal::CallLocked));
    }

    #[test]
    fn guests_are_not_seen_where_the_call_is_one_way() {
        let mut call = call();
        call.let_in(Participant { camera: true, ..comes(1, NARI) });
        call.let_in(Participant { camera: true, guest: true, ..comes(2, JOON) });
        let changed = call.show_guests(false);
        assert_eq!(
            changed.iter().map(|it| (it.id.0, it.camera, it.rights.camera)).collect::<Vec<_>>(),
            [(2, false, false)]
        );
        assert!(call.show_guests(false).is_empty() && call.participants[0].camera);
        assert_eq!(call.show_guests(true).len(), 1);
    }

    #[test]
    fn a_socket_finds_its_own_participant() {
        let mut call = call();
        call.let_in(comes(1, NARI));
        call.let_in(comes(2, JOON));
        let seat = Seat { person: JOON, session: SessionId(2), device: "phone 2".into() };
        assert_eq!(call.seated(&seat), Some(ParticipantId(2)));
        assert_eq!(call.seated(&Seat { device: "laptop".into(), ..seat.clone() }), None);
        assert_eq!(call.seated(&Seat { session: SessionId(9), ..seat }), None);
    }
}
