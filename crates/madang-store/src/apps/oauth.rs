//! What somebody lets an app do, until it fetches its tokens for that, and what new tokens are got by.

use madang_model::{AppId, PersonId, SpaceId};

use super::{text, words};
use crate::db::{Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const ADD_CODE = "INSERT INTO app_codes (code_hash, app, person, bot_scopes, user_scopes, redirect_uri, challenge,
        space, nonce, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    const CODE = "SELECT app, person, bot_scopes, user_scopes, redirect_uri, challenge, space, nonce, expires_at, used_at
        FROM app_codes WHERE code_hash = $1";
    const USE_CODE = "UPDATE app_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL";
    const FORGET_CODES = "DELETE FROM app_codes WHERE expires_at < $1";
    const FORGET_CODES_OF = "DELETE FROM app_codes WHERE app = $1";
    const ADD_REFRESH = "INSERT INTO app_refreshes (token_hash, app, person, kind, scopes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    const REFRESH = "SELECT app, person, kind, scopes FROM app_refreshes WHERE token_hash = $1";
    const USE_REFRESH = "DELETE FROM app_refreshes WHERE token_hash = $1";
    const FORGET_REFRESHES = "DELETE FROM app_refreshes WHERE app = $1 AND person = $2";
    const FORGET_REFRESHES_OF = "DELETE FROM app_refreshes WHERE app = $1";
}

/// What somebody lets an app do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRecord {
    pub app: AppId,
    pub person: PersonId,
    pub bot_scopes: Vec<String>,
    pub person_scopes: Vec<String>,
    pub redirect_uri: String,
    pub challenge: Option<String>,
    pub space: Option<SpaceId>,
    pub nonce: Option<String>,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

/// What a token that ended is made anew by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshRecord {
    pub app: AppId,
    pub person: PersonId,
    pub kind: String,
    pub scopes: Vec<String>,
}

fn code_of(row: &Row) -> Result<CodeRecord> {
    Ok(CodeRecord {
        app: row.get(0)?,
        person: row.get(1)?,
        bot_scopes: words(&row.get::<String>(2)?)?,
        person_scopes: words(&row.get::<String>(3)?)?,
        redirect_uri: row.get(4)?,
        challenge: row.get(5)?,
        space: row.get(6)?,
        nonce: row.get(7)?,
        expires_at: row.get(8)?,
        used_at: row.get(9)?,
    })
}

/// # Errors
/// What the engine said.
pub fn add_code(tx: &mut Tx, hash: &[u8; 32], code: &CodeRecord) -> Result<()> {
    let (bot, user) = (text(&code.bot_scopes), text(&code.person_scopes));
    let (uri, challenge, nonce) = (code.redirect_uri.clone(), code.challenge.clone(), code.nonce.clone());
    let values =
        values![hash, code.app, code.person, bot, user, uri, challenge, code.space, nonce, code.expires_at];
    tx.exec(ADD_CODE, values)?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn code(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<CodeRecord>> {
    tx.row(CODE, values![hash])?.map(|row| code_of(&row)).transpose()
}

/// Whether it had not been used before.
///
/// # Errors
/// What the engine said.
pub fn use_code(tx: &mut Tx, hash: &[u8; 32], now_us: i64) -> Result<bool> {
    Ok(tx.exec(USE_CODE, values![hash, now_us])? > 0)
}

/// # Errors
/// What the engine said.
pub fn forget_codes(tx: &mut Tx, before: i64) -> Result<()> {
    tx.exec(FORGET_CODES, values![before])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn add_refresh(tx: &mut Tx, hash: &[u8; 32], refresh: &RefreshRecord, now_us: i64) -> Result<()> {
    let (kind, scopes) = (refresh.kind.clone(), text(&refresh.scopes));
    tx.exec(ADD_REFRESH, values![hash, refresh.app, refresh.person, kind, scopes, now_us])?;
    Ok(())
}

/// Takes one: it is good once.
///
/// # Errors
/// What the engine said.
pub fn take_refresh(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<RefreshRecord>> {
    let Some(row) = tx.row(REFRESH, values![hash])? else { return Ok(None) };
    let refresh = RefreshRecord {
        app: row.get(0)?,
        person: row.get(1)?,
        kind: row.get(2)?,
        scopes: words(&row.get::<String>(3)?)?,
    };
    Ok((tx.exec(USE_REFRESH, values![hash])? > 0).then_some(refresh))
}

/// What new tokens of one person are got by is gone.
///
/// # Errors
/// What the engine said.
pub fn forget_refreshes(tx: &mut Tx, app: AppId, person: PersonId) -> Result<()> {
    tx.exec(FORGET_REFRESHES, values![app, person])?;
    Ok(())
}

/// Everything of an app.
///
/// # Errors
/// What the engine said.
pub fn forget_app(tx: &mut Tx, app: AppId) -> Result<()> {
    tx.exec(FORGET_CODES_OF, values![app])?;
    tx.exec(FORGET_REFRESHES_OF, values![app])?;
    Ok(())
}
