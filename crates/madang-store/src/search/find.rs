//! Asking the index.

use madang_model::search::Term;
use madang_model::{FileId, PersonId, Seq, SpaceId};

use super::phrase::{any_fts5, any_tsquery, fts5, tsquery};
use crate::db::{Conn, Engine, Row, Value};
use crate::error::Result;
use crate::{sql, values};

// The order of the tables is meant: the words are asked first (SQLite keeps the order of a CROSS JOIN).
sql! {
    const NEWEST_FTS = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM words w CROSS JOIN docs d ON d.id = w.rowid
        WHERE w.words MATCH $1 AND d.space IN {ids:$2} AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND w.rowid < $9
        ORDER BY w.rowid DESC LIMIT $10";
    const BEST_FTS = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM words w CROSS JOIN docs d ON d.id = w.rowid
        WHERE w.words MATCH $1 AND d.space IN {ids:$2} AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND w.rowid < $9
        ORDER BY w.rank LIMIT $10";
    const COUNT_FTS = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH $1 LIMIT $2)";
    const NEWEST_PG = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND d.space IN {ids:$2}
        AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND d.id < $9
        ORDER BY d.id DESC LIMIT $10";
    const BEST_PG = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND d.space IN {ids:$2}
        AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND d.id < $9
        ORDER BY ts_rank_cd(d.words, CAST(CAST($1 AS TEXT) AS tsquery), 1) DESC, d.id DESC LIMIT $10";
    const COUNT_PG = "SELECT count(*) FROM (SELECT 1 AS one FROM docs
        WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery) LIMIT $2) AS counted";
    /// Without words, only filters.
    const FILTERED = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.space IN {ids:$1} AND ($2 = FALSE OR d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        ORDER BY d.id DESC LIMIT $9";
    /// Only filters, and words that must not be there.
    const EXCEPT_FTS = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.space IN {ids:$1} AND ($2 = FALSE OR d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        AND NOT EXISTS (SELECT 1 FROM words w WHERE w.words MATCH $10 AND w.rowid = d.id)
        ORDER BY d.id DESC LIMIT $9";
    const EXCEPT_PG = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.space IN {ids:$1} AND ($2 = FALSE OR d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        AND NOT (d.words @@ CAST(CAST($10 AS TEXT) AS tsquery))
        ORDER BY d.id DESC LIMIT $9";
}

/// So many spaces are named to the index itself; of more, each hit is looked at.
const SCOPE: usize = 64;

/// What somebody wants to find.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub terms: Vec<Term>,
    /// Where they may look. Nothing outside is found.
    pub spaces: Vec<SpaceId>,
    /// Who wrote it; none for anybody.
    pub from: Option<Vec<PersonId>>,
    /// Bits of `Has` that must all be set.
    pub has: i64,
    /// From this moment on, and before that one, in microseconds.
    pub since_us: i64,
    pub until_us: i64,
    /// Files instead of messages.
    pub files: bool,
    /// Only docs before this one, for the next page.
    pub before: i64,
    pub limit: i64,
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted {
            terms: Vec::new(),
            spaces: Vec::new(),
            from: None,
            has: 0,
            since_us: i64::MIN,
            until_us: i64::MAX,
            files: false,
            before: i64::MAX,
            limit: 20,
        }
    }
}

/// Something found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its place in the order of time.
    pub id: i64,
    pub space: SpaceId,
    pub seq: Seq,
    pub file: Option<FileId>,
    pub at_us: i64,
    /// Of a file: 0 for its name, else a stretch of its text.
    pub part: i64,
}

fn read(row: &Row) -> Result<Hit> {
    let file: i64 = row.get(3)?;
    Ok(Hit {
        id: row.get(0)?,
        space: row.get(1)?,
        seq: row.get(2)?,
        file: (file != 0).then_some(FileId(file)),
        at_us: row.get(4)?,
        part: row.get(5)?,
    })
}

impl Wanted {
    fn phrase(&self, engine: Engine) -> String {
        let scope: &[SpaceId] = if self.spaces.len() <= SCOPE { &self.spaces } else { &[] };
        match engine {
            Engine::Sqlite => fts5(&self.terms, scope),
            Engine::Postgres => tsquery(&self.terms, scope),
        }
    }

    fn asks_words(&self) -> bool {
        self.terms.iter().any(|term| !term.not)
    }
}

/// What was found: the newest first, or (`best`) what fits most.
///
/// # Errors
/// What the engine said.
pub fn find(conn: &mut Conn, wanted: &Wanted, best: bool) -> Result<Vec<Hit>> {
    let w = wanted;
    if w.spaces.is_empty() || w.from.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let spaces: Vec<i64> = w.spaces.iter().map(|it| it.0).collect();
    let authors: Vec<i64> = w.from.iter().flatten().map(|it| it.0).collect();
    let (spaces, authors) = (Value::ids(&spaces), Value::ids(&authors));
    let by_author = w.from.is_some();
    let rows = if w.asks_words() {
        let statement = match (conn.engine(), best) {
            (Engine::Sqlite, false) => NEWEST_FTS,
            (Engine::Sqlite, true) => BEST_FTS,
            (Engine::Postgres, false) => NEWEST_PG,
            (Engine::Postgres, true) => BEST_PG,
        };
        let phrase = w.phrase(conn.engine());
        conn.rows(
            statement,
            values![
                phrase, spaces, by_author, authors, w.has, w.since_us, w.until_us, w.files, w.before, w.limit
            ],
        )?
    } else if w.terms.is_empty() {
        conn.rows(
            FILTERED,
            values![spaces, by_author, authors, w.has, w.since_us, w.until_us, w.files, w.before, w.limit],
        )?
    } else {
        let (statement, not) = match conn.engine() {
            Engine::Sqlite => (EXCEPT_FTS, any_fts5(&w.terms)),
            Engine::Postgres => (EXCEPT_PG, any_tsquery(&w.terms)),
        };
        conn.rows(
            statement,
            values![
                spaces, by_author, authors, w.has, w.since_us, w.until_us, w.files, w.before, w.limit, not
            ],
        )?
    };
    rows.iter().map(read).collect()
}

/// How many docs hold the words, counted up to `most`: whether ordering them by
/// fit is worth its price.
///
/// # Errors
/// What the engine said.
pub fn count(conn: &mut Conn, wanted: &Wanted, most: i64) -> Result<i64> {
    if !wanted.asks_words() {
        return Ok(most);
    }
    let statement = if conn.engine() == Engine::Sqlite { COUNT_FTS } else { COUNT_PG };
    let phrase = wanted.phrase(conn.engine());
    conn.row(statement, values![phrase, most])?.map_or(Ok(0), |row| row.get(0))
}
