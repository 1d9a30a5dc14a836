//! Direct access to the program's database, without its checks of references.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

/// A connection of one test.
pub(crate) enum RawDatabase {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

impl RawDatabase {
    pub(crate) fn open(url: &str) -> Self {
        match url.strip_prefix("sqlite://") {
            Some(file) => {
                let mut conn = SqliteConnection::establish(file).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF").unwrap();
                Self::Sqlite(conn)
            }
            None => {
                let mut conn = PgConnection::establish(url).unwrap();
                conn.batch_execute("SET session_replication_role = replica").unwrap();
                Self::Postgres(conn)
            }
        }
    }

    pub(crate) fn run(&mut self, statement: &str) {
        match self {
            Self::Postgres(conn) => conn.batch_execute(statement),
            Self::Sqlite(conn) => conn.batch_execute(statement),
        }
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    pub(crate) fn count(&mut self, what: &str) -> i64 {
        let query = sql_query(format!("SELECT count(*) AS count FROM {what}"));
        match self {
            Self::Postgres(conn) => query.get_result::<Count>(conn),
            Self::Sqlite(conn) => query.get_result::<Count>(conn),
        }
        .unwrap()
        .count
    }

    /// The id with this number, computed by the database if it is a column.
    pub(crate) fn id(&self, number: &str) -> String {
        match self {
            Self::Postgres(_) => format!("lpad(to_hex(({number})::bigint), 32, '0')::uuid"),
            Self::Sqlite(_) => format!("unhex(printf('%032x', {number}))"),
        }
    }

    fn numbers(&self, last: i64) -> String {
        match self {
            Self::Postgres(_) => format!("generate_series(1::bigint, {last}) AS c (n)"),
            Self::Sqlite(_) => format!(
                "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)"
            ),
        }
    }

    /// Adds rows to a table: with the given values, which may use a number `n` from 1 on, and any valid value
    /// where one is required.
    pub(crate) fn add(&mut self, table: &str, given: &[(&str, String)], count: i64) {
        let required = match self {
            Self::Postgres(conn) => sql_query(format!(
                "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}' AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER'"
            ))
            .load::<Column>(conn),
            Self::Sqlite(conn) => sql_query(format!(
                "SELECT name, lower(type) AS kind FROM pragma_table_info('{table}') WHERE (\"notnull\" OR pk > 0) AND dflt_value IS NULL"
            ))
            .load::<Column>(conn),
        };
        let given: BTreeMap<&str, String> = given.iter().cloned().collect();
        let (mut names, mut values) = (Vec::new(), Vec::new());
        let required = required.unwrap();
        for Column { name, kind } in
            required.iter().filter(|column| !given.contains_key(column.name.as_str()))
        {
            names.push(name.as_str());
            let number = format!("n + (SELECT count(*) FROM {table})");
            values.push(match kind.as_str() {
                // A reference to nothing.
                "uuid" | "blob" => self.id(&format!("7000000000 + {number}")),
                "bytea" => "'x'::bytea".to_owned(),
                "timestamp with time zone" => "'2026-01-02T03:04:05Z'::timestamptz".to_owned(),
                "jsonb" => "'[]'::jsonb".to_owned(),
                "boolean" => "false".to_owned(),
                "text" if name.ends_with("_at") => "'2026-01-02T03:04:05.000000Z'".to_owned(),
                "text" => format!("'x' || ({number})"),
                _ => number,
            });
        }
        names.extend(given.keys());
        values.extend(given.values().cloned());
        let (names, values, numbers) = (names.join(", "), values.join(", "), self.numbers(count));
        self.run(&format!("INSERT INTO {table} ({names}) SELECT {values} FROM {numbers}"));
    }
}
