//! Contacts: whoever helps knows who is helped, and nobody else does.

use madang_test::House;
use serde_json::{Value, json};

use super::{comes, desk};
use crate::cast::does;
use crate::talk::{house, post};

async fn makes(house: &House, token: &str, facts: Value) -> String {
    let made = does(house, token, "POST", "/contacts", Some(facts)).await;
    made["contact"]["id"].as_str().expect("an id").to_owned()
}

async fn names(house: &House, token: &str, question: &str) -> Vec<String> {
    let request = house.client.get(house.url("/contacts")).query(&[("q", question)]).bearer_auth(token);
    let found: Value = request.send().await.expect("asked").json().await.expect("JSON");
    let found = found["contacts"].as_array().expect("contacts").clone();
    found.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

async fn brings(house: &House, token: &str, query: &str, file: &[u8]) -> (u16, Value) {
    let request = house.client.post(house.url(&format!("/contacts/import{query}"))).body(file.to_vec());
    let request = request.header("content-type", "text/csv").header("accept-language", "en");
    let answer = request.bearer_auth(token).send().await.expect("asked");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_known_again_at_another_desk_and_what_was_said_stays_there() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let (_, bori) = house.member("bori").expect("bori");
    let (_, sales) = desk(&house, &[&joon_id], json!({"name": "판매"})).await;
    let (_, support) = desk(&house, &[&mina_id], json!({"name": "지원"})).await;
    let (dara, first) = comes(&house, &sales, "다라", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{first}/take"), None).await;
    post(&house, &dara, &first, "비밀 이야기").await;
    let new = json!({"new": {"name": "강다라", "email": "Dara@Example.com", "phone": "010-1234-5678"}});
    let told = does(&house, &joon, "PUT", &format!("/tickets/{first}/contact"), Some(new)).await;
    let contact = told["contact"]["id"].as_str().expect("an id").to_owned();
    does(&house, &joon, "POST", &format!("/tickets/{first}/change"), Some(json!({"subject": "값"}))).await;
    does(&house, &joon, "POST", &format!("/tickets/{first}/close"), None).await;
    does(&house, &dara, "POST", "/visit/rate", Some(json!({"stars": 2, "comment": "비쌌어요"}))).await;

    // On another day, on another device, at another desk; whoever helps there asks for the address.
    let (_, second) = comes(&house, &support, "강다라", "chat").await;
    let path = format!("/tickets/{second}/contact");
    let unknown = does(&house, &mina, "GET", &path, None).await;
    assert!(unknown["contact"].is_null() && unknown["earlier"] == json!([]));
    assert_eq!(unknown["suggested"][0]["id"], json!(contact));
    let known = json!({"new": {"email": "dara@example.com", "company": "한빛"}});
    let known = does(&house, &mina, "PUT", &path, Some(known)).await;
    assert_eq!(known["contact"]["id"], json!(contact));
    assert_eq!((&known["contact"]["name"], &known["contact"]["company"]), (&json!("강다라"), &json!("한빛")));
    let earlier = &known["earlier"][0];
    assert_eq!((&earlier["desk_name"], &earlier["rating"]["stars"]), (&json!("판매"), &json!(2)));
    assert_eq!(known["people"][0]["id"], json!(joon_id));
    // Mina does not stand where it was said.
    assert_eq!((&earlier["readable"], &earlier["subject"]), (&json!(false), &json!("")));
    let whole = does(&house, &mina, "GET", &format!("/contacts/{contact}"), None).await;
    assert_eq!(whole["rounds"].as_array().expect("rounds").len(), 2);
    assert!(!whole.to_string().contains("비쌌어요") && !whole.to_string().contains("비밀"));
    let whole = does(&house, &joon, "GET", &format!("/contacts/{contact}"), None).await;
    assert!(whole.to_string().contains("비쌌어요"), "who may read the ticket reads the comment");

    // Who stands at no desk learns nothing, nor does a visitor.
    for token in [&bori, &dara] {
        for path in ["/contacts".to_owned(), format!("/contacts/{contact}")] {
            let (status, answer) = house.ask(Some(token), "GET", &path, None).await.expect("asked");
            assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")), "{path}");
        }
    }
    let visit = does(&house, &dara, "GET", "/visit", None).await;
    assert!(!visit.to_string().contains("example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_found_changed_noted_and_made_one() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    desk(&house, &[&joon_id], json!({})).await;
    let hong = json!({"name": "홍길동", "email": "hong@hanbit.example", "company": "한빛", "tags": ["vip"]});
    let hong = makes(&house, &joon, hong).await;
    let twin = makes(&house, &joon, json!({"name": "길동이", "phone": "010-1111-2222"})).await;
    makes(&house, &house.token, json!({"name": "Ann", "attributes": {"city": "Busan"}})).await;
    for (question, found) in [
        ("길도", vec!["길동이", "홍길동"]),
        ("ㅎㄱㄷ", vec!["홍길동"]),
        ("HANBIT vip", vec!["홍길동"]),
        ("1111", vec!["길동이"]),
        ("길동", vec!["길동이", "홍길동"]),
        ("100%", vec![]),
    ] {
        assert_eq!(names(&house, &joon, question).await, found, "{question}");
    }
    let taken = json!({"name": "누구", "email": "HONG@hanbit.example"});
    let (status, answer) = house.ask(Some(&joon), "POST", "/contacts", Some(taken)).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("email_taken")));
    let at = |what: &str| format!("/contacts/{twin}/{what}");
    let noted = does(&house, &joon, "POST", &at("notes"), Some(json!({"text": "전화를 좋아해요"}))).await;
    let note = noted["notes"][0]["id"].as_str().expect("an id").to_owned();
    let (status, _) =
        house.ask(Some(&house.token), "DELETE", &at(&format!("notes/{note}")), None).await.expect("asked");
    assert_eq!(status, 403, "a note is its author's");
    let yes = json!({"to": "newsletter", "given": true, "words": "보내 주세요"});
    does(&house, &joon, "POST", &at("consents"), Some(yes)).await;
    does(&house, &joon, "POST", &at("consents"), Some(json!({"to": "newsletter", "given": false}))).await;

    let merged = json!({"contact": twin});
    let one = does(&house, &joon, "POST", &format!("/contacts/{hong}/merge"), Some(merged)).await;
    assert_eq!(
        (&one["contact"]["name"], &one["contact"]["phone"]),
        (&json!("홍길동"), &json!("010-1111-2222"))
    );
    assert_eq!(one["notes"][0]["text"], "전화를 좋아해요");
    let given: Vec<&Value> =
        one["consents"].as_array().expect("consents").iter().map(|it| &it["given"]).collect();
    assert_eq!(given, [&json!(true), &json!(false)]);
    let went = does(&house, &joon, "GET", &format!("/contacts/{twin}"), None).await;
    assert_eq!(went["contact"]["id"], json!(hong), "who was merged answers with who they are");
    assert_eq!(names(&house, &joon, "길동").await, ["홍길동"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_gone_with_all_their_visits() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    post(&house, &dara, &space, "제 주소는 서울이에요").await;
    let new = json!({"new": {"name": "강다라", "email": "dara@example.com"}});
    let told = does(&house, &joon, "PUT", &format!("/tickets/{space}/contact"), Some(new)).await;
    let contact = told["contact"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/contacts/{contact}/erase");
    let (status, _) = house.ask(Some(&joon), "POST", &path, None).await.expect("asked");
    assert_eq!(status, 403, "what is erased comes back for nobody: owners alone");
    does(&house, &house.token, "POST", &path, None).await;
    let (status, _) =
        house.ask(Some(&joon), "GET", &format!("/contacts/{contact}"), None).await.expect("asked");
    assert_eq!(status, 404);
    let (status, _) = house.ask(Some(&dara), "GET", "/visit", None).await.expect("asked");
    assert_eq!(status, 401, "the visit is over");
    assert_eq!(names(&house, &joon, "").await, [""; 0]);
    let audit = does(&house, &house.token, "GET", "/audit?kind=contact", None).await;
    assert_eq!(audit["entries"][0]["act"], "contact.erased");
    assert!(!audit.to_string().contains("dara@example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_whole_or_not_at_all_and_goes_out_as_it_came() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    desk(&house, &[&joon_id], json!({})).await;
    makes(&house, &joon, json!({"name": "홍길동", "email": "hong@x.example", "tags": ["vip"]})).await;
    let bad = "이름,이메일,등급\n홍길동,HONG@x.example,금\n나리,틀린주소,은\n미나,mina@x.example,\n";
    let (status, _) = brings(&house, &joon, "", bad.as_bytes()).await;
    assert_eq!(status, 403, "administrators bring files");
    let (_, looked) = brings(&house, &house.token, "?dry_run=true", bad.as_bytes()).await;
    assert_eq!(
        (&looked["done"], &looked["created"], &looked["changed"], &looked["bad"]),
        (&json!(false), &json!(1), &json!(1), &json!(1))
    );
    assert_eq!(looked["bad_lines"][0]["line"], 3);
    assert_eq!(looked["columns"][2], json!({"head": "등급", "as": "attribute"}));
    let (_, refused) = brings(&house, &house.token, "", bad.as_bytes()).await;
    assert_eq!(refused["done"], false);
    assert_eq!(names(&house, &joon, "").await, ["홍길동"], "nothing is half written");
    let (_, done) = brings(&house, &house.token, "?leave_out=true", bad.as_bytes()).await;
    assert_eq!((&done["done"], &done["created"]), (&json!(true), &json!(1)));
    let (_, again) = brings(&house, &house.token, "?leave_out=true", bad.as_bytes()).await;
    assert_eq!((&again["created"], &again["changed"], &again["same"]), (&json!(0), &json!(0), &json!(2)));
    let request = house.client.get(house.url("/contacts/export")).bearer_auth(&house.token);
    let file = request.send().await.expect("asked").text().await.expect("text");
    assert!(file.contains("\"홍길동\",\"hong@x.example\",\"\",\"\",\"\",\"vip\",\"금\""), "{file}");
    let (_, back) = brings(&house, &house.token, "", file.as_bytes()).await;
    assert_eq!((&back["same"], &back["bad"]), (&json!(2), &json!(0)));
    let (status, answer) = brings(&house, &house.token, "", &vec![b'x'; (10 << 20) + 1]).await;
    assert_eq!((status, &answer["error"]["code"]), (413, &json!("too_large")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_says_of_a_visitor_leads_nobody_into_their_visit() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (id, key) = desk(&house, &[&joon_id], json!({})).await;
    let made = does(&house, &house.token, "POST", &format!("/desks/{id}/secret"), None).await;
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let arrives = async || {
        let identity = super::identity::signed(&secret, &key, "42", 60);
        let body = json!({"language": "ko", "via": "widget", "wants": "chat", "identity": identity});
        let path = format!("/desk/{key}/visits");
        let (status, begun) = house.ask(None, "POST", &path, Some(body)).await.expect("asked");
        assert_eq!(status, 201);
        begun["space"].as_str().expect("an id").to_owned()
    };
    let hers = arrives().await;
    let known = does(&house, &joon, "GET", &format!("/tickets/{hers}/contact"), None).await;
    let contact = known["contact"]["id"].as_str().expect("an id").to_owned();
    // Somebody tells the agent that they are she; and another one becomes her by a merge.
    let (_, liar) = comes(&house, &key, "다라", "chat").await;
    let told = json!({"contact": contact});
    does(&house, &joon, "PUT", &format!("/tickets/{liar}/contact"), Some(told)).await;
    let (_, twin) = comes(&house, &key, "다라", "chat").await;
    let new = json!({"new": {"name": "다라", "phone": "010"}});
    let new = does(&house, &joon, "PUT", &format!("/tickets/{twin}/contact"), Some(new)).await;
    let merged = json!({"contact": new["contact"]["id"]});
    does(&house, &joon, "POST", &format!("/contacts/{contact}/merge"), Some(merged)).await;
    let whole = does(&house, &joon, "GET", &format!("/contacts/{contact}"), None).await;
    assert_eq!(whole["visitors"].as_array().expect("visitors").len(), 3);
    assert_eq!(arrives().await, hers, "she comes back into her own");
}
