use serde_json::json;

use super::*;

const YAML: &str = "
display_information:
  name: Build bot
  description: Tells of builds
features:
  bot_user:
    display_name: buildbot
  app_home:
    home_tab_enabled: true
  slash_commands:
    - command: /build
      description: Builds
      usage_hint: '[branch]'
  shortcuts:
    - name: Report
      type: message
      callback_id: report
      description: Reports it
oauth_config:
  scopes:
    bot: [chat:write, commands, app_mentions:read]
settings:
  event_subscriptions:
    bot_events: [app_mention, message.channels]
  interactivity:
    is_enabled: true
  socket_mode_enabled: true
  org_deploy_enabled: false
  something_of_tomorrow: yes
";

#[test]
fn a_manifest_reads_the_same_as_yaml_and_as_json() {
    let (value, manifest) = read_text(YAML).unwrap();
    assert_eq!(manifest.bot_name(), "buildbot");
    assert_eq!(manifest.features.shortcuts[0].kind, ShortcutKind::Message);
    assert!(manifest.settings.socket_mode_enabled && manifest.features.app_home.home_tab_enabled);
    assert!(!value["settings"]["something_of_tomorrow"].is_null(), "what is not known is kept");
    let (_, again) = read_text(&value.to_string()).unwrap();
    assert_eq!(again, manifest);
}

#[test]
fn what_is_wrong_is_told_by_its_place() {
    let wrong = |value: Value| {
        let errors = read(&value).expect_err("it is wrong");
        errors.into_iter().map(|it| format!("{} {}", it.pointer, it.message)).collect::<Vec<_>>()
    };
    assert_eq!(wrong(json!([])), ["/ must provide an object"]);
    assert_eq!(wrong(json!({})), ["/display_information/name must be more than 0 characters"]);
    assert_eq!(
        wrong(json!({"display_information": {"name": 3}})),
        ["/display_information/name invalid type: integer `3`, expected a string"]
    );
    let with = |key: &str, more: Value| {
        let mut value = json!({"display_information": {"name": "a"}});
        value[key] = more;
        wrong(value)
    };
    assert_eq!(
        with("features", json!({"slash_commands": [{"command": "build", "url": "x"}]})),
        [
            "/features/slash_commands/0/command must begin with / and hold no spaces or capitals",
            "/features/slash_commands/0/url must be a valid URL",
        ]
    );
    assert_eq!(
        with("features", json!({"slash_commands": [{"command": "/build"}]})),
        ["/features/slash_commands/0 needs a url, or socket_mode_enabled"]
    );
    assert_eq!(
        with("features", json!({"shortcuts": [{"name": "a", "type": "odd", "callback_id": "b"}]})),
        ["/features/shortcuts/0/type unknown variant `odd`, expected `message` or `global`"]
    );
    assert_eq!(
        with("oauth_config", json!({"scopes": {"user": ["chat:write", "fly"]}})),
        ["/oauth_config/scopes/user/1 is not a known scope: fly"]
    );
    assert_eq!(
        with("settings", json!({"event_subscriptions": {"bot_events": ["App Mention"]}})),
        [
            "/settings/event_subscriptions/bot_events/0 is not the name of an event",
            "/settings/event_subscriptions needs a request_url, or socket_mode_enabled",
        ]
    );
}

#[test]
fn broken_texts_are_refused_and_empty_fields_are_none() {
    for text in ["", "a: [", "{\"a\": ", "- 1", "x"] {
        assert!(read_text(text).is_err(), "{text}");
    }
    let quoted = "a: &a [1]\nb: [*a, *a]\ndisplay_information: {name: a}";
    assert!(read_text(quoted).is_ok());
    let (_, manifest) = read_text(r#"{"display_information": {"name": "a", "description": null}}"#).unwrap();
    assert_eq!(manifest.display_information.description, None);
    assert!(read_text(&" ".repeat(MANIFEST_BYTES + 1)).is_err());
}
