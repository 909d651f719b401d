//! Out for a while: as if removed, and back as if never gone.

use madang_app::Added;
use madang_model::Refusal;
use madang_model::permission::{Role, SpaceRole};

use crate::house::{accept, house, invited, refusal, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deactivated_is_out_and_comes_back_as_they_were() {
    let house = house().await;
    let app = &house.app;
    app.add_to_space(house.joon, house.garden, "mina@example.com", SpaceRole::Member).await.expect("added");
    let (_, browser) = sign_in(app, "mina").await.expect("signed in");
    let (_, token) = app.create_token(house.mina, "ci".into()).await.expect("a token");
    app.authenticate(&token).await.expect("asked").expect("it is remembered now");
    let gone = app.deactivate(house.nari, house.mina).await.expect("deactivated");
    assert!(gone.deactivated && gone.standing().is_none());
    for secret in [&browser, &token] {
        assert_eq!(app.authenticate(secret).await.expect("asked"), None);
    }
    assert_eq!(refusal(sign_in(app, "mina").await), Refusal::WrongCredentials);
    let listed = app.people(house.nari, "mina".into(), (String::new(), madang_model::PersonId(0)), 10).await;
    assert!(listed.expect("listed").is_empty());
    let out =
        app.deactivated(house.nari, String::new(), (String::new(), madang_model::PersonId(0)), 10).await;
    assert_eq!(out.expect("listed").iter().map(|it| it.id).collect::<Vec<_>>(), [house.mina]);

    let back = app.reactivate(house.nari, house.mina).await.expect("reactivated");
    assert_eq!(back.standing(), Some(Role::Member));
    sign_in(app, "mina").await.expect("with the password she had");
    let role = app.space_role_of(house.mina, house.garden).await.expect("asked");
    assert_eq!(role, Some(SpaceRole::Member), "her places waited for her");
    assert_eq!(app.authenticate(&token).await.expect("asked"), None, "an ended token stays ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_invitation_leads_around_a_deactivation() {
    let house = house().await;
    let app = &house.app;
    let waiting = invited(app.invite(house.nari, "dara@example.com", Role::Member).await);
    accept(app, &waiting, "dara").await.expect("in");
    let dara = app.person_named(house.nari, "dara@example.com").await.expect("she is here");
    app.deactivate(house.nari, dara).await.expect("deactivated");
    let again = app.add_to_space(house.joon, house.garden, "dara@example.com", SpaceRole::Guest).await;
    assert_eq!(refusal(again.map(|_: Added| ())), Refusal::Deactivated);
    assert_eq!(refusal(app.invite(house.nari, "dara@example.com", Role::Admin).await), Refusal::Deactivated);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_keeps_off_owners_and_the_last_owner_stays() {
    let house = house().await;
    let app = &house.app;
    app.change_role(house.nari, house.joon, Role::Admin).await.expect("an admin");
    let owner = Refusal::NotAllowed("owner");
    assert_eq!(refusal(app.deactivate(house.joon, house.nari).await), owner);
    assert_eq!(refusal(app.sign_out_everywhere(house.joon, house.nari).await), owner);
    assert_eq!(refusal(app.deactivate(house.nari, house.nari).await), Refusal::LastOwner);
    app.change_role(house.nari, house.mina, Role::Owner).await.expect("a second owner");
    app.deactivate(house.nari, house.mina).await.expect("deactivated");
    // Out for a while, she is an owner still: no admin takes her back or away.
    assert_eq!(refusal(app.reactivate(house.joon, house.mina).await), owner);
    assert_eq!(refusal(app.remove_person(house.joon, "mina@example.com").await), owner);
    refusal(app.deactivate(house.sam, house.mina).await);
}
