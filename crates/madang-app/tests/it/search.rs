//! Finding: with the asker's rights of this moment, and no others.

use madang_app::{Answer, App, NewMessage, Question, What};
use madang_model::{Command, PersonId, Seq, SpaceId};

use crate::house::house;

async fn post(app: &std::sync::Arc<App>, person: PersonId, space: SpaceId, text: &str) -> Seq {
    let new = NewMessage { text: text.into(), ..NewMessage::default() };
    app.post(person, space, new).await.expect("posted").seq
}

async fn ask(app: &std::sync::Arc<App>, person: PersonId, text: &str) -> Answer {
    app.catch_up().await.expect("caught up");
    let question = Question {
        text: text.into(),
        what: What::All,
        best: false,
        before: None,
        limit: 20,
        time_zone: Some("Asia/Seoul".into()),
    };
    app.search(person, question).await.expect("answered")
}

fn seqs(answer: &Answer) -> Vec<Seq> {
    answer.messages.iter().map(|found| found.row.seq).collect()
}

#[tokio::test]
async fn people_find_what_they_may_read_and_nothing_else() {
    let house = house().await;
    let (app, garden) = (&house.app, house.garden);
    let seq = post(app, house.joon, garden, "내일 회의에서 예산을 정합시다").await;
    for person in [house.joon, house.sam] {
        let found = ask(app, person, "회의").await;
        assert_eq!(seqs(&found), [seq]);
        assert_eq!(found.messages[0].excerpt[1].text, "회의");
    }
    // Not in the space: neither its messages nor its name, whatever they ask.
    for question in ["회의", "in:정원 회의", "정원", "from:joon", "has:file"] {
        let found = ask(app, house.mina, question).await;
        assert!(found.messages.is_empty() && found.spaces.is_empty(), "{question}");
    }
    // Out of the space means out of what is found, at once.
    app.remove_from_space(house.joon, garden, "sam@example.com").await.expect("removed");
    assert!(ask(app, house.sam, "회의").await.messages.is_empty());
}

#[tokio::test]
async fn what_is_edited_or_removed_is_found_as_it_reads_now() {
    let house = house().await;
    let (app, garden, joon) = (&house.app, house.garden, house.joon);
    let seq = post(app, joon, garden, "처음 문장 https://madang.example").await;
    assert_eq!(seqs(&ask(app, joon, "처음 has:link").await), [seq]);
    let edit = Command::EditMessage { message: seq, text: "바뀐 문장".into(), app: None };
    app.run(joon, garden, None, edit).await.expect("edited");
    assert!(ask(app, joon, "처음").await.messages.is_empty());
    assert!(ask(app, joon, "has:link").await.messages.is_empty());
    assert_eq!(seqs(&ask(app, joon, "바뀐").await), [seq]);
    app.run(joon, garden, None, Command::RemoveMessage { message: seq }).await.expect("removed");
    assert!(ask(app, joon, "바뀐").await.messages.is_empty());
    // Made anew from the log, it is the same index.
    let kept = post(app, joon, garden, "남는 문장").await;
    assert_eq!(seqs(&ask(app, joon, "문장").await), [kept]);
    assert!(app.rebuild("search").await.expect("rebuilt"));
    assert_eq!(seqs(&ask(app, joon, "문장").await), [kept]);
}

#[tokio::test]
async fn names_are_found_by_initial_consonants_and_filters_by_names() {
    let house = house().await;
    let (app, garden, joon) = (&house.app, house.garden, house.joon);
    let from_joon = post(app, joon, garden, "회의 하나").await;
    let from_sam = post(app, house.sam, garden, "회의 둘").await;
    assert_eq!(ask(app, joon, "ㅈㅇ").await.spaces.len(), 1);
    assert_eq!(ask(app, joon, "정").await.spaces.len(), 1);
    assert_eq!(ask(app, joon, "nar").await.people[0].id, house.nari);
    assert_eq!(seqs(&ask(app, joon, "from:sam 회의").await), [from_sam]);
    assert_eq!(seqs(&ask(app, joon, "from:me 회의").await), [from_joon]);
    assert_eq!(seqs(&ask(app, joon, "in:정원 on:오늘 회의").await), [from_sam, from_joon]);
    assert!(ask(app, joon, "before:today 회의").await.messages.is_empty());
    assert!(ask(app, joon, "from:nobody 회의").await.messages.is_empty());
    let unclear = ask(app, joon, "has:magic 회의").await;
    assert_eq!(unclear.unclear, ["has:magic"]);
    // Typed with the other keyboard.
    assert_eq!(ask(app, joon, "ghldml").await.suggestion.as_deref(), Some("회의"));
    // A guest finds people of shared spaces only.
    assert!(ask(app, house.sam, "mina").await.people.is_empty());
    let found = ask(app, house.sam, "joon").await.people;
    assert_eq!((found.len(), found[0].email.as_deref()), (1, None));
    // Whose an address is, members may ask; a guest is told neither by an answer nor by a filter.
    assert_eq!(seqs(&ask(app, joon, "from:sam@example.com 회의").await), [from_sam]);
    assert!(ask(app, house.sam, "from:joon@example.com 회의").await.messages.is_empty());
}
