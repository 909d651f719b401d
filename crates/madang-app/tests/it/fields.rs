//! Field by role (T10): what each role may write about people and the house.

use madang_model::permission::Role;
use madang_model::{PersonId, Refusal};

use crate::house::{House, house, refusal};

const ROLES: [Role; 4] = [Role::Guest, Role::Member, Role::Admin, Role::Owner];

/// Dara, who has each role in turn, and whom the others try things on.
async fn with_admin() -> (House, PersonId) {
    let house = house().await;
    let dara = crate::house::member(&house.app, house.nari, "dara").await;
    house.app.change_role(house.nari, dara, Role::Admin).await.expect("an admin");
    (house, dara)
}

#[tokio::test]
async fn roles_are_given_by_admins_and_the_owners_role_by_owners_only() {
    let (house, dara) = with_admin().await;
    let actors = [
        (Role::Guest, house.sam),
        (Role::Member, house.joon),
        (Role::Admin, dara),
        (Role::Owner, house.nari),
    ];
    for (role, actor) in actors {
        for to in ROLES {
            let allowed = role == Role::Owner || (role == Role::Admin && to != Role::Owner);
            let answer = house.app.change_role(actor, house.mina, to).await;
            assert_eq!(answer.is_ok(), allowed, "{role:?} gives {to:?}");
            house.app.change_role(house.nari, house.mina, Role::Member).await.expect("as before");
        }
    }
}

#[tokio::test]
async fn nobody_raises_themselves() {
    let (house, dara) = with_admin().await;
    for (actor, has) in [(house.sam, Role::Guest), (house.joon, Role::Member), (dara, Role::Admin)] {
        for to in ROLES.into_iter().filter(|to| *to > has) {
            assert!(matches!(refusal(house.app.change_role(actor, actor, to).await), Refusal::NotAllowed(_)));
        }
        assert_eq!(house.app.person(actor).await.expect("a person").role, Some(has));
    }
}

#[tokio::test]
async fn owners_are_touched_by_owners_only_and_the_last_one_stays() {
    let (house, dara) = with_admin().await;
    let app = &house.app;
    for actor in [house.sam, house.joon, dara] {
        refusal(app.change_role(actor, house.nari, Role::Member).await);
        refusal(app.remove_person(actor, "nari@example.com").await);
    }
    assert_eq!(refusal(app.change_role(house.nari, house.nari, Role::Admin).await), Refusal::LastOwner);
    assert_eq!(refusal(app.remove_person(house.nari, "nari@example.com").await), Refusal::LastOwner);
    app.change_role(house.nari, dara, Role::Owner).await.expect("a second owner");
    app.change_role(house.nari, house.nari, Role::Admin).await.expect("now she may");
}

#[tokio::test]
async fn house_and_teams_are_for_admins() {
    let (house, dara) = with_admin().await;
    let app = &house.app;
    let team = app.create_team(dara, "정원사").await.expect("a team").id;
    for actor in [house.sam, house.joon] {
        refusal(app.rename_workspace(actor, "x").await);
        refusal(app.create_team(actor, "x").await);
        refusal(app.rename_team(actor, team, "x").await);
        refusal(app.delete_team(actor, team).await);
        refusal(app.join_team(actor, team, actor).await);
        refusal(app.leave_team(actor, team, dara).await);
        refusal(app.give_space(actor, team, house.garden).await);
        refusal(app.take_space(actor, team, house.garden).await);
        refusal(app.remove_person(actor, "mina@example.com").await);
    }
    app.rename_workspace(dara, "한빛 정원").await.expect("an admin may");
}

#[tokio::test]
async fn a_team_opens_no_space_that_its_manager_does_not_see() {
    let (house, dara) = with_admin().await;
    let app = &house.app;
    let team = app.create_team(dara, "정원사").await.expect("a team").id;
    app.join_team(dara, team, dara).await.expect("in the team");
    refusal(app.give_space(dara, team, house.garden).await);
    assert!(app.space(dara, house.garden).await.is_err(), "the closed garden stays closed");
}

#[tokio::test]
async fn joining_a_team_joins_its_spaces_and_a_new_space_takes_the_team_in() {
    let (house, dara) = with_admin().await;
    let app = &house.app;
    let space = crate::house::closed_space(app, dara).await;
    let team = app.create_team(dara, "정원사").await.expect("a team").id;
    app.join_team(dara, team, house.mina).await.expect("mina is in");
    app.give_space(dara, team, space).await.expect("given");
    app.space(house.mina, space).await.expect("the team came in");
    app.join_team(dara, team, house.joon).await.expect("joon is in");
    app.space(house.joon, space).await.expect("and into its space");
    app.leave_team(dara, team, house.joon).await.expect("left");
    app.space(house.joon, space).await.expect("leaving a team leaves no space");
}

#[tokio::test]
async fn removal_from_the_house_takes_people_out_of_everything() {
    let house = house().await;
    let app = &house.app;
    app.remove_person(house.nari, "sam@example.com").await.expect("removed");
    let (members, _) = app.members(house.joon, house.garden).await.expect("members");
    assert!(members.iter().all(|(_, person)| person.id != house.sam));
    assert!(app.space(house.sam, house.garden).await.is_err());
    let record = app.person(house.sam).await.expect("old messages keep a name");
    assert!(record.removed);
}
