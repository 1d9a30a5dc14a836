//! Tickets: a page of them, one, and a new one.

use actix_web::{HttpResponse, get, post, web};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::clock::Clock;
use crate::rows::{Attachment, Full, LISTED, Listed, Page, id_text};
use crate::sql::Sql;
use crate::store::{self, Store};
use crate::words::{query, spaced, words};

/// The query of the list.
#[derive(Deserialize)]
struct Wanted {
    status: Option<String>,
    q: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

/// A ticket as it is returned.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    ticket: Full,
    attachments: Vec<Attachment>,
    allowed_actions: [&'static str; 7],
}

#[derive(Deserialize)]
struct New {
    subject: String,
    details: String,
    urgency: String,
    location_id: Uuid,
}

#[derive(QueryableByName)]
struct Person {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[get("/api/v1/orgs/{org}/tickets")]
pub(crate) async fn list(
    store: web::Data<Store>,
    org: web::Path<Uuid>,
    wanted: web::Query<Wanted>,
) -> actix_web::Result<HttpResponse> {
    let page = store::read(store, move |conn| page(conn, org.into_inner(), &wanted)).await?;
    Ok(HttpResponse::Ok().json(page))
}

#[get("/api/v1/orgs/{org}/tickets/{ticket}")]
pub(crate) async fn get(
    store: web::Data<Store>,
    path: web::Path<(Uuid, Uuid)>,
) -> actix_web::Result<HttpResponse> {
    let (org, ticket) = path.into_inner();
    match store::read(store, move |conn| show(conn, org, ticket).optional()).await? {
        Some(shown) => Ok(HttpResponse::Ok().json(shown)),
        None => Ok(HttpResponse::NotFound().finish()),
    }
}

#[post("/api/v1/orgs/{org}/tickets")]
pub(crate) async fn create(
    store: web::Data<Store>,
    org: web::Path<Uuid>,
    new: web::Json<New>,
) -> actix_web::Result<HttpResponse> {
    let shown = store::write(store, move |conn, clock| add(conn, clock, org.into_inner(), &new)).await?;
    Ok(HttpResponse::Created().json(shown))
}

fn page(conn: &mut SqliteConnection, org: Uuid, wanted: &Wanted) -> QueryResult<Page<Listed>> {
    let limit = wanted.limit.unwrap_or(25).min(100);
    let mut sql = Sql::new(format!("SELECT {LISTED} FROM tickets t WHERE t.org_id = ?")).id(org);
    if let Some(statuses) = &wanted.status {
        let places = vec!["?"; statuses.split(',').count()].join(", ");
        sql.push(&format!(" AND t.status IN ({places})"));
        sql = statuses.split(',').fold(sql, Sql::text);
    }
    if let Some(text) = &wanted.q {
        sql.push(
            " AND t.id IN (SELECT s.ticket_id FROM ticket_fts f JOIN ticket_search s ON s.doc_id = f.rowid WHERE ticket_fts MATCH ?)",
        );
        sql = sql.text(query(text));
    }
    if let Some((at, id)) = wanted.cursor.as_deref().and_then(|cursor| cursor.split_once('|')) {
        sql.push(" AND (t.created_at, t.id) < (?, ?)");
        sql = sql.text(at).id(id.parse().unwrap_or_default());
    }
    sql.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT ?");
    let rows = sql.number(i64::try_from(limit + 1).unwrap_or(101)).load(conn)?;
    Ok(Page::of(rows, limit, |ticket: &Listed| format!("{}|{}", ticket.created_at, id_text(&ticket.id))))
}

fn show(conn: &mut SqliteConnection, org: Uuid, id: Uuid) -> QueryResult<Shown> {
    let ticket = Sql::new(format!(
        "SELECT {LISTED}, t.details, t.resolution_summary, t.close_reason FROM tickets t WHERE t.org_id = ? AND t.id = ?"
    ));
    let files = Sql::new(
        "SELECT id, filename, content_type, size_bytes, sha256, ticket_id, message_id, created_at FROM attachments \
         WHERE org_id = ? AND ticket_id = ? AND message_id IS NULL ORDER BY id",
    );
    Ok(Shown {
        ticket: ticket.id(org).id(id).get_result(conn)?,
        attachments: files.id(org).id(id).load(conn)?,
        allowed_actions: ["reply", "add_note", "triage", "assign", "start", "resolve", "force_close"],
    })
}

/// Ticket, event and search words: the rows that Steward writes.
fn add(conn: &mut SqliteConnection, clock: &Clock, org: Uuid, new: &New) -> QueryResult<Shown> {
    let (id, now) = (clock.new_id(), clock.now());
    let person: Person = Sql::new(
        "SELECT u.id, u.name, u.email FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = ? \
         ORDER BY m.created_at, m.user_id LIMIT 1",
    )
    .id(org)
    .get_result(conn)?;
    let requester = Uuid::from_slice(&person.id).unwrap_or_default();
    let taken: Taken = Sql::new(
        "UPDATE org_counters SET last_ticket_number = last_ticket_number + 1, last_event_seq = last_event_seq + 1 \
         WHERE org_id = ? RETURNING last_ticket_number AS number, last_event_seq AS seq",
    )
    .id(org)
    .get_result(conn)?;
    let rank = match new.urgency.as_str() {
        "critical" => 4,
        "high" => 3,
        "normal" => 2,
        _ => 1,
    };
    Sql::new(
        "INSERT INTO tickets (org_id, id, number, subject, details, urgency, priority, status, location_id, requester_id, \
         created_by, created_at, updated_at, version, unread_reply_count) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, 1, 0)",
    )
    .id(org)
    .id(id)
    .number(taken.number)
    .text(&new.subject)
    .text(&new.details)
    .number(rank)
    .number(rank)
    .id(new.location_id)
    .id(requester)
    .id(requester)
    .text(&now)
    .text(&now)
    .execute(conn)?;
    let text = format!("{} {} {} {} {}", taken.number, new.subject, new.details, person.name, person.email);
    Sql::new(
        "INSERT INTO ticket_search (org_id, ticket_id, public_words, staff_words) VALUES (?, ?, ?, ' ')",
    )
    .id(org)
    .id(id)
    .text(spaced(&words(&text)))
    .execute(conn)?;
    let changes = json!([
        {"field": "subject", "from": null, "to": new.subject}, {"field": "urgency", "from": null, "to": new.urgency},
        {"field": "location_id", "from": null, "to": new.location_id}, {"field": "requester_id", "from": null, "to": requester}
    ]);
    record(
        conn,
        clock,
        Entry { org, ticket: id, seq: taken.seq, kind: "ticket_created", by: requester, changes },
    )?;
    show(conn, org, id)
}

/// An event of a ticket.
pub(crate) struct Entry {
    pub(crate) org: Uuid,
    pub(crate) ticket: Uuid,
    pub(crate) seq: i64,
    pub(crate) kind: &'static str,
    pub(crate) by: Uuid,
    pub(crate) changes: serde_json::Value,
}

/// Writes an event.
pub(crate) fn record(conn: &mut SqliteConnection, clock: &Clock, entry: Entry) -> QueryResult<()> {
    Sql::new(
        "INSERT INTO events (org_id, id, seq, kind, subject_kind, subject_id, actor_id, visibility, occurred_at, request_id, changes) \
         VALUES (?, ?, ?, ?, 'ticket', ?, ?, 'public', ?, 'baseline', ?)",
    )
    .id(entry.org)
    .id(clock.new_id())
    .number(entry.seq)
    .text(entry.kind)
    .id(entry.ticket)
    .id(entry.by)
    .text(clock.now())
    .text(entry.changes.to_string())
    .execute(conn)
    .map(drop)
}
