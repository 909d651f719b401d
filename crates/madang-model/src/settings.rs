//! What those who run the workspace chose for everybody in it.

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::permission::{HouseRight, Role, may_in_house};
use crate::refusal::Refusal;
use crate::register::Involvement;

/// Kept as JSON; what is missing has its usual value, so that fields may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseSettings {
    /// Who may make spaces: this role and those above it.
    pub create_spaces: Role,
    /// Who may invite guests, by address and by link.
    pub invite_guests: Role,
    /// Whether hosts of calls may record them.
    pub record_calls: bool,
    /// Whether members may give files an address that opens for everybody.
    pub public_files: bool,
    /// How much of a space whoever comes in hears at first. Conversations are heard always.
    pub involvement: Involvement,
    /// The largest file in bytes; 0 for what the server itself takes.
    pub largest_file: i64,
    /// Seconds that a join link holds when its maker says nothing; 0 for without end.
    pub link_expires_in: i64,
    /// How many come in by a join link when its maker says nothing; 0 for any number.
    pub link_uses: i64,
    /// A few words on the pages before sign-in. Everybody who knows the address reads them.
    pub welcome: String,
    /// Whom push services may write to (`mailto:` or `https:`); empty for who is named at the start of the server.
    pub push_contact: String,
}

impl Default for HouseSettings {
    fn default() -> Self {
        HouseSettings {
            create_spaces: Role::Member,
            invite_guests: Role::Member,
            record_calls: true,
            public_files: false,
            involvement: Involvement::Everything,
            largest_file: 0,
            link_expires_in: 7 * 24 * 3_600,
            link_uses: 0,
            welcome: String::new(),
            push_contact: String::new(),
        }
    }
}

impl HouseSettings {
    /// Tidied, if every value means something.
    ///
    /// # Errors
    /// `Invalid` or `TooLong`.
    pub fn checked(mut self) -> Result<HouseSettings, Refusal> {
        let invalid = |what: &'static str, why: &str| Err(Refusal::Invalid { what, why: why.to_owned() });
        for (what, role) in [("create_spaces", self.create_spaces), ("invite_guests", self.invite_guests)] {
            if role == Role::Guest {
                return invalid(what, "it is member, admin or owner");
            }
        }
        if self.largest_file != 0 && self.largest_file < limits::LEAST_LARGEST_FILE {
            return invalid("largest_file", "give bytes, a million or more, or 0");
        }
        check_link(Some(self.link_expires_in), Some(self.link_uses))?;
        self.welcome = self.welcome.replace('\0', "").trim().to_owned();
        if self.welcome.chars().count() > limits::WELCOME_CHARS {
            return Err(Refusal::TooLong { what: "the welcome", limit: limits::WELCOME_CHARS });
        }
        self.push_contact = self.push_contact.trim().to_owned();
        if !self.push_contact.is_empty() && !is_contact(&self.push_contact) {
            return invalid("push_contact", "it is mailto: with a mail address, or an https:// address");
        }
        Ok(self)
    }

    /// The largest file, under the limit that the server itself has.
    #[must_use]
    pub fn largest_file(&self, server: i64) -> i64 {
        if self.largest_file == 0 { server } else { self.largest_file.min(server) }
    }
}

/// How long and how often a join link is to hold. Zero is for ever and any number.
///
/// # Errors
/// `Invalid`.
pub fn check_link(expires_in: Option<i64>, uses: Option<i64>) -> Result<(), Refusal> {
    if expires_in.is_some_and(|it| it != 0 && !(60..=366 * 24 * 3_600).contains(&it)) {
        let why = "give seconds, from a minute to a year, or 0 for without end".into();
        return Err(Refusal::Invalid { what: "expires_in", why });
    }
    if uses.is_some_and(|it| it != 0 && !(1..=10_000).contains(&it)) {
        return Err(Refusal::Invalid { what: "uses", why: "give 1 to 10,000, or 0 for any number".into() });
    }
    Ok(())
}

/// RFC 8292, 2.1: a `mailto:` or an `https:` address.
fn is_contact(text: &str) -> bool {
    let plain = text.len() <= 200 && text.chars().all(|it| it.is_ascii_graphic() && !"<>\"\\".contains(it));
    let mail = |rest: &str| rest.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
    plain
        && (text.strip_prefix("mailto:").is_some_and(mail)
            || text.strip_prefix("https://").is_some_and(|it| !it.is_empty()))
}

/// As `may_in_house`, by what was chosen in this house: never more than that.
///
/// # Errors
/// What `may_in_house` says, or `NotAllowed` with the role that was chosen.
pub fn may_by_settings(
    role: Option<Role>,
    right: HouseRight,
    settings: &HouseSettings,
) -> Result<(), Refusal> {
    may_in_house(role, right)?;
    let needed = match right {
        HouseRight::CreateSpace => settings.create_spaces,
        HouseRight::InviteGuest => settings.invite_guests,
        _ => return Ok(()),
    };
    if role >= Some(needed) { Ok(()) } else { Err(Refusal::NotAllowed(needed.as_str())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_make_the_house_stricter_and_never_laxer() {
        let with =
            |role| HouseSettings { create_spaces: role, invite_guests: role, ..HouseSettings::default() };
        let roles = [None, Some(Role::Guest), Some(Role::Member), Some(Role::Admin), Some(Role::Owner)];
        for right in HouseRight::ALL {
            for role in roles {
                let usual = may_in_house(role, right);
                assert_eq!(may_by_settings(role, right, &HouseSettings::default()), usual);
                assert_eq!(may_by_settings(role, right, &with(Role::Guest)), usual, "{right:?} of {role:?}");
                for strict in [Role::Admin, Role::Owner] {
                    assert!(usual.is_ok() || may_by_settings(role, right, &with(strict)).is_err());
                }
            }
        }
        let refused = may_by_settings(Some(Role::Member), HouseRight::CreateSpace, &with(Role::Admin));
        assert_eq!(refused, Err(Refusal::NotAllowed("admin")));
        assert_eq!(may_by_settings(Some(Role::Admin), HouseRight::CreateSpace, &with(Role::Admin)), Ok(()));
        let files = HouseSettings { largest_file: 5_000_000, ..HouseSettings::default() };
        assert_eq!((files.largest_file(2_000_000), files.largest_file(9_000_000)), (2_000_000, 5_000_000));
        assert_eq!(HouseSettings::default().largest_file(9), 9);
    }

    #[test]
    fn what_an_older_house_kept_is_read_with_the_usual_values() {
        let read: HouseSettings =
            serde_json::from_str("{\"create_spaces\":\"admin\",\"later\":1}").expect("it is read");
        assert_eq!(read, HouseSettings { create_spaces: Role::Admin, ..HouseSettings::default() });
    }

    #[test]
    fn settings_that_mean_nothing_are_refused() {
        let usual = HouseSettings::default;
        assert_eq!(usual().checked(), Ok(usual()));
        let wrong = [
            HouseSettings { create_spaces: Role::Guest, ..usual() },
            HouseSettings { invite_guests: Role::Guest, ..usual() },
            HouseSettings { largest_file: 10, ..usual() },
            HouseSettings { largest_file: -1, ..usual() },
            HouseSettings { link_expires_in: 5, ..usual() },
            HouseSettings { link_uses: -1, ..usual() },
            HouseSettings { welcome: "가".repeat(301), ..usual() },
            HouseSettings { push_contact: "nari@example.com".into(), ..usual() },
            HouseSettings { push_contact: "http://example.com".into(), ..usual() },
            HouseSettings { push_contact: "mailto:a b@example.com".into(), ..usual() },
        ];
        for settings in wrong {
            assert!(settings.clone().checked().is_err(), "{settings:?}");
        }
        let tidied = HouseSettings {
            welcome: " 어서 오세요\n".into(),
            push_contact: " mailto:a@b.kr ".into(),
            ..usual()
        };
        let tidied = tidied.checked().expect("fine");
        assert_eq!((tidied.welcome.as_str(), tidied.push_contact.as_str()), ("어서 오세요", "mailto:a@b.kr"));
    }
}
