//! What happens to commands.

use serde_json::json;

use crate::talk::house;

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_gets_its_first_answer() {
    let house = house().await;
    let path = format!("/spaces/{}/messages", house.space);
    let asked = (0..20).map(|n| {
        let body = json!({"client_id": "the one wish", "text": format!("try {n}")});
        house.ask(Some(&house.token), "POST", &path, Some(body))
    });
    let answers = futures_util::future::join_all(asked).await;
    let first = answers[0].as_ref().expect("asked").1["event"].clone();
    for answer in answers {
        assert_eq!(answer.expect("asked").1["event"], first);
    }
    let posted = house.events().await.expect("events");
    assert_eq!(posted.iter().filter(|event| event["type"] == "message.posted").count(), 1);
}
