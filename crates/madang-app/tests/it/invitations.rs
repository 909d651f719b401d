//! Invitations under abuse (T3): each works once, for its address, with no more
//! than its inviter may give at that moment.

use futures_util::future::join_all;
use madang_app::Added;
use madang_model::permission::{Role, SpaceRole};
use madang_model::{PersonId, Refusal};
use madang_store::secrets;

use crate::house::{House, accept, hash_of, house, invited, refusal, sign_in};

async fn memberships(house: &House, person: PersonId) -> usize {
    house.app.my_spaces(person, None, 200).await.expect("spaces").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_accept_one_invitation_and_one_comes_in() {
    let house = house().await;
    let secret = invited(house.app.invite(house.nari, "dara@example.com", Role::Member).await);
    let tries = (0..20).map(|n| {
        let (app, secret) = (house.app.clone(), secret.clone());
        tokio::spawn(async move { accept(&app, &secret, &format!("dara {n}")).await.is_ok() })
    });
    let came_in = join_all(tries).await.into_iter().filter(|it| *it.as_ref().expect("it ran")).count();
    assert_eq!(came_in, 1);
    let found = house.app.people(house.nari, "dara".into(), (String::new(), PersonId(0)), 100).await;
    assert_eq!(found.expect("people").len(), 1);
}

#[tokio::test]
async fn a_used_a_revoked_and_an_expired_invitation_open_nothing() {
    let house = house().await;
    let app = &house.app;
    let used = invited(app.invite(house.nari, "dara@example.com", Role::Member).await);
    accept(app, &used, "dara").await.expect("the first time");
    assert_eq!(refusal(accept(app, &used, "dara").await), Refusal::LinkInvalid);

    let revoked = invited(app.invite(house.nari, "bora@example.com", Role::Member).await);
    let id = app.invitations(house.nari).await.expect("open ones")[0].id;
    app.revoke_invitation(house.nari, id).await.expect("revoked");
    assert_eq!(refusal(app.offer(&revoked).await), Refusal::LinkInvalid);
    assert_eq!(refusal(accept(app, &revoked, "bora").await), Refusal::LinkInvalid);

    let expired = invited(app.invite(house.nari, "hana@example.com", Role::Member).await);
    let id = app.invitations(house.nari).await.expect("open ones")[0].id;
    let (hash, past) = (hash_of(&expired), app.clock.now_us() - 1);
    app.db.write(move |tx| secrets::renew(tx, id, &hash, false, past)).await.expect("it is later now");
    assert_eq!(refusal(accept(app, &expired, "hana").await), Refusal::LinkInvalid);
    assert_eq!(refusal(accept(app, "", "hana").await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn an_invitation_ends_with_its_inviters_right() {
    let house = house().await;
    let app = &house.app;
    app.change_role(house.nari, house.joon, Role::Admin).await.expect("an admin");
    let to_house = invited(app.invite(house.joon, "dara@example.com", Role::Admin).await);
    let added = app.add_to_space(house.joon, house.garden, "bora@example.com", SpaceRole::Guest).await;
    let to_space = invited(added);
    app.change_role(house.nari, house.joon, Role::Member).await.expect("a member again");
    assert_eq!(refusal(accept(app, &to_house, "dara").await), Refusal::LinkInvalid);
    app.offer(&to_space).await.expect("a member still may add guests");
    app.remove_person(house.nari, "joon@example.com").await.expect("removed");
    assert_eq!(refusal(accept(app, &to_space, "bora").await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn an_invitation_is_for_its_address_only() {
    let house = house().await;
    let app = &house.app;
    let secret = invited(app.invite(house.nari, "dara@example.com", Role::Admin).await);
    for other in [house.joon, house.sam] {
        assert_eq!(refusal(app.accept(other, &secret).await), Refusal::LinkInvalid);
    }
    assert_eq!(app.person(house.sam).await.expect("sam").role, Some(Role::Guest));
}

#[tokio::test]
async fn nobody_invites_above_their_own_role() {
    let house = house().await;
    let app = &house.app;
    for role in [Role::Member, Role::Admin, Role::Owner] {
        for inviter in [house.joon, house.sam] {
            let refused = refusal(app.invite(inviter, "dara@example.com", role).await);
            assert!(matches!(refused, Refusal::NotAllowed(_)), "{role:?}: {refused}");
        }
    }
    app.change_role(house.nari, house.joon, Role::Admin).await.expect("an admin");
    let refused = refusal(app.invite(house.joon, "dara@example.com", Role::Owner).await);
    assert_eq!(refused, Refusal::NotAllowed("owner"));
    // Nor does a guest bring others in, nor somebody who is not in the space.
    let refused = refusal(app.add_to_space(house.sam, house.garden, "x@example.com", SpaceRole::Guest).await);
    assert!(matches!(refused, Refusal::NotAllowed(_)), "{refused}");
    let refused =
        refusal(app.add_to_space(house.mina, house.garden, "x@example.com", SpaceRole::Guest).await);
    assert!(matches!(refused, Refusal::NotFound(_)), "{refused}");
}

#[tokio::test]
async fn accepting_one_invitation_accepts_those_to_the_same_address() {
    let house = house().await;
    let app = &house.app;
    let other = crate::house::closed_space(app, house.mina).await;
    let first =
        invited(app.add_to_space(house.joon, house.garden, "dara@example.com", SpaceRole::Guest).await);
    let second = invited(app.add_to_space(house.mina, other, "dara@example.com", SpaceRole::Guest).await);
    let (dara, _, space) = accept(app, &first, "dara").await.expect("accepted");
    assert_eq!(space, Some(house.garden));
    assert_eq!(memberships(&house, dara.person).await, 2);
    assert_eq!(refusal(app.offer(&second).await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn somebody_the_house_knows_is_in_at_once() {
    let house = house().await;
    let added = house.app.add_to_space(house.joon, house.garden, "mina@example.com", SpaceRole::Member).await;
    let Added::In(person, Some(_)) = added.expect("added") else { panic!("mina is known") };
    assert_eq!(person.id, house.mina);
}

#[tokio::test]
async fn somebody_who_was_removed_can_be_invited_back() {
    let house = house().await;
    let app = &house.app;
    app.remove_person(house.nari, "mina@example.com").await.expect("removed");
    assert_eq!(refusal(sign_in(app, "mina").await), Refusal::WrongCredentials);
    let secret = invited(app.invite(house.nari, "mina@example.com", Role::Member).await);
    assert!(!app.offer(&secret).await.expect("an offer").has_account, "signing in is no way back");
    let chosen = "나무 아래 새 비밀번호".to_owned();
    let (back, _, _) = app.accept_as_new(&secret, "mina", chosen.clone(), "ko", "test").await.expect("back");
    assert_eq!(back.person, house.mina);
    app.sign_in("mina@example.com", chosen, "test", None).await.expect("with the new password");
    assert_eq!(refusal(sign_in(app, "mina").await), Refusal::WrongCredentials);
}

#[tokio::test]
async fn links_sent_before_a_removal_are_no_way_back() {
    let house = house().await;
    let app = &house.app;
    // While the garden is archived, accepting the other invitation leaves the one into it open.
    let old = invited(app.add_to_space(house.joon, house.garden, "dara@example.com", SpaceRole::Guest).await);
    let hall = crate::house::closed_space(app, house.mina).await;
    let other = invited(app.add_to_space(house.mina, hall, "dara@example.com", SpaceRole::Guest).await);
    app.run(house.joon, house.garden, None, madang_model::Command::ArchiveSpace).await.expect("archived");
    accept(app, &other, "dara").await.expect("accepted");
    app.remove_person(house.nari, "dara@example.com").await.expect("removed");
    app.run(house.joon, house.garden, None, madang_model::Command::UnarchiveSpace).await.expect("open again");
    assert_eq!(refusal(accept(app, &old, "dara").await), Refusal::LinkInvalid);
}
