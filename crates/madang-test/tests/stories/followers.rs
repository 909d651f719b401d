//! Readers of the log.

use crate::talk::{Socket, house, next, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn invariant_4_a_follower_may_be_stopped_doubled_or_rewound() {
    let mut house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    house.ask(Some(&token), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    let mut live = socket(&house, &token).await.expect("connected");
    for n in 0..3 {
        post(&house, &house.token, &house.space, &format!("<@{joon}> {n}")).await;
    }
    wait_for_activity(&mut live, 3).await;
    let before = house.ask(Some(&token), "GET", "/activity", None).await.expect("asked").1;
    assert_eq!(before["items"].as_array().map(Vec::len), Some(3));
    // Emptied and rewound while nobody follows, then built again from the log.
    house.stop().await.expect("it stops");
    house.command(&["rebuild", "activity"]).expect("rebuilt");
    house.start().await.expect("it serves");
    let after = house.activity_of(&token, 3).await.expect("built again");
    assert_eq!(after, before);
}

async fn wait_for_activity(live: &mut Socket, count: i64) {
    loop {
        let frame = next(live).await.expect("a frame").expect("connected");
        if frame["type"] == "register" && frame["key"] == "activity" && frame["value"]["unread"] == count {
            return;
        }
    }
}
