//! Decisions that two people take at the same moment, on both engines.

use futures_util::future::join_all;
use madang_app::SetUp;
use madang_model::Refusal;
use madang_model::permission::{Role, SpaceRole};
use tokio::join;

use crate::house::{PASSWORD, accept, empty, engines, first_day, house_on, invited, refusal, secret_of};

#[tokio::test(flavor = "multi_thread")]
async fn two_first_days_at_once_make_one_house() {
    for engine in engines() {
        let (app, _data) = empty(engine);
        let days = (0..8).map(|n| SetUp { email: format!("n{n}@example.com"), ..first_day() });
        let begun = join_all(days.map(|day| app.set_up(day))).await;
        assert_eq!(begun.iter().filter(|it| it.is_ok()).count(), 1, "{engine:?}");
        for late in begun.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(late), Refusal::AlreadySetUp, "{engine:?}");
        }
        assert_eq!(app.everybody().await.expect("people").len(), 1, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_lower_each_other_at_once_leave_one() {
    for engine in engines() {
        let house = house_on(engine).await;
        let app = &house.app;
        for round in 0..20 {
            for person in [house.nari, house.mina] {
                let role = app.person(person).await.expect("a person").role;
                let by = if person == house.nari { house.mina } else { house.nari };
                if role != Some(Role::Owner) {
                    app.change_role(by, person, Role::Owner).await.expect("two owners");
                }
            }
            let (one, other) = join!(
                app.change_role(house.nari, house.mina, Role::Member),
                app.change_role(house.mina, house.nari, Role::Member),
            );
            assert!(one.is_ok() != other.is_ok(), "{engine:?}, round {round}: {one:?} and {other:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    for engine in engines() {
        for _ in 0..3 {
            let house = house_on(engine).await;
            let app = &house.app;
            app.change_role(house.nari, house.mina, Role::Owner).await.expect("two owners");
            let (one, other) = join!(
                app.remove_person(house.nari, "mina@example.com"),
                app.remove_person(house.mina, "nari@example.com"),
            );
            assert!(one.is_ok() != other.is_ok(), "{engine:?}: {one:?} and {other:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_who_begin_a_direct_space_at_once_are_in_the_same_one() {
    for engine in engines() {
        let house = house_on(engine).await;
        let app = &house.app;
        let asked = (0..8).map(|n| {
            let (one, other) = if n % 2 == 0 { (house.joon, house.mina) } else { (house.mina, house.joon) };
            app.direct(one, vec![other])
        });
        let found = join_all(asked).await;
        let ids: Vec<_> = found.iter().map(|it| it.as_ref().map(|it| it.space.facts.id).ok()).collect();
        assert!(ids[0].is_some() && ids.iter().all(|id| *id == ids[0]), "{engine:?}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_sent_eight_times_at_once_is_answered_the_same() {
    for engine in engines() {
        let house = house_on(engine).await;
        let app = &house.app;
        let new = || madang_app::NewMessage {
            client_id: Some("one wish".into()),
            text: "안녕".into(),
            ..madang_app::NewMessage::default()
        };
        let answers = join_all((0..8).map(|_| app.post(house.joon, house.garden, new()))).await;
        let first = answers[0].as_ref().expect("posted");
        assert!(answers.iter().all(|it| it.as_ref().is_ok_and(|it| it == first)), "{engine:?}: {answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_in_that_work_once_work_once() {
    for engine in engines() {
        let house = house_on(engine).await;
        let app = &house.app;
        let (_, url) = app.create_link(house.joon, house.garden, None, Some(1)).await.expect("a link");
        let link = secret_of(&url);
        let joined = join_all((0..10).map(|_| app.join_as_guest(&link, "bora", "ko", "test"))).await;
        assert_eq!(joined.iter().filter(|it| it.is_ok()).count(), 1, "{engine:?}");
        let secret =
            invited(app.add_to_space(house.joon, house.garden, "dara@example.com", SpaceRole::Guest).await);
        let accepted = join_all((0..10).map(|_| accept(app, &secret, "dara"))).await;
        assert_eq!(accepted.iter().filter(|it| it.is_ok()).count(), 1, "{engine:?}");
        app.sign_in("dara@example.com", PASSWORD.into(), "test", None).await.expect("dara is in");
    }
}
