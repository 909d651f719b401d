//! What a manifest may say.

use std::collections::HashSet;

use super::{Manifest, ManifestError, error};
use crate::scopes;

/// All that is wrong, in the order of the manifest.
pub(super) fn check(manifest: &Manifest) -> Vec<ManifestError> {
    let mut page = Page { errors: Vec::new() };
    page.display(manifest);
    page.features(manifest);
    page.oauth(manifest);
    page.settings(manifest);
    page.errors
}

struct Page {
    errors: Vec<ManifestError>,
}

impl Page {
    fn wrong(&mut self, message: &str, pointer: &str) {
        self.errors.push(error(message, pointer));
    }

    fn text(&mut self, text: &str, least: usize, most: usize, pointer: &str) {
        let count = text.trim().chars().count();
        if count < least {
            self.wrong(&format!("must be more than {} characters", least - 1), pointer);
        } else if count > most {
            self.wrong(&format!("must be less than {} characters", most + 1), pointer);
        }
    }

    fn address(&mut self, address: Option<&String>, pointer: &str) {
        let Some(address) = address.filter(|it| !it.is_empty()) else { return };
        let whole = reqwest::Url::parse(address)
            .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.host().is_some());
        if !whole || address.len() > 3000 {
            self.wrong("must be a valid URL", pointer);
        }
    }

    fn display(&mut self, manifest: &Manifest) {
        let display = &manifest.display_information;
        self.text(&display.name, 1, 35, "/display_information/name");
        self.text(
            display.description.as_deref().unwrap_or_default(),
            0,
            140,
            "/display_information/description",
        );
        let long = display.long_description.as_deref().unwrap_or_default();
        self.text(long, 0, 4000, "/display_information/long_description");
        if let Some(color) = display.background_color.as_deref().filter(|it| !it.is_empty()) {
            let digits = color.strip_prefix('#').unwrap_or(color);
            if !matches!(digits.len(), 3 | 6) || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
                self.wrong("must be a color such as #4a154b", "/display_information/background_color");
            }
        }
    }

    fn features(&mut self, manifest: &Manifest) {
        let features = &manifest.features;
        if let Some(bot) = &features.bot_user {
            self.text(&bot.display_name, 0, 80, "/features/bot_user/display_name");
        }
        self.count(features.slash_commands.len(), 50, "/features/slash_commands");
        let mut seen = HashSet::new();
        for (n, command) in features.slash_commands.iter().enumerate() {
            let at = format!("/features/slash_commands/{n}");
            if !is_command(&command.command) {
                self.wrong("must begin with / and hold no spaces or capitals", &format!("{at}/command"));
            } else if !seen.insert(&command.command) {
                self.wrong("is there twice", &format!("{at}/command"));
            }
            self.text(&command.description, 0, 2000, &format!("{at}/description"));
            self.text(
                command.usage_hint.as_deref().unwrap_or_default(),
                0,
                1000,
                &format!("{at}/usage_hint"),
            );
            self.address(command.url.as_ref(), &format!("{at}/url"));
            let reached = manifest.settings.socket_mode_enabled
                || command.url.as_ref().is_some_and(|it| !it.is_empty());
            if !reached {
                self.wrong("needs a url, or socket_mode_enabled", &at);
            }
        }
        self.count(features.shortcuts.len(), 10, "/features/shortcuts");
        for (n, shortcut) in features.shortcuts.iter().enumerate() {
            let at = format!("/features/shortcuts/{n}");
            self.text(&shortcut.name, 1, 24, &format!("{at}/name"));
            self.text(&shortcut.callback_id, 1, 255, &format!("{at}/callback_id"));
            self.text(&shortcut.description, 0, 150, &format!("{at}/description"));
        }
        self.count(features.unfurl_domains.len(), 10, "/features/unfurl_domains");
        for (n, domain) in features.unfurl_domains.iter().enumerate() {
            if domain.is_empty() || domain.contains(['/', ' ', '@']) {
                self.wrong("must be a domain such as example.com", &format!("/features/unfurl_domains/{n}"));
            }
        }
    }

    fn oauth(&mut self, manifest: &Manifest) {
        let oauth = &manifest.oauth_config;
        self.count(oauth.redirect_urls.len(), 1000, "/oauth_config/redirect_urls");
        for (n, url) in oauth.redirect_urls.iter().enumerate() {
            self.address(Some(url), &format!("/oauth_config/redirect_urls/{n}"));
        }
        for (kind, list) in [("bot", &oauth.scopes.bot), ("user", &oauth.scopes.user)] {
            self.count(list.len(), 255, &format!("/oauth_config/scopes/{kind}"));
            for (n, scope) in list.iter().enumerate() {
                if !scopes::is_known(scope) {
                    let at = format!("/oauth_config/scopes/{kind}/{n}");
                    self.wrong(&format!("is not a known scope: {scope}"), &at);
                }
            }
        }
        let bot_needs = !oauth.scopes.bot.is_empty() && manifest.features.bot_user.is_none();
        if bot_needs {
            self.wrong("bot scopes need a bot_user", "/features/bot_user");
        }
    }

    fn settings(&mut self, manifest: &Manifest) {
        let settings = &manifest.settings;
        let events = &settings.event_subscriptions;
        self.address(events.request_url.as_ref(), "/settings/event_subscriptions/request_url");
        for (kind, list) in [("bot_events", &events.bot_events), ("user_events", &events.user_events)] {
            self.count(list.len(), 100, &format!("/settings/event_subscriptions/{kind}"));
            for (n, event) in list.iter().enumerate() {
                if event.is_empty() || !event.bytes().all(|it| it.is_ascii_lowercase() || b"_.".contains(&it))
                {
                    let at = format!("/settings/event_subscriptions/{kind}/{n}");
                    self.wrong("is not the name of an event", &at);
                }
            }
        }
        let hears = !events.bot_events.is_empty() || !events.user_events.is_empty();
        let reached =
            settings.socket_mode_enabled || events.request_url.as_ref().is_some_and(|it| !it.is_empty());
        if hears && !reached {
            self.wrong("needs a request_url, or socket_mode_enabled", "/settings/event_subscriptions");
        }
        let interactivity = &settings.interactivity;
        self.address(interactivity.request_url.as_ref(), "/settings/interactivity/request_url");
        self.address(
            interactivity.message_menu_options_url.as_ref(),
            "/settings/interactivity/message_menu_options_url",
        );
    }

    fn count(&mut self, count: usize, most: usize, pointer: &str) {
        if count > most {
            self.wrong(&format!("no more than {most} items allowed"), pointer);
        }
    }
}

fn is_command(command: &str) -> bool {
    let Some(name) = command.strip_prefix('/') else { return false };
    let fits = |c: char| !c.is_whitespace() && !c.is_uppercase() && !"/<>@#\"'".contains(c);
    (1..=31).contains(&name.chars().count()) && name.chars().all(fits)
}
