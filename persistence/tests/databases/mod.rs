//! Databases for one test, removed after it.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// A database on the PostgreSQL server that `STEWARD_TEST_POSTGRES_URL` names.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test run has.
pub(crate) fn unique() -> String {
    format!("steward_persistence_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Postgres {
    /// An empty database; `None` when no server is named.
    pub(crate) fn create() -> Option<Self> {
        let server = std::env::var("STEWARD_TEST_POSTGRES_URL").ok()?;
        let name = unique();
        let mut admin = PgConnection::establish(&server).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Some(Self { server, name })
    }

    pub(crate) fn url(&self) -> String {
        let (server, query) = self.server.split_once('?').map_or((self.server.as_str(), ""), |(s, q)| (s, q));
        let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{base}/{}{query}", self.name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Ok(mut admin) = PgConnection::establish(&self.server) {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}
