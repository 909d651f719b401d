//! An example of every question: what the path's names stand for, and a body that means something.

use std::sync::atomic::{AtomicU32, Ordering};

use madang_model::permission::Role;
use serde_json::{Value, json};

use super::apps;
use super::expected::Policy;
use super::stage::{Place, Stage, Who};
use super::{Object, Route};
use crate::cast::{does, joins, last, link};
use crate::talk::{new_space, post};

/// One question of one person about one object.
pub struct Ask<'a> {
    pub stage: &'a Stage<'a>,
    pub route: &'a Route,
    pub who: &'a Who,
    pub object: &'a Place,
    /// About one's own message.
    pub own: bool,
}

impl Ask<'_> {
    pub async fn send(&self) -> (u16, Value) {
        let path = self.path().await;
        let body = self.body().await;
        let house = self.stage.house;
        let mut request =
            house.client.request(self.route.method.parse().expect("a method"), house.page(&path));
        if let Some(token) = self.token().await {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.header("accept-language", "en").send().await.expect("asked");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// What may end the caller's own session is asked with a session that is made for it.
    async fn token(&self) -> Option<String> {
        let token = self.who.token.clone()?;
        let ends_none = self.who.role.is_none_or(|role| role == Role::Visitor);
        if self.route.policy != Policy::Oneself || ends_none {
            return Some(token);
        }
        let made = does(self.stage.house, &token, "POST", "/tokens", Some(json!({}))).await;
        made["token"].as_str().map(str::to_owned)
    }

    fn row(&self) -> (&str, &str) {
        (&self.route.method, self.route.path.strip_prefix("/api/v1").unwrap_or(&self.route.path))
    }

    async fn path(&self) -> String {
        let (method, under) = self.row();
        let mut path = self.route.path.clone();
        if matches!(self.route.policy, Policy::Space(_) | Policy::Message(..)) {
            path = path.replace("{id}", &self.object.space);
            path = path
                .replace("{n}", "0")
                .replace("{item}", "0")
                .replace("{emoji}", "tada")
                .replace("{occurrence}", "2032-03-02T09:00:00")
                .replace("{person}", self.another());
            if path.contains("{seq}") {
                path = path.replace("{seq}", &self.message().await.to_string());
            }
            if under.starts_with("/spaces/{id}/meetings") && method == "DELETE" {
                path = format!("{path}?client_id={}", fresh("cancel"));
            }
            if path.contains("{bookmark}") {
                path = path.replace("{bookmark}", &self.bookmark().await);
            }
            if path.contains("{stream}") {
                path = path.replace("{stream}", &self.stream().await);
            }
            path = path.replace("{key}", "0123456789abcdef0123456789abcdef");
            if path.contains("{link}") {
                path = path.replace("{link}", &self.link().await);
            }
        }
        if matches!(self.route.policy, Policy::Call(_)) {
            path = path.replace("{call}", &self.call().await).replace("{participant}", "0000000000001");
        }
        path = match under {
            "/people/{id}" if method == "DELETE" => path.replace("{id}", &self.newcomer().await),
            "/people/{id}" => path.replace("{id}", self.another()),
            "/people/{id}/erase"
            | "/people/{id}/deactivate"
            | "/people/{id}/reactivate"
            | "/people/{id}/sign-out" => path.replace("{id}", &self.newcomer().await),
            "/links/{link}" => path.replace("{link}", &self.link().await),
            "/me/sessions/{id}" | "/tokens/{id}" => path.replace("{id}", &self.session().await),
            _ if under.starts_with("/teams/{id}") => {
                let path = path.replace("{id}", &self.team().await).replace("{person}", self.another());
                if path.contains("{space}") { path.replace("{space}", &self.space().await) } else { path }
            }
            "/invitations/{token}" if method == "DELETE" => path.replace("{token}", &self.invitation().await),
            "/invitations/{token}/again" => path.replace("{token}", &self.invitation().await),
            "/imports/{import}" | "/imports/{import}/run" => path.replace("{import}", &self.import().await),
            "/exports/{export}" | "/exports/{export}/file" => {
                path.replace("{export}", &crate::exports::made(self.stage.house).await)
            }
            "/desks/{id}" | "/desks/{id}/agents" | "/desks/{id}/secret" if method != "GET" => {
                path.replace("{id}", &crate::desks::desk(self.stage.house, &[], json!({})).await.0)
            }
            // Nobody has this number.
            "/desks/blocks/{block}" => path.replace("{block}", "1"),
            "/desks/{id}" | "/desks/{id}/tickets" => path.replace("{id}", &self.stage.desk),
            "/desks/{id}/report" | "/desks/{id}/report/export" => {
                format!("{}?from=0&until=1000000", path.replace("{id}", &self.stage.desk))
            }
            _ if under.starts_with("/contacts/{contact}") => {
                let contact = self.contact().await;
                let path = path.replace("{contact}", &contact);
                if path.contains("{note}") {
                    path.replace("{note}", &self.note_about(&contact).await)
                } else {
                    path
                }
            }
            _ if under.starts_with("/webhooks/{webhook}") => {
                let hook = self.webhook().await;
                path.replace("{delivery}", &self.told(&hook, &path).await).replace("{webhook}", &hook)
            }
            _ if under.starts_with("/apps/{app}") => self.of_app(&path).await,
            "/tickets/{id}" => path.replace("{id}", &self.stage.ticket),
            "/booking-pages/{id}" => path.replace("{id}", &self.booking_page().await),
            // No page has this key.
            "/booking/{key}" => format!("{}?from=0&to=1", path.replace("{key}", "0123456789ab")),
            "/booked/{token}/times" => format!("{}?from=0&to=1", path.replace("{token}", "a-guess")),
            // No desk has this key.
            _ if under.starts_with("/desk/{key}") => path.replace("{key}", "0123456789ab"),
            "/search" => format!("{path}?q=%EC%95%88%EB%85%95"),
            // Secrets of links: none of these is one.
            _ if matches!(self.route.policy, Policy::Opening) => {
                path.replace("{token}", "a-guess").replace("{participant}", "0000000000001")
            }
            "/visit/stills/{id}" => unnamed(&path),
            // Files and uploads: none has these names, and theirs are stories of their own.
            _ if matches!(self.route.policy, Policy::File | Policy::Oneself) => unnamed(&path),
            _ => path,
        };
        assert!(!path.contains('{'), "{method} {under} has no row in the matrix: what is {path}?");
        path
    }

    /// A body that means something. A route that takes one and has none here fails.
    async fn body(&self) -> Option<Value> {
        let (method, under) = self.row();
        let email = format!("{}@example.com", fresh("somebody"));
        Some(match (method, under) {
            ("GET" | "DELETE" | "HEAD" | "OPTIONS", _) => return None,
            ("POST", "/spaces/{id}/messages") => json!({"text": "안녕"}),
            ("PATCH", "/spaces/{id}/messages/{seq}") => json!({"text": "고침"}),
            ("PUT", "/spaces/{id}/messages/{seq}/reactions/{emoji}" | "/spaces/{id}/messages/{seq}/pin") => {
                json!({})
            }
            ("POST", "/spaces/{id}/bookmarks") => {
                json!({"title": fresh("링크"), "link": "https://example.com/plan"})
            }
            ("PATCH", "/spaces/{id}/bookmarks/{bookmark}") => json!({"title": fresh("링크")}),
            ("POST", "/spaces/{id}/messages/{seq}/remind") => json!({}),
            ("POST", "/spaces/{id}/messages/{seq}/translation") => json!({"to": "en"}),
            ("PUT", "/spaces/{id}/read") | ("POST", "/spaces/{id}/unread") => json!({"seq": 1}),
            ("PUT", "/spaces/{id}/involvement") => json!({"level": "mentions"}),
            ("PUT", "/spaces/{id}/draft") => json!({"text": "쓰던 글", "at": 1}),
            ("PUT", "/spaces/{id}/messages/{seq}/vote") => json!({"options": [0]}),
            ("PUT", "/spaces/{id}/messages/{seq}/items/{item}/assignee") => json!({"person": null}),
            (
                "PUT",
                "/spaces/{id}/messages/{seq}/saved"
                | "/spaces/{id}/messages/{seq}/closed"
                | "/spaces/{id}/messages/{seq}/confirmed"
                | "/spaces/{id}/messages/{seq}/items/{item}/done",
            ) => json!({}),
            ("PUT", "/scheduled/{id}") => {
                json!({"space": self.object.space, "text": "나중에", "at": 4_000_000_000_000_000_i64})
            }
            ("POST", "/scheduled/{id}/send") => json!({}),
            ("POST", "/spaces/{id}/call") => json!({"video": false, "ring": false}),
            ("POST", "/spaces/{id}/meetings") | ("PUT", "/spaces/{id}/meetings/{seq}") => {
                // Everybody may invite by name who may not call on everybody.
                let mut plan = crate::meetings::plan("회의", "2032-03-01T09:00", Some("FREQ=DAILY"));
                plan["people"] = json!([self.inside()]);
                plan
            }
            ("PUT", "/spaces/{id}/meetings/{seq}/occurrences/{occurrence}") => {
                json!({"client_id": fresh("move"), "start": "2032-03-02T10:00", "minutes": 20})
            }
            ("POST", "/me/calendar") => json!({}),
            ("POST", "/desks") | ("PUT", "/desks/{id}") => {
                json!({"settings": {"name": fresh("창구"), "hours": {"zone": "Asia/Seoul"}}})
            }
            ("PUT", "/desks/{id}/agents") => json!({"agents": []}),
            ("POST", "/desks/{id}/secret") => json!({}),
            ("POST", "/booking-pages") | ("PUT", "/booking-pages/{id}") => {
                json!({"settings": crate::booking::settings(&[self.taker()], json!({}))})
            }
            ("POST", "/booking/{key}") => {
                json!({"client_id": fresh("book"), "start": 0, "name": "sam", "email": email, "zone": "Asia/Seoul"})
            }
            ("POST", "/booked/{token}/move") => json!({"start": 0}),
            ("POST", "/booked/{token}/cancel" | "/me/calendars/{id}/read") => json!({}),
            // Nothing is there: it is kept with the reason.
            ("POST", "/me/calendars") => json!({"url": "https://192.0.2.1/a.ics", "zone": "Asia/Seoul"}),
            ("PUT", "/me/agent") => json!({"reachable": false}),
            ("PUT", "/tickets/{id}/contact") => json!({}),
            ("POST", "/contacts") | ("PUT", "/contacts/{contact}") => json!({"name": fresh("고객")}),
            ("POST", "/contacts/{contact}/notes") | ("PUT", "/contacts/{contact}/notes/{note}") => {
                json!({"text": "단골이에요"})
            }
            ("POST", "/contacts/{contact}/consents") => json!({"to": "newsletter", "given": true}),
            ("POST", "/contacts/{contact}/merge") => json!({"contact": self.contact().await}),
            ("POST", "/contacts/{contact}/erase") => json!({}),
            // A file with a first line and nothing else.
            ("POST", "/contacts/import") => json!("name"),
            ("POST", "/webhooks") => json!({"url": "https://hooks.example.com/madang"}),
            ("POST" | "PUT", path) if path.starts_with("/apps") => apps::body(path, &self.stage.house.space),
            (_, path) if path.starts_with("/webhooks/{webhook}") => json!({}),
            ("POST", "/tickets/{id}/transfer") => json!({"agent": self.another()}),
            ("POST", "/tickets/{id}/snooze" | "/tickets/{id}/change") => json!({}),
            ("PUT", "/tickets/{id}/follow-up") => json!({"at": 4_000_000_000_000_000_i64, "text": "나중에"}),
            ("POST", path) if path.starts_with("/tickets/{id}/") => json!({}),
            ("POST", "/desk/{key}/visits") => json!({"via": "page", "wants": "chat"}),
            ("POST", "/desk/{key}/resume") => json!({"code": "000000"}),
            ("POST", "/desk/{key}/return") => json!({"email": email}),
            ("POST", "/desk/{key}/returned") => json!({"email": email, "code": "000000"}),
            ("POST", "/visit/identify") => json!({"identity": "a.b.c"}),
            ("POST", "/visit/claim") => json!({"email": email}),
            ("POST", "/visit/claimed") => json!({"code": "000000"}),
            ("POST", "/visit/open") => json!({"via": "page", "wants": "chat"}),
            ("POST", "/visit/consent") => json!({"to": "page", "given": true}),
            ("POST", "/visit/cobrowse") => json!({"n": 1, "full": true, "source": "a", "events": []}),
            ("POST", "/visit/page") => json!({"url": "https://shop.example/"}),
            ("POST", "/visit/rate") => json!({"stars": 5}),
            ("POST", "/visit/close" | "/visit/code" | "/visit/transcript") => json!({}),
            // SDP, once the token is known.
            ("POST", "/whip" | "/whep") | ("PATCH", "/whip/{participant}" | "/whep/{participant}") => {
                json!({})
            }
            ("POST", "/spaces/{id}/streams") => json!({"shows": true}),
            ("PUT", "/calls/{call}") => json!({"locked": false}),
            ("POST", "/calls/{call}/participants") => crate::calls::joining("test", &fresh("key")),
            ("POST", "/calls/{call}/participants/{participant}/offer") => json!({"offer": "v=0"}),
            ("PUT", "/calls/{call}/participants/{participant}") => json!({"hand": true}),
            ("POST", "/calls/{call}/participants/{participant}/mute") => json!({"source": "camera"}),
            ("POST", "/calls/{call}/reactions") => json!({"emoji": "tada"}),
            ("POST", "/calls/{call}/participants/{participant}/admit") => json!({}),
            ("POST", "/calls/{call}/participants/{participant}/keys") => json!({"epoch": 1, "keys": []}),
            ("PUT", "/calls/{call}/recording") | ("POST", "/calls/{call}/decline") => json!({}),
            ("POST", "/spaces/{id}/members") => json!({"person": self.outsider()}),
            ("POST", "/spaces/{id}/links") => json!({}),
            ("PATCH", "/spaces/{id}") => json!({"description": fresh("words")}),
            (
                "POST",
                "/spaces/{id}/archive"
                | "/spaces/{id}/unarchive"
                | "/spaces/{id}/restore"
                | "/spaces/{id}/join"
                | "/spaces/{id}/leave",
            ) => json!({}),
            ("POST", "/spaces") => json!({"name": "정원", "kind": "closed"}),
            ("POST", "/directs") => json!({"people": [self.visible()]}),
            ("POST", "/people") => json!({"email": email, "role": "member"}),
            ("PATCH", "/people/{id}") => json!({"role": "member"}),
            ("POST", "/teams") | ("PATCH", "/teams/{id}" | "/workspace") => json!({"name": fresh("이름")}),
            ("PATCH", "/workspace/settings") => json!({"welcome": fresh("어서 오세요 ")}),
            ("PUT", "/workspace/logo") => json!({"file": null}),
            ("PUT", "/teams/{id}/members/{person}" | "/teams/{id}/spaces/{space}") => json!({}),
            ("PUT", "/retention") | ("POST", "/retention/preview") => {
                json!({"days": 3_000, "keep_pinned": true})
            }
            ("POST", "/invitations/{token}/again" | "/overview/mail" | "/overview/push") => json!({}),
            // No mail server: with one, invitations of other rows would be mailed.
            ("PUT", "/workspace/mail") => {
                json!({"host": "", "port": 587, "security": "tls", "from": "nobody"})
            }
            ("POST", "/people/{id}/erase") => json!({"messages": true}),
            ("POST", "/people/{id}/deactivate" | "/people/{id}/reactivate" | "/people/{id}/sign-out") => {
                json!({})
            }
            ("PATCH", "/me") => json!({"language": "ko"}),
            ("PATCH", "/me/settings") => json!({"theme": "dark"}),
            ("POST", "/me/password") => json!({"current": "not this", "password": "나무 아래 새 비밀번호"}),
            ("POST", "/me/account") => json!({"email": email, "password": "나무 아래 새 비밀번호"}),
            // A key of RFC 8291's example; nobody is told at this address.
            ("PUT", "/me/push") => {
                json!({"endpoint": format!("https://push.example.net/{}", fresh("x")), "keys": {
                    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                }})
            }
            ("POST", "/me/push/test") => json!({"mark": "m"}),
            ("PUT", "/activity/read") => json!({"at": 1}),
            ("POST", "/tokens") => json!({"label": "ci"}),
            ("POST", "/session") => json!({"email": email, "password": "a guess at it"}),
            ("POST", "/password-reset") => json!({"email": email}),
            ("POST", "/password-reset/{token}") => json!({"password": "나무 아래 새 비밀번호"}),
            ("POST", "/invitations/{token}" | "/join/{token}") => {
                json!({"name": "보라", "password": "나무 아래 새 비밀번호"})
            }
            ("POST", "/imports") => json!({"source": "slack", "file": self.export().await}),
            ("POST", "/exports") => {
                crate::exports::none(self.stage.house).await;
                json!({})
            }
            ("POST", "/imports/{import}/run") => json!({"dry_run": true}),
            ("POST", "/confirm/{token}" | "/mail/stop/{token}") => json!({}),
            ("POST", "/setup") => {
                json!({"workspace": "w", "email": email, "name": "n", "password": "나무 아래 새 비밀번호"})
            }
            _ if under.starts_with("/uploads") => json!({}),
            _ => panic!("{method} {under} has no row in the matrix: give it a body"),
        })
    }

    /// Somebody other than the caller who is in the space.
    fn another(&self) -> &str {
        let name = if self.who.name == "a member" { "a guest" } else { "a member" };
        self.person(name)
    }

    /// Somebody who is in every space that is asked about.
    fn inside(&self) -> &str {
        self.person("the owner")
    }

    fn outsider(&self) -> &str {
        self.person("an admin outside")
    }

    /// Somebody whom even a guest can see.
    fn visible(&self) -> &str {
        self.person(if self.who.name == "the owner" { "a member" } else { "the owner" })
    }

    fn person(&self, name: &str) -> &str {
        let found = self.stage.cast.iter().find(|who| who.name == name);
        &found.expect("they are in the cast").id
    }

    /// Who takes bookings of a page: the caller, where they may.
    fn taker(&self) -> &str {
        let may = self.who.role.is_some_and(|role| role >= Role::Member);
        if may { &self.who.id } else { self.inside() }
    }

    /// A booking page of the caller's own, where they may have one.
    async fn booking_page(&self) -> String {
        crate::booking::page(self.stage.house, self.preparer(), &[self.taker()], json!({})).await.0
    }

    /// Somebody who lives, for what only they can prepare; else the owner.
    fn preparer(&self) -> &str {
        let may = self.who.role.is_some_and(|role| role >= Role::Member);
        self.who.token.as_deref().filter(|_| may).unwrap_or(&self.stage.house.token)
    }

    async fn contact(&self) -> String {
        let house = self.stage.house;
        let made = does(house, &house.token, "POST", "/contacts", Some(json!({"name": fresh("고객")}))).await;
        made["contact"]["id"].as_str().expect("an id").to_owned()
    }

    /// A note of the caller, where they may write one.
    async fn note_about(&self, contact: &str) -> String {
        let house = self.stage.house;
        let path = format!("/contacts/{contact}/notes");
        let words = Some(json!({"text": "메모"}));
        let own = self.who.token.as_deref();
        let (status, made) = house.ask(own, "POST", &path, words.clone()).await.expect("asked");
        let made = match status {
            201 => made,
            _ => does(house, &house.token, "POST", &path, words).await,
        };
        made["notes"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// An app for this question, with what the path names of it.
    async fn of_app(&self, path: &str) -> String {
        apps::path(self.stage.house, path, &self.route.method).await
    }

    /// The house has room for few: one for all questions that leave it where it is.
    async fn webhook(&self) -> String {
        let house = self.stage.house;
        let removes = self.route.method == "DELETE";
        let url = if removes { "https://hooks.example.com/gone" } else { "https://hooks.example.com/stays" };
        let all = does(house, &house.token, "GET", "/webhooks", None).await;
        let there = all["webhooks"].as_array().expect("webhooks").iter().find(|it| it["url"] == url);
        let id = |hook: &Value| hook["id"].as_str().expect("an id").to_owned();
        match there {
            Some(hook) if !removes => id(hook),
            _ => id(
                &does(house, &house.token, "POST", "/webhooks", Some(json!({"url": url}))).await["webhook"],
            ),
        }
    }

    /// Something that the address is told: a contact came.
    async fn told(&self, hook: &str, path: &str) -> String {
        if !path.contains("{delivery}") {
            return String::new();
        }
        let house = self.stage.house;
        does(house, &house.token, "POST", "/contacts", Some(json!({"name": fresh("고객")}))).await;
        let all = does(house, &house.token, "GET", &format!("/webhooks/{hook}/deliveries"), None).await;
        all["deliveries"][0]["id"].as_str().expect("a delivery").to_owned()
    }

    async fn message(&self) -> i64 {
        if self.own {
            let token = self.who.token.as_deref().expect("whoever is inside has one");
            return self.writes(token, "내 글").await;
        }
        let is_host = self.who.name == "the owner";
        if is_host && !matches!(self.object.object, super::Object::Foreign) {
            let member = self.stage.cast.iter().find(|who| who.name == "a member").expect("in the cast");
            let token = member.token.as_deref().expect("a token");
            return self.writes(token, "남의 글").await;
        }
        if is_host {
            let guest =
                self.stage.cast.iter().find(|who| who.name == "a guest elsewhere").expect("in the cast");
            let token = guest.token.as_deref().expect("a token");
            return self.writes(token, "남의 글").await;
        }
        if self.row().1.ends_with("/closed") && matches!(self.object.object, Object::Closed | Object::Open) {
            return self.writes(&self.stage.house.token, "남의 투표").await;
        }
        if self.row().1.starts_with("/spaces/{id}/meetings/") {
            return self.writes(&self.stage.house.token, "남의 회의").await;
        }
        self.object.seq
    }

    /// A message that can be answered as the route does it.
    async fn writes(&self, token: &str, text: &str) -> i64 {
        if self.row().1.starts_with("/spaces/{id}/meetings/") {
            let mut plan = crate::meetings::plan(text, "2032-03-01T09:00", Some("FREQ=DAILY"));
            plan["people"] = json!([self.inside()]);
            return crate::meetings::planned(self.stage.house, token, &self.object.space, plan).await;
        }
        let card = match self.row().1.rsplit_once("{seq}/").map(|(_, what)| what) {
            Some("vote" | "closed") => json!({"kind": "poll", "title": text, "options": ["가", "나"]}),
            Some("confirmed") => json!({"kind": "confirm"}),
            Some(what) if what.starts_with("items/") => {
                json!({"kind": "checklist", "title": text, "items": [{"text": "하나"}]})
            }
            _ => return post(self.stage.house, token, &self.object.space, text).await,
        };
        let path = format!("/spaces/{}/messages", self.object.space);
        let body = json!({"text": text, "card": card});
        let made = does(self.stage.house, token, "POST", &path, Some(body)).await;
        made["event"]["seq"].as_i64().expect("a seq")
    }

    /// A new call in the space: whoever came first into the one before would be its host.
    async fn call(&self) -> String {
        let (house, owner) = (self.stage.house, &self.stage.house.token);
        let running = crate::calls::calls(house, owner, &self.object.space).await;
        does(house, owner, "DELETE", &format!("/calls/{running}"), None).await;
        crate::calls::calls(house, owner, &self.object.space).await
    }

    async fn link(&self) -> String {
        if self.object.object == super::Object::Direct {
            return "1".into();
        }
        let (house, path) = (self.stage.house, format!("/spaces/{}/links", self.object.space));
        let made = does(house, &house.token, "POST", &path, Some(json!({}))).await;
        made["link"]["id"].as_str().expect("an id").to_owned()
    }

    async fn session(&self) -> String {
        let Some(token) =
            self.who.token.as_deref().filter(|_| self.who.role.is_some_and(|role| role > Role::Visitor))
        else {
            return "0000000000001".into();
        };
        let made = does(self.stage.house, token, "POST", "/tokens", Some(json!({}))).await;
        made["id"].as_str().expect("an id").to_owned()
    }

    async fn newcomer(&self) -> String {
        let house = self.stage.house;
        let link = link(house, &house.token, &self.object.space).await;
        joins(house, &link, &fresh("guest")).await.0
    }

    async fn team(&self) -> String {
        let house = self.stage.house;
        let made = does(house, &house.token, "POST", "/teams", Some(json!({"name": fresh("팀")}))).await;
        let team = made["team"]["id"].as_str().expect("an id").to_owned();
        if self.route.policy == Policy::Team && self.own && self.who.role.is_some() {
            let path = format!("/teams/{team}/members/{}", self.who.id);
            does(house, &house.token, "PUT", &path, None).await;
        }
        team
    }

    /// A file of the owner's, for only owners import.
    async fn export(&self) -> Value {
        let house = self.stage.house;
        crate::uploads::upload(house, &house.token, "export.zip", fresh("export").as_bytes()).await["id"]
            .clone()
    }

    async fn import(&self) -> String {
        let house = self.stage.house;
        crate::moving_in::begun_and_ended(house, self.export().await).await
    }

    async fn space(&self) -> String {
        new_space(self.stage.house, self.preparer(), "open").await
    }

    /// A bookmark of the space: of somebody's who may add one there.
    async fn bookmark(&self) -> String {
        let house = self.stage.house;
        let path = format!("/spaces/{}/bookmarks", self.object.space);
        let wish = Some(json!({"title": fresh("링크"), "link": "https://example.com/"}));
        for token in [Some(house.token.as_str()), self.who.token.as_deref()] {
            let made = house.ask(token, "POST", &path, wish.clone()).await.expect("asked").1;
            if let Some(id) = made["id"].as_str() {
                return id.to_owned();
            }
        }
        "0000000000001".to_owned()
    }

    /// A token for a program of the caller's own, where they may make one.
    async fn stream(&self) -> String {
        let path = format!("/spaces/{}/streams", self.object.space);
        let body = Some(json!({"shows": false}));
        let made =
            self.stage.house.ask(self.who.token.as_deref(), "POST", &path, body).await.expect("asked").1;
        made["id"].as_str().unwrap_or("0000000000001").to_owned()
    }

    /// An invitation of the caller's own, by its id.
    async fn invitation(&self) -> String {
        let house = self.stage.house;
        let space = self.space().await;
        let body = json!({"email": format!("{}@example.com", fresh("invited"))});
        let path = format!("/spaces/{space}/members");
        let added = does(house, self.preparer(), "POST", &path, Some(body)).await;
        last(added["invitation"]["id"].as_str().expect("an id")).to_owned()
    }
}

/// The path with an id that nothing has in the place of each name.
fn unnamed(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "0000000000001" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A name that nobody else got.
fn fresh(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{what}{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
