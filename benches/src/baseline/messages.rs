//! The thread of a ticket, and a new message in it.

use actix_web::{HttpResponse, get, post, web};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::clock::Clock;
use crate::rows::{Attachment, Message, Page, id_text};
use crate::sql::Sql;
use crate::store::{self, Store};
use crate::tickets::{Entry, record};
use crate::words::words;

const MESSAGE: &str = "m.id, m.ticket_id, m.author_id, CASE m.visibility WHEN 'staff' THEN 'internal' ELSE m.visibility END AS visibility, \
    m.body, m.created_at";
const LIMIT: usize = 25;

/// A message as it is returned.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    message: Message,
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
struct New {
    body: String,
}

#[derive(QueryableByName)]
struct Author {
    #[diesel(sql_type = Binary)]
    user_id: Vec<u8>,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Text)]
    public_words: String,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[get("/api/v1/orgs/{org}/tickets/{ticket}/messages")]
pub(crate) async fn thread(
    store: web::Data<Store>,
    path: web::Path<(Uuid, Uuid)>,
) -> actix_web::Result<HttpResponse> {
    let (org, ticket) = path.into_inner();
    Ok(HttpResponse::Ok().json(store::read(store, move |conn| page(conn, org, ticket)).await?))
}

#[post("/api/v1/orgs/{org}/tickets/{ticket}/messages")]
pub(crate) async fn post(
    store: web::Data<Store>,
    path: web::Path<(Uuid, Uuid)>,
    new: web::Json<New>,
) -> actix_web::Result<HttpResponse> {
    let (org, ticket) = path.into_inner();
    let shown = store::write(store, move |conn, clock| add(conn, clock, org, ticket, &new.body)).await?;
    Ok(HttpResponse::Created().json(shown))
}

fn page(conn: &mut SqliteConnection, org: Uuid, ticket: Uuid) -> QueryResult<Page<Shown>> {
    let rows: Vec<Message> = Sql::new(format!(
        "SELECT {MESSAGE} FROM messages m WHERE m.org_id = ? AND m.ticket_id = ? ORDER BY m.created_at, m.id LIMIT ?"
    ))
    .id(org)
    .id(ticket)
    .number(i64::try_from(LIMIT + 1).unwrap_or(26))
    .load(conn)?;
    let mut files: Vec<Attachment> = Sql::new(
        "SELECT id, filename, content_type, size_bytes, sha256, ticket_id, message_id, created_at FROM attachments \
         WHERE org_id = ? AND ticket_id = ? AND message_id IS NOT NULL ORDER BY id",
    )
    .id(org)
    .id(ticket)
    .load(conn)?;
    let with_files = |message: Message| {
        let attachments =
            files.extract_if(.., |file| file.message_id.as_ref() == Some(&message.id)).collect();
        Shown { attachments, message }
    };
    let shown = rows.into_iter().map(with_files).collect();
    Ok(Page::of(shown, LIMIT, |shown: &Shown| {
        format!("{}|{}", shown.message.created_at, id_text(&shown.message.id))
    }))
}

/// Message, ticket, event and search words: the rows that Steward writes.
fn add(
    conn: &mut SqliteConnection,
    clock: &Clock,
    org: Uuid,
    ticket: Uuid,
    body: &str,
) -> QueryResult<Shown> {
    let (id, now) = (clock.new_id(), clock.now());
    let author: Author =
        Sql::new("SELECT user_id FROM memberships WHERE org_id = ? ORDER BY created_at, user_id LIMIT 1")
            .id(org)
            .get_result(conn)?;
    let by = Uuid::from_slice(&author.user_id).unwrap_or_default();
    Sql::new(
        "INSERT INTO messages (org_id, id, ticket_id, author_id, visibility, body, created_at) VALUES (?, ?, ?, ?, 'public', ?, ?)",
    )
    .id(org)
    .id(id)
    .id(ticket)
    .id(by)
    .text(body)
    .text(&now)
    .execute(conn)?;
    Sql::new(
        "UPDATE tickets SET updated_at = ?, version = version + 1, unread_reply_count = unread_reply_count + 1 WHERE org_id = ? AND id = ?",
    )
    .text(&now)
    .id(org)
    .id(ticket)
    .execute(conn)?;
    learn(conn, org, ticket, body)?;
    let taken: Taken = Sql::new(
        "UPDATE org_counters SET last_event_seq = last_event_seq + 1 WHERE org_id = ? RETURNING last_event_seq AS seq",
    )
    .id(org)
    .get_result(conn)?;
    let changes = json!([{"field": "message_id", "from": null, "to": id}]);
    record(conn, clock, Entry { org, ticket, seq: taken.seq, kind: "message_posted", by, changes })?;
    let message = Sql::new(format!("SELECT {MESSAGE} FROM messages m WHERE m.org_id = ? AND m.id = ?"));
    Ok(Shown { message: message.id(org).id(id).get_result(conn)?, attachments: Vec::new() })
}

/// Adds the words of a message to those of its ticket.
fn learn(conn: &mut SqliteConnection, org: Uuid, ticket: Uuid, body: &str) -> QueryResult<()> {
    let known: Known = Sql::new("SELECT public_words FROM ticket_search WHERE org_id = ? AND ticket_id = ?")
        .id(org)
        .id(ticket)
        .get_result(conn)?;
    let mut all = known.public_words;
    for word in words(body) {
        if !all.contains(&format!(" {word} ")) {
            all.push_str(&word);
            all.push(' ');
        }
    }
    Sql::new("UPDATE ticket_search SET public_words = ? WHERE org_id = ? AND ticket_id = ?")
        .text(all)
        .id(org)
        .id(ticket)
        .execute(conn)
        .map(drop)
}
