//! Asking the index.

use madang_model::search::Term;
use madang_model::{FileId, PersonId, Seq, SpaceId};

use super::phrase::{any_fts5, any_tsquery, fts5, tsquery};
use crate::db::{Conn, Engine, Row, Value};
use crate::error::Result;
use crate::{sql, values};

// The order of the tables is meant: the words are asked first (SQLite keeps the order of a CROSS JOIN). A `+` before a
// column keeps SQLite from looking it up by an index that would gather everything before the first is given.
sql! {
    const NEWEST_FTS = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM words w CROSS JOIN docs d ON d.id = w.rowid
        WHERE w.words MATCH $1 AND +d.space IN {ids:$2} AND ($3 = FALSE OR +d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND w.rowid < $9
        ORDER BY w.rowid DESC LIMIT $10";
    const BEST_FTS = "SELECT id, space, seq, file, at_us, part FROM (
        SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part, d.length
        FROM words w CROSS JOIN docs d ON d.id = w.rowid
        WHERE w.words MATCH $1 AND +d.space IN {ids:$2} AND ($3 = FALSE OR +d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND w.rowid < $9
        ORDER BY w.rowid DESC LIMIT $11) AS newest ORDER BY length, id DESC LIMIT $10";
    const SIZE_FTS = "SELECT coalesce(sum((SELECT max(d.seq) FROM docs d WHERE d.space = s.value)), 0)
        FROM json_each($1) s";
    const HOUSE_SIZE_FTS = "SELECT coalesce(sum(seq), 0) FROM cursors";
    const NEXT_TERM_FTS = "SELECT term FROM terms WHERE term >= $1 AND term < $2 LIMIT 1";
    const NEWEST_PG = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND d.space IN {ids:$2}
        AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND d.id < $9
        ORDER BY d.id DESC LIMIT $10";
    const BEST_PG = "SELECT id, space, seq, file, at_us, part FROM (
        SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part, d.length FROM docs d
        WHERE d.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND d.space IN {ids:$2}
        AND ($3 = FALSE OR d.author IN {ids:$4})
        AND (d.has & $5) = $5 AND d.at_us >= $6 AND d.at_us < $7 AND (d.file <> 0) = $8 AND d.id < $9
        ORDER BY d.id DESC LIMIT $11) AS newest ORDER BY length, id DESC LIMIT $10";
    /// Without words, only filters: in one space, of one author, pinned, or whatever else.
    const FILTERED_SPACE = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.space = $10 AND d.space IN {ids:$1} AND ($2 = FALSE OR +d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        ORDER BY d.id DESC LIMIT $9";
    const FILTERED_AUTHOR = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.author = $10 AND +d.space IN {ids:$1} AND ($2 = FALSE OR +d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        ORDER BY d.id DESC LIMIT $9";
    const FILTERED_PINNED = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE (d.has & 32) = 32 AND +d.space IN {ids:$1} AND ($2 = FALSE OR +d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        ORDER BY d.id DESC LIMIT $9";
    const FILTERED = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE +d.space IN {ids:$1} AND ($2 = FALSE OR +d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        ORDER BY d.id DESC LIMIT $9";
    /// Only filters, and words that must not be there.
    const EXCEPT_FTS = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE +d.space IN {ids:$1} AND ($2 = FALSE OR +d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        AND NOT EXISTS (SELECT 1 FROM words w WHERE w.words MATCH $10 AND w.rowid = d.id)
        ORDER BY d.id DESC LIMIT $9";
    const EXCEPT_PG = "SELECT d.id, d.space, d.seq, d.file, d.at_us, d.part FROM docs d
        WHERE d.space IN {ids:$1} AND ($2 = FALSE OR d.author IN {ids:$3})
        AND (d.has & $4) = $4 AND d.at_us >= $5 AND d.at_us < $6 AND (d.file <> 0) = $7 AND d.id < $8
        AND NOT (d.words @@ CAST(CAST($10 AS TEXT) AS tsquery))
        ORDER BY d.id DESC LIMIT $9";
}

/// Ordering by fit looks at so many hits, the newest ones.
pub const WEIGHED: i64 = 1_000;
/// The bit of what is pinned, as `FILTERED_PINNED` and its index have it.
const PINNED: i64 = 32;
/// Beginnings of up to so many letters have an index of their own (`prefix` of the table `words`).
const SHORT: usize = 3;
/// A longer beginning is looked for as the words that there are, up to so many; beyond, the engine gathers them all.
const ENDINGS: usize = 64;

/// So many spaces are named to the index itself; of more, each hit is looked at.
const SCOPE: usize = 64;
/// And for the newest hits only if they hold no more messages than this together: the index goes through all of them,
/// while of the hits of a larger part of the house the first few are soon found.
const SMALL: i64 = 50_000;
/// To order by fit, the spaces are named if the square of what they hold is less than this many times what the house
/// holds: to go through them costs by their size, to look at hits until `WEIGHED` of them are somebody's own costs by
/// how small a part of the house that is. At a million messages both take about as long for 45,000 of them.
const EVEN: i64 = 2_000;

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
    /// What is asked of the engine: the words, and where they are to stand if that makes it quicker.
    fn phrase(&self, conn: &mut Conn, spaces: &Value, best: bool) -> Result<String> {
        let few = self.spaces.len() <= SCOPE;
        let scope = |named: bool| if named { &self.spaces[..] } else { &[] };
        if conn.engine() == Engine::Postgres {
            return Ok(tsquery(&self.terms, scope(few)));
        }
        let endings = self.terms.iter().map(|term| endings(conn, term)).collect::<Result<Vec<_>>>()?;
        Ok(fts5(&self.terms, &endings, scope(few && pays(conn, spaces, best)?)))
    }

    fn asks_words(&self) -> bool {
        self.terms.iter().any(|term| !term.not)
    }
}

/// Whether naming the spaces to the index makes the question quicker.
fn pays(conn: &mut Conn, spaces: &Value, best: bool) -> Result<bool> {
    let mine: i64 = conn.row(SIZE_FTS, values![spaces])?.map_or(Ok(0), |row| row.get(0))?;
    if !best {
        return Ok(mine <= SMALL);
    }
    let house: i64 = conn.row(HOUSE_SIZE_FTS, values![])?.map_or(Ok(0), |row| row.get(0))?;
    Ok(mine.saturating_mul(mine) < house.saturating_mul(EVEN))
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
    let rows = if w.asks_words() {
        asked(conn, w, best, spaces, authors)?
    } else {
        let by_author = w.from.is_some();
        let filters =
            values![spaces, by_author, authors, w.has, w.since_us, w.until_us, w.files, w.before, w.limit];
        let (statement, more) = filtered(conn.engine(), w);
        conn.rows(statement, &[&filters[..], &more].concat())?
    };
    rows.iter().map(read).collect()
}

/// By words.
fn asked(conn: &mut Conn, w: &Wanted, best: bool, spaces: Value, authors: Value) -> Result<Vec<Row>> {
    let statement = match (conn.engine(), best) {
        (Engine::Sqlite, false) => NEWEST_FTS,
        (Engine::Sqlite, true) => BEST_FTS,
        (Engine::Postgres, false) => NEWEST_PG,
        (Engine::Postgres, true) => BEST_PG,
    };
    let (phrase, by_author) = (w.phrase(conn, &spaces, best)?, w.from.is_some());
    let given = values![
        phrase, spaces, by_author, authors, w.has, w.since_us, w.until_us, w.files, w.before, w.limit
    ];
    let weighed = values![WEIGHED];
    conn.rows(statement, &[&given[..], if best { weighed } else { &[] }].concat())
}

/// The words that an open term stands for. SQLite gathers all that a beginning has, before it gives the first; a few
/// words asked by name it gives one after the other.
fn endings(conn: &mut Conn, term: &Term) -> Result<Option<Vec<String>>> {
    let (true, [begin]) = (term.open, &term.phrase[..]) else { return Ok(None) };
    if begin.chars().count() <= SHORT {
        return Ok(None);
    }
    let (mut from, end) = (begin.clone(), format!("{begin}\u{10ffff}"));
    let mut found = Vec::new();
    while let Some(row) = conn.row(NEXT_TERM_FTS, values![&from, &end])? {
        if found.len() == ENDINGS {
            return Ok(None);
        }
        let word: String = row.get(0)?;
        // The next one after it: U+0001 stands in no word.
        from = format!("{word}\u{1}");
        found.push(word);
    }
    Ok(Some(found))
}

/// Without words that must be there: the statement, and what it is given besides the filters.
fn filtered(engine: Engine, w: &Wanted) -> (&'static str, Vec<Value>) {
    match (&w.spaces[..], w.from.as_deref()) {
        _ if !w.terms.is_empty() => match engine {
            Engine::Sqlite => (EXCEPT_FTS, values![any_fts5(&w.terms)].to_vec()),
            Engine::Postgres => (EXCEPT_PG, values![any_tsquery(&w.terms)].to_vec()),
        },
        _ if w.has & PINNED != 0 => (FILTERED_PINNED, Vec::new()),
        ([space], _) => (FILTERED_SPACE, values![*space].to_vec()),
        (_, Some([author])) => (FILTERED_AUTHOR, values![*author].to_vec()),
        _ => (FILTERED, Vec::new()),
    }
}
