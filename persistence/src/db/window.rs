//! Lists without an index for their filters: a window of rows in order is scanned, and the list returns how
//! far it came.

use diesel::expression::Expression;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text};

use crate::db::connection::{AnyConnection, MultiBackend};
use crate::db::sql_types::{DbId, UuidColumn};

/// Rows that one request for a page scans, however few of them match its filters.
pub const MAX_SCANNED_ROWS: i64 = 5_000;

/// The result of a request for a page.
#[derive(Debug, Clone)]
pub struct Found<R, K> {
    /// The rows in their order, at most one more than the page holds.
    pub rows: Vec<R>,
    /// The last scanned place, if the list continues after it; the rows are before it, and all of them are
    /// here.
    pub scanned_until: Option<K>,
}

/// The result of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The number of rows found.
    pub count: i64,
    /// Whether these are all.
    pub is_exact: bool,
}

/// Those rows of `source`, which names their number, that match all of `conditions`.
///
/// As SQL, `SELECT columns FROM (source) AS table WHERE conditions LIMIT limit`. Neither database pushes a
/// condition into a limited subquery, so `source` chooses the index, and both stop as soon as the limit is
/// reached.
pub(crate) struct Window<S, Q, C> {
    pub(crate) columns: S,
    pub(crate) source: Q,
    /// The name of the table in columns and conditions.
    pub(crate) table: &'static str,
    pub(crate) conditions: Vec<C>,
    /// A sort order, for a source without one, and that of the source where a join may lose it ([`repeated`]).
    pub(crate) order: Option<Order>,
    pub(crate) limit: i64,
}

/// A column, the one that orders equal rows, and whether the greatest comes first.
pub(crate) type Order = (&'static str, &'static str, bool);

/// The order that the source of a window has, for the window itself.
///
/// A condition on other tables may make PostgreSQL join in another order. PostgreSQL knows the order of a source, and sorts again
/// only if a join loses it. SQLite reads a source in its order, and would sort all of it again.
pub(crate) fn repeated(
    conn: &AnyConnection,
    column: &'static str,
    id: &'static str,
    is_descending: bool,
) -> Option<Order> {
    matches!(conn, AnyConnection::Postgres(_)).then_some((column, id, is_descending))
}

/// Maximum number of ids in one statement.
pub(crate) const MAX_IDS_PER_STATEMENT: i64 = 1_000;

/// The rows of an organization that a window scans.
pub(crate) enum Source<Q> {
    /// Those of a query with a limit.
    Limited(Q),
    /// Those with these ids, as JSON. For a list, SQLite would scan the whole organization instead of looking
    /// up each one.
    Listed { table: &'static str, id: &'static str, org: DbId, ids: String },
}

impl<Q> Source<Q> {
    /// Those of a table with these ids in a column; PostgreSQL looks them up anyway.
    pub(crate) fn of_ids(
        conn: &AnyConnection,
        (table, id): (&'static str, &'static str),
        org: DbId,
        ids: &[DbId],
        on_postgres: impl FnOnce() -> Q,
    ) -> Self {
        match conn {
            AnyConnection::Sqlite(_) => {
                let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.0.simple())).collect();
                Self::Listed { table, id, org, ids: format!("[{}]", ids.join(",")) }
            }
            AnyConnection::Postgres(_) => Self::Limited(on_postgres()),
        }
    }
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Source<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match self {
            Self::Limited(query) => query.walk_ast(out),
            Self::Listed { table, id, org, ids } => {
                out.push_sql(&format!("SELECT {table}.* FROM json_each("));
                out.push_bind_param::<Text, _>(ids)?;
                out.push_sql(&format!(") AS wanted CROSS JOIN {table} ON {table}.org_id = "));
                out.push_bind_param::<UuidColumn, _>(org)?;
                out.push_sql(&format!(" AND {table}.{id} = unhex(wanted.value) LIMIT "));
                out.push_bind_param::<BigInt, _>(&MAX_IDS_PER_STATEMENT)
            }
        }
    }
}

impl<S, Q, C> QueryFragment<MultiBackend> for Window<S, Q, C>
where
    S: QueryFragment<MultiBackend>,
    Q: QueryFragment<MultiBackend>,
    C: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(" FROM (");
        self.source.walk_ast(out.reborrow())?;
        out.push_sql(") AS ");
        out.push_identifier(self.table)?;
        for (place, condition) in self.conditions.iter().enumerate() {
            out.push_sql(if place == 0 { " WHERE (" } else { " AND (" });
            condition.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        if let Some((column, id, is_descending)) = self.order {
            let direction = if is_descending { " DESC" } else { "" };
            for (joint, column) in [(" ORDER BY ", column), (", ", id)] {
                out.push_sql(joint);
                out.push_identifier(self.table)?;
                out.push_sql(".");
                out.push_identifier(column)?;
                out.push_sql(direction);
            }
        }
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)
    }
}

impl<S, Q, C> QueryId for Window<S, Q, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<S: Expression, Q, C> Query for Window<S, Q, C> {
    type SqlType = S::SqlType;
}

impl<S, Q, C> RunQueryDsl<AnyConnection> for Window<S, Q, C> {}
