//! Sessions end when they should (T4): from the answer on, the secret opens
//! nothing, whatever was remembered or asked meanwhile.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use madang_app::{Added, App};
use madang_model::Refusal;
use madang_model::permission::Role;
use madang_store::secrets::{self, SecretRecord};

use crate::house::{House, PASSWORD, first_day, hash_of, house, refusal, sign_in};

/// Asks with the secret without a pause until told to stop.
fn keep_asking(app: &Arc<App>, secret: &str, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<()>> {
    let ask = || {
        let (app, secret, stop) = (app.clone(), secret.to_owned(), stop.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                app.authenticate(&secret).await.expect("asked");
                tokio::task::yield_now().await;
            }
        })
    };
    (0..8).map(|_| ask()).collect()
}

/// Ends the session behind `secret` by `end` under load; afterwards it is gone for good.
async fn ends_for_good<F: Future<Output = ()>>(house: &House, secret: &str, end: F) {
    let stop = Arc::new(AtomicBool::new(false));
    let asking = keep_asking(&house.app, secret, &stop);
    end.await;
    for _ in 0..50 {
        assert_eq!(house.app.authenticate(secret).await.expect("asked"), None);
    }
    stop.store(true, Ordering::Relaxed);
    for task in asking {
        task.await.expect("it ran");
    }
    assert_eq!(house.app.authenticate(secret).await.expect("asked"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_is_out_under_load() {
    let house = house().await;
    for _ in 0..20 {
        let (id, secret) = house.app.create_token(house.mina, "ci".into()).await.expect("a token");
        let end = async { house.app.end_session(house.mina, id).await.expect("ended") };
        ends_for_good(&house, &secret, end).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_removed_is_out_under_load() {
    let house = house().await;
    let (_, browser) = sign_in(&house.app, "mina").await.expect("signed in");
    let (_, token) = house.app.create_token(house.mina, "ci".into()).await.expect("a token");
    house.app.authenticate(&token).await.expect("asked").expect("it is remembered now");
    let end = async { house.app.remove_person(house.nari, "mina@example.com").await.expect("removed") };
    ends_for_good(&house, &browser, end).await;
    assert_eq!(house.app.authenticate(&token).await.expect("asked"), None);
    assert_eq!(refusal(sign_in(&house.app, "mina").await), Refusal::WrongCredentials);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_device_under_load() {
    let house = house().await;
    let (phone, kept) = sign_in(&house.app, "mina").await.expect("signed in");
    let (_, other) = sign_in(&house.app, "mina").await.expect("signed in");
    let new = "나무 아래 새 비밀번호".to_owned();
    let app = &house.app;
    let end = async {
        app.change_password(house.mina, phone.id, PASSWORD.into(), new, false).await.expect("changed");
    };
    ends_for_good(&house, &other, end).await;
    assert_eq!(app.authenticate(&kept).await.expect("asked"), Some(phone));
    assert_eq!(refusal(sign_in(app, "mina").await), Refusal::WrongCredentials);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let house = house().await;
    let (phone, secret) = sign_in(&house.app, "mina").await.expect("signed in");
    for other in [house.nari, house.joon, house.sam] {
        refusal(house.app.end_session(other, phone.id).await);
    }
    assert_eq!(house.app.authenticate(&secret).await.expect("asked"), Some(phone));
}

#[tokio::test]
async fn unknown_addresses_and_wrong_passwords_look_the_same() {
    let house = house().await;
    let app = &house.app;
    let wrong = app.sign_in("mina@example.com", "not her password".into(), "test", None).await;
    let unknown = app.sign_in("nobody@example.com", "not her password".into(), "test", None).await;
    assert_eq!(refusal(wrong), refusal(unknown));
    app.forgot_password("nobody@example.com", None).await.expect("the same answer");
    app.forgot_password("mina@example.com", None).await.expect("the same answer");
    assert_eq!(refusal(app.reset_for("guessed").await), Refusal::LinkInvalid);
}

/// Of five tries the fastest, which a pause of the machine does not touch.
async fn fastest(house: &House, email: &str) -> Duration {
    let mut fastest = Duration::MAX;
    for network in 1..=5u8 {
        let from = Some(IpAddr::from([192, 0, 2, network]));
        let begun = Instant::now();
        refusal(house.app.sign_in(email, "not the password".into(), "test", from).await);
        fastest = fastest.min(begun.elapsed());
    }
    fastest
}

#[tokio::test]
async fn unknown_addresses_take_as_long_as_wrong_passwords() {
    let house = house().await;
    let (known, unknown) =
        (fastest(&house, "mina@example.com").await, fastest(&house, "nobody@example.com").await);
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} and {unknown:?}");
}

#[tokio::test]
async fn a_reset_ends_every_session_and_every_token() {
    let house = house().await;
    let app = &house.app;
    let (_, browser) = sign_in(app, "mina").await.expect("signed in");
    let (_, token) = app.create_token(house.mina, "ci".into()).await.expect("a token");
    let (mina, now_us) = (house.mina, app.clock.now_us());
    let reset = SecretRecord {
        id: 1,
        kind: "reset".into(),
        workspace: None,
        email: Some("mina@example.com".into()),
        person: Some(mina),
        space: None,
        role: None,
        password_hash: None,
        inviter: None,
        mailed: true,
        created_at: now_us,
        expires_at: now_us + 60_000_000,
    };
    app.db.write(move |tx| secrets::insert(tx, &reset, &hash_of("by mail"))).await.expect("mailed");
    let new = "나무 아래 새 비밀번호".to_owned();
    let (_, back) = app.reset_password("by mail", new, "test").await.expect("reset");
    assert_eq!(app.authenticate(&browser).await.expect("asked"), None);
    assert_eq!(app.authenticate(&token).await.expect("asked"), None);
    assert!(app.authenticate(&back).await.expect("asked").is_some());
    assert_eq!(refusal(app.reset_for("by mail").await), Refusal::LinkInvalid);
}

#[tokio::test]
async fn a_new_password_ends_tokens_unless_they_are_kept() {
    let house = house().await;
    let app = &house.app;
    let (phone, kept) = sign_in(app, "mina").await.expect("signed in");
    let (_, token) = app.create_token(house.mina, "ci".into()).await.expect("a token");
    let new = |n: u8| format!("나무 아래 새 비밀번호 {n}");
    app.change_password(house.mina, phone.id, PASSWORD.into(), new(1), true).await.expect("changed");
    assert!(app.authenticate(&token).await.expect("asked").is_some(), "it was kept");
    app.change_password(house.mina, phone.id, new(1), new(2), false).await.expect("changed");
    assert_eq!(app.authenticate(&token).await.expect("asked"), None);
    assert!(app.authenticate(&kept).await.expect("asked").is_some(), "one's own goes on");
}

#[tokio::test]
async fn whoever_guesses_slows_down_themselves_and_not_their_victim() {
    let house = house().await;
    let app = &house.app;
    let (theirs, mine) = (Some(IpAddr::from([203, 0, 113, 9])), Some(IpAddr::from([192, 0, 2, 1])));
    for _ in 0..5 {
        refusal(app.sign_in("mina@example.com", "a guess at it".into(), "test", theirs).await);
    }
    let refused = refusal(app.sign_in("mina@example.com", PASSWORD.into(), "test", theirs).await);
    assert!(matches!(refused, Refusal::TooFast { seconds: 1..=60 }), "{refused}");
    // Mina signs in, and again and again: what was right is no guess.
    for _ in 0..8 {
        app.sign_in("mina@example.com", PASSWORD.into(), "test", mine).await.expect("signed in");
    }
    // Many accounts from one network are guesses all the same.
    for n in 0..15 {
        refusal(app.sign_in(&format!("n{n}@example.com"), "a guess at it".into(), "test", theirs).await);
    }
    let refused = refusal(app.sign_in("joon@example.com", PASSWORD.into(), "test", theirs).await);
    assert!(matches!(refused, Refusal::TooFast { .. }), "{refused}");
}

#[tokio::test]
async fn one_mailbox_gets_so_many_letters_and_no_more() {
    let house = house().await;
    let app = &house.app;
    for _ in 0..10 {
        let invited = app.invite(house.nari, "dara@example.com", Role::Member).await.expect("invited");
        let Added::Invited(invitation) = invited else { panic!("dara is unknown") };
        app.revoke_invitation(house.nari, invitation.record.id).await.expect("taken back");
    }
    let refused = refusal(app.invite(house.nari, "dara@example.com", Role::Member).await);
    assert!(matches!(refused, Refusal::TooFast { .. }), "{refused}");
    app.invite(house.nari, "bora@example.com", Role::Member).await.expect("others are invited");
}

#[tokio::test]
async fn guessing_passwords_gets_slow() {
    let house = house().await;
    let app = &house.app;
    for _ in 0..5 {
        refusal(app.sign_in("mina@example.com", "a guess at it".into(), "test", None).await);
    }
    let refused = refusal(app.sign_in("mina@example.com", "a guess at it".into(), "test", None).await);
    assert!(matches!(refused, Refusal::TooFast { seconds: 1..=60 }), "{refused}");
    sign_in(app, "joon").await.expect("others sign in meanwhile");
}

#[tokio::test]
async fn the_house_is_set_up_once() {
    let house = house().await;
    assert_eq!(refusal(house.app.set_up(first_day()).await), Refusal::AlreadySetUp);
}
