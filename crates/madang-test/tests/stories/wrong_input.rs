//! Input that no honest client sends.

use serde_json::json;

use crate::talk::house;

/// Whatever is sent, the answer is a clear 4xx and never a 5xx.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_and_never_breaks_anything() {
    let house = house().await;
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let wrong = [
        json!(null),
        json!([]),
        json!("text"),
        json!({"text": {"a": 1}, "name": [], "seq": "x", "email": 7}),
    ];
    for (path, methods) in api["paths"].as_object().expect("paths") {
        let Some(under) = path.strip_prefix("/api/v1") else { continue };
        let real =
            under.replace("{id}", "..%2F..").replace("{seq}", "-1").replace("{n}", "99999999999999999999");
        let real = real.replace(['{', '}'], "%00");
        for method in methods.as_object().expect("methods").keys().filter(|method| *method != "delete") {
            for body in &wrong {
                let (status, answer) = house
                    .ask(Some(&house.token), &method.to_uppercase(), &real, Some(body.clone()))
                    .await
                    .expect("asked");
                assert!(status < 500, "{method} {under} broke on {body}: {answer}");
            }
        }
    }
    let huge = json!({"text": "가".repeat(600_000)});
    let path = format!("/spaces/{}/messages", house.space);
    let (status, _) = house.ask(Some(&house.token), "POST", &path, Some(huge)).await.expect("asked");
    assert!(matches!(status, 413 | 422), "too large is {status}");
}
