//! One SQLite connection with its settings and its prepared statements.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};

use super::fault::fault;
use crate::db::{Engine, Row, Value, dialect};
use crate::error::{Result, StoreError};

/// Waiting for a lock of another connection (the checkpointer's, a backup tool's) ends after this.
const BUSY: Duration = Duration::from_secs(10);
/// More than the number of statements in the program, so that none is ever prepared twice.
const STATEMENTS: usize = 1024;

pub(crate) struct SqliteLink {
    conn: Connection,
    /// Rendered text by the address and length of the source text, which is `'static`.
    texts: HashMap<(usize, usize), Arc<str>>,
    /// Pages in the write-ahead log after the last commit of this connection.
    wal_pages: Arc<AtomicI32>,
    /// Statements that may have changed something since the connection was opened.
    changing: u64,
}

impl SqliteLink {
    /// The connection that writes.
    pub(super) fn writer(file: &Path, secure_delete: bool) -> Result<SqliteLink> {
        let mut link =
            SqliteLink::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        link.batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")?;
        let mode: String = link.conn.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(fault)?;
        if mode != "wal" {
            return Err(StoreError::Config(format!(
                "{} does not support SQLite's write-ahead log (its mode is {mode}): use a local disk",
                file.display()
            )));
        }
        if secure_delete {
            link.batch("PRAGMA secure_delete = ON")?;
        }
        // Last: any later `wal_autocheckpoint` would replace this hook.
        link.batch("PRAGMA wal_autocheckpoint = 0")?;
        let pages = link.wal_pages.clone();
        link.conn
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, n: i32| {
                pages.store(n, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(fault)?;
        Ok(link)
    }

    /// A connection that cannot write.
    pub(super) fn reader(file: &Path) -> Result<SqliteLink> {
        let mut link = SqliteLink::connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        link.batch("PRAGMA query_only = ON")?;
        Ok(link)
    }

    /// The connection of the checkpoint thread.
    pub(super) fn checkpointer(file: &Path) -> Result<SqliteLink> {
        let mut link = SqliteLink::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        link.batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")?;
        Ok(link)
    }

    fn connect(file: &Path, flags: OpenFlags) -> Result<SqliteLink> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(file, flags).map_err(|error| {
            StoreError::Config(format!("cannot open the database {}: {error}", file.display()))
        })?;
        conn.busy_timeout(BUSY).map_err(fault)?;
        // Or the planner looks at bound values, and then plans a statement anew each time they change.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        add_functions(&conn).map_err(fault)?;
        let mut link = SqliteLink { conn, texts: HashMap::new(), wal_pages: Arc::default(), changing: 0 };
        link.batch("PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")?;
        Ok(link)
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        values: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let statement = prepared(&self.conn, &mut self.texts, sql)?;
        self.changing += u64::from(!statement.readonly());
        visit_rows(statement, sql, values, visit)
    }

    pub(crate) fn each_text(
        &mut self,
        text: &str,
        values: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let rendered = dialect::render(Engine::Sqlite, text);
        let statement =
            self.conn.prepare_cached(&rendered).map_err(|error| in_statement(fault(error), text))?;
        self.changing += u64::from(!statement.readonly());
        visit_rows(statement, text, values, visit)
    }

    pub(crate) fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let mut statement = prepared(&self.conn, &mut self.texts, sql)?;
        self.changing += u64::from(!statement.readonly());
        bind(&mut statement, sql, values)?;
        Ok(statement.raw_execute().map_err(fault)? as u64)
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        self.changing += 1;
        self.conn.execute_batch(text).map_err(fault)
    }

    /// Runs one of the transaction-control texts through the statement cache.
    pub(super) fn control(&mut self, text: &'static str) -> Result<()> {
        self.conn.prepare_cached(text).and_then(|mut statement| statement.raw_execute()).map_err(fault)?;
        Ok(())
    }

    pub(crate) fn check(&mut self, sql: &'static str) -> Result<()> {
        prepared(&self.conn, &mut self.texts, sql).map(drop)
    }

    /// No transaction is open (any more): SQLite rolls back by itself on a full disk and some I/O errors.
    pub(super) fn is_idle(&self) -> bool {
        self.conn.is_autocommit()
    }

    /// Grows with every statement that may change something, transaction control aside.
    pub(super) fn changing(&self) -> u64 {
        self.changing
    }

    pub(super) fn wal_pages(&self) -> i32 {
        self.wal_pages.load(Ordering::Relaxed)
    }

    pub(crate) fn raw(&self) -> &Connection {
        &self.conn
    }
}

fn prepared<'link>(
    conn: &'link Connection,
    texts: &mut HashMap<(usize, usize), Arc<str>>,
    sql: &'static str,
) -> Result<CachedStatement<'link>> {
    let text = texts
        .entry((sql.as_ptr() as usize, sql.len()))
        .or_insert_with(|| dialect::render(Engine::Sqlite, sql).into());
    conn.prepare_cached(text).map_err(|error| in_statement(fault(error), sql))
}

fn visit_rows(
    mut statement: CachedStatement<'_>,
    sql: &str,
    values: &[Value],
    visit: &mut dyn FnMut(Row) -> Result<()>,
) -> Result<()> {
    bind(&mut statement, sql, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(fault)? {
        let mut values = Vec::with_capacity(columns);
        for index in 0..columns {
            values.push(value(row.get_ref(index).map_err(fault)?)?);
        }
        visit(Row { values })?;
    }
    Ok(())
}

fn in_statement(error: StoreError, sql: &str) -> StoreError {
    match error {
        StoreError::Statement(text) => StoreError::Statement(format!("{text} in: {sql}")),
        other => other,
    }
}

fn bind(statement: &mut CachedStatement<'_>, sql: &str, values: &[Value]) -> Result<()> {
    let wanted = statement.parameter_count();
    if wanted != values.len() {
        let given = values.len();
        return Err(StoreError::Statement(format!("{wanted} parameters wanted, {given} given in: {sql}")));
    }
    for (index, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value).map_err(fault)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::from(Null),
            Value::Bool(b) => ToSqlOutput::from(*b),
            Value::I64(i) => ToSqlOutput::from(*i),
            Value::F64(f) => ToSqlOutput::from(*f),
            Value::Text(text) => ToSqlOutput::from(text.as_str()),
            Value::Blob(bytes) => ToSqlOutput::from(bytes.as_slice()),
        })
    }
}

fn value(found: ValueRef<'_>) -> Result<Value> {
    Ok(match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(i) => Value::I64(i),
        ValueRef::Real(f) => Value::F64(f),
        ValueRef::Text(bytes) => Value::Text(
            std::str::from_utf8(bytes)
                .map_err(|_| StoreError::Corrupt("a text is not UTF-8".into()))?
                .to_owned(),
        ),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

/// `greatest` and `least`, as PostgreSQL has them (NULLs are passed over).
fn add_functions(conn: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("greatest", -1, flags, |context| extreme(context, i64::max))?;
    conn.create_scalar_function("least", -1, flags, |context| extreme(context, i64::min))
}

fn extreme(context: &Context<'_>, pick: fn(i64, i64) -> i64) -> rusqlite::Result<Option<i64>> {
    let mut best = None;
    for index in 0..context.len() {
        if let Some(next) = context.get::<Option<i64>>(index)? {
            best = Some(best.map_or(next, |best| pick(best, next)));
        }
    }
    Ok(best)
}
