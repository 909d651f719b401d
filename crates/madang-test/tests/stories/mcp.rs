//! AI agents at the house by the Model Context Protocol: as the person whose token they have, and as nobody else.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::{does, guest};
use crate::desks::{comes, desk};
use crate::talk::{add, new_space, post};

async fn begun() -> House {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    house
}

/// One request of the protocol; gives status and answer.
async fn asked(house: &House, token: Option<&str>, method: &str, params: Value) -> (u16, Value) {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let mut request = house.client.post(house.page("/mcp")).json(&body);
    request = request.header("accept", "application/json, text/event-stream");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.expect("asked");
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// Uses a tool; what it gives, or its reason.
async fn uses(house: &House, token: &str, tool: &str, arguments: Value) -> Result<Value, String> {
    let params = json!({"name": tool, "arguments": arguments});
    let (status, answer) = asked(house, Some(token), "tools/call", params).await;
    assert_eq!(status, 200, "{tool}: {answer}");
    let result = &answer["result"];
    match result["isError"] == true {
        true => Err(result["content"][0]["text"].as_str().expect("a reason").to_owned()),
        false => Ok(result["structuredContent"].clone()),
    }
}

fn texts(answer: &Value) -> Vec<&str> {
    let messages = answer["messages"].as_array().expect("messages");
    messages.iter().filter_map(|it| it["text"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ai_agent_is_let_in_by_a_token_and_by_nothing_else() {
    let house = begun().await;
    let (_, key) = desk(&house, &[], json!({})).await;
    let (visitor, _) = comes(&house, &key, "dara", "chat").await;
    for (token, status, code) in [
        (None, 401, "not_signed_in"),
        (Some("mdt_a-guess"), 401, "not_signed_in"),
        (Some(visitor.as_str()), 403, "not_allowed"),
    ] {
        let (said, answer) = asked(&house, token, "tools/list", json!({})).await;
        assert_eq!((said, &answer["error"]["code"]), (status, &json!(code)));
    }
    // A page in a browser has the cookie with it, and nothing is opened by that.
    house.member("joon").expect("joon");
    let body = json!({"email": "joon@example.com", "password": "joon likes the garden"});
    let signed_in = house.client.post(house.url("/session")).json(&body).send().await.expect("asked");
    assert_eq!(signed_in.status(), 200);
    let cookie =
        signed_in.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie");
    let request = house.client.post(house.page("/mcp")).header("cookie", cookie);
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let answer = request.header("accept", "application/json, text/event-stream").json(&body).send().await;
    let answer = answer.expect("asked");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["www-authenticate"]),
        (401, &"Bearer".parse().expect("text"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ai_agent_reads_and_writes_what_its_person_may() {
    let house = begun().await;
    let (_, joon) = house.member("joon").expect("joon");
    let room = new_space(&house, &house.token, "closed").await;
    let secret = new_space(&house, &house.token, "closed").await;
    add(&house, &room, "joon@example.com").await;
    let (_, sam) = guest(&house, &room, "sam").await;
    let first = post(&house, &house.token, &room, "정원에 물을 준다").await;
    post(&house, &house.token, &secret, "아무도 모르는 정원").await;

    let listed = uses(&house, &joon, "list_spaces", json!({})).await.expect("spaces");
    let ids: Vec<&Value> = listed["spaces"].as_array().expect("a list").iter().map(|it| &it["id"]).collect();
    assert!(ids.contains(&&json!(room)) && !ids.contains(&&json!(secret)), "{listed}");
    let refused = uses(&house, &joon, "read_history", json!({"space": secret})).await.expect_err("hidden");
    assert!(refused.starts_with("not_found: "), "{refused}");
    for tool in ["post_message", "upload_file"] {
        let arguments = json!({"space": secret, "text": "hello", "name": "a.txt"});
        let refused = uses(&house, &joon, tool, arguments).await.expect_err("hidden");
        assert!(refused.starts_with("not_found: "), "{tool}: {refused}");
    }

    let once = json!({"space": room, "text": "*제가* 할게요", "thread": first, "client_id": "one-wish"});
    let posted = uses(&house, &joon, "post_message", once.clone()).await.expect("posted");
    assert_eq!(uses(&house, &joon, "post_message", once).await.expect("the same"), posted);
    let thread =
        uses(&house, &sam, "read_thread", json!({"space": room, "message": first})).await.expect("read");
    assert_eq!(texts(&thread), ["정원에 물을 준다", "*제가* 할게요"]);
    assert_eq!(thread["messages"][1]["author"]["name"], "joon");
    let arguments = json!({"space": room, "message": first, "emoji": "tada"});
    assert_eq!(uses(&house, &joon, "react", arguments).await.expect("reacts"), json!({"changed": true}));

    let arguments =
        json!({"space": room, "name": "물주기.csv", "text": "날짜,누가\n월,joon\n", "comment": "표"});
    let handed = uses(&house, &joon, "upload_file", arguments).await.expect("handed in");
    let file = handed["file"]["id"].as_str().expect("an id").to_owned();
    let read = uses(&house, &sam, "read_file_text", json!({"file": file})).await.expect("read");
    assert!(read["text"].as_str().expect("text").contains("joon"), "{read}");
    house.caught_up().await.expect("they are");
    let found = uses(&house, &joon, "search", json!({"query": "정원"})).await.expect("found");
    assert_eq!(texts(&found), ["정원에 물을 준다"], "and nothing of the other space");
    let history =
        uses(&house, &joon, "read_history", json!({"space": room, "limit": 1})).await.expect("read");
    assert_eq!((texts(&history), &history["more"]), (vec!["표"], &json!(true)));
    let before = history["messages"][0]["seq"].clone();
    let arguments = json!({"space": room, "before": before, "limit": 200});
    let older = uses(&house, &joon, "read_history", arguments).await.expect("read");
    assert_eq!((texts(&older), &older["more"]), (vec!["정원에 물을 준다"], &json!(false)));

    // What everybody else gets is the same message.
    let rows = does(&house, &house.token, "GET", &format!("/spaces/{room}/messages/{first}"), None).await;
    assert_eq!(rows["row"]["reactions"][0]["emoji"], "tada");
    let refused = uses(&house, &sam, "list_spaces", json!({"joinable": true})).await.expect_err("a guest");
    assert!(refused.starts_with("not_allowed: "), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ai_agent_helps_at_the_desk_where_its_person_stands() {
    let house = begun().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    let (desk, key) = desk(&house, &[&joon_id], json!({})).await;
    let (visitor, ticket) = comes(&house, &key, "dara", "chat").await;
    post(&house, &visitor, &ticket, "환불이 되나요?").await;

    let listed = uses(&house, &joon, "list_tickets", json!({"desk": desk})).await.expect("tickets");
    assert_eq!(listed["tickets"][0]["visitor"]["name"], "dara");
    for (tool, arguments) in [
        ("list_tickets", json!({"desk": desk})),
        ("read_ticket", json!({"ticket": ticket})),
        ("note_on_ticket", json!({"ticket": ticket, "text": "x"})),
        ("answer_ticket", json!({"ticket": ticket, "text": "x"})),
    ] {
        let refused = uses(&house, &mina, tool, arguments).await.expect_err("she does not stand there");
        assert!(refused.starts_with("not_found: "), "{tool}: {refused}");
    }
    uses(&house, &joon, "take_ticket", json!({"ticket": ticket})).await.expect("taken");
    uses(&house, &joon, "note_on_ticket", json!({"ticket": ticket, "text": "단골이다"}))
        .await
        .expect("noted");
    uses(&house, &joon, "answer_ticket", json!({"ticket": ticket, "text": "네, 됩니다."}))
        .await
        .expect("answered");
    let read = uses(&house, &joon, "read_ticket", json!({"ticket": ticket})).await.expect("read");
    assert_eq!(texts(&read), ["환불이 되나요?", "단골이다", "네, 됩니다."]);
    assert_eq!(read["ticket"]["agent"], json!(joon_id));
    // The note is for who helps: the visitor's history holds the answer alone.
    let seen = does(&house, &visitor, "GET", &format!("/spaces/{ticket}/events"), None).await.to_string();
    assert!(seen.contains("네, 됩니다.") && !seen.contains("단골이다"), "{seen}");
    // A room is no ticket: what is meant to be hidden from a visitor does not land there.
    let room = new_space(&house, &joon, "closed").await;
    let arguments = json!({"ticket": room, "text": "x"});
    let refused = uses(&house, &joon, "note_on_ticket", arguments).await.expect_err("no ticket");
    assert!(refused.starts_with("not_found: "), "{refused}");
}

/// The tools that a token is shown.
async fn tools(house: &House, token: &str) -> Vec<String> {
    let (_, answer) = asked(house, Some(token), "tools/list", json!({})).await;
    let all = answer["result"]["tools"].as_array().expect("tools");
    all.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

async fn agent(house: &House, person: &str, scopes: &[&str]) -> (String, String) {
    let wish = json!({"label": "도우미", "kind": "agent", "scopes": scopes});
    let made = does(house, person, "POST", "/tokens", Some(wish)).await;
    let word = |name: &str| made[name].as_str().expect("a word").to_owned();
    (word("id"), word("token"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_token_opens_what_it_was_made_for_and_leaves_a_trace() {
    let house = begun().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    add(&house, &house.space, "joon@example.com").await;
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (visitor, ticket) = comes(&house, &key, "dara", "chat").await;
    post(&house, &visitor, &ticket, "정원이 어디예요?").await;
    post(&house, &house.token, &house.space, "정원에서 봐요").await;
    let secret = new_space(&house, &house.token, "closed").await;
    house.caught_up().await.expect("they are");

    let (id, reader) = agent(&house, &joon, &["read"]).await;
    assert_eq!(house.ask(Some(&reader), "GET", "/me", None).await.expect("asked").0, 401);
    let slack = house.client.post(house.page("/api/auth.test")).bearer_auth(&reader).send().await;
    assert_eq!(slack.expect("asked").json::<Value>().await.expect("JSON")["error"], "invalid_auth");
    let shown = tools(&house, &reader).await;
    assert!(
        shown.iter().any(|it| it == "read_history") && shown.iter().any(|it| it == "whoami"),
        "{shown:?}"
    );
    for hidden in ["post_message", "upload_file", "read_file_text", "list_desks", "close_ticket"] {
        assert!(!shown.iter().any(|it| it == hidden), "{hidden}");
        let refused = uses(&house, &reader, hidden, json!({"space": house.space, "text": "x"})).await;
        assert!(refused.expect_err("not for it").starts_with("missing_scope: "), "{hidden}");
    }
    uses(&house, &reader, "read_history", json!({"space": house.space})).await.expect("it reads rooms");
    let refused =
        uses(&house, &reader, "read_history", json!({"space": ticket})).await.expect_err("a ticket");
    assert!(refused.starts_with("missing_scope: ") && refused.contains("tickets"), "{refused}");
    let found = uses(&house, &reader, "search", json!({"query": "정원"})).await.expect("found");
    assert_eq!(texts(&found), ["정원에서 봐요"], "and nothing of the ticket");
    let listed = uses(&house, &reader, "list_spaces", json!({})).await.expect("spaces").to_string();
    assert!(listed.contains(&house.space) && !listed.contains(&ticket), "{listed}");

    // What is changed is written down, with how it went, and read by whoever reads the audit log.
    let (_, writer) = agent(&house, &joon, &["read", "write"]).await;
    let said = json!({"space": house.space, "text": "네"});
    let posted = uses(&house, &writer, "post_message", said).await.expect("posted");
    let hidden = json!({"space": secret, "text": "네"});
    uses(&house, &writer, "post_message", hidden).await.expect_err("it may not know of it");
    let traces = does(&house, &house.token, "GET", "/audit/agents", None).await;
    let told = |n: usize| {
        let trace = &traces["uses"][n];
        (trace["tool"].clone(), trace["space"].clone(), trace["message"].clone(), trace["outcome"].clone())
    };
    let tool = || json!("post_message");
    assert_eq!(told(0), (tool(), json!(secret), Value::Null, json!("not_found")));
    assert_eq!(told(1), (tool(), json!(house.space), posted["seq"].clone(), json!("done")));
    assert_eq!(
        (&traces["uses"][1]["label"], &traces["uses"][1]["person"]["id"]),
        (&json!("도우미"), &json!(joon_id))
    );
    let of_one = does(&house, &house.token, "GET", &format!("/audit/agents?token={id}"), None).await;
    assert_eq!(of_one["uses"], json!([]), "whoever reads leaves none");
    assert_eq!(house.ask(Some(&joon), "GET", "/audit/agents", None).await.expect("asked").0, 403);

    // It is one of the person's tokens, and ends as they do.
    let mine = does(&house, &joon, "GET", "/tokens", None).await;
    let token = mine["tokens"].as_array().expect("tokens").iter().find(|it| it["id"] == id).expect("it");
    assert_eq!((&token["kind"], &token["scopes"]), (&json!("agent"), &json!(["read"])));
    does(&house, &joon, "DELETE", &format!("/tokens/{id}"), None).await;
    assert_eq!(asked(&house, Some(&reader), "tools/list", json!({})).await.0, 401);
    let audit = does(&house, &house.token, "GET", "/audit?kind=token", None).await.to_string();
    assert!(audit.contains("token.made") && audit.contains("token.ended"), "{audit}");
    for scopes in [json!([]), json!(["read", "everything"])] {
        let wish = Some(json!({"kind": "agent", "scopes": scopes}));
        assert_eq!(house.ask(Some(&joon), "POST", "/tokens", wish).await.expect("asked").0, 422);
    }
    let command = [
        "token",
        "create",
        "--person",
        "joon@example.com",
        "--kind",
        "agent",
        "--scope",
        "tickets",
        "--json",
    ];
    let made = house.command(&command).expect("made");
    let tickets = made["token"].as_str().expect("a token");
    assert_eq!(tools(&house, tickets).await.len(), 8, "those of desks, and who one is");
    uses(&house, tickets, "read_ticket", json!({"ticket": ticket})).await.expect("it helps");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apps_token_is_an_agent_with_the_scopes_of_the_app() {
    let house = begun().await;
    let manifest = json!({
        "display_information": {"name": "Reader"},
        "features": {"bot_user": {"display_name": "reader"}},
        "oauth_config": {"scopes": {"bot": ["channels:read", "channels:history", "chat:write"]}},
    });
    let made = does(&house, &house.token, "POST", "/apps", Some(json!({"manifest": manifest}))).await;
    let word = |name: &str| made["credentials"][name].as_str().expect("a token").to_owned();
    let (bot, person) = (word("bot_token"), made["app"]["bot"].as_str().expect("a bot"));
    let closed = new_space(&house, &house.token, "closed").await;
    for space in [&house.space, &closed] {
        let members = format!("/spaces/{space}/members");
        does(&house, &house.token, "POST", &members, Some(json!({"person": person}))).await;
    }
    assert_eq!(
        tools(&house, &bot).await,
        ["list_spaces", "post_message", "read_history", "read_thread", "whoami"]
    );
    let listed = uses(&house, &bot, "list_spaces", json!({})).await.expect("spaces").to_string();
    assert!(listed.contains(&house.space) && !listed.contains(&closed), "{listed}");
    uses(&house, &bot, "read_history", json!({"space": house.space})).await.expect("it is open");
    let refused = uses(&house, &bot, "read_history", json!({"space": closed})).await.expect_err("closed");
    assert!(refused.starts_with("missing_scope: ") && refused.contains("groups:history"), "{refused}");
    uses(&house, &bot, "post_message", json!({"space": closed, "text": "왔어요"})).await.expect("it writes");
    let refused = uses(&house, &bot, "list_people", json!({})).await.expect_err("not in its scopes");
    assert!(refused.contains("users:read"), "{refused}");
    // What only connects an app acts as nobody.
    let connects = made["credentials"]["app_token"].as_str().expect("a token");
    assert_eq!(asked(&house, Some(connects), "tools/list", json!({})).await.0, 401);
    does(&house, &house.token, "DELETE", &format!("/apps/{}", made["app"]["id"].as_str().expect("it")), None)
        .await;
    assert_eq!(asked(&house, Some(&bot), "tools/list", json!({})).await.0, 401);
}
