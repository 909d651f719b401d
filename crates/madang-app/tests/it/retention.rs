//! Old messages go when their time is over: from every list, and from the disk.

use madang_model::permission::Role;
use madang_model::{Command, Refusal};

use crate::house::{engines, house, house_on, kept, post, refusal};

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_its_rule_is_destroyed_and_an_event_says_so() {
    for engine in engines() {
        let house = house_on(engine).await;
        let app = &house.app;
        let old = post(&house, house.joon, house.garden, "비밀 하나").await;
        let edit = Command::EditMessage { message: old, text: "비밀 둘".into(), app: None };
        app.run(house.joon, house.garden, None, edit).await.expect("edited");
        let edit = Command::EditMessage { message: old, text: "비밀 셋".into(), app: None };
        app.run(house.joon, house.garden, None, edit).await.expect("edited");
        let pinned = post(&house, house.joon, house.garden, "비밀이지만 고정").await;
        app.run(house.joon, house.garden, None, Command::PinMessage { message: pinned })
            .await
            .expect("pinned");
        let gone = post(&house, house.joon, house.garden, "비밀 넷").await;
        app.run(house.joon, house.garden, None, Command::RemoveMessage { message: gone })
            .await
            .expect("removed");
        assert_eq!(
            kept(&house).await.matches("비밀").count(),
            5,
            "a removed text lies there until it is destroyed"
        );

        let now = madang_app::Clock.now_us();
        assert_eq!(app.run_retention(now + 100 * DAY_US).await.expect("run"), 0, "no rule, nothing goes");
        app.set_retention(house.nari, None, Some(30), true).await.expect("set");
        assert_eq!(app.run_retention(now + 29 * DAY_US).await.expect("run"), 0);
        assert_eq!(app.run_retention(now + 31 * DAY_US).await.expect("run"), 2);
        let left = kept(&house).await;
        assert_eq!(left.matches("비밀").count(), 1, "only the pinned one is left: {left}");
        assert!(left.contains(&format!("MessageRemoved {{ message: {old}")), "{left}");
        assert_eq!(
            app.run_retention(now + 31 * DAY_US).await.expect("run"),
            0,
            "again, there is nothing to do"
        );
        app.set_retention(house.nari, None, Some(30), false).await.expect("set");
        assert_eq!(app.run_retention(now + 31 * DAY_US).await.expect("run"), 1);
        assert!(!kept(&house).await.contains("비밀"), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_has_a_rule_of_its_own_and_the_preview_counts_what_would_go() {
    let house = house().await;
    let app = &house.app;
    let now = madang_app::Clock.now_us();
    post(&house, house.joon, house.garden, "하나").await;
    app.add_to_space(
        house.joon,
        house.garden,
        "nari@example.com",
        madang_model::permission::SpaceRole::Member,
    )
    .await
    .expect("added");
    assert_eq!(app.preview_retention(house.nari, None, 30, true).await.expect("counted"), 0, "all is young");
    app.set_retention(house.nari, None, Some(30), false).await.expect("set");
    app.set_retention(house.nari, Some(house.garden), Some(0), false).await.expect("for ever");
    assert_eq!(app.run_retention(now + 400 * DAY_US).await.expect("run"), 0);
    app.set_retention(house.nari, Some(house.garden), None, false).await.expect("no rule of its own");
    assert_eq!(app.run_retention(now + 400 * DAY_US).await.expect("run"), 1);
    let wrong = app.set_retention(house.nari, None, Some(-1), false).await;
    assert!(matches!(refusal(wrong), Refusal::Invalid { what: "days", .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_says_how_long_messages_are_kept() {
    let house = house().await;
    let app = &house.app;
    app.change_role(house.nari, house.joon, Role::Admin).await.expect("an admin");
    for person in [house.joon, house.mina, house.sam] {
        assert_eq!(
            refusal(app.set_retention(person, None, Some(1), false).await),
            Refusal::NotAllowed("owner")
        );
        refusal(app.retention(person).await);
        refusal(app.preview_retention(person, None, 1, false).await);
    }
    // Nor by a rule for a closed space that she does not see.
    let unseen = app.set_retention(house.nari, Some(house.garden), Some(1), false).await;
    assert!(matches!(refusal(unseen), Refusal::NotFound(_)));
}
