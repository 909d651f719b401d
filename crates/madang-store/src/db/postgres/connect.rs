//! Opening a connection: address, TLS, and the session's settings.

use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PgLink;
use super::fault::fault;
use crate::error::{Result, StoreError};

/// Key of the advisory lock under which schemas are created and migrated ("madang" as bytes).
pub(super) const SCHEMA_LOCK: i64 = 0x6d61_6461_6e67;

pub(super) struct Server {
    config: Config,
    schema: String,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    pub(super) fn new(url: &str, schema: &str) -> Result<Server> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if schema.is_empty() || !schema.chars().all(plain) {
            return Err(StoreError::Config(format!(
                "`{schema}` is not a schema name: use letters, digits and _"
            )));
        }
        let (url, roots) = own_options(url);
        let mut config: Config = url
            .parse()
            .map_err(|error| StoreError::Config(format!("the database URL cannot be read: {error}")))?;
        if config.get_application_name().is_none() {
            config.application_name("madang");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        config.keepalives_idle(Duration::from_secs(30));
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(tls(roots.as_deref())?),
            _ => None,
        };
        Ok(Server { config, schema: schema.to_owned(), tls })
    }

    pub(super) fn connect(&self) -> Result<PgLink> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let mut link = PgLink::new(client.map_err(|error| reached(fault(error)))?);
        link.batch(&format!(
            "SET search_path TO \"{}\"; SET synchronous_commit TO on; SET TIME ZONE 'UTC'; \
             SET lock_timeout TO '10s'; SET idle_in_transaction_session_timeout TO '60s'",
            self.schema
        ))?;
        Ok(link)
    }

    /// The schema, and the type name that makes one text do for both engines.
    pub(super) fn create_schema(&self, link: &mut PgLink) -> Result<()> {
        assert_bytes_order(link.client())?;
        let exists = |client: &mut Client, query: &str| -> Result<bool> {
            Ok(client.query_opt(query, &[&self.schema]).map_err(fault)?.is_some())
        };
        if !exists(link.client(), "SELECT 1 FROM pg_namespace WHERE nspname = $1")? {
            link.batch(&format!("CREATE SCHEMA \"{}\"", self.schema))?;
        }
        let domain = "SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
                      WHERE n.nspname = $1 AND t.typname = 'blob'";
        if !exists(link.client(), domain)? {
            link.batch("CREATE DOMAIN blob AS bytea")?;
        }
        Ok(())
    }
}

/// Order of text must not depend on the server's language, or pages cut by text keys would differ.
fn assert_bytes_order(client: &mut Client) -> Result<()> {
    let query = "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";
    let row = client.query_one(query, &[]).map_err(fault)?;
    let (collation, encoding): (String, String) = (row.get(0), row.get(1));
    if encoding == "UTF8" && (collation == "C" || collation == "POSIX" || collation.starts_with("C.")) {
        return Ok(());
    }
    Err(StoreError::Config(format!(
        "the database sorts by `{collation}` in {encoding}; create it with: CREATE DATABASE madang TEMPLATE \
         template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )))
}

/// A server that speaks but refuses us is a matter of configuration only at the first start; later it is away.
fn reached(error: StoreError) -> StoreError {
    match error {
        StoreError::Statement(text) => StoreError::Unreachable(text),
        other => other,
    }
}

/// Takes out what our client library does not know: `sslrootcert=FILE`, and the two stricter names of `require`
/// (certificates are always verified here).
fn own_options(url: &str) -> (String, Option<String>) {
    let Some((address, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut roots = None;
    let mut kept = Vec::new();
    for option in query.split('&') {
        match option.split_once('=') {
            Some(("sslrootcert", file)) => roots = Some(file.replace("%2F", "/")),
            Some(("sslmode", "verify-full" | "verify-ca")) => kept.push("sslmode=require"),
            _ => kept.push(option),
        }
    }
    (format!("{address}?{}", kept.join("&")), roots)
}

fn tls(roots_file: Option<&str>) -> Result<MakeRustlsConnect> {
    let unusable = |what: &str, error: &dyn std::fmt::Display| {
        StoreError::Config(format!("TLS to the database: {what}: {error}"))
    };
    let Some(file) = roots_file else {
        return Ok(MakeRustlsConnect::with_webpki_roots());
    };
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unusable(file, &error))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unusable(file, &error))?;
        roots.add(certificate).map_err(|error| unusable(file, &error))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable("protocol versions", &error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_options_are_taken_out_of_the_url() {
        let (url, roots) = own_options("postgres://h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&user=a");
        assert_eq!(url, "postgres://h/d?sslmode=require&user=a");
        assert_eq!(roots.as_deref(), Some("/etc/ca.pem"));
        assert_eq!(own_options("postgres://h/d").0, "postgres://h/d");
    }
}
