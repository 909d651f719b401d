//! Join links under abuse (T3), and the guest who makes an account.

use futures_util::future::join_all;
use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};
use madang_store::links::{self, LinkRecord};

use crate::house::{PASSWORD, hash_of, house, refusal, secret_of, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_use_a_one_use_link_and_one_comes_in() {
    let house = house().await;
    let (_, url) = house.app.create_link(house.joon, house.garden, None, Some(1)).await.expect("a link");
    let tries = (0..20).map(|n| {
        let (app, secret) = (house.app.clone(), secret_of(&url));
        tokio::spawn(
            async move { app.join_as_guest(&secret, &format!("guest {n}"), "ko", "test").await.is_ok() },
        )
    });
    let came_in = join_all(tries).await.into_iter().filter(|it| *it.as_ref().expect("it ran")).count();
    assert_eq!(came_in, 1);
    // Whoever did not come in left nobody behind either.
    let found = house.app.people(house.nari, "guest".into(), (String::new(), PersonId(0)), 100).await;
    assert_eq!(found.expect("people").len(), 1);
    assert_eq!(house.app.links(house.joon, house.garden).await.expect("links")[0].used, 1);
}

#[tokio::test]
async fn a_revoked_and_an_expired_link_open_nothing() {
    let house = house().await;
    let app = &house.app;
    let (link, url) = app.create_link(house.joon, house.garden, Some(3_600), None).await.expect("a link");
    app.door(&secret_of(&url)).await.expect("open");
    app.revoke_link(house.joon, house.garden, link.id).await.expect("revoked");
    assert_eq!(
        refusal(app.join_as_guest(&secret_of(&url), "bora", "ko", "test").await),
        Refusal::LinkInvalid
    );

    let past = app.clock.now_us() - 1;
    let old = LinkRecord { id: link.id + 1, expires_at: Some(past), uses_left: None, ..link };
    app.db.write(move |tx| links::insert(tx, &old, &hash_of("old"))).await.expect("an old link");
    assert_eq!(refusal(app.door("old").await), Refusal::LinkInvalid);
    assert_eq!(refusal(app.join_by_link(house.mina, "old").await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn a_link_ends_with_its_makers_right() {
    let house = house().await;
    let app = &house.app;
    let (_, url) = app.create_link(house.joon, house.garden, None, None).await.expect("a link");
    app.run(house.joon, house.garden, None, madang_model::Command::LeaveSpace).await.expect("joon leaves");
    assert_eq!(
        refusal(app.join_as_guest(&secret_of(&url), "bora", "ko", "test").await),
        Refusal::LinkInvalid
    );
}

#[tokio::test]
async fn guests_and_outsiders_make_and_end_no_links() {
    let house = house().await;
    let app = &house.app;
    let (link, _) = app.create_link(house.joon, house.garden, None, None).await.expect("a link");
    for person in [house.sam, house.mina] {
        refusal(app.create_link(person, house.garden, None, None).await);
        refusal(app.links(person, house.garden).await);
        refusal(app.revoke_link(person, house.garden, link.id).await);
    }
    // A link of one space cannot be ended through another.
    let other = crate::house::closed_space(app, house.mina).await;
    let refused = refusal(app.revoke_link(house.mina, other, link.id).await);
    assert_eq!(refused, Refusal::NotFound(Thing::Link));
}

#[tokio::test]
async fn a_guest_by_link_sees_that_space_and_its_people_only() {
    let house = house().await;
    let app = &house.app;
    let (_, url) = app.create_link(house.joon, house.garden, None, Some(5)).await.expect("a link");
    let (bora, secret, space) =
        app.join_as_guest(&secret_of(&url), "bora", "ko", "test").await.expect("joined");
    assert_eq!(space, house.garden);
    assert_eq!(app.authenticate(&secret).await.expect("asked"), Some(bora));
    assert_eq!(app.my_spaces(bora.person, None, 200).await.expect("spaces").len(), 1);
    let seen =
        app.people(bora.person, String::new(), (String::new(), PersonId(0)), 100).await.expect("people");
    let mut seen: Vec<PersonId> = seen.into_iter().map(|it| it.id).collect();
    seen.sort();
    assert_eq!(seen, [house.joon, house.sam, bora.person]);
    assert!(app.people_by_ids(bora.person, vec![house.mina]).await.expect("people").is_empty());
}

#[tokio::test]
async fn somebody_signed_in_joins_as_themselves_and_uses_up_once() {
    let house = house().await;
    let app = &house.app;
    let (_, url) = app.create_link(house.joon, house.garden, None, Some(1)).await.expect("a link");
    app.join_by_link(house.joon, &secret_of(&url)).await.expect("is in already");
    app.join_by_link(house.mina, &secret_of(&url)).await.expect("joined");
    assert_eq!(app.person(house.mina).await.expect("mina").role, Some(Role::Member));
    assert_eq!(refusal(app.join_by_link(house.sam, &secret_of(&url)).await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn an_address_that_was_not_confirmed_signs_nobody_in() {
    let house = house().await;
    let app = &house.app;
    let (_, url) = app.create_link(house.joon, house.garden, None, None).await.expect("a link");
    let (bora, _, _) = app.join_as_guest(&secret_of(&url), "bora", "ko", "test").await.expect("joined");
    let mailed = app.make_account(bora.person, "bora@example.com", PASSWORD.into()).await.expect("begun");
    assert!(!mailed, "there is no mail server");
    assert_eq!(refusal(sign_in(app, "bora").await), Refusal::WrongCredentials);
    assert_eq!(app.person(bora.person).await.expect("bora").email, None);
    assert_eq!(refusal(app.confirm("guessed", "test").await), Refusal::LinkInvalid);
}
