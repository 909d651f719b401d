//! What takes room, for those who run the house.

use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{house, new_space, post};
use crate::uploads::{noise, post_files, upload};

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_room_is_listed_largest_first_and_tells_no_name_of_a_closed_space() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let small = new_space(&house, &house.token, "closed").await;
    let large = new_space(&house, &token, "closed").await;
    let file = async |token: &str, space: &str, bytes: usize| {
        let file = upload(&house, token, "a.bin", &noise(bytes)).await;
        let (status, sent) = post_files(&house, token, space, &[&file]).await;
        assert_eq!(status, 201, "{sent}");
        sent["event"]["seq"].as_i64().expect("a seq")
    };
    file(&house.token, &small, 1_000).await;
    post(&house, &house.token, &small, "안녕").await;
    file(&token, &large, 30_000).await;
    let gone = file(&token, &large, 50_000).await;
    does(&house, &token, "DELETE", &format!("/spaces/{large}/messages/{gone}"), None).await;
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    file(&house.token, &direct, 7_000).await;

    let list = async |query: &str| {
        does(&house, &house.token, "GET", &format!("/overview/storage{query}"), None).await
    };
    let all = list("").await;
    let spaces = all["spaces"].as_array().expect("a list");
    let ids: Vec<&str> = spaces.iter().map(|it| it["id"].as_str().expect("an id")).collect();
    assert_eq!(ids[..2], [large.as_str(), small.as_str()], "{all}");
    assert!(!ids.contains(&direct.as_str()), "who writes to whom is not told: {all}");
    let [first, second] = [&spaces[0], &spaces[1]];
    assert_eq!(
        (&first["bytes"], &first["files"], &first["messages"]),
        (&json!(30_000), &json!(1), &json!(1))
    );
    assert!(first.get("name").is_none() && first["kind"] == "closed", "nari is not in it: {first}");
    assert_eq!((&second["name"], &second["messages"]), (&json!("정원"), &json!(2)));
    assert_eq!(all["conversations"], json!({"files": 1, "bytes": 7_000, "messages": 1}));
    assert_eq!(all["outside_spaces"]["files"], 0);

    // Page by page it is the same list.
    let mut paged: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let part = list(&format!("?limit=1{cursor}")).await;
        paged.extend(part["spaces"].as_array().expect("a list").iter().cloned());
        match part["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(&paged, spaces);
    let (status, _) = house.ask(Some(&token), "GET", "/overview/storage", None).await.expect("asked");
    assert_eq!(status, 403, "joon runs nothing");
}
