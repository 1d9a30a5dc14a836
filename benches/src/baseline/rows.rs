//! Rows as they are read and, with the same members as Steward's, as they are returned.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use serde::{Serialize, Serializer};
use uuid::Uuid;

/// The columns of [`Listed`].
pub(crate) const LISTED: &str = "t.id, t.number, t.subject, t.urgency, t.priority, t.status, \
    CASE t.status WHEN 'open' THEN 'Open' WHEN 'in_progress' THEN 'In progress' WHEN 'resolved' THEN 'Resolved' ELSE 'Closed' END AS status_label, \
    t.waiting_on, t.location_id, t.category_id, t.requester_id, t.created_by AS created_by_id, t.assignee_id, \
    t.follow_up_of AS follow_up_of_id, t.created_at, t.updated_at, t.resolved_at, t.closed_at";

/// A ticket in a list.
#[derive(QueryableByName, Serialize)]
pub(crate) struct Listed {
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    pub(crate) id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Integer)]
    #[serde(serialize_with = "rank")]
    urgency: i32,
    #[diesel(sql_type = Integer)]
    #[serde(serialize_with = "rank")]
    priority: i32,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    status_label: String,
    #[diesel(sql_type = Nullable<Text>)]
    waiting_on: Option<String>,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    location_id: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    #[serde(serialize_with = "maybe_id")]
    category_id: Option<Vec<u8>>,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    requester_id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    created_by_id: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    #[serde(serialize_with = "maybe_id")]
    assignee_id: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    #[serde(serialize_with = "maybe_id")]
    follow_up_of_id: Option<Vec<u8>>,
    #[diesel(sql_type = Text)]
    pub(crate) created_at: String,
    #[diesel(sql_type = Text)]
    updated_at: String,
    #[diesel(sql_type = Nullable<Text>)]
    resolved_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    closed_at: Option<String>,
}

/// A ticket with its texts.
#[derive(QueryableByName, Serialize)]
pub(crate) struct Full {
    #[diesel(embed)]
    #[serde(flatten)]
    listed: Listed,
    #[diesel(sql_type = Text)]
    details: String,
    #[diesel(sql_type = Nullable<Text>)]
    resolution_summary: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    close_reason: Option<String>,
}

/// A message of a thread.
#[derive(QueryableByName, Serialize)]
pub(crate) struct Message {
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    pub(crate) id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    ticket_id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    author_id: Vec<u8>,
    #[diesel(sql_type = Text)]
    visibility: String,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Text)]
    pub(crate) created_at: String,
}

/// A file.
#[derive(QueryableByName, Serialize)]
pub(crate) struct Attachment {
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    id: Vec<u8>,
    #[diesel(sql_type = Text)]
    filename: String,
    #[diesel(sql_type = Text)]
    content_type: String,
    #[diesel(sql_type = BigInt)]
    size_bytes: i64,
    #[diesel(sql_type = Text)]
    sha256: String,
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "id")]
    ticket_id: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    #[serde(serialize_with = "maybe_id")]
    pub(crate) message_id: Option<Vec<u8>>,
    #[diesel(sql_type = Text)]
    created_at: String,
}

/// A page of anything.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) next_cursor: Option<String>,
    pub(crate) total: Option<i64>,
}

impl<T> Page<T> {
    /// A page of rows of which one more than `limit` was requested.
    pub(crate) fn of(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| has_more).map(cursor);
        Self { data: rows, next_cursor, total: None }
    }
}

/// An id in the text form of responses.
pub(crate) fn id_text(bytes: &[u8]) -> String {
    Uuid::from_slice(bytes).unwrap_or_default().to_string()
}

#[expect(clippy::ptr_arg, reason = "serde hands over the field as it is")]
fn id<S: Serializer>(bytes: &Vec<u8>, out: S) -> Result<S::Ok, S::Error> {
    Uuid::from_slice(bytes).unwrap_or_default().serialize(out)
}

#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn maybe_id<S: Serializer>(bytes: &Option<Vec<u8>>, out: S) -> Result<S::Ok, S::Error> {
    bytes.as_ref().map(|bytes| Uuid::from_slice(bytes).unwrap_or_default()).serialize(out)
}

fn rank<S: Serializer>(rank: &i32, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(match rank {
        4 => "critical",
        3 => "high",
        2 => "normal",
        _ => "low",
    })
}
