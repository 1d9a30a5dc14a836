//! Hand-written SQL with cached prepared statements; `diesel::sql_query` would prepare each one again.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Text, Untyped};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

/// A statement with its values, one for each `?`.
pub(crate) struct Sql {
    text: String,
    values: Vec<Bind>,
}

enum Bind {
    Id(Vec<u8>),
    Text(String),
    Number(i64),
}

impl Sql {
    /// A statement without values as yet.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Adds to the statement.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The next value, an id.
    pub(crate) fn id(mut self, id: Uuid) -> Self {
        self.values.push(Bind::Id(id.as_bytes().to_vec()));
        self
    }

    /// The next value, a text.
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.values.push(Bind::Text(text.into()));
        self
    }

    /// The next value, a number.
    pub(crate) fn number(mut self, number: i64) -> Self {
        self.values.push(Bind::Number(number));
        self
    }
}

impl QueryFragment<Sqlite> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (place, part) in self.text.split('?').enumerate() {
            if place > 0 {
                match values.next() {
                    Some(Bind::Id(id)) => out.push_bind_param::<Binary, _>(id)?,
                    Some(Bind::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                    Some(Bind::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                    None => {
                        return Err(diesel::result::Error::QueryBuilderError("a value is missing".into()));
                    }
                }
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl QueryId for Sql {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql {
    type SqlType = Untyped;
}

impl RunQueryDsl<SqliteConnection> for Sql {}
