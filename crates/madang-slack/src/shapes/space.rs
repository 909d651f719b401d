//! Conversations.

use madang_app::records::SpaceRecord;
use madang_app::{MySide, Summary};
use madang_model::PersonId;
use madang_model::space::SpaceKind;
use serde_json::{Value, json};

use super::names::{House, channel_id, handle, made_at, people_of_direct, person_id};
use crate::scopes::Conversation;

/// Which kind of conversation a space is to Slack's clients.
#[must_use]
pub fn kind_of(space: &SpaceRecord) -> Conversation {
    match space.facts.kind {
        SpaceKind::Open => Conversation::Channel,
        SpaceKind::Direct if people_of_direct(space) > 2 => Conversation::Mpim,
        SpaceKind::Direct => Conversation::Im,
        SpaceKind::Closed | SpaceKind::Ticket => Conversation::Group,
    }
}

/// A conversation as `viewer` sees it. `name_of`: the names of the people of a direct space.
#[must_use]
pub fn channel(
    summary: &Summary,
    viewer: PersonId,
    house: &House,
    name_of: &dyn Fn(PersonId) -> Option<String>,
) -> Value {
    let space = &summary.space;
    match kind_of(space) {
        Conversation::Im => im(summary, viewer, house),
        kind => {
            let mpim = kind == Conversation::Mpim;
            let name =
                if mpim { mpim_name(&summary.people, name_of) } else { handle(&space.facts.name, '-') };
            let mut channel = common(space, house);
            let more = json!({
                "name": name,
                "name_normalized": name,
                "is_channel": kind == Conversation::Channel,
                "is_group": kind == Conversation::Group,
                "is_im": false,
                "is_mpim": mpim,
                "is_private": kind != Conversation::Channel,
                "is_general": false,
                "is_member": summary.me.is_some(),
                "num_members": space.facts.members,
                "previous_names": [],
                "parent_conversation": null,
                "topic": words(&space.facts.description),
                "purpose": words(&space.facts.description),
            });
            extend(&mut channel, more);
            if mpim {
                channel["members"] = summary.people.iter().map(|it| person_id(*it)).collect();
            }
            extend(&mut channel, mine(summary.me.as_ref()));
            channel
        }
    }
}

fn im(summary: &Summary, viewer: PersonId, house: &House) -> Value {
    let other = summary.people.iter().find(|it| **it != viewer).copied().unwrap_or(viewer);
    let mut channel = common(&summary.space, house);
    let more = json!({
        "is_channel": false,
        "is_group": false,
        "is_im": true,
        "is_mpim": false,
        "is_private": true,
        "is_open": true,
        "user": person_id(other),
        "is_user_deleted": false,
        "priority": 0,
    });
    extend(&mut channel, more);
    extend(&mut channel, mine(summary.me.as_ref()));
    channel
}

fn common(space: &SpaceRecord, house: &House) -> Value {
    json!({
        "id": channel_id(space),
        "created": made_at(space.facts.id.0),
        "updated": space.head_at / 1_000,
        "is_archived": space.facts.archived,
        "is_shared": false,
        "is_ext_shared": false,
        "is_org_shared": false,
        "is_pending_ext_shared": false,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [house.team()],
        "context_team_id": house.team(),
        "unlinked": 0,
    })
}

/// What only whoever is in it sees.
fn mine(me: Option<&MySide>) -> Value {
    match me {
        Some(me) => json!({"unread_count": me.unread, "unread_count_display": me.unread}),
        None => json!({}),
    }
}

/// A space says of itself one thing, where Slack has two.
fn words(value: &str) -> Value {
    json!({"value": value, "creator": "", "last_set": 0})
}

fn mpim_name(people: &[PersonId], name_of: &dyn Fn(PersonId) -> Option<String>) -> String {
    let names: Vec<String> = people
        .iter()
        .map(|it| name_of(*it).map_or_else(|| person_id(*it).to_lowercase(), |name| handle(&name, '.')))
        .collect();
    format!("mpdm-{}-1", names.join("--"))
}

fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}
