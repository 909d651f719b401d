//! Finding contacts by parts of what is known of them.

use madang_model::contact;
use madang_model::{ContactId, WorkspaceId, limits};

use super::{ContactRecord, read};
use crate::db::Conn;
use crate::error::Result;
use crate::people::fold;
use crate::{sql, values};

sql! {
    const FOUND = "SELECT id, workspace, name, email, email_proven_at, phone, company, external_id, attributes, tags,
        consents, created_at, changed_at, name_folded FROM contacts
        WHERE workspace = $1 AND merged_into IS NULL AND (name_folded, id) > ($2, $3)
        AND found_by LIKE $4 ESCAPE '!' AND found_by LIKE $5 ESCAPE '!' AND found_by LIKE $6 ESCAPE '!'
        AND found_by LIKE $7 ESCAPE '!' AND found_by LIKE $8 ESCAPE '!'
        ORDER BY name_folded, id LIMIT $9";
    const NAMED = "SELECT id, workspace, name, email, email_proven_at, phone, company, external_id, attributes, tags,
        consents, created_at, changed_at, name_folded FROM contacts
        WHERE workspace = $1 AND name_folded = $2 AND merged_into IS NULL ORDER BY changed_at DESC, id LIMIT $3";
    const ATTRIBUTES = "SELECT attributes FROM contacts WHERE workspace = $1 AND attributes <> '{}' AND merged_into IS NULL";
    const TAGS = "SELECT tags FROM contacts WHERE workspace = $1 AND tags <> '[]' AND merged_into IS NULL
        ORDER BY changed_at DESC LIMIT $2";
}

fn like(part: &str) -> String {
    format!("%{}%", part.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// Contacts by name after `(name_folded, id)`, of whom all words of the question are known, and with a tag if one is
/// asked for.
///
/// # Errors
/// What the engine said.
pub fn found(
    conn: &mut Conn,
    workspace: WorkspaceId,
    question: &str,
    tag: Option<&str>,
    after: &(String, ContactId),
    limit: i64,
) -> Result<Vec<ContactRecord>> {
    let mut words: Vec<String> = contact::asked(question).iter().map(|it| like(it)).collect();
    words.resize(limits::CONTACT_WORDS_ASKED, "%".into());
    let tag = tag.map_or("%".into(), |it| like(&format!("\n{}\n", contact::tag_line(it))));
    let asked = values![workspace, &after.0, after.1, &words[0], &words[1], &words[2], &words[3], tag, limit];
    conn.rows(FOUND, asked)?.iter().map(read).collect()
}

/// Those who are called so, the newest known first.
///
/// # Errors
/// What the engine said.
pub fn named(conn: &mut Conn, workspace: WorkspaceId, name: &str, limit: i64) -> Result<Vec<ContactRecord>> {
    conn.rows(NAMED, values![workspace, fold(name), limit])?.iter().map(read).collect()
}

/// The names of all attributes that contacts have, in their order.
///
/// # Errors
/// What the engine said.
pub fn attributes(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<String>> {
    let mut names = std::collections::BTreeSet::new();
    conn.each(ATTRIBUTES, values![workspace], |row| {
        let known: std::collections::BTreeMap<String, String> = super::json(&row.get::<String>(0)?)?;
        names.extend(known.into_keys());
        Ok(())
    })?;
    Ok(names.into_iter().collect())
}

/// The tags of the contacts that changed last, in the order of how many have them.
///
/// # Errors
/// What the engine said.
pub fn tagged_with(conn: &mut Conn, workspace: WorkspaceId, among: i64) -> Result<Vec<String>> {
    let mut counts = std::collections::HashMap::<String, usize>::new();
    for row in conn.rows(TAGS, values![workspace, among])? {
        for tag in super::json::<Vec<String>>(&row.get::<String>(0)?)? {
            *counts.entry(tag).or_default() += 1;
        }
    }
    let mut tags: Vec<(String, usize)> = counts.into_iter().collect();
    tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(tags.into_iter().map(|(tag, _)| tag).collect())
}
