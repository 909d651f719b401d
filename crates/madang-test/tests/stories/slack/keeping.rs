//! What Slack's clients keep in a house: bookmarks, reminders, reactions, files, and when nobody disturbs them.

use serde_json::{Value, json};

use super::Apps;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_lays_out_the_links_above_a_conversation() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let wish = json!({"channel_id": channel, "title": "Plan", "type": "link", "link": "https://example.com/plan",
        "emoji": ":tada:"});
    let made = apps.bot("bookmarks.add", wish.clone()).await["bookmark"].clone();
    assert_eq!(
        (&made["channel_id"], &made["title"], &made["emoji"], &made["type"], &made["date_updated"]),
        (&json!(channel), &json!("Plan"), &json!(":tada:"), &json!("link"), &json!(0))
    );
    assert!(made["id"].as_str().is_some_and(|it| it.starts_with("Bk")), "{made}");
    let one = json!({"channel_id": channel, "bookmark_id": made["id"]});
    let mut change = one.clone();
    change["title"] = json!("New plan");
    change["emoji"] = json!("");
    let changed = apps.person("bookmarks.edit", change).await["bookmark"].clone();
    assert_eq!(
        (&changed["title"], &changed["emoji"], &changed["link"]),
        (&json!("New plan"), &json!(""), &made["link"])
    );
    assert_ne!(changed["last_updated_by_user_id"], made["last_updated_by_user_id"]);
    let listed = apps.bot("bookmarks.list", json!({"channel_id": channel})).await;
    assert_eq!(listed["bookmarks"], json!([changed]));
    let with = |name: &str, value: &str| {
        let mut wish = wish.clone();
        wish[name] = json!(value);
        wish
    };
    for (wrong, error) in [
        (with("type", "folder"), "invalid_bookmark_type"),
        (with("link", "javascript:alert(1)"), "invalid_link"),
        (with("emoji", ":no_such:"), "invalid_emoji"),
        (with("parent_id", "Bk1"), "parent_not_found"),
        (with("title", &"x".repeat(256)), "invalid_bookmark_title"),
        (with("channel_id", "C1"), "channel_not_found"),
        (with("title", ""), "invalid_arguments"),
    ] {
        assert_eq!(apps.refused("bookmarks.add", wrong.clone()).await, error, "{wrong}");
    }
    apps.bot("bookmarks.remove", one.clone()).await;
    assert_eq!(apps.refused("bookmarks.remove", one.clone()).await, "not_found");
    assert_eq!(apps.refused("bookmarks.edit", one).await, "not_found");
}

/// When something is to come, for somebody's reminder: in seconds.
fn ahead(seconds: i64) -> i64 {
    jiff::Timestamp::now().as_second() + seconds
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_reminds_themselves_in_their_own_notes() {
    let apps = Apps::begun().await;
    let at = ahead(7_200);
    let made =
        apps.person("reminders.add", json!({"text": "Eat a *banana*", "time": at})).await["reminder"].clone();
    assert_eq!(
        (&made["text"], &made["time"], &made["complete_ts"], &made["recurring"]),
        (&json!("Eat a *banana*"), &json!(at), &json!(0), &json!(false))
    );
    let soon =
        apps.person("reminders.add", json!({"text": "Drink", "time": "in 20 minutes"})).await["reminder"]
            .clone();
    let listed = apps.person("reminders.list", json!({})).await;
    assert_eq!(listed["reminders"], json!([soon, made]));
    // What is kept with a time on one's other devices is the same thing.
    let saved = crate::cast::does(&apps.house, &apps.house.token, "GET", "/saved", None).await;
    assert_eq!(saved["items"].as_array().map(Vec::len), Some(2), "{saved}");
    let one = json!({"reminder": made["id"]});
    assert_eq!(apps.person("reminders.info", one.clone()).await["reminder"], made);
    apps.person("reminders.complete", one.clone()).await;
    let done = apps.person("reminders.info", one.clone()).await["reminder"].clone();
    assert!(done["complete_ts"].as_i64().is_some_and(|it| it > 0), "{done}");
    assert_eq!(apps.person("reminders.list", json!({})).await["reminders"], json!([soon]));
    apps.person("reminders.delete", json!({"reminder": soon["id"]})).await;
    assert_eq!(apps.person("reminders.list", json!({})).await["reminders"], json!([]));
    let (joon, _) = apps.house.member("joon").expect("joon");
    for (method, wrong, error) in [
        ("reminders.info", json!({"reminder": soon["id"]}), "not_found"),
        ("reminders.delete", json!({"reminder": "Rm"}), "not_found"),
        ("reminders.add", json!({"text": "x", "time": "every Thursday"}), "cannot_parse"),
        ("reminders.add", json!({"text": "x", "time": ahead(-60)}), "cannot_parse"),
        ("reminders.add", json!({"text": "x", "time": ahead(401 * 86_400)}), "cannot_parse"),
        ("reminders.add", json!({"text": "x", "time": "20", "user": joon}), "cannot_add_others"),
        ("reminders.add", json!({"time": "20"}), "invalid_arguments"),
    ] {
        let said = apps.call(&apps.nari, method, wrong.clone()).await;
        assert_eq!(said["error"], error, "{method} {wrong}");
    }
    assert_eq!(apps.refused("reminders.list", json!({})).await, "not_allowed_token_type");
    // One's own notes are one space, by whichever door.
    let me = apps.person("auth.test", json!({})).await["user_id"].clone();
    let notes = apps.person("conversations.open", json!({"users": me})).await["channel"]["id"].clone();
    let said = apps.person("chat.postMessage", json!({"channel": me, "text": "to myself"})).await;
    assert_eq!(said["channel"], notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_reacted_to_and_shared_is_found_page_by_page() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let bot = apps.bot("auth.test", json!({})).await["user_id"].clone();
    let mut times = Vec::new();
    for n in 0..5 {
        let said =
            apps.person("chat.postMessage", json!({"channel": channel, "text": format!("pear {n}")})).await;
        let message = json!({"channel": channel, "timestamp": said["ts"], "name": "wave"});
        apps.bot("reactions.add", message).await;
        times.push(said["ts"].clone());
    }
    let asked = json!({"user": bot, "count": 2, "page": 2});
    let page = apps.person("reactions.list", asked).await;
    let found: Vec<_> =
        page["items"].as_array().expect("items").iter().map(|it| it["message"]["ts"].clone()).collect();
    assert_eq!((found, &page["paging"]["total"]), (vec![times[2].clone(), times[1].clone()], &json!(5)));
    let page = apps.bot("reactions.list", json!({"limit": 3})).await;
    let cursor = page["response_metadata"]["next_cursor"].clone();
    let rest = apps.bot("reactions.list", json!({"limit": 3, "cursor": cursor})).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(2));
    // A conversation of others stays theirs.
    let me = apps.person("auth.test", json!({})).await["user_id"].clone();
    let secret = apps.person("chat.postMessage", json!({"channel": me, "text": "secret pear"})).await;
    let own = json!({"channel": secret["channel"], "timestamp": secret["ts"], "name": "wave"});
    apps.person("reactions.add", own).await;
    assert_eq!(apps.person("reactions.list", json!({})).await["paging"]["total"], 1);
    assert_eq!(apps.bot("reactions.list", json!({"user": me})).await["paging"]["total"], 0);
    assert_eq!(apps.refused("reactions.list", json!({"user": "U1"})).await, "user_not_found");
    for (name, place) in
        [("a.txt", channel.clone()), ("b.txt", secret["channel"].as_str().expect("an id").to_owned())]
    {
        let sent = json!({"channels": place, "filename": name, "content": format!("words of {name}")});
        apps.person("files.upload", sent).await;
    }
    let names = |answer: &Value| -> Vec<String> {
        let files = answer["files"].as_array().expect("files").iter();
        files.map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
    };
    let all = apps.person("files.list", json!({})).await;
    assert_eq!(
        (names(&all), &all["paging"]["total"]),
        (vec!["b.txt".to_owned(), "a.txt".to_owned()], &json!(2))
    );
    assert_eq!(names(&apps.bot("files.list", json!({"types": "snippets"})).await), ["a.txt"]);
    assert_eq!(names(&apps.person("files.list", json!({"types": "images"})).await), [""; 0]);
    assert_eq!(names(&apps.person("files.list", json!({"count": 1, "page": 2})).await), ["a.txt"]);
    assert_eq!(names(&apps.person("files.list", json!({"ts_from": ahead(60)})).await), [""; 0]);
    assert_eq!(names(&apps.person("files.list", json!({"user": bot})).await), [""; 0]);
    apps.house.caught_up().await.expect("the index is there");
    let found = apps.person("search.messages", json!({"query": "pear", "count": 4, "page": 2})).await;
    let found = &found["messages"];
    assert_eq!(
        (&found["total"], found["matches"].as_array().map(Vec::len), &found["paging"]["pages"]),
        (&json!(6), Some(2), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_disturbed_while_they_snooze_and_nobody_else_is_told() {
    let apps = Apps::begun().await;
    assert_eq!(apps.person("dnd.info", json!({})).await["snooze_enabled"], false);
    let set = apps.person("dnd.setSnooze", json!({"num_minutes": 30})).await;
    let end = set["snooze_endtime"].as_i64().expect("an end");
    assert!((ahead(1_700)..=ahead(1_800)).contains(&end), "{set}");
    let quiet = json!({"from": "22:00", "to": "07:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
    crate::cast::does(&apps.house, &apps.house.token, "PATCH", "/me/settings", Some(json!({"quiet": quiet})))
        .await;
    let info = apps.person("dnd.info", json!({})).await;
    assert_eq!((&info["dnd_enabled"], &info["snooze_enabled"]), (&json!(true), &json!(true)));
    assert!(info["next_dnd_end_ts"].as_i64() > info["next_dnd_start_ts"].as_i64(), "{info}");
    let me = apps.person("auth.test", json!({})).await["user_id"].clone();
    let few = Apps::with_scopes(&["dnd:read", "users:read", "channels:read"]).await;
    let me_there = few.person("auth.test", json!({})).await["user_id"].clone();
    few.person("dnd.setSnooze", json!({"num_minutes": 30})).await;
    let told = few.bot("dnd.info", json!({"user": me_there})).await;
    assert_eq!((&told["dnd_enabled"], told.get("snooze_enabled")), (&json!(false), None));
    let team = few.bot("dnd.teamInfo", json!({"users": me_there})).await;
    assert_eq!(team["users"][me_there.as_str().expect("an id")]["dnd_enabled"], false);
    let ended = apps.person("dnd.endSnooze", json!({})).await;
    assert_eq!((&ended["snooze_enabled"], &ended["dnd_enabled"]), (&json!(false), &json!(true)));
    for (method, wrong, error) in [
        ("dnd.endSnooze", json!({}), "snooze_not_active"),
        ("dnd.setSnooze", json!({}), "missing_duration"),
        ("dnd.setSnooze", json!({"num_minutes": 0}), "invalid_arguments"),
        ("dnd.setSnooze", json!({"num_minutes": 100_000}), "too_long"),
        ("dnd.info", json!({"user": "U1"}), "user_not_found"),
        ("dnd.teamInfo", json!({}), "invalid_arguments"),
        ("users.setPresence", json!({"presence": "asleep"}), "invalid_presence"),
        ("users.setPhoto", json!({}), "invalid_arguments"),
    ] {
        let said = apps.call(&apps.nari, method, wrong.clone()).await;
        assert_eq!(said["error"], error, "{method} {wrong}");
    }
    apps.person("dnd.endDnd", json!({})).await;
    apps.person("users.setPresence", json!({"presence": "auto"})).await;
    let photo = |bytes: &'static [u8]| {
        let head =
            b"--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"me.png\"\r\n\r\n".as_slice();
        let body = [head, bytes, b"\r\n--b--\r\n"].concat();
        let request = apps.house.client.post(apps.house.page("/api/users.setPhoto")).bearer_auth(&apps.nari);
        request.header("content-type", "multipart/form-data; boundary=b").body(body).send()
    };
    let said: Value = photo(b"no picture").await.expect("asked").json().await.expect("JSON");
    assert_eq!(said["error"], "bad_image");
    let said: Value = photo(include_bytes!("../dot.png")).await.expect("asked").json().await.expect("JSON");
    assert_eq!(said["ok"], true, "{said}");
    let shown = apps.person("users.info", json!({"user": me})).await;
    assert!(
        shown["user"]["profile"]["image_original"].is_string()
            || shown["user"]["profile"]["image_192"].is_string(),
        "{shown}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_names_files_that_lie_elsewhere_and_shares_them_as_links() {
    let apps = Apps::begun().await;
    let wish = json!({"external_id": "plan-1", "title": "Plan <1> & more", "external_url": "https://example.com/p?a=1|2"});
    let made = apps.bot("files.remote.add", wish.clone()).await["file"].clone();
    assert_eq!(
        (&made["external_id"], &made["is_external"], &made["url_private"]),
        (&json!("plan-1"), &json!(true), &wish["external_url"])
    );
    // Of the same name there is one.
    assert_eq!(apps.bot("files.remote.add", wish.clone()).await["file"]["id"], made["id"]);
    let changed = json!({"file": made["id"], "title": "Plan"});
    assert_eq!(apps.bot("files.remote.update", changed).await["file"]["title"], "Plan");
    let listed = apps.bot("files.remote.list", json!({"limit": 1})).await;
    assert_eq!(listed["files"][0]["id"], made["id"]);
    let shared = json!({"external_id": "plan-1", "channels": apps.channel});
    assert_eq!(
        apps.bot("files.remote.share", shared.clone()).await["file"]["channels"],
        json!([apps.channel])
    );
    let history = apps.bot("conversations.history", json!({"channel": apps.channel, "limit": 1})).await;
    assert_eq!(history["messages"][0]["text"], "<https://example.com/p?a=1%7C2|Plan>");
    let with = |name: &str, value: &str| {
        let mut wish = wish.clone();
        wish[name] = json!(value);
        wish
    };
    for (method, wrong, error) in [
        ("files.remote.add", with("external_id", ""), "invalid_external_id"),
        ("files.remote.add", with("title", ""), "bad_title"),
        ("files.remote.add", with("title", &"x".repeat(256)), "bad_title"),
        ("files.remote.add", with("external_url", "javascript:alert(1)"), "invalid_arguments"),
        ("files.remote.info", json!({"external_id": "nothing"}), "file_not_found"),
        ("files.remote.info", json!({}), "invalid_arguments"),
        ("files.remote.share", json!({"external_id": "plan-1"}), "invalid_arguments"),
        ("files.remote.share", json!({"external_id": "plan-1", "channels": "C1"}), "channel_not_found"),
    ] {
        assert_eq!(apps.refused(method, wrong.clone()).await, error, "{method} {wrong}");
    }
    // A token of no app names none.
    let said = apps.call(&apps.nari, "files.remote.info", json!({"external_id": "plan-1"})).await;
    assert_eq!(said["error"], "not_allowed_token_type");
    apps.bot("files.remote.remove", json!({"external_id": "plan-1"})).await;
    assert_eq!(apps.refused("files.remote.info", json!({"file": made["id"]})).await, "file_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_opens_for_everybody_only_where_the_house_allows_it_and_while_its_message_stands() {
    let apps = &Apps::begun().await;
    let house = &apps.house;
    let sent =
        json!({"channels": apps.channel, "filename": "표 1.html", "content": "<script>alert(1)</script>"});
    let sent = apps.person("files.upload", sent).await;
    let file = json!({"file": sent["file"]["id"]});
    let refused = |method: &'static str| {
        let file = file.clone();
        async move { apps.call(&apps.nari, method, file).await["error"].clone() }
    };
    assert_eq!(refused("files.sharedPublicURL").await, "not_allowed");
    let allow = |yes: bool| {
        crate::cast::does(
            house,
            &house.token,
            "PATCH",
            "/workspace/settings",
            Some(json!({"public_files": yes})),
        )
    };
    allow(true).await;
    assert_eq!(apps.refused("files.sharedPublicURL", file.clone()).await, "not_allowed_token_type");
    let shared = apps.person("files.sharedPublicURL", file.clone()).await;
    assert_eq!(shared["file"]["public_url_shared"], true);
    let link = shared["file"]["permalink_public"].as_str().expect("a link").to_owned();
    assert_eq!(refused("files.sharedPublicURL").await, "already_public");
    let get = |url: String| async move { house.client.get(url).send().await.expect("asked") };
    let answer = get(link.clone()).await;
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("content-disposition", "attachment"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(answer.headers()[name], value, "{name}");
    }
    assert_eq!(answer.text().await.expect("text"), "<script>alert(1)</script>");
    let guess = house.page(&format!("/files/pub/{}/x", "a".repeat(52)));
    assert_eq!(get(guess).await.status(), 404);
    // Nobody of the house keeps it open against the house.
    allow(false).await;
    assert_eq!(get(link.clone()).await.status(), 404);
    allow(true).await;
    let (_, joon) = house.member("joon").expect("joon");
    crate::talk::add(house, &house.space, "joon@example.com").await;
    let joons =
        house.command(&["token", "create", "--person", "joon@example.com", "--kind", "slack-user", "--json"]);
    let joons = joons.expect("a token")["token"].as_str().expect("a token").to_owned();
    assert_eq!(apps.call(&joons, "files.revokePublicURL", file.clone()).await["error"], "not_allowed");
    assert!(!joon.is_empty());
    apps.person("files.revokePublicURL", file.clone()).await;
    assert_eq!(get(link.clone()).await.status(), 404);
    let again = apps.person("files.sharedPublicURL", file.clone()).await;
    let second = again["file"]["permalink_public"].as_str().expect("a link").to_owned();
    assert_ne!(link, second);
    assert_eq!((get(link).await.status().as_u16(), get(second.clone()).await.status().as_u16()), (404, 200));
    let audit = crate::cast::does(house, &house.token, "GET", "/audit?kind=link", None).await;
    let acts: Vec<&str> = audit["entries"]
        .as_array()
        .map_or(Vec::new(), |it| it.iter().filter_map(|it| it["act"].as_str()).collect());
    assert_eq!(acts.iter().filter(|it| **it == "link.file_made").count(), 2, "{audit}");
    assert_eq!(acts.iter().filter(|it| **it == "link.file_ended").count(), 1, "{audit}");
    apps.person("files.delete", file).await;
    assert_eq!(get(second).await.status(), 404);
}
