//! Files, handed over in each of the ways that Slack's clients have.

use serde_json::json;

use super::Apps;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_in_by_its_own_address_in_every_encoding() {
    let apps = Apps::begun().await;
    let client = &apps.house.client;
    let content = "한 줄\nand another\n";
    for way in ["raw", "form-urlencoded", "part-body", "part-file"] {
        let asked = json!({"filename": "note.txt", "length": content.len()});
        let place = apps.bot("files.getUploadURLExternal", asked).await;
        let request = client.post(place["upload_url"].as_str().expect("an address"));
        let request = match way {
            "raw" => request.header("content-type", "application/octet-stream").body(content),
            "form-urlencoded" => {
                request.header("content-type", "application/x-www-form-urlencoded").body(content)
            }
            part => {
                let name = part.trim_start_matches("part-");
                let body = format!(
                    "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"Untitled\"\r\n\r\n{content}\r\n--b--\r\n"
                );
                request.header("content-type", "multipart/form-data; boundary=b").body(body)
            }
        };
        let answer = request.send().await.expect("sent");
        assert_eq!(answer.status(), 200, "{way}");
        assert_eq!(answer.text().await.expect("text"), format!("OK - {}", content.len()), "{way}");
        let files = json!([{"id": place["file_id"], "title": "A note"}]);
        let done = json!({"files": files, "channel_id": apps.channel, "initial_comment": "see *this*"});
        let done = apps.bot("files.completeUploadExternal", done).await;
        assert_eq!(
            (&done["files"][0]["id"], &done["files"][0]["title"]),
            (&place["file_id"], &json!("A note"))
        );
        let link = done["files"][0]["url_private_download"].as_str().expect("a link");
        let fetched = client.get(link).bearer_auth(apps.bot_token()).send().await.expect("fetched");
        assert_eq!(fetched.text().await.expect("text"), content, "{way}");
    }
    let history = apps.bot("conversations.history", json!({"channel": apps.channel, "limit": 1})).await;
    let message = &history["messages"][0];
    assert_eq!((&message["text"], &message["files"][0]["name"]), (&json!("see *this*"), &json!("note.txt")));
    let file = &message["files"][0]["id"];
    let info = apps.bot("files.info", json!({"file": file})).await;
    assert_eq!(info["file"]["shares"]["public"][&apps.channel][0]["ts"], message["ts"]);
    let listed = apps.bot("files.list", json!({"channel": apps.channel})).await;
    assert_eq!(listed["files"].as_array().expect("files").len(), 4);
    apps.bot("files.delete", json!({"file": file})).await;
    assert_eq!(apps.refused("files.info", json!({"file": file})).await, "file_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_senders_hand_a_file_over_with_the_call() {
    let apps = Apps::begun().await;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"channels\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.log\"\r\n\r\nlines\r\n--b--\r\n",
        apps.channel,
        apps.bot_token(),
    );
    let request = apps.house.client.post(apps.house.page("/api/files.upload"));
    let answer = request.header("content-type", "multipart/form-data; boundary=b").body(body).send().await;
    let answer: serde_json::Value = answer.expect("sent").json().await.expect("JSON");
    assert_eq!((&answer["ok"], &answer["file"]["name"]), (&json!(true), &json!("a.log")), "{answer}");
    assert_eq!(answer["file"]["channels"], json!([apps.channel]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_whoever_may_have_it() {
    let apps = Apps::begun().await;
    let up = json!({"channels": apps.channel, "content": "secret", "filename": "s.txt"});
    let link =
        apps.person("files.upload", up).await["file"]["url_private"].as_str().expect("a link").to_owned();
    let status = async |token: &str| {
        let request = apps.house.client.get(&link).bearer_auth(token);
        request.send().await.expect("asked").status().as_u16()
    };
    assert_eq!(status(&apps.nari).await, 200);
    assert_eq!(status("xoxb-1-guess").await, 401);
    let short = json!({"filename": "x", "length": 3});
    let place = apps.bot("files.getUploadURLExternal", short).await;
    let url = place["upload_url"].as_str().expect("an address");
    let long = apps.house.client.post(url).body("longer").send().await.expect("sent");
    assert_eq!(long.status(), 400);
    let guess =
        apps.house.client.post(apps.house.page("/upload/v1/guess")).body("x").send().await.expect("sent");
    assert_eq!(guess.status(), 404);
    let unfinished = json!({"files": [{"id": place["file_id"]}], "channel_id": apps.channel});
    assert_eq!(apps.refused("files.completeUploadExternal", unfinished).await, "file_not_found");
}
