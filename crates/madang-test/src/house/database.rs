//! The database of one house: a file in its folder, or with MADANG_TEST_PG a
//! database of its own on that server, dropped at the end.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

/// A database on a PostgreSQL server.
pub struct Database {
    server: String,
    name: String,
}

static NUMBER: AtomicUsize = AtomicUsize::new(0);

fn new_name() -> String {
    format!("house_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl Database {
    /// Makes one on the server that MADANG_TEST_PG names; none without it.
    ///
    /// # Errors
    /// What the server said.
    pub fn make() -> Result<Option<Database>> {
        let Ok(server) = std::env::var("MADANG_TEST_PG") else { return Ok(None) };
        let database = Database { server, name: new_name() };
        database.tell(&format!("CREATE DATABASE {}", database.name))?;
        Ok(Some(database))
    }

    /// Another one on the same server with all that is in this one, to which nobody may be connected.
    ///
    /// # Errors
    /// What the server said.
    pub fn copy(&self) -> Result<Database> {
        let database = Database { server: self.server.clone(), name: new_name() };
        // A file copy: there are few pages, and no log of them is wanted.
        database
            .tell(&format!("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", database.name, self.name))?;
        Ok(database)
    }

    /// Where the house finds it.
    ///
    /// # Errors
    /// When the server's address names no database to begin from.
    pub fn url(&self) -> Result<String> {
        let (server, _) =
            self.server.rsplit_once('/').context("MADANG_TEST_PG is postgres://HOST/DATABASE")?;
        Ok(format!("{server}/{}", self.name))
    }

    /// On a thread of its own: the client waits, which a test's runtime does not allow.
    fn tell(&self, statement: &str) -> Result<()> {
        let (server, statement) = (self.server.clone(), statement.to_owned());
        let told = std::thread::spawn(move || -> Result<()> {
            let mut client = postgres::Client::connect(&server, postgres::NoTls)?;
            Ok(client.batch_execute(&statement)?)
        });
        told.join().map_err(|_| anyhow::anyhow!("the client of PostgreSQL broke"))?
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // FORCE: the process that served was killed a moment ago and may not be gone yet.
        if let Err(error) = self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            eprintln!("{} stays: {error:#}", self.name);
        }
    }
}
