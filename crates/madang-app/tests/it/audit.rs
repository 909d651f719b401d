//! The audit log holds what was done, and is whole whoever writes at once.

use madang_app::{AuditLine, AuditQuery, Way, asked_from};
use madang_model::Refusal;
use madang_model::audit::Act;
use madang_model::permission::Role;
use madang_store::audit::Verdict;

use crate::house::{House, PASSWORD, engines, house, house_on, refusal, sign_in};

async fn entries(house: &House) -> Vec<AuditLine> {
    house.app.audit(house.nari, AuditQuery::default(), None, 200).await.expect("read")
}

fn newest(entries: &[AuditLine], act: Act) -> &AuditLine {
    let found = entries.iter().find(|it| it.record.act == act.as_str());
    found.unwrap_or_else(|| panic!("no {act:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_remembered_with_who_when_where_and_what() {
    let house = house().await;
    let from = Way::Web(Some("::ffff:192.0.2.7".parse().expect("an address")));
    let before = madang_app::Clock.now_us();
    asked_from(from, house.app.change_role(house.nari, house.joon, Role::Admin)).await.expect("changed");
    let all = entries(&house).await;
    let found = newest(&all, Act::RoleChanged);
    assert_eq!(found.record.actor, Some(house.nari));
    assert_eq!((found.actor_name.as_deref(), found.object_name.as_deref()), (Some("nari"), Some("joon")));
    assert_eq!(found.record.object, Some(house.joon.0));
    assert!(found.record.at_us >= before);
    assert_eq!(found.said["from"], "192.0.2.7");
    assert_eq!(
        (found.said["from_role"].as_str(), found.said["role"].as_str()),
        (Some("member"), Some("admin"))
    );
    // How the house came to be is told from its first entry on.
    let acts: Vec<&str> = all.iter().rev().map(|it| it.record.act.as_str()).collect();
    assert_eq!(acts[..3], ["house.set_up", "person.invited", "person.joined"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_remembered_and_what_was_typed_is_not() {
    let house = house().await;
    let app = &house.app;
    refusal(app.sign_in("mina@example.com", "my other secret".into(), "test", None).await);
    refusal(app.sign_in("hunter2-typed-into-the-wrong-field@example.com", "x".into(), "test", None).await);
    sign_in(app, "mina").await.expect("signed in");
    let all = entries(&house).await;
    let refused: Vec<_> = all.iter().filter(|it| it.record.act == "session.refused").collect();
    assert_eq!(refused.len(), 2);
    assert_eq!((refused[0].record.object, refused[1].record.object), (None, Some(house.mina.0)));
    assert!(refused.iter().all(|it| it.record.actor.is_none()));
    assert_eq!(newest(&all, Act::SessionOpened).record.actor, Some(house.mina));
    assert!(
        all.iter().all(|it| !format!("{it:?}").contains("hunter2") && !format!("{it:?}").contains(PASSWORD))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_leaves_no_act_behind() {
    let house = house().await;
    let before = entries(&house).await.len();
    refusal(house.app.change_role(house.joon, house.mina, Role::Admin).await);
    refusal(house.app.remove_person(house.nari, "nari@example.com").await);
    refusal(house.app.create_team(house.mina, "디자인").await);
    assert_eq!(entries(&house).await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_run_the_house_read_what_was_done() {
    let house = house().await;
    for person in [house.joon, house.mina, house.sam] {
        let said = refusal(house.app.audit(person, AuditQuery::default(), None, 10).await);
        assert_eq!(said, Refusal::NotAllowed("admin"));
        refusal(house.app.export_audit(person, "csv").await);
        refusal(house.app.verify_audit(person).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_closed_space_is_told_to_nobody_outside_it() {
    let house = house().await;
    let all = entries(&house).await;
    let made: Vec<_> = all.iter().filter(|it| it.record.object == Some(house.garden.0)).collect();
    assert!(!made.is_empty() && made.iter().all(|it| it.object_name.is_none()), "nari is not in the garden");
    assert!(!format!("{all:?}").contains("정원"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_acts_at_once_make_one_whole_chain() {
    for engine in engines() {
        let house = house_on(engine).await;
        let before = entries(&house).await.len() as i64;
        let acts = (0..40).map(|index| {
            let (app, person) = (house.app.clone(), if index % 2 == 0 { house.mina } else { house.joon });
            tokio::spawn(async move { app.create_token(person, format!("ci {index}")).await })
        });
        for act in acts.collect::<Vec<_>>() {
            act.await.expect("it ran").expect("a token");
        }
        let check = house.app.verify_audit(house.nari).await.expect("read");
        assert_eq!((check.verdict, check.rows), (Verdict::Whole, before + 40), "{engine:?}");
    }
}
