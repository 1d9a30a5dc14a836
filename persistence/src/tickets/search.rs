use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use ::orgs::{OrgId, Visibility};
use ::tickets::{Ticket, TicketId, search_words};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::db::connection::AnyConnection;
use crate::db::schema::{messages, ticket_search};
use crate::db::sql_types::{DbId, UuidColumn};
use crate::{Page, StoreError, Tx};

/// The words of a search; a ticket has to contain all of them.
#[derive(Debug, Clone)]
pub struct Words(BTreeSet<String>);

/// Up to this many hits are looked up and sorted; a word in more tickets is found soon by walking the sorted
/// list.
const FEW: usize = 1_000;

/// The index's result for the words, so that a search costs the same however many tickets contain them.
pub(crate) enum Hits {
    /// All tickets that contain them.
    Few(Vec<DbId>),
    /// So many that nearly every page of any list has some.
    Many,
}

/// A search in one organization: with notes or without, for these words.
type Search = (OrgId, bool, BTreeSet<String>);

/// Searches with more than a few hits. Indexed words are not removed, so they still have many hits, and the
/// index, which takes longer the more hits there are, need not be searched again. Forgetting one costs time,
/// never a hit.
static FREQUENT: Mutex<BTreeSet<Search>> = Mutex::new(BTreeSet::new());
const MAX_FREQUENT: usize = 4_096;

fn is_frequent(search: &Search) -> bool {
    FREQUENT.lock().unwrap_or_else(PoisonError::into_inner).contains(search)
}

fn remember_frequent(search: Search) {
    let mut known = FREQUENT.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MAX_FREQUENT {
        known.clear();
    }
    known.insert(search);
}

#[derive(QueryableByName)]
struct HitRow {
    #[diesel(sql_type = UuidColumn)]
    ticket_id: DbId,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = UuidColumn)]
    id: DbId,
}

impl Words {
    /// The words of a search text.
    pub fn of(text: &str) -> Self {
        Self(search_words(text))
    }

    /// Whether there are no words; such a search finds nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Patterns for `LIKE` on the words of a ticket: a number is matched whole, a word by its beginning.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|word| if is_number(word) { format!("% {word} %") } else { format!("% {word}%") })
    }

    fn fts5(&self, org: OrgId, with_notes: bool) -> String {
        let columns = if with_notes { "{public_words staff_words}" } else { "public_words" };
        let mut query = format!("org : \"{}\"", org.0.simple());
        for word in &self.0 {
            let star = if is_number(word) { "" } else { "*" };
            let _ = write!(query, " AND {columns} : \"{word}\" {star}");
        }
        query
    }

    fn tsquery(&self) -> String {
        self.0
            .iter()
            .map(|word| if is_number(word) { format!(" & '{word}'") } else { format!(" & '{word}':*") })
            .collect()
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// The tickets that contain the words in public texts, or with notes in all texts.
pub(crate) fn hits(
    conn: &mut AnyConnection,
    org: OrgId,
    words: &Words,
    with_notes: bool,
) -> Result<Hits, StoreError> {
    let search = (org, with_notes, words.0.clone());
    if is_frequent(&search) {
        return Ok(Hits::Many);
    }
    let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    let rows: Vec<HitRow> = match conn {
        AnyConnection::Sqlite(conn) => diesel::sql_query(
            "SELECT s.ticket_id FROM ticket_fts f JOIN ticket_search s ON s.doc_id = f.rowid WHERE ticket_fts MATCH ? AND s.org_id = ? LIMIT ?",
        )
        .bind::<Text, _>(words.fts5(org, with_notes))
        .bind::<UuidColumn, _>(DbId(org.0))
        .bind::<BigInt, _>(limit)
        .load(conn)?,
        AnyConnection::Postgres(conn) => diesel::sql_query("SELECT found_id AS ticket_id FROM steward_search_candidates($1, $2, $3)")
            .bind::<Text, _>(words.tsquery())
            .bind::<Bool, _>(with_notes)
            .bind::<BigInt, _>(limit)
            .load(conn)?,
    };
    if rows.len() > FEW {
        remember_frequent(search);
        return Ok(Hits::Many);
    }
    Ok(Hits::Few(rows.into_iter().map(|row| row.ticket_id).collect()))
}

impl Tx<'_> {
    /// Indexes a ticket again: subject, details, number, requester, messages, and separately the notes.
    pub fn index_ticket(&mut self, ticket: &Ticket) -> Result<(), StoreError> {
        let (name, email) = self.shown_as(ticket.org_id, ticket.requester_id)?;
        let bodies: Vec<(String, String)> = messages::table
            .filter(messages::org_id.eq(DbId(ticket.org_id.0)))
            .filter(messages::ticket_id.eq(DbId(ticket.id.0)))
            .select((messages::visibility, messages::body))
            .load(self.conn)?;
        let head = format!(
            "{} {} {} {name} {email}",
            ticket.number,
            ticket.subject.as_str(),
            ticket.details.as_str(),
        );
        let (public, staff): (Vec<_>, Vec<_>) =
            bodies.into_iter().partition(|(visibility, _)| visibility == Visibility::Public.as_str());
        let join = |texts: Vec<(String, String)>| {
            texts.into_iter().map(|(_, body)| body).collect::<Vec<_>>().join(" ")
        };
        let public_words = spaced(&search_words(&format!("{head} {}", join(public))));
        let staff_words = spaced(&search_words(&join(staff)));
        self.save_words(ticket, &public_words, &staff_words)
    }

    /// Indexes some tickets again whose requester's name or address has changed, or is shown for the first
    /// time; the oldest first. Returns their positions: to continue, pass the last.
    pub fn index_requests_of(
        &mut self,
        org: OrgId,
        requester: UserId,
        page: Page<(DateTime<Utc>, TicketId)>,
    ) -> Result<Vec<(DateTime<Utc>, TicketId)>, StoreError> {
        let tickets = self.tickets(org).some_of(requester, page)?;
        for ticket in &tickets {
            self.index_ticket(ticket)?;
        }
        Ok(tickets.into_iter().map(|ticket| (ticket.created_at, ticket.id)).collect())
    }

    /// The organizations in which a person may have filed requests, including those that they have left. On
    /// PostgreSQL, where row security shows the tickets of one organization at a time, this is all of them.
    pub fn orgs_with_requests_of(&mut self, requester: UserId) -> Result<Vec<OrgId>, StoreError> {
        let ids: Vec<IdRow> = match &mut *self.conn {
            AnyConnection::Sqlite(conn) => diesel::sql_query(
                "SELECT id FROM orgs WHERE EXISTS (SELECT 1 FROM tickets WHERE org_id = orgs.id AND requester_id = ?)",
            )
            .bind::<UuidColumn, _>(DbId(requester.0))
            .load(conn)?,
            AnyConnection::Postgres(conn) => diesel::sql_query("SELECT id FROM orgs").load(conn)?,
        };
        Ok(ids.into_iter().map(|row| OrgId(row.id.0)).collect())
    }

    /// Adds the words of one message to those of its ticket, without reading the thread again.
    pub fn index_message(
        &mut self,
        org: OrgId,
        ticket: TicketId,
        body: &str,
        is_note: bool,
    ) -> Result<(), StoreError> {
        let row = ticket_search::table
            .filter(ticket_search::org_id.eq(DbId(org.0)))
            .filter(ticket_search::ticket_id.eq(DbId(ticket.0)));
        let (mut public, mut staff): (String, String) =
            row.select((ticket_search::public_words, ticket_search::staff_words)).first(self.conn)?;
        let known = if is_note { &mut staff } else { &mut public };
        let before = known.len();
        for word in search_words(body) {
            if known.split(' ').count() < tickets::MAX_SEARCH_WORDS && !known.contains(&format!(" {word} ")) {
                known.push_str(&word);
                known.push(' ');
            }
        }
        if known.len() == before {
            return Ok(());
        }
        let words = (ticket_search::public_words.eq(public), ticket_search::staff_words.eq(staff));
        diesel::update(row).set(words).execute(self.conn)?;
        Ok(())
    }

    fn save_words(
        &mut self,
        ticket: &Ticket,
        public_words: &str,
        staff_words: &str,
    ) -> Result<(), StoreError> {
        let (org, id) = (DbId(ticket.org_id.0), DbId(ticket.id.0));
        let row = ticket_search::table
            .filter(ticket_search::org_id.eq(org))
            .filter(ticket_search::ticket_id.eq(id));
        let words =
            (ticket_search::public_words.eq(public_words), ticket_search::staff_words.eq(staff_words));
        if diesel::update(row).set(words).execute(self.conn)? == 0 {
            let row = (ticket_search::org_id.eq(org), ticket_search::ticket_id.eq(id), words.0, words.1);
            diesel::insert_into(ticket_search::table).values(row).execute(self.conn)?;
        }
        Ok(())
    }
}

/// Words with a space before and after each, as [`Words::patterns`] expects them.
fn spaced(words: &BTreeSet<String>) -> String {
    words.iter().fold(" ".to_owned(), |all, word| all + word + " ")
}
