//! What is decided about the meetings of a space. Whoever may call there may plan one; it is changed and cancelled by
//! whoever planned it, and by those who manage the space.

use super::Scene;
use super::decide::asks;
use crate::event::Body;
use crate::meeting::{Meeting, MeetingFacts, Wish};
use crate::permission::Right;
use crate::refusal::{Refusal, Thing};

pub(super) fn plan(scene: &Scene, wish: &Wish, now_us: i64) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Call)?;
    let meeting = wish.checked(now_us)?;
    may_invite(scene, &meeting, None)?;
    Ok(vec![Body::MeetingPlanned(Box::new(meeting))])
}

pub(super) fn change(scene: &Scene, wish: &Wish, now_us: i64) -> Result<Vec<Body>, Refusal> {
    let facts = own(scene)?;
    let Some(meeting) = facts.meeting.changed(wish, now_us)? else { return Ok(Vec::new()) };
    may_invite(scene, &meeting, Some(&facts.meeting))?;
    Ok(vec![Body::MeetingChanged { planned: facts.seq, occurrence: None, meeting: Box::new(meeting) }])
}

pub(super) fn change_one(
    scene: &Scene,
    occurrence: &str,
    at: Option<(&str, u32)>,
    now_us: i64,
) -> Result<Vec<Body>, Refusal> {
    let facts = own(scene)?;
    let Some(meeting) = facts.meeting.with_one(occurrence, at, now_us)? else { return Ok(Vec::new()) };
    let occurrence = Some(occurrence.to_owned());
    Ok(vec![Body::MeetingChanged { planned: facts.seq, occurrence, meeting: Box::new(meeting) }])
}

pub(super) fn cancel(scene: &Scene) -> Result<Vec<Body>, Refusal> {
    let facts = match own(scene) {
        Err(Refusal::MeetingCancelled) => return Ok(Vec::new()),
        other => other?,
    };
    let Meeting { title, people, .. } = facts.meeting.clone();
    Ok(vec![Body::MeetingCancelled { planned: facts.seq, title, people }])
}

/// The meeting of the command, for those who may change it.
fn own(scene: &Scene) -> Result<&MeetingFacts, Refusal> {
    let facts = scene.meeting.as_ref().ok_or(Refusal::NotFound(Thing::Meeting))?;
    asks(scene, if facts.organiser == scene.actor.person { Right::Call } else { Right::Moderate })?;
    if facts.meeting.cancelled { Err(Refusal::MeetingCancelled) } else { Ok(facts) }
}

/// Everybody of a space is reminded as if they were called, and whom one brings in from outside is added to it.
fn may_invite(scene: &Scene, next: &Meeting, before: Option<&Meeting>) -> Result<(), Refusal> {
    if next.people.is_empty() && before.is_none_or(|it| !it.people.is_empty()) {
        asks(scene, Right::CallEveryone)?;
    }
    if next.guests > 0 {
        asks(scene, Right::AddPeople)?;
    }
    Ok(())
}
