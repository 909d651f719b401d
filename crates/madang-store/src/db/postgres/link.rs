//! One PostgreSQL connection with its prepared statements.

use std::collections::HashMap;

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, Statement};

use super::fault::fault;
use crate::db::{Engine, Row, Value, dialect};
use crate::error::{Result, StoreError};

pub(crate) struct PgLink {
    client: Client,
    /// By the address and length of the source text, which is `'static`.
    statements: HashMap<(usize, usize), Statement>,
}

impl PgLink {
    pub(super) fn new(client: Client) -> PgLink {
        PgLink { client, statements: HashMap::new() }
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        values: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepared(sql, values.len())?;
        self.visit_rows(&statement, sql, values, visit)
    }

    pub(crate) fn each_text(
        &mut self,
        text: &str,
        values: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let statement = self.client.prepare(text).map_err(|error| named(error, text))?;
        self.visit_rows(&statement, text, values, visit)
    }

    fn visit_rows(
        &mut self,
        statement: &Statement,
        sql: &str,
        values: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let parameters = values.iter().map(|value| value as &(dyn ToSql + Sync));
        let mut rows = self.client.query_raw(statement, parameters).map_err(|error| named(error, sql))?;
        while let Some(row) = rows.next().map_err(|error| named(error, sql))? {
            let mut values = Vec::with_capacity(row.len());
            for index in 0..row.len() {
                values.push(row.try_get(index).map_err(|error| named(error, sql))?);
            }
            visit(Row { values })?;
        }
        Ok(())
    }

    pub(crate) fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let statement = self.prepared(sql, values.len())?;
        let parameters: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.client.execute(&statement, &parameters).map_err(|error| named(error, sql))
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        self.client.batch_execute(text).map_err(fault)
    }

    pub(crate) fn check(&mut self, sql: &'static str) -> Result<()> {
        self.prepare(sql).map(drop)
    }

    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    fn prepared(&mut self, sql: &'static str, given: usize) -> Result<Statement> {
        let statement = self.prepare(sql)?;
        let wanted = statement.params().len();
        if wanted != given {
            return Err(StoreError::Statement(format!(
                "{wanted} parameters wanted, {given} given in: {sql}"
            )));
        }
        Ok(statement)
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let text = dialect::render(Engine::Postgres, sql);
        let statement = self.client.prepare(&text).map_err(|error| named(error, sql))?;
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }
}

fn named(error: postgres::Error, sql: &str) -> StoreError {
    match fault(error) {
        StoreError::Statement(text) => StoreError::Statement(format!("{text} in: {sql}")),
        other => other,
    }
}
