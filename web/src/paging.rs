//! Pages of lists: a limit, an opaque cursor, and the link to the next.

use application::problem::Problem;
use application::problem_codes::Code;
use persistence::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::Answer;
use crate::cursor::CursorSealer;

const DEFAULT_LIMIT: i64 = 25;

/// The paging of a list: parameters of every one, beside its filters.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items per page. Default: 25.
    #[param(minimum = 1, maximum = 100, nullable = false, required = false)]
    pub limit: Option<i32>,
    /// The `next_cursor` of the page before, with the same filters and sort.
    #[param(min_length = 1, max_length = 2000, nullable = false, required = false)]
    pub cursor: Option<String>,
}

/// The number of items, counted up to 10,000.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Total {
    /// The number, 10,000 at most.
    pub count: i64,
    /// False when there are more than were counted.
    pub is_exact: bool,
}

/// A list with all its filters, which is the scope of a cursor, and the page of it that is requested.
#[derive(Clone)]
pub struct List {
    key: String,
    path: String,
    /// Without the cursor.
    query: Vec<(String, String)>,
    limit: i64,
    cursor: Option<String>,
    sealer: CursorSealer,
}

impl List {
    pub(crate) fn new(path: &str, query: &str, sealer: CursorSealer) -> Self {
        let mut query: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value =
            |name: &str| query.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
        // A limit that is no number has been refused with the other parameters.
        let limit = value("limit").and_then(|limit| limit.parse().ok()).unwrap_or(DEFAULT_LIMIT);
        let cursor = value("cursor");
        query.retain(|(name, _)| name != "cursor");
        let mut filters: Vec<_> =
            query.iter().filter(|(name, _)| name != "limit" && name != "include_total").collect();
        filters.sort();
        Self { key: format!("{path}?{filters:?}"), path: path.to_owned(), query, limit, cursor, sealer }
    }

    fn next(&self, cursor: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.query)
            .append_pair("cursor", cursor)
            .finish();
        format!("{}?{query}", self.path)
    }
}

/// The rows of a page to return. One extra row was loaded to detect a next page.
pub fn shown<'a, R, K>(page: &Page<K>, rows: &'a [R]) -> &'a [R] {
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    rows.get(..limit).unwrap_or(rows)
}

impl List {
    /// The requested page. `read` parses the positions that [`List::page`] writes.
    pub fn page_of<K>(&self, read: impl FnOnce(&str) -> Option<K>) -> Result<Page<K>, Problem> {
        let limit = self.limit;
        let Some(cursor) = &self.cursor else { return Ok(Page { after: None, limit }) };
        let position = self.sealer.open(&self.key, cursor)?;
        let refused = || Problem::new(Code::InvalidCursor, "The cursor was not made for this list.");
        Ok(Page { after: Some(read(&position).ok_or_else(refused)?), limit })
    }

    /// One page of rows. `rows` contains one extra row if there is a next page; `at` returns a row's position.
    pub fn page<R, K, B: Serialize>(
        &self,
        page: &Page<K>,
        rows: Vec<R>,
        at: impl Fn(&R) -> String,
        body: impl FnOnce(Vec<R>, Option<String>) -> Result<B, Problem>,
    ) -> Result<Answer, Problem> {
        self.page_until(page, rows, None, at, body)
    }

    /// As [`List::page`], for a list that scans a bounded number of rows. A page with fewer rows than requested
    /// continues after the position where the scan stopped.
    pub fn page_until<R, K, B: Serialize>(
        &self,
        page: &Page<K>,
        mut rows: Vec<R>,
        scanned_until: Option<String>,
        at: impl Fn(&R) -> String,
        body: impl FnOnce(Vec<R>, Option<String>) -> Result<B, Problem>,
    ) -> Result<Answer, Problem> {
        let limit = shown(page, &rows).len();
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let end = match has_more {
            true => rows.last().map(at),
            false => scanned_until,
        };
        let next_cursor = end.map(|end| self.sealer.seal(&self.key, &end));
        let next = next_cursor.as_deref().map(|cursor| self.next(cursor));
        Ok(Answer::ok(&body(rows, next_cursor)?)?.with_next(next))
    }
}
