//! A visitor comes, is helped, says how it was, and comes back.

use serde_json::json;

use super::{comes, desk, events, hears, hears_event, kinds, reachable, ticket};
use crate::cast::does;
use crate::talk::{house, new_space, post, socket};
use crate::uploads::{post_files, upload};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_without_an_account_is_offered_to_an_agent_helped_and_asked_how_it_was() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let front = does(&house, &house.token, "GET", &format!("/desk/{key}"), None).await;
    assert_eq!((&front["desk"]["open"]["now"], &front["desk"]["waiting"]), (&json!(true), &json!(0)));
    reachable(&house, &joon, true).await;
    let mut ear = socket(&house, &joon).await.expect("connected");

    let (dara, space) = comes(&house, &key, "다라", "video").await;
    let mut hers = socket(&house, &dara).await.expect("a visitor has a socket");
    let offer = hears(&mut ear, "offer").await;
    assert_eq!(offer["ticket"]["space"], json!(space));
    assert_eq!(offer["ticket"]["wants"], "video");
    assert_eq!(offer["ticket"]["page"]["url"], "https://shop.example/cart");
    assert_eq!(offer["ticket"]["visitor"]["name"], "다라");
    post(&house, &dara, &space, "결제가 안 돼요").await;
    let taken = does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    assert_eq!((&taken["ticket"]["state"], &taken["ticket"]["agent"]), (&json!("open"), &json!(joon_id)));
    assert_eq!(hears(&mut ear, "offer_over").await["space"], json!(space));
    hears_event(&mut hers, &space, "ticket.assigned").await;
    let visit = does(&house, &dara, "GET", "/visit", None).await;
    assert_eq!(visit["ticket"]["agent"]["id"], json!(joon_id));
    assert!(visit["ticket"]["agent"]["email"].is_null(), "no address for visitors");
    post(&house, &joon, &space, "바로 볼게요").await;
    hears_event(&mut hers, &space, "message.posted").await;
    assert!(ticket(&house, &joon, &space).await["first_answer_at"].is_i64());

    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;
    hears_event(&mut hers, &space, "ticket.closed").await;
    does(&house, &dara, "POST", "/visit/rate", Some(json!({"stars": 5, "comment": "고마워요"}))).await;
    let rated = ticket(&house, &joon, &space).await;
    assert_eq!(rated["rating"], json!({"stars": 5, "comment": "고마워요"}));

    // Whoever writes again comes back, into the same space, to the same agent.
    post(&house, &dara, &space, "또 안 돼요").await;
    let again = hears(&mut ear, "offer").await;
    assert_eq!((&again["ticket"]["round"], &again["ticket"]["space"]), (&json!(2), &json!(space)));
    assert_eq!(again["ticket"]["offered"]["reason"], "same_agent");
    let told = events(&house, &joon, &space).await;
    let reasons: Vec<_> = told.iter().filter(|it| it["type"] == "ticket.offered").collect();
    assert!(reasons.len() == 2 && reasons.iter().all(|it| it["staff"] == true), "{told:?}");
    assert!(!kinds(&events(&house, &dara, &space).await).contains(&"ticket.offered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_sees_their_own_ticket_and_nothing_else_of_the_house() {
    let house = house().await;
    let (joon_id, _) = house.member("joon").expect("joon");
    let (desk_id, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let (haneul, other) = comes(&house, &key, "하늘", "chat").await;
    for (method, path) in [
        ("GET", "/people".to_owned()),
        ("GET", "/spaces".into()),
        ("GET", "/search?q=a".into()),
        ("GET", "/me".into()),
        ("GET", "/desks".into()),
        ("GET", format!("/desks/{desk_id}")),
        ("GET", format!("/tickets/{space}")),
        ("POST", format!("/tickets/{space}/take")),
        ("GET", "/tokens".into()),
        ("GET", format!("/spaces/{space}/files")),
    ] {
        let (status, answer) = house.ask(Some(&dara), method, &path, None).await.expect("asked");
        assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")), "{method} {path}");
    }
    for (method, path, body) in [
        ("GET", format!("/spaces/{other}/events"), None),
        ("GET", format!("/spaces/{other}/pages/0"), None),
        ("POST", format!("/spaces/{other}/messages"), Some(json!({"text": "hi"}))),
    ] {
        let (status, _) = house.ask(Some(&dara), method, &path, body).await.expect("asked");
        assert_eq!(status, 404, "{method} {path}");
    }
    let people = does(&house, &house.token, "GET", "/people?limit=500", None).await;
    let names: Vec<_> = people["people"].as_array().expect("people").iter().map(|it| &it["name"]).collect();
    assert!(!names.contains(&&json!("다라")) && !names.contains(&&json!("하늘")), "{names:?}");
    let (status, _) = house.ask(Some(&haneul), "GET", "/visit", None).await.expect("asked");
    assert_eq!(status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_goes_on_on_another_device_by_a_code_that_is_good_once() {
    let house = house().await;
    let (_, key) = desk(&house, &[], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let code = does(&house, &dara, "POST", "/visit/code", None).await["code"].clone();
    let resume = async |code: &serde_json::Value| {
        let url = house.url(&format!("/desk/{key}/resume"));
        house.client.post(url).json(&json!({"code": code})).send().await.expect("asked")
    };
    let answer = resume(&code).await;
    assert_eq!(answer.status(), 201);
    let begun: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(begun["space"], json!(space));
    let tv = begun["token"].as_str().expect("a token");
    post(&house, tv, &space, "from the TV").await;
    assert_eq!(resume(&code).await.status(), 404, "good once");
    assert_eq!(resume(&json!("000000")).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_desk_takes_messages_and_offers_them_to_nobody() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let never = json!({"hours": {"zone": "Asia/Seoul"}, "closed": {"ko": "내일 열어요"}});
    let (desk_id, key) = desk(&house, &[&joon_id], never).await;
    reachable(&house, &joon, true).await;
    let front = does(&house, &house.token, "GET", &format!("/desk/{key}"), None).await;
    assert_eq!(
        (&front["desk"]["open"]["now"], &front["desk"]["closed"]["ko"]),
        (&json!(false), &json!("내일 열어요"))
    );
    let (dara, space) = comes(&house, &key, "", "video").await;
    post(&house, &dara, &space, "내일 전화 주세요").await;
    let queue = does(&house, &joon, "GET", &format!("/desks/{desk_id}/tickets"), None).await;
    let first = &queue["tickets"][0];
    assert_eq!((&first["state"], &first["wants"]), (&json!("waiting"), &json!("chat")));
    assert_eq!((&queue["counts"]["waiting"], &first["visitor"]["name"]), (&json!(1), &json!("방문자")));
    // An agent may answer all the same.
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    does(&house, &house.token, "DELETE", &format!("/desks/{desk_id}"), None).await;
    let (status, answer) = house.ask(None, "GET", &format!("/desk/{key}"), None).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (410, &json!("desk_ended")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_page_is_followed_by_who_stands_at_the_desk_and_by_nobody_else() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, bori) = house.member("bori").expect("bori");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26.1 Mobile/15E148 Safari/604.1";
    let came = json!({"via": "widget", "wants": "chat", "device": {"width": 393, "height": 852, "zone": "Asia/Seoul", "languages": ["ko-KR", "en"]},
        "page": {"url": "https://shop.example/cart?item=3&token=secret#x", "title": "장바구니"}});
    let url = house.url(&format!("/desk/{key}/visits"));
    let request = house.client.post(url).header("user-agent", agent).json(&came);
    let begun: serde_json::Value = request.send().await.expect("asked").json().await.expect("JSON");
    let (dara, space) = (begun["token"].as_str().expect("a token"), begun["space"].as_str().expect("an id"));
    let seen = ticket(&house, &joon, space).await;
    assert_eq!(seen["page"], json!({"url": "https://shop.example/cart?item=3", "title": "장바구니"}));
    let device = json!({"browser": "Safari 26", "system": "iOS 26.1", "width": 393, "height": 852,
        "zone": "Asia/Seoul", "languages": ["ko-KR", "en"]});
    assert_eq!(seen["device"], device);
    let visit = does(&house, dara, "GET", "/visit", None).await.to_string();
    assert!(!visit.contains("Safari"), "it is for agents");

    let (mut joons, mut boris) =
        (socket(&house, &joon).await.expect("joons"), socket(&house, &bori).await.expect("boris"));
    let gone = json!({"url": "https://nari:pw@shop.example/pay?code=1#card", "title": "결제"});
    does(&house, dara, "POST", "/visit/page", Some(gone)).await;
    let now_at = json!({"url": "https://shop.example/pay", "title": "결제"});
    let told = hears(&mut joons, "visitor_at").await;
    assert_eq!((&told["space"], &told["page"]), (&json!(space), &now_at));
    assert_eq!(ticket(&house, &joon, space).await["page"], now_at);
    assert_eq!(
        kinds(&events(&house, &joon, space).await).iter().filter(|it| it.starts_with("ticket.")).count(),
        1,
        "no line of the log"
    );
    let hers = new_space(&house, &bori, "closed").await;
    post(&house, &bori, &hers, "그 뒤에").await;
    loop {
        let frame = crate::talk::next(&mut boris).await.expect("open").expect("open");
        assert_ne!(frame["type"], "visitor_at");
        if frame["type"] == "event" && frame["event"]["type"] == "message.posted" {
            break;
        }
    }

    for url in ["javascript:alert(1)", "file:///etc/passwd", ""] {
        let (status, _) =
            house.ask(Some(dara), "POST", "/visit/page", Some(json!({"url": url}))).await.expect("asked");
        assert_eq!(status, 422, "{url}");
    }
    let mut slowed = 0;
    for n in 0..70 {
        let page = json!({"url": format!("https://shop.example/{n}")});
        slowed = house.ask(Some(dara), "POST", "/visit/page", Some(page)).await.expect("asked").0;
    }
    assert_eq!(slowed, 429);
    does(&house, dara, "POST", "/visit/close", None).await;
    // Who is erased leaves nothing of where they were.
    let visitor = seen["visitor"]["id"].as_str().expect("an id");
    does(&house, &house.token, "POST", &format!("/people/{visitor}/erase"), Some(json!({"messages": true})))
        .await;
    assert!(ticket(&house, &joon, space).await["device"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_sends_a_file_and_gets_one() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    for (from, to) in [(&dara, &joon), (&joon, &dara)] {
        let file = upload(&house, from, "영수증.txt", b"3000").await;
        let (status, _) = post_files(&house, from, &space, &[&file]).await;
        assert_eq!(status, 201);
        let url = house.url(&format!("/files/{}/file", file["id"].as_str().expect("an id")));
        let answer = house.client.get(url).bearer_auth(to).send().await.expect("asked");
        assert_eq!(answer.bytes().await.expect("a body").as_ref(), b"3000");
    }
}
