use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::{PgConnection, SqliteConnection};

use crate::StoreError;

/// A connection to either of the two databases.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// PostgreSQL, for several nodes.
    Postgres(PgConnection),
    /// SQLite, embedded.
    Sqlite(SqliteConnection),
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Number of statements that this process has sent to its database.
pub fn statements_sent() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// The location of the database.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Postgres(String),
    Sqlite(String),
}

/// The files of an embedded database, whether they exist or not; none for PostgreSQL.
pub fn database_files(url: &str) -> Vec<PathBuf> {
    let Some(Target::Sqlite(path)) = Target::parse(url) else { return Vec::new() };
    ["", "-wal", "-shm", "-journal"].map(|ending| PathBuf::from(format!("{path}{ending}"))).to_vec()
}

/// The limits of a connection to PostgreSQL if the network drops everything: 5 s to connect, and an end after
/// about 25 s without any response, which makes the current statement fail.
const NETWORK_LIMITS: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// The URL with those of [`NETWORK_LIMITS`] that it does not set itself.
fn with_network_limits(url: &str) -> String {
    // A password may contain `?`.
    let authority = url.find("://").map_or(0, |at| at + 3);
    let password_end = url.get(authority..).and_then(|rest| rest.find(['@', '/']));
    let host = authority + password_end.unwrap_or_default();
    let query = url.get(host..).and_then(|rest| rest.split_once('?')).map(|(_, query)| query);
    let named = |name: &str| {
        query.is_some_and(|query| query.split('&').any(|pair| pair.split('=').next() == Some(name)))
    };
    let added = NETWORK_LIMITS.iter().filter(|(name, _)| !named(name));
    let added = added.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let between = match query {
        None => "?",
        Some(query) if query.is_empty() || query.ends_with('&') || added.is_empty() => "",
        Some(_) => "&",
    };
    format!("{url}{between}{added}")
}

impl Target {
    /// Chooses by the scheme of the URL: `postgres://`, `postgresql://`, or `sqlite://` and a path.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Self::Postgres(with_network_limits(url)));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        (!path.is_empty()).then(|| Self::Sqlite(path.to_owned()))
    }

    pub(crate) fn connect(&self) -> Result<AnyConnection, StoreError> {
        let away = |e: diesel::ConnectionError| StoreError::Unavailable(e.to_string());
        let mut conn = match self {
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(away)?;
                conn.batch_execute(
                    "SET client_min_messages = 'warning'; SET timezone = 'UTC'; \
                     SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'",
                )?;
                // Errors are distinguished by their English text; a user who may not set this depends on the
                // server's setting.
                let _ = conn.batch_execute("SET lc_messages = 'C'");
                AnyConnection::Postgres(conn)
            }
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).map_err(away)?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864",
                )?;
                AnyConnection::Sqlite(conn)
            }
        };
        conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(conn)
    }

    pub(crate) fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Postgres(_) => None,
            Self::Sqlite(path) => Some(Path::new(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::thread::spawn;
    use std::time::Duration;

    use super::*;

    #[test]
    fn limits_in_the_url_are_not_replaced() {
        let all = "connect_timeout=5&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=15000";
        for (url, limited) in [
            ("postgres://h/d", format!("postgres://h/d?{all}")),
            ("postgres://h", format!("postgres://h?{all}")),
            ("postgres://h/d?", format!("postgres://h/d?{all}")),
            ("postgres://h/d?sslmode=require", format!("postgres://h/d?sslmode=require&{all}")),
            ("postgres://u:connect_timeout=1?@h/d", format!("postgres://u:connect_timeout=1?@h/d?{all}")),
            (
                "postgresql://u@h/d?connect_timeout=9&a=tcp_user_timeout&tcp_user_timeout=0",
                "postgresql://u@h/d?connect_timeout=9&a=tcp_user_timeout&tcp_user_timeout=0&\
                 keepalives_idle=10&keepalives_interval=5&keepalives_count=3"
                    .to_owned(),
            ),
        ] {
            assert_eq!(with_network_limits(url), limited);
            assert_eq!(with_network_limits(&limited), limited, "each once");
        }
    }

    #[test]
    fn a_server_that_accepts_and_never_answers_is_unreachable_soon() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://steward@{}/steward", silent.local_addr().unwrap());
        let (done, outcome) = mpsc::channel();
        spawn(move || done.send(Target::parse(&url).unwrap().connect().map(drop)));
        let connected = outcome.recv_timeout(Duration::from_secs(15)).expect("it waits forever");
        assert!(matches!(connected, Err(StoreError::Unavailable(_))), "{connected:?}");
    }
}
