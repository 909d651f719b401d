//! Apps that people let in by OAuth: who may, for what, once, and how the app gives it back.

use madang_test::House;
use reqwest::Url;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::talk::new_space;

const BACK: &str = "https://app.example/slack/oauth_redirect";

/// A house with an app, and what the command line said of it.
async fn begun(rotates: bool) -> (House, Value) {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    let made = installed(&house, rotates);
    (house, made)
}

/// Installs the app.
fn installed(house: &House, rotates: bool) -> Value {
    let manifest = json!({
        "display_information": {"name": "정원사"},
        "features": {"bot_user": {"display_name": "gardener", "always_online": true}},
        "oauth_config": {
            "redirect_urls": [BACK],
            "scopes": {"bot": ["chat:write", "incoming-webhook"], "user": ["search:read"]},
        },
        "settings": {"token_rotation_enabled": rotates},
    });
    let file = house.data().join("manifest.json");
    std::fs::write(&file, manifest.to_string()).expect("written");
    let file = file.to_str().expect("a path").to_owned();
    house.command(&["app", "create", "--manifest", &file, "--json"]).expect("installed")
}

/// One method; its answer, whatever it is.
async fn asks(house: &House, token: Option<&str>, method: &str, form: &[(&str, &str)]) -> Value {
    let mut body = Url::parse("http://x/").expect("an address");
    body.query_pairs_mut().extend_pairs(form);
    let mut request = house.client.post(house.page(&format!("/api/{method}")));
    request = request.header("content-type", "application/x-www-form-urlencoded");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let sent = request.body(body.query().unwrap_or_default().to_owned()).send().await.expect("asked");
    assert_eq!(sent.status(), 200, "{method}");
    sent.json().await.expect("JSON")
}

/// What stands in the address to which a browser is sent back.
fn value(redirect: &Value, name: &str) -> Option<String> {
    let url: Url = redirect["redirect"].as_str().expect("an address").parse().expect("an address");
    assert!(url.as_str().starts_with(BACK), "{url}");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

struct App<'a> {
    house: &'a House,
    id: String,
    secret: String,
}

impl App<'_> {
    fn of<'a>(house: &'a House, made: &Value) -> App<'a> {
        let text = |name: &str| made[name].as_str().expect("text").to_owned();
        App { house, id: text("client_id"), secret: text("client_secret") }
    }

    /// What somebody decides; the answer, which may be a refusal.
    async fn decides(&self, token: &str, more: &[(&str, &str)]) -> Value {
        let mut form = vec![("client_id", self.id.as_str()), ("redirect_uri", BACK), ("allow", "true")];
        form.extend(more);
        asks(self.house, Some(token), "madang.oauth.decide", &form).await
    }

    /// The app fetches its tokens.
    async fn fetches(&self, code: &str, more: &[(&str, &str)]) -> Value {
        let mut form = vec![("client_id", self.id.as_str()), ("client_secret", &self.secret), ("code", code)];
        form.extend(more);
        asks(self.house, None, "oauth.v2.access", &form).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_let_in_once_by_who_may_and_gives_it_back() {
    let (house, made) = begun(false).await;
    let (_, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "open").await;
    let app = App::of(&house, &made);
    let wanted =
        [("scope", "chat:write,incoming-webhook"), ("user_scope", "search:read"), ("state", "a&b c")];

    let asked =
        asks(&house, Some(&joon), "madang.oauth", &[&wanted[..], &[("client_id", &app.id)]].concat()).await;
    assert_eq!(
        (&asked["ok"], &asked["may"], &asked["wants_space"]),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!((&asked["app"]["name"], &asked["host"]), (&json!("정원사"), &json!("app.example")));
    let with_space = [&wanted[..], &[("space", space.as_str())]].concat();
    let refused = app.decides(&joon, &with_space).await;
    assert_eq!(refused["error"], "restricted_action", "a bot is let in by whoever manages apps");
    // A token of an app lets nobody into more.
    let bot = made["bot_token"].as_str().expect("a token");
    assert_eq!(app.decides(bot, &with_space).await["ok"], false);

    let answer = app.decides(&house.token, &with_space).await;
    assert_eq!(value(&answer, "state").as_deref(), Some("a&b c"));
    let code = value(&answer, "code").expect("a code");
    for (form, error) in [
        (
            vec![("client_id", app.id.as_str()), ("client_secret", "a guess"), ("code", &code)],
            "bad_client_secret",
        ),
        (vec![("client_id", "1.2"), ("client_secret", &app.secret), ("code", &code)], "invalid_client_id"),
    ] {
        assert_eq!(asks(&house, None, "oauth.v2.access", &form).await["error"], error);
    }
    assert_eq!(app.fetches("a-guess", &[]).await["error"], "invalid_code");
    let tokens = app.fetches(&code, &[("redirect_uri", BACK)]).await;
    assert_eq!(tokens["scope"], "chat:write,incoming-webhook", "{tokens}");
    assert_eq!((&tokens["token_type"], &tokens["bot_user_id"]), (&json!("bot"), &made["bot_user_id"]));
    assert_eq!(tokens["authed_user"]["scope"], "search:read");
    assert_eq!(app.fetches(&code, &[("redirect_uri", BACK)]).await["error"], "code_already_used");

    let bot = tokens["access_token"].as_str().expect("a token");
    assert_eq!(asks(&house, Some(bot), "auth.test", &[]).await["user_id"], made["bot_user_id"]);
    let hook = tokens["incoming_webhook"]["url"].as_str().expect("an address");
    assert!(hook.starts_with(&house.page("/services/T")), "{hook}");
    assert_eq!(asks(&house, Some(bot), "auth.revoke", &[("test", "1")]).await["revoked"], false);
    assert_eq!(asks(&house, Some(bot), "auth.revoke", &[]).await["revoked"], true);
    assert_eq!(asks(&house, Some(bot), "auth.test", &[]).await["error"], "invalid_auth");

    let user = tokens["authed_user"]["access_token"].as_str().expect("a token");
    let form = [("client_id", app.id.as_str()), ("client_secret", &app.secret)];
    assert_eq!(asks(&house, Some(user), "apps.uninstall", &form).await["ok"], true);
    for token in [user, made["bot_token"].as_str().expect("a token")] {
        assert_eq!(asks(&house, Some(token), "auth.test", &[]).await["error"], "invalid_auth");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_the_address_and_the_browser_that_began() {
    let (house, made) = begun(false).await;
    let (_, joon) = house.member("joon").expect("joon");
    let app = App::of(&house, &made);
    for (more, error) in [
        (vec![("redirect_uri", "https://app.example/slack/oauth_redirect/x")], "bad_redirect_uri"),
        (vec![("redirect_uri", "https://evil.example/")], "bad_redirect_uri"),
        (vec![("user_scope", "no:such")], "invalid_scope"),
        (vec![("user_scope", "")], "invalid_scope"),
        (vec![("client_id", "7.8")], "invalid_client_id"),
    ] {
        // The last of two fields counts.
        let form = [&[("user_scope", "search:read")], &more[..]].concat();
        assert_eq!(app.decides(&joon, &form).await["error"], error, "{more:?}");
    }
    let refused = app.decides(&joon, &[("user_scope", "search:read"), ("allow", "false")]).await;
    assert_eq!(value(&refused, "error").as_deref(), Some("access_denied"));

    // The pair of RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let asked =
        [("user_scope", "search:read"), ("code_challenge", challenge), ("code_challenge_method", "S256")];
    for (more, error) in [
        (vec![("redirect_uri", BACK), ("code_verifier", verifier)], Value::Null),
        (vec![("redirect_uri", BACK), ("code_verifier", "another")], json!("invalid_code_verifier")),
        (vec![("redirect_uri", BACK)], json!("invalid_code_verifier")),
        (
            vec![("redirect_uri", "https://evil.example/"), ("code_verifier", verifier)],
            json!("bad_redirect_uri"),
        ),
        (vec![("code_verifier", verifier)], json!("bad_redirect_uri")),
    ] {
        let code = value(&app.decides(&joon, &asked).await, "code").expect("a code");
        let tokens = app.fetches(&code, &more).await;
        assert_eq!(tokens["error"], error, "{more:?}: {tokens}");
        assert_eq!(tokens["access_token"], Value::Null, "no bot was let in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_end_are_made_anew_once_each() {
    let (house, made) = begun(true).await;
    let app = App::of(&house, &made);
    let answer = app.decides(&house.token, &[("scope", "chat:write")]).await;
    let tokens = app.fetches(&value(&answer, "code").expect("a code"), &[("redirect_uri", BACK)]).await;
    assert_eq!(tokens["expires_in"], 43_200, "{tokens}");
    assert!(tokens["access_token"].as_str().expect("a token").starts_with("xoxe.xoxb-1-"));
    let refresh = tokens["refresh_token"].as_str().expect("a token").to_owned();
    assert!(refresh.starts_with("xoxe-1-"));
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let next = app.fetches("", &form).await;
    let token = next["access_token"].as_str().expect("a token");
    assert_eq!(asks(&house, Some(token), "auth.test", &[]).await["ok"], true);
    assert_eq!(app.fetches("", &form).await["error"], "invalid_refresh_token", "good once");

    let old = made["bot_token"].as_str().expect("a token");
    let form = [("client_id", app.id.as_str()), ("client_secret", &app.secret), ("token", old)];
    let exchanged = asks(&house, None, "oauth.v2.exchange", &form).await;
    assert!(exchanged["refresh_token"].as_str().is_some_and(|it| it.starts_with("xoxe-1-")), "{exchanged}");
    assert_eq!(asks(&house, Some(old), "auth.test", &[]).await["error"], "invalid_auth");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_says_so_and_is_made_anew() {
    let (house, clock) = Clock::house().await;
    let made = installed(&house, true);
    let app = App::of(&house, &made);
    let answer = app.decides(&house.token, &[("scope", "chat:write")]).await;
    let tokens = app.fetches(&value(&answer, "code").expect("a code"), &[("redirect_uri", BACK)]).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(asks(&house, Some(token), "auth.test", &[]).await["ok"], true);
    clock.put("+43201");
    assert_eq!(asks(&house, Some(token), "auth.test", &[]).await["error"], "token_expired");
    let refresh = tokens["refresh_token"].as_str().expect("a token");
    let next = app.fetches("", &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    let token = next["access_token"].as_str().expect("a token");
    assert_eq!(asks(&house, Some(token), "auth.test", &[]).await["ok"], true);
}
