//! Who may do what, on every route.

use serde_json::json;

use crate::talk::{house, new_space, post};

/// Who may not do a thing is refused on every route that the API describes.
#[tokio::test(flavor = "multi_thread")]
async fn the_authorisation_matrix_holds() {
    let house = house().await;
    let (mina, outsider) = house.member("mina").expect("mina");
    let (_, gone) = house.member("dara").expect("dara");
    house.ask(Some(&house.token), "DELETE", "/people/dara@example.com", None).await.expect("asked");
    let closed = new_space(&house, &house.token, "closed").await;
    let seq = post(&house, &house.token, &closed, "비밀").await.to_string();
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let paths = api["paths"].as_object().expect("paths").clone();
    assert!(paths.len() > 40, "the description lists the routes");
    for (path, methods) in &paths {
        let Some(under) = path.strip_prefix("/api/v1") else { continue };
        let real = under.replace("{id}", &closed).replace("{seq}", &seq).replace("{person}", &mina);
        let real = real
            .replace("{n}", "0")
            .replace("{emoji}", "tada")
            .replace("{token}", "x")
            .replace("{link}", "1")
            .replace("{space}", &closed);
        for (method, operation) in methods.as_object().expect("methods") {
            let open = operation.get("security").is_none();
            let method = method.to_uppercase();
            let body = Some(
                json!({"text": "?", "seq": 1, "level": "nothing", "at": 1, "name": "x", "email": "x@y.z", "role": "member"}),
            );
            for (who, token) in [("nobody", None), ("somebody removed", Some(gone.as_str()))] {
                let (status, answer) = house.ask(token, &method, &real, body.clone()).await.expect("asked");
                assert!(open || status == 401, "{who} got {status} from {method} {under}: {answer}");
                assert!(status < 500, "{method} {under} broke: {answer}");
            }
            if under.starts_with("/spaces/{id}") {
                let (status, answer) =
                    house.ask(Some(&outsider), &method, &real, body.clone()).await.expect("asked");
                assert!(
                    matches!(status, 403 | 404),
                    "an outsider got {status} from {method} {under}: {answer}"
                );
                assert!(!answer.to_string().contains("비밀"));
            }
        }
    }
}
