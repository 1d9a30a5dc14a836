//! Pages by the place where the last one ended, not by a count of rows: nothing is shown twice or left out when rows come and go.

/// Orders a query by a key and then by an id, and lets it begin after a position, which is a value of the key and an id.
///
/// `$key` and `$id` are closures that make the expression: it is needed several times. The order is the same as in
/// `ORDER BY key, id`, or with both descending.
macro_rules! keyset {
    ($query:expr, $key:expr, $id:expr, $is_descending:expr, $after:expr) => {{
        let (query, key, id) = ($query, $key, $id);
        let query = match $after {
            None => query,
            Some((value, last)) if $is_descending => {
                query.filter(key().le(value.clone())).filter(key().lt(value).or(id().lt(last)))
            }
            Some((value, last)) => {
                query.filter(key().ge(value.clone())).filter(key().gt(value).or(id().gt(last)))
            }
        };
        match $is_descending {
            true => query.order((key().desc(), id().desc())),
            false => query.order((key().asc(), id().asc())),
        }
    }};
}

pub(crate) use keyset;
