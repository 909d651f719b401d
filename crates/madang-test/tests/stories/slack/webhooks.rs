//! Incoming webhooks.

use serde_json::{Value, json};

use super::Apps;

/// The address, which is where the house is, though nobody told the command line.
fn address(apps: &Apps) -> String {
    let url = apps.app["webhook_urls"][0].as_str().expect("an address").to_owned();
    assert!(url.starts_with(&apps.house.page("/services/T")), "{url}");
    url
}

async fn sent(apps: &Apps, body: Value) -> (u16, String) {
    let url = address(apps);
    let answer = apps.house.client.post(url).json(&body).send().await.expect("sent");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn last(apps: &Apps) -> Value {
    let history = apps.bot("conversations.history", json!({"channel": apps.channel, "limit": 1})).await;
    history["messages"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knows_the_address_posts() {
    let apps = Apps::begun().await;
    let ok = (200, "ok".to_owned());
    assert_eq!(sent(&apps, json!({"text": "*up* <https://a.kr|a>"})).await, ok);
    assert_eq!(last(&apps).await["text"], "*up* <https://a.kr|a>");
    // As Alertmanager's notifier for Slack sends it: much is empty, and the channel is asked for in vain.
    let alert = json!({"channel": "#alerts", "username": "Alertmanager", "icon_emoji": "", "icon_url": "", "link_names": false,
        "attachments": [{"title": "[FIRING:1] DiskFull", "title_link": "http://am", "text": "", "fallback": "firing", "color": "danger",
            "fields": [{"title": "host", "value": "db1", "short": true}], "mrkdwn_in": ["fallback"], "ts": 1700000000.5}]});
    assert_eq!(sent(&apps, alert).await, ok);
    let told = last(&apps).await;
    assert_eq!(
        (&told["username"], &told["attachments"][0]["ts"]),
        (&json!("Alertmanager"), &json!(1_700_000_000))
    );
    let form = apps.house.client.post(address(&apps));
    let form = form
        .header("content-type", "application/x-www-form-urlencoded")
        .body("payload=%7B%22text%22%3A%22form%22%7D");
    assert_eq!(form.send().await.expect("sent").text().await.expect("text"), "ok");
    assert_eq!(last(&apps).await["text"], "form");
    let raw = json!({"version": "4", "status": "firing", "alerts": [{"status": "firing", "labels": {"alertname": "Down"}}]});
    assert_eq!(sent(&apps, raw).await, ok);
    assert_eq!(last(&apps).await["attachments"][0]["title"], "Down");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_by_status_and_word() {
    let apps = Apps::begun().await;
    assert_eq!(sent(&apps, json!({})).await, (400, "no_text".into()));
    assert_eq!(sent(&apps, json!({"blocks": [{"type": "x"}]})).await, (400, "invalid_blocks".into()));
    assert_eq!(sent(&apps, json!([])).await, (400, "invalid_payload".into()));
    let guess = apps.house.page("/services/T1/B1/guess");
    let answer = apps.house.client.post(guess).json(&json!({"text": "x"})).send().await.expect("sent");
    assert_eq!((answer.status().as_u16(), answer.text().await.expect("text")), (404, "no_service".into()));
    apps.person("conversations.archive", json!({"channel": apps.channel})).await;
    assert_eq!(sent(&apps, json!({"text": "x"})).await, (410, "channel_is_archived".into()));
}
