//! OAuth 2.0: somebody lets an app in, it fetches tokens for it once, and gets new ones for those that end.
//!
//! A code is good once and for ten minutes. Who may let it in: a member for what an app does in their own name, whoever
//! manages apps for its bot. What the app proves (its secret, its address) is looked at by the door.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{AppId, PersonId, Refusal, SessionId, SpaceId};
use madang_store::apps::hooks::HookRecord;
use madang_store::apps::oauth::{self, CodeRecord, RefreshRecord};
use madang_store::apps::{self, grants};
use madang_store::db::Tx;
use madang_store::{log, sessions};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::grants::{GrantKind, fresh_word};
use super::manager;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;
use crate::session::hash_of;

/// Letters of a code, and of what a new token is got by.
const LETTERS: usize = 48;
const CODE_US: i64 = 10 * 60 * 1_000_000;
/// That a code was used is remembered for so long.
const REMEMBERED_US: i64 = 24 * 3_600 * 1_000_000;
/// How long a token holds that ends: as long as Slack's.
const HOLDS_SECONDS: i64 = 12 * 3_600;

/// What somebody lets an app do.
#[derive(Debug, Clone, Default)]
pub struct Leave {
    pub bot_scopes: Vec<String>,
    pub person_scopes: Vec<String>,
    /// As the app named it; empty when it named none.
    pub redirect_uri: String,
    /// Of RFC 7636, by S256.
    pub challenge: Option<String>,
    /// For which space an incoming webhook is made.
    pub space: Option<SpaceId>,
    pub nonce: Option<String>,
}

/// Why an app gets no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTokens {
    CodeUnknown,
    CodeUsed,
    OtherRedirect,
    VerifierWrong,
    RefreshUnknown,
}

/// A token that was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub session: SessionId,
    pub person: PersonId,
    pub kind: GrantKind,
    pub scopes: Vec<String>,
    pub token: String,
    /// Of one that ends: what the next is got by, and after how many seconds.
    pub next: Option<(String, i64)>,
}

/// What an app gets for a code.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub code: CodeRecord,
    pub bot: Option<Made>,
    pub person: Option<Made>,
    pub hook: Option<(HookRecord, String)>,
}

impl App {
    /// Somebody lets an app in; gives the code.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn let_app_in(self: &Arc<Self>, person: PersonId, id: AppId, leave: Leave) -> Result<String> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                let leave = leave.clone();
                let record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                may_let_in(tx, person, !leave.bot_scopes.is_empty())?;
                if !leave.bot_scopes.is_empty() && record.bot.is_none() {
                    return Err(Refusal::NotFound(Thing::Person).into());
                }
                if let Some(space) = leave.space {
                    let place = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
                    may(&log::standing(tx, &place.facts, person)?, Right::Post, &place.facts)?;
                }
                let code = fresh_word(LETTERS)?;
                let now_us = app.clock.now_us();
                let kept = CodeRecord {
                    app: id,
                    person,
                    bot_scopes: leave.bot_scopes,
                    person_scopes: leave.person_scopes,
                    redirect_uri: leave.redirect_uri,
                    challenge: leave.challenge,
                    space: leave.space,
                    nonce: leave.nonce,
                    expires_at: now_us + CODE_US,
                    used_at: None,
                };
                oauth::forget_codes(tx, now_us - REMEMBERED_US)?;
                oauth::add_code(tx, &hash_of(&code), &kept)?;
                Ok(code)
            })
            .await
    }

    /// Fetches the tokens for a code. `ends`: whether they end, and new ones are got for them.
    ///
    /// # Errors
    /// What the store said; why there are no tokens is in the answer.
    pub async fn fetch_tokens(
        self: &Arc<Self>,
        id: AppId,
        code: &str,
        redirect_uri: Option<String>,
        verifier: Option<String>,
        ends: bool,
    ) -> Result<Result<Fetched, NoTokens>> {
        let (app, hash) = (self.clone(), hash_of(code));
        let fetched = self
            .db
            .write(move |tx| -> Result<Result<Fetched, NoTokens>> {
                let now_us = app.clock.now_us();
                let found = oauth::code(tx, &hash)?.filter(|it| it.app == id && it.expires_at > now_us);
                let Some(code) = found else { return Ok(Err(NoTokens::CodeUnknown)) };
                if code.used_at.is_some() || !oauth::use_code(tx, &hash, now_us)? {
                    return Ok(Err(NoTokens::CodeUsed));
                }
                if let Some(wrong) = unlike(&code, redirect_uri.as_deref(), verifier.as_deref()) {
                    return Ok(Err(wrong));
                }
                // Who let it in may have been taken out, or lost the right, in these minutes.
                if may_let_in(tx, code.person, !code.bot_scopes.is_empty()).is_err() {
                    return Ok(Err(NoTokens::CodeUnknown));
                }
                let Some(record) = apps::one(tx, id)? else { return Ok(Err(NoTokens::CodeUnknown)) };
                let bot = match record.bot.filter(|_| !code.bot_scopes.is_empty()) {
                    Some(bot) => Some(app.made(tx, id, bot, GrantKind::Bot, &code.bot_scopes, ends)?),
                    None => None,
                };
                let own = match code.person_scopes.is_empty() {
                    false => {
                        Some(app.made(tx, id, code.person, GrantKind::User, &code.person_scopes, ends)?)
                    }
                    true => None,
                };
                for made in [&bot, &own].into_iter().flatten() {
                    let about =
                        json!({"name": record.name, "kind": made.kind.as_str(), "scopes": made.scopes});
                    app.write_down(tx, by(code.person), Act::AppTokenMade, Object::App(id), about)?;
                }
                Ok(Ok(Fetched { code, bot, person: own, hook: None }))
            })
            .await?;
        let Ok(mut fetched) = fetched else { return Ok(fetched) };
        if let Some(space) = fetched.code.space {
            fetched.hook = Some(self.create_app_hook(Some(fetched.code.person), id, space).await?);
        }
        Ok(Ok(fetched))
    }

    /// A new token for one that ends; what it was got by is good once.
    ///
    /// # Errors
    /// What the store said.
    pub async fn fetch_next(self: &Arc<Self>, id: AppId, refresh: &str) -> Result<Result<Made, NoTokens>> {
        let (app, hash) = (self.clone(), hash_of(refresh));
        self.db
            .write(move |tx| -> Result<Result<Made, NoTokens>> {
                let found = oauth::take_refresh(tx, &hash)?.filter(|it| it.app == id);
                let kind = found.as_ref().and_then(|it| GrantKind::parse(&it.kind));
                let (Some(found), Some(kind)) = (found, kind) else {
                    return Ok(Err(NoTokens::RefreshUnknown));
                };
                Ok(Ok(app.made(tx, id, found.person, kind, &found.scopes, true)?))
            })
            .await
    }

    /// A token that ends in place of one that does not.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exchange_token(self: &Arc<Self>, id: AppId, token: &str) -> Result<Result<Made, NoTokens>> {
        let old = self.grant_of(token).await?.filter(|it| it.app == Some(id) && it.expires_at == i64::MAX);
        let Some(old) = old.filter(|it| it.kind != GrantKind::App) else {
            return Ok(Err(NoTokens::CodeUnknown));
        };
        let (app, session) = (self.clone(), old.session);
        let made = self
            .db
            .write(move |tx| -> Result<Made> {
                sessions::end(tx, old.person, old.session)?;
                let scopes = old.scopes.clone().unwrap_or_default();
                app.made(tx, id, old.person, old.kind, &scopes, true)
            })
            .await?;
        self.forget_session(session);
        Ok(Ok(made))
    }

    /// Ends every token that an app has for itself and for people, as uninstalling does: what it is stays known. Gives
    /// whose they were, bots first.
    ///
    /// # Errors
    /// What the store said.
    pub async fn end_tokens_of_app(
        self: &Arc<Self>,
        asked_by: PersonId,
        id: AppId,
    ) -> Result<(Vec<PersonId>, Vec<PersonId>)> {
        let app = self.clone();
        let ended = self
            .db
            .write(move |tx| -> Result<_> {
                let mut ended = grants::of_app(tx, id)?;
                ended.retain(|it| it.kind != GrantKind::App.as_str());
                for grant in &ended {
                    sessions::end(tx, grant.person, grant.session)?;
                }
                oauth::forget_app(tx, id)?;
                let about = json!({"kind": "all"});
                app.write_down(tx, by(asked_by), Act::AppTokenEnded, Object::App(id), about)?;
                Ok(ended)
            })
            .await?;
        ended.iter().for_each(|grant| self.forget_session(grant.session));
        let of = |kind: GrantKind| -> Vec<PersonId> {
            let mut people: Vec<PersonId> =
                ended.iter().filter(|it| it.kind == kind.as_str()).map(|it| it.person).collect();
            people.sort_unstable();
            people.dedup();
            people
        };
        Ok((of(GrantKind::Bot), of(GrantKind::User)))
    }

    fn made(
        &self,
        tx: &mut Tx,
        id: AppId,
        person: PersonId,
        kind: GrantKind,
        scopes: &[String],
        ends: bool,
    ) -> Result<Made> {
        let now_us = self.clock.now_us();
        let until = ends.then_some(now_us + HOLDS_SECONDS * 1_000_000);
        let (session, token) = self.open_grant(tx, Some(id), person, kind, Some(scopes), until)?;
        let next = match ends {
            true => {
                let refresh = format!("xoxe-1-{}", fresh_word(LETTERS)?);
                let kept =
                    RefreshRecord { app: id, person, kind: kind.as_str().into(), scopes: scopes.to_vec() };
                oauth::add_refresh(tx, &hash_of(&refresh), &kept, now_us)?;
                Some((refresh, HOLDS_SECONDS))
            }
            false => None,
        };
        Ok(Made { session, person, kind, scopes: scopes.to_vec(), token, next })
    }
}

/// A member for themselves, whoever manages apps for a bot.
fn may_let_in(tx: &mut Tx, person: PersonId, for_bot: bool) -> Result<()> {
    if for_bot {
        manager(tx, Some(person))?;
    }
    let house = workspace(tx)?.id;
    Ok(may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::SeePeople)?)
}

/// What of a code's conditions does not hold (RFC 6749, 4.1.3; RFC 7636, 4.6).
fn unlike(code: &CodeRecord, redirect_uri: Option<&str>, verifier: Option<&str>) -> Option<NoTokens> {
    if !code.redirect_uri.is_empty() && redirect_uri != Some(code.redirect_uri.as_str()) {
        return Some(NoTokens::OtherRedirect);
    }
    let challenge = code.challenge.as_ref()?;
    let said = verifier.map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it.as_bytes())));
    (said.as_ref() != Some(challenge)).then_some(NoTokens::VerifierWrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_for_who_began() {
        let code = |redirect: &str, challenge: Option<&str>| CodeRecord {
            app: AppId(1),
            person: PersonId(1),
            bot_scopes: Vec::new(),
            person_scopes: Vec::new(),
            redirect_uri: redirect.into(),
            challenge: challenge.map(ToOwned::to_owned),
            space: None,
            nonce: None,
            expires_at: 1,
            used_at: None,
        };
        let (here, there) = ("https://a.example/back", "https://b.example/back");
        // The pair of RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        for (code, redirect, said, expected) in [
            (code(here, None), Some(here), None, None),
            (code(here, None), Some(there), None, Some(NoTokens::OtherRedirect)),
            (code(here, None), None, None, Some(NoTokens::OtherRedirect)),
            (code("", None), None, None, None),
            (code("", Some(challenge)), None, Some(verifier), None),
            (code("", Some(challenge)), None, Some("another"), Some(NoTokens::VerifierWrong)),
            (code("", Some(challenge)), None, None, Some(NoTokens::VerifierWrong)),
        ] {
            assert_eq!(unlike(&code, redirect, said), expected);
        }
    }
}
