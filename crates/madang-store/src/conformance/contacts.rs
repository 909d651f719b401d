//! Contacts, on every engine.

use madang_model::contact::{ContactConsent, ContactFacts};
use madang_model::{ContactId, PersonId, WorkspaceId};

use super::{House, for_each_engine};
use crate::contacts::{self, NewContact, NoteRecord};
use crate::db::{CONTENT, Db, Tx};
use crate::error::{Result, StoreError};
use crate::people::{self, NewPerson};
use crate::{house, values};

const WORKSPACE: WorkspaceId = WorkspaceId(7);
const AGENT: PersonId = PersonId(1);
const VISITOR: PersonId = PersonId(2);
const HONG: ContactId = ContactId(11);
const OTHER: ContactId = ContactId(12);

for_each_engine!(
    an_address_is_of_one_contact_and_is_proven_until_it_changes,
    a_visitor_is_one_contact_and_found_by_parts,
    who_is_merged_keeps_nothing_but_where_they_went,
    who_is_erased_leaves_nothing,
);

fn open(house: &House) -> Db {
    let db = house.open_with_schema(CONTENT);
    let furnished = db.write_blocking(|tx| -> Result<()> {
        house::insert_workspace(tx, WORKSPACE, "한빛", 1)?;
        for id in [AGENT, VISITOR] {
            let (name, language) = (format!("사람 {}", id.0), "ko".into());
            let new = NewPerson { id, email: None, name, password_hash: None, bot: false, language };
            people::insert(tx, &new, 1)?;
        }
        insert(tx, HONG, "홍 길동", Some("hong@hanbit.example"))?;
        insert(tx, OTHER, "Hong", None)
    });
    furnished.expect("the house is furnished");
    db
}

fn insert(tx: &mut Tx, id: ContactId, name: &str, email: Option<&str>) -> Result<()> {
    let facts = ContactFacts {
        name: name.into(),
        email: email.map(Into::into),
        phone: Some("010-1234-5678".into()),
        tags: vec![format!("t{}", id.0)],
        ..ContactFacts::default()
    };
    contacts::insert(tx, &NewContact { id, workspace: WORKSPACE, facts }, 5)
}

fn an_address_is_of_one_contact_and_is_proven_until_it_changes(house: &House) {
    let db = open(house);
    let twice = db.write_blocking(|tx| insert(tx, ContactId(13), "Nari", Some("hong@hanbit.example")));
    assert!(matches!(twice, Err(StoreError::Unique(_))), "{twice:?}");
    let taken = db.write_blocking(|tx| contacts::prove_email(tx, OTHER, "hong@hanbit.example", 8));
    assert!(matches!(taken, Err(StoreError::Unique(_))), "{taken:?}");
    let of = |db: &Db| {
        db.read_blocking(|conn| contacts::by_email(conn, WORKSPACE, "hong@hanbit.example")).unwrap()
    };
    assert_eq!(of(&db).unwrap().email_proven_at, None);
    db.write_blocking(|tx| contacts::prove_email(tx, HONG, "hong@hanbit.example", 9)).unwrap();
    let known = of(&db).unwrap();
    assert_eq!((known.id, known.email_proven_at, known.changed_at), (HONG, Some(9), 9));
    let renamed = ContactFacts { name: "홍길동".into(), ..known.facts.clone() };
    db.write_blocking(move |tx| contacts::change(tx, HONG, &renamed, 10)).unwrap();
    assert_eq!(of(&db).unwrap().email_proven_at, Some(9));
    let moved =
        ContactFacts { email: Some("h@x.example".into()), external_id: Some("u-1".into()), ..known.facts };
    db.write_blocking(move |tx| contacts::change(tx, HONG, &moved, 11)).unwrap();
    assert_eq!(of(&db), None);
    let now = db.read_blocking(|conn| contacts::by_external_id(conn, WORKSPACE, "u-1")).unwrap().unwrap();
    assert_eq!((now.id, now.email_proven_at), (HONG, None));
}

fn a_visitor_is_one_contact_and_found_by_parts(house: &House) {
    let db = open(house);
    db.write_blocking(|tx| -> Result<()> {
        contacts::link(tx, OTHER, VISITOR)?;
        contacts::link_by(tx, HONG, VISITOR, AGENT)?;
        assert_eq!(contacts::people_who_showed(tx, HONG)?, []);
        contacts::link(tx, HONG, VISITOR)?;
        contacts::link_by(tx, HONG, VISITOR, AGENT)?;
        assert_eq!(contacts::people_who_showed(tx, HONG)?, [VISITOR], "what was shown stays shown");
        Ok(())
    })
    .unwrap();
    let (of, people) = db
        .read_blocking(|conn| -> Result<_> {
            Ok((contacts::of_person(conn, VISITOR)?, contacts::people_of(conn, HONG)?))
        })
        .unwrap();
    assert_eq!(of.map(|it| it.id), Some(HONG));
    assert_eq!(people, [VISITOR]);
    let found = |question: &'static str, tag: Option<&'static str>| -> Vec<ContactId> {
        let all = db.read_blocking(move |conn| {
            contacts::found(conn, WORKSPACE, question, tag, &(String::new(), ContactId(0)), 10)
        });
        all.unwrap().into_iter().map(|it| it.id).collect()
    };
    assert_eq!(found("", None), [OTHER, HONG]);
    for question in ["길도", "ㅎㄱ", "hanbit", "홍 1234"] {
        assert_eq!(found(question, None), [HONG], "{question}");
    }
    assert_eq!(found("1%4", None), []);
    assert_eq!(found("010", Some("t12")), [OTHER]);
    assert_eq!(found("", Some("t1")), []);
    let first = db.read_blocking(|conn| contacts::one(conn, OTHER)).unwrap().unwrap();
    let rest = db
        .read_blocking(move |conn| {
            contacts::found(conn, WORKSPACE, "", None, &(first.name_folded, OTHER), 10)
        })
        .unwrap();
    assert_eq!(rest.iter().map(|it| it.id).collect::<Vec<_>>(), [HONG]);
}

fn who_is_merged_keeps_nothing_but_where_they_went(house: &House) {
    let db = open(house);
    let (stays, goes) = db
        .write_blocking(|tx| -> Result<_> {
            contacts::link(tx, HONG, VISITOR)?;
            contacts::prove_email(tx, HONG, "hong@hanbit.example", 6)?;
            let note = NoteRecord {
                id: 21,
                contact: HONG,
                author: AGENT,
                text: "단골".into(),
                created_at: 7,
                changed_at: 7,
            };
            contacts::add_note(tx, &note)?;
            let yes =
                ContactConsent { to: "news".into(), given: true, at: 7, words: "네".into(), by: AGENT };
            contacts::set_consents(tx, HONG, &[yes], 7)?;
            let stays = contacts::one(tx, OTHER)?.expect("it is there");
            let goes = contacts::one(tx, HONG)?.expect("it is there");
            contacts::merge(tx, &stays, &goes, AGENT, 8)?;
            assert_eq!(contacts::people_who_showed(tx, OTHER)?, [], "an agent says that they are one");
            Ok((contacts::one(tx, OTHER)?.expect("it stays"), contacts::one(tx, HONG)?))
        })
        .unwrap();
    assert_eq!(goes, None);
    assert_eq!(stays.facts.name, "Hong");
    assert_eq!(stays.facts.email.as_deref(), Some("hong@hanbit.example"));
    assert_eq!(stays.email_proven_at, Some(6));
    assert_eq!(stays.facts.tags, ["t12", "t11"]);
    assert_eq!(stays.consents.len(), 1);
    let left = db
        .read_blocking(|conn| -> Result<_> {
            let of = contacts::of_person(conn, VISITOR)?.map(|it| it.id);
            let notes = contacts::notes(conn, OTHER, 10)?.len();
            Ok((contacts::went_to(conn, HONG)?, of, notes, contacts::count(conn, WORKSPACE)?))
        })
        .unwrap();
    assert_eq!(left, (Some(OTHER), Some(OTHER), 1, 1));
}

fn who_is_erased_leaves_nothing(house: &House) {
    let db = open(house);
    db.write_blocking(|tx| -> Result<()> {
        contacts::link(tx, HONG, VISITOR)?;
        let note = NoteRecord {
            id: 21,
            contact: HONG,
            author: AGENT,
            text: "단골".into(),
            created_at: 7,
            changed_at: 7,
        };
        contacts::add_note(tx, &note)?;
        let (stays, goes) = (contacts::one(tx, OTHER)?, contacts::one(tx, HONG)?);
        contacts::merge(tx, &stays.expect("it is there"), &goes.expect("it is there"), AGENT, 8)?;
        assert!(contacts::erase(tx, OTHER)?);
        assert!(!contacts::erase(tx, OTHER)?);
        Ok(())
    })
    .unwrap();
    let left: i64 = db
        .read_blocking(|conn| {
            let all = "SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM contact_people)
                + (SELECT count(*) FROM contact_notes)";
            conn.row(all, values![])?.expect("a count").get(0)
        })
        .unwrap();
    assert_eq!(left, 0);
}
