//! A database's description of its own tables, in the same words for SQLite and PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Bool, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

/// A table: its columns and its constraints.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) columns: BTreeMap<String, Column>,
    /// Columns in order, separated by commas.
    pub(crate) primary_key: String,
    pub(crate) unique: BTreeSet<String>,
    pub(crate) foreign: BTreeSet<ForeignKey>,
    /// Names of the indexes that belong to no constraint, with their columns.
    pub(crate) indexes: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) kind: String,
    pub(crate) is_required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    pub(crate) columns: String,
    pub(crate) target: String,
    pub(crate) target_columns: String,
    pub(crate) cascades: bool,
}

pub(crate) type Schema = BTreeMap<String, Table>;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
}

/// A key or an index; `kind` is `p`, `u`, `f` or `i`.
#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    key_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    target: String,
    #[diesel(sql_type = Text)]
    target_columns: String,
    #[diesel(sql_type = Bool)]
    cascades: bool,
}

const POSTGRES_COLUMNS: &str = "
    SELECT table_name::text, column_name::text, data_type::text AS kind, is_nullable = 'NO' AS is_required
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'";

const POSTGRES_KEYS: &str = "
    SELECT c.conrelid::regclass::text AS table_name, c.conname::text AS key_name, c.contype::text AS kind,
        (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY k (n, place)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n) AS columns,
        CASE WHEN c.contype = 'f' THEN c.confrelid::regclass::text ELSE '' END AS target,
        coalesce((SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY k (n, place)
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n), '') AS target_columns,
        c.confdeltype = 'c' AS cascades
    FROM pg_constraint c
    WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f') AND c.conrelid::regclass::text NOT LIKE '\\_\\_diesel%'
    UNION ALL
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, 'i',
        (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid), '', '', false
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)";

const SQLITE_TABLES: &str = "m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'";

fn sqlite_columns() -> String {
    format!(
        "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS kind, (c.\"notnull\" OR c.pk > 0) AS is_required
         FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c WHERE c.hidden <> 1 AND {SQLITE_TABLES}"
    )
}

fn sqlite_keys() -> String {
    format!(
        "SELECT m.name AS table_name, '' AS key_name, 'p' AS kind,
            (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) AS columns,
            '' AS target, '' AS target_columns, 0 AS cascades
         FROM sqlite_schema m WHERE {SQLITE_TABLES} AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE pk > 0)
         UNION ALL
         SELECT m.name, i.name, CASE i.origin WHEN 'c' THEN 'i' ELSE 'u' END,
            (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)), '', '', 0
         FROM sqlite_schema m JOIN pragma_index_list(m.name) i WHERE {SQLITE_TABLES} AND i.origin <> 'pk'
         UNION ALL
         SELECT m.name, '', 'f',
            (SELECT group_concat(\"from\", ',') FROM (SELECT \"from\" FROM pragma_foreign_key_list(m.name) x WHERE x.id = f.id ORDER BY seq)),
            f.\"table\",
            (SELECT group_concat(\"to\", ',') FROM (SELECT \"to\" FROM pragma_foreign_key_list(m.name) x WHERE x.id = f.id ORDER BY seq)),
            f.on_delete = 'CASCADE'
         FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE {SQLITE_TABLES} AND f.seq = 0"
    )
}

/// The tables of a PostgreSQL database, with the names of SQLite's corresponding column types.
pub(crate) fn of_postgres(conn: &mut PgConnection) -> Schema {
    let mut columns: Vec<ColumnRow> = sql_query(POSTGRES_COLUMNS).load(conn).unwrap();
    for column in &mut columns {
        column.kind = match column.kind.as_str() {
            "uuid" | "bytea" => "blob",
            "text" | "timestamp with time zone" | "jsonb" => "text",
            "boolean" | "smallint" | "integer" | "bigint" => "integer",
            other => other,
        }
        .to_owned();
    }
    assemble(columns, sql_query(POSTGRES_KEYS).load(conn).unwrap())
}

/// The tables of an SQLite database.
pub(crate) fn of_sqlite(conn: &mut SqliteConnection) -> Schema {
    let (columns, keys) = (sqlite_columns(), sqlite_keys());
    assemble(sql_query(columns).load(conn).unwrap(), sql_query(keys).load(conn).unwrap())
}

fn assemble(columns: Vec<ColumnRow>, keys: Vec<KeyRow>) -> Schema {
    let mut schema = Schema::new();
    for row in columns {
        let column = Column { kind: row.kind, is_required: row.is_required };
        schema.entry(row.table_name).or_default().columns.insert(row.column_name, column);
    }
    for row in keys {
        let table = schema.entry(row.table_name).or_default();
        match row.kind.as_str() {
            "p" => table.primary_key = row.columns,
            "u" => drop(table.unique.insert(row.columns)),
            "f" => {
                let KeyRow { columns, target, target_columns, cascades, .. } = row;
                table.foreign.insert(ForeignKey { columns, target, target_columns, cascades });
            }
            _ => drop(table.indexes.insert(row.key_name, row.columns)),
        }
    }
    schema
}
