//! What programs send that speak no Slack: Alertmanager's, Grafana's and GitHub's own webhooks. Their address is pasted
//! where one for Slack would be, and a message comes of it.

use serde_json::{Map, Value, json};

use super::message;
use crate::text::escaped;

/// Alerts that are told one by one.
const ALERTS: usize = 20;

/// The message that says what was sent; `Some(None)` when it says nothing that people read. None for what is a message of
/// Slack's already.
pub(super) fn as_message(
    sent: &Map<String, Value>,
    github: Option<&str>,
) -> Option<Option<Map<String, Value>>> {
    if let Some(event) = github {
        return Some(of_github(event, sent));
    }
    if ["text", "blocks", "attachments"].iter().any(|it| sent.contains_key(*it)) {
        return None;
    }
    sent.get("alerts").and_then(Value::as_array).map(|alerts| Some(of_alerts(sent, alerts)))
}

fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn link(url: &str, label: &str) -> String {
    match (url, label) {
        ("", label) => escaped(label),
        (url, label) => format!("<{}|{}>", escaped(url), escaped(label)),
    }
}

/// Alertmanager (version 4 of its webhook) and Grafana, whose shape is the same and has a title.
fn of_alerts(sent: &Map<String, Value>, alerts: &[Value]) -> Map<String, Value> {
    let all = Value::Object(sent.clone());
    let (title, alert) = (string(&all, "/title"), string(&all, "/commonLabels/alertname"));
    let name = [title, alert, "Alerts"].into_iter().find(|it| !it.is_empty()).unwrap_or_default();
    let firing = alerts.iter().filter(|it| string(it, "/status") != "resolved").count();
    let name = link(string(&all, "/externalURL"), name);
    let head = match string(&all, "/status") {
        "" => name,
        "resolved" => format!("*[RESOLVED]* {name}"),
        other => format!("*[{}:{firing}]* {name}", escaped(&other.to_uppercase())),
    };
    message(head, alerts.iter().take(ALERTS).map(of_alert).collect())
}

fn of_alert(alert: &Value) -> Value {
    let labels = alert["labels"].as_object().cloned().unwrap_or_default();
    let title = match string(alert, "/annotations/summary") {
        "" => string(alert, "/labels/alertname"),
        summary => summary,
    };
    let described = labels.iter().filter(|(name, _)| *name != "alertname");
    let field = |(name, value): (&String, &Value)| {
        let value = escaped(value.as_str().unwrap_or_default());
        json!({"title": name, "value": value, "short": true})
    };
    let fields: Vec<Value> = described.take(10).map(field).collect();
    let color = if string(alert, "/status") == "resolved" { "good" } else { "danger" };
    json!({
        "color": color,
        "title": title,
        "title_link": string(alert, "/generatorURL"),
        "text": escaped(string(alert, "/annotations/description")),
        "fields": fields,
        "fallback": title,
    })
}

fn of_github(event: &str, sent: &Map<String, Value>) -> Option<Map<String, Value>> {
    let all = Value::Object(sent.clone());
    let repository = link(string(&all, "/repository/html_url"), string(&all, "/repository/full_name"));
    let who = link(string(&all, "/sender/html_url"), string(&all, "/sender/login"));
    let action = escaped(string(&all, "/action").replace('_', " ").trim());
    let about = |pointer: &str| {
        let thing = all.pointer(pointer).cloned().unwrap_or_default();
        let number = thing["number"].as_i64().map(|it| format!("#{it} ")).unwrap_or_default();
        let title =
            ["title", "name", "tag_name"].iter().find_map(|it| thing[*it].as_str()).unwrap_or_default();
        link(string(&thing, "/html_url"), format!("{number}{title}").trim())
    };
    let line = match event {
        "ping" => format!("{repository} is connected: {}", escaped(string(&all, "/zen"))),
        "push" => return of_push(&all, &repository, &who),
        "issues" => format!("{who} {action} issue {} in {repository}", about("/issue")),
        "issue_comment" => {
            let words = escaped(&first_line(string(&all, "/comment/body")));
            format!("{who} commented on {} in {repository}: {words}", about("/issue"))
        }
        "pull_request" => format!("{who} {action} pull request {} in {repository}", about("/pull_request")),
        "pull_request_review" => format!("{who} reviewed {} in {repository}", about("/pull_request")),
        "release" => format!("{who} {action} release {} in {repository}", about("/release")),
        "workflow_run" if string(&all, "/action") == "completed" => {
            let how = escaped(string(&all, "/workflow_run/conclusion"));
            format!("{} in {repository}: *{how}*", about("/workflow_run"))
        }
        // Much of what is sent says nothing to people.
        "check_run" | "check_suite" | "status" | "workflow_job" | "workflow_run" => return None,
        other => format!("{who} {action} {} in {repository}", escaped(&other.replace('_', " "))),
    };
    Some(message(line, Vec::new()))
}

fn of_push(all: &Value, repository: &str, who: &str) -> Option<Map<String, Value>> {
    let commits = all["commits"].as_array().filter(|it| !it.is_empty())?;
    let branch = escaped(string(all, "/ref").trim_start_matches("refs/heads/"));
    let mut lines = vec![format!("{who} pushed {} to `{branch}` in {repository}", commits.len())];
    for commit in commits.iter().take(10) {
        let id = string(commit, "/id").get(..7).unwrap_or_default();
        let words = escaped(&first_line(string(commit, "/message")));
        lines.push(format!("{} {words}", link(string(commit, "/url"), id)));
    }
    Some(message(lines.join("\n"), Vec::new()))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sent: Value, github: Option<&str>) -> Option<Option<Map<String, Value>>> {
        as_message(sent.as_object().expect("an object"), github)
    }

    #[test]
    fn alerts_are_told_one_by_one() {
        let sent = json!({"version": "4", "status": "firing", "externalURL": "http://am",
            "commonLabels": {"alertname": "DiskFull"},
            "alerts": [{"status": "firing", "labels": {"alertname": "DiskFull", "host": "db1"},
                "annotations": {"summary": "Disk <full>", "description": "90 %"}, "generatorURL": "http://p"}]});
        let told = read(sent, None).flatten().expect("a message");
        assert_eq!(told["text"], "*[FIRING:1]* <http://am|DiskFull>");
        let alert = &told["attachments"][0];
        assert_eq!((&alert["title"], &alert["color"]), (&json!("Disk <full>"), &json!("danger")));
        assert_eq!(alert["fields"], json!([{"title": "host", "value": "db1", "short": true}]));
        let grafana = json!({"title": "[OK] CPU", "status": "resolved", "alerts": []});
        assert_eq!(read(grafana, None).flatten().expect("a message")["text"], "*[RESOLVED]* [OK] CPU");
    }

    #[test]
    fn what_is_slacks_already_is_left_alone() {
        assert!(read(json!({"text": "a", "alerts": []}), None).is_none());
        assert!(read(json!({}), None).is_none());
    }

    #[test]
    fn github_tells_in_a_line_what_people_want_to_know() {
        let repository = json!({"full_name": "madang/house", "html_url": "https://g/h"});
        let sender = json!({"login": "nari", "html_url": "https://g/nari"});
        let told = |event: &str, more: Value| {
            let mut sent = json!({"repository": repository, "sender": sender});
            sent.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            read(sent, Some(event)).expect("of GitHub").map(|it| it["text"].clone())
        };
        let issue =
            json!({"action": "opened", "issue": {"number": 7, "title": "A & B", "html_url": "https://g/7"}});
        assert_eq!(
            told("issues", issue),
            Some(json!(
                "<https://g/nari|nari> opened issue <https://g/7|#7 A &amp; B> in <https://g/h|madang/house>"
            ))
        );
        let commit = json!({"id": "0123456789", "message": "One\nmore", "url": "https://g/c"});
        let push = json!({"ref": "refs/heads/main", "commits": [commit]});
        assert_eq!(
            told("push", push),
            Some(json!(
                "<https://g/nari|nari> pushed 1 to `main` in <https://g/h|madang/house>\n<https://g/c|0123456> One"
            ))
        );
        assert_eq!(told("check_run", json!({})), None);
    }
}
