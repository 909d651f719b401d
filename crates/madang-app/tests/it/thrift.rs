//! What a message asks of the store, counted instead of timed: the reasons why
//! Madang is fast must not go away unnoticed (docs/performance.md).

use std::future::Future;
use std::sync::mpsc::channel;
use std::task::{Context, Waker};

use madang_app::NewMessage;
use madang_store::error::StoreError;

use crate::house::{House, house};

/// Who asked before with this client id, the space, who the author is to it;
/// then the event, the message and the space's head.
const STATEMENTS: u64 = 6;

fn message(number: usize) -> NewMessage {
    NewMessage {
        client_id: Some(format!("thrift-{number}")),
        text: "마당에 꽃이".into(),
        ..NewMessage::default()
    }
}

async fn post(house: &House, number: usize) {
    house.app.post(house.joon, house.garden, message(number)).await.expect("posted");
}

#[tokio::test]
async fn a_message_takes_six_statements() {
    let house = house().await;
    let before = house.app.db.stats();
    for number in 0..10 {
        post(&house, number).await;
    }
    let after = house.app.db.stats();
    assert_eq!(after.statements - before.statements, 10 * STATEMENTS);
    assert_eq!(after.jobs - before.jobs, 10);
}

#[tokio::test]
async fn messages_that_wait_together_share_one_commit() {
    let house = house().await;
    let (started, is_started) = channel();
    let (release, released) = channel::<()>();
    let holding = house.app.db.write(move |_| {
        started.send(()).expect("the test listens");
        released.recv().expect("the test lets go");
        Ok::<(), StoreError>(())
    });
    is_started.recv().expect("the writer is held");
    let before = house.app.db.stats();
    let mut waiting: Vec<_> = (0..100).map(|number| Box::pin(post(&house, number))).collect();
    let mut nobody = Context::from_waker(Waker::noop());
    for post in &mut waiting {
        assert!(post.as_mut().poll(&mut nobody).is_pending());
    }
    release.send(()).expect("the writer waits");
    holding.await.expect("nothing was written");
    for post in waiting {
        post.await;
    }
    let after = house.app.db.stats();
    assert_eq!(after.jobs - before.jobs, 101);
    assert_eq!(after.commits - before.commits, 2, "the one that held the writer, and one for all messages");
}
