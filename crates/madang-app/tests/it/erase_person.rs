//! Somebody is forgotten: by the house, by the audit log, and if asked for by the spaces they wrote in.

use madang_app::{AuditQuery, Way, asked_from};
use madang_model::permission::{Role, SpaceRole};
use madang_model::{Command, Refusal};
use madang_store::audit::Verdict;
use madang_store::{house as facts, log, people};

use crate::house::{house, kept, post, refusal, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_leaves_an_author_without_a_name_and_an_audit_log_that_is_whole() {
    let house = house().await;
    let app = &house.app;
    app.add_to_space(house.joon, house.garden, "mina@example.com", SpaceRole::Member).await.expect("added");
    post(&house, house.mina, house.garden, "꽃이 피었어요").await;
    let from = Way::Web(Some("192.0.2.77".parse().expect("an address")));
    asked_from(from, sign_in(app, "mina")).await.expect("signed in");
    app.erase_person(house.nari, house.mina, false).await.expect("erased");

    refusal(sign_in(app, "mina").await);
    let (mina, read) = (house.mina, app.db.clone());
    let record = read.read(move |conn| -> madang_app::Result<_> {
        let workspace = facts::workspaces(conn)?[0].id;
        Ok(people::by_id(conn, workspace, mina)?)
    });
    let record = record.await.expect("read").expect("the row stays, for what they wrote");
    assert_eq!((record.name.as_str(), record.email, record.password_hash), ("삭제된 사람", None, None));
    assert!(
        kept(&house).await.contains("꽃이 피었어요"),
        "what they wrote stays if nobody asked for it to go"
    );
    let all = app.audit(house.nari, AuditQuery::default(), None, 200).await.expect("read");
    assert!(!format!("{all:?}").contains("192.0.2.77"), "where they signed in from is forgotten");
    assert!(all.iter().any(|it| it.record.act == "person.erased"), "that she was erased is remembered");
    let check = app.verify_audit(house.nari).await.expect("read");
    assert_eq!(check.verdict, Verdict::Whole);
    assert!(check.erased > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_their_messages_everything_they_wrote_is_destroyed_and_nothing_of_others() {
    let house = house().await;
    let app = &house.app;
    app.add_to_space(house.joon, house.garden, "mina@example.com", SpaceRole::Member).await.expect("added");
    for index in 0..230 {
        post(&house, house.mina, house.garden, &format!("비밀 {index}")).await;
    }
    let edited = post(&house, house.mina, house.garden, "비밀").await;
    let edit = Command::EditMessage { message: edited, text: "비밀 둘".into(), app: None };
    app.run(house.mina, house.garden, None, edit).await.expect("edited");
    post(&house, house.joon, house.garden, "남는 글").await;
    app.erase_person(house.nari, house.mina, true).await.expect("erased");
    app.work_once().await.expect("worked");
    let left = kept(&house).await;
    assert!(!left.contains("비밀"), "{left}");
    let newest = app.db.clone();
    let garden = house.garden;
    let head = newest.read(move |conn| -> madang_app::Result<_> { Ok(log::space(conn, garden)?) });
    let head = head.await.expect("read").expect("it is there").facts.head;
    assert!(head > 460, "every removal is an event");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_erases_and_never_the_last_owner() {
    let house = house().await;
    let app = &house.app;
    app.change_role(house.nari, house.joon, Role::Admin).await.expect("an admin");
    assert_eq!(refusal(app.erase_person(house.joon, house.mina, false).await), Refusal::NotAllowed("owner"));
    assert_eq!(refusal(app.erase_person(house.nari, house.nari, false).await), Refusal::LastOwner);
    app.remove_person(house.nari, "mina@example.com").await.expect("removed");
    app.erase_person(house.nari, house.mina, false).await.expect("erased, though she is out already");
}
