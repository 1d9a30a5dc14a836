//! Pages that continue after the last row of the previous one, not after a number of rows: nothing is shown
//! twice or left out when rows are added or removed.

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType, ValidGrouping,
    is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, SqlType};

use crate::db::sql_types::{DbId, UuidColumn};

/// `(key, id) < (value, last)` or, in ascending lists, `>`.
///
/// Both databases begin at exactly this place of an index. With one condition per column, they would read all
/// rows with the same key.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct Behind<K, I, V, L> {
    key: K,
    id: I,
    value: V,
    last: L,
    is_descending: bool,
}

type Bound<T, ST> = <T as AsExpression<ST>>::Expression;

/// The rows after a place in the order of a key and an id.
pub(crate) fn behind<K, I, V>(
    (key, id): (K, I),
    (value, last): (V, DbId),
    is_descending: bool,
) -> Behind<K, I, Bound<V, K::SqlType>, Bound<DbId, UuidColumn>>
where
    K: Expression,
    K::SqlType: SqlType + TypedExpressionType,
    V: AsExpression<K::SqlType>,
{
    let last = <DbId as AsExpression<UuidColumn>>::as_expression(last);
    Behind { key, id, value: value.as_expression(), last, is_descending }
}

impl<K, I, V, L> Expression for Behind<K, I, V, L> {
    type SqlType = Bool;
}

impl<QS, K, I, V, L> AppearsOnTable<QS> for Behind<K, I, V, L>
where
    K: AppearsOnTable<QS>,
    I: AppearsOnTable<QS>,
{
}

impl<QS, K, I, V, L> SelectableExpression<QS> for Behind<K, I, V, L>
where
    K: SelectableExpression<QS>,
    I: SelectableExpression<QS>,
{
}

impl<K, I, V, L> ValidGrouping<()> for Behind<K, I, V, L> {
    type IsAggregate = is_aggregate::No;
}

impl<DB, K, I, V, L> QueryFragment<DB> for Behind<K, I, V, L>
where
    DB: Backend,
    K: QueryFragment<DB>,
    I: QueryFragment<DB>,
    V: QueryFragment<DB>,
    L: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(if self.is_descending { ") < (" } else { ") > (" });
        self.value.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.last.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// Sorts a query by a key and then by an id, and starts after a position, which is a value of the key and an
/// id.
///
/// `$key` and `$id` are closures that make the expression, which is needed several times. The order is the
/// same as in `ORDER BY key, id`, or with both descending.
macro_rules! keyset {
    ($query:expr, $key:expr, $id:expr, $is_descending:expr, $after:expr) => {{
        let (query, key, id) = ($query, $key, $id);
        let query = match $after {
            None => query,
            Some(place) => query.filter($crate::db::keyset::behind((key(), id()), place, $is_descending)),
        };
        match $is_descending {
            true => query.order((key().desc(), id().desc())),
            false => query.order((key().asc(), id().asc())),
        }
    }};
}

pub(crate) use keyset;
