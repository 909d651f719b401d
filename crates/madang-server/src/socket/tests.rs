//! The hub beside a whole house, for what no story can bring about from outside.

use clap::Parser;
use madang_app::SetUp;

use crate::config::Options;

#[derive(Parser)]
struct Given {
    #[command(flatten)]
    options: Options,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_fell_behind_forgets_who_was_signed_in() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_string_lossy().into_owned();
    let given = Given::parse_from(["madang", "--data", &folder, "--listen", "127.0.0.1:0"]);
    let config = given.options.settle(None).expect("it settles");
    let server = crate::serve::start(config.clone()).await.expect("it serves");
    let first = SetUp {
        workspace: "한빛".into(),
        email: "nari@example.com".into(),
        name: "나리".into(),
        password: "마당에 핀 꽃 한 송이".into(),
        language: "ko".into(),
        device: "test".into(),
        for_program: true,
    };
    let begun = server.app.set_up(first).await.expect("set up");
    assert!(
        server.app.authenticate(&begun.secret).await.expect("asked").is_some(),
        "remembered from here on"
    );
    // The ending is announced in another process, so to this one it is as good as lost.
    let beside = tokio::task::spawn_blocking(move || crate::serve::open(&config, "http://127.0.0.1".into()));
    let beside = beside.await.expect("it ran").expect("opened");
    beside.end_session(begun.owner, begun.session.id).await.expect("ended");
    server.doors.hub.lost(1);
    assert_eq!(server.app.authenticate(&begun.secret).await.expect("asked"), None);
    drop(beside);
    server.stop().await;
}
