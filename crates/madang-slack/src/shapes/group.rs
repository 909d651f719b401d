//! User groups: teams.

use madang_app::records::TeamRecord;
use serde_json::{Value, json};

use super::names::{House, group_id, handle, made_at, person_id};

/// A team as a user group; `people`: whether its people are named.
#[must_use]
pub fn user_group(team: &TeamRecord, house: &House, people: bool) -> Value {
    let channels: Vec<String> = team.spaces.iter().map(|it| crate::id::written("C", it.0)).collect();
    let mut group = json!({
        "id": group_id(team.id),
        "team_id": house.team(),
        "is_usergroup": true,
        "is_subteam": true,
        "name": team.name,
        "handle": handle(&team.name, '-'),
        "description": "",
        "is_external": false,
        "date_create": made_at(team.id.0),
        "date_update": made_at(team.id.0),
        "date_delete": 0,
        "auto_type": null,
        "auto_provision": false,
        "prefs": {"channels": channels, "groups": []},
        "user_count": team.members.len(),
        "channel_count": channels.len(),
    });
    if people {
        group["users"] = team.members.iter().map(|it| person_id(*it)).collect();
    }
    group
}
