//! Each partial index serves its statements: SQLite with stable plans and PostgreSQL's generic plans use one
//! only if no parameter is at the place of its predicate.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ::invitations::{Invitation, InvitationId, InvitationStatus, NewInvitation, Offer};
use ::orgs::OrgId;
use ::tickets::{StaffScope, TicketScope};
use ::users::{Account, AccountEventKind, EmailAddress, PersonName, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use databases::{Postgres, unique};
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

use crate::db::connection::{AnyConnection, Target};
use crate::{
    AccountEventFilter, DigestFor, InvitationFilter, InvitationSort, InvitationSortKey, Page, SortKey,
    StoreError, TicketFilter, TicketSort, Tx,
};

#[path = "../../tests/databases/mod.rs"]
mod databases;

const USER: UserId = UserId(Uuid::from_u128(1));
const ORG: OrgId = OrgId(Uuid::from_u128(2));
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

type Work = fn(&mut Tx<'_>) -> Result<(), StoreError>;

/// A partial index, and work of which each statement on its table that searches many rows has to use it.
const SERVED: [(&str, &str, Work); 48] = [
    ("invitations_open_in_org_key", "open_invitation of an organization", |tx| {
        tx.open_invitation(Some(ORG), &email(), NOW).map(drop)
    }),
    ("invitations_open_in_org_key", "add_invitation to an organization", |tx| {
        tx.add_invitation(
            &invitation(Offer::Membership { org: ORG, roles: [].into(), locations: [].into() }),
            "hash",
            NOW,
        )
    }),
    ("invitations_open_key", "open_invitation of the platform", |tx| {
        tx.open_invitation(None, &email(), NOW).map(drop)
    }),
    ("invitations_open_key", "add_invitation to the platform", |tx| {
        tx.add_invitation(&invitation(Offer::Platform(None)), "hash", NOW)
    }),
    ("invitations_by_claim", "invitations_claimed_by", |tx| tx.invitations_claimed_by(USER).map(drop)),
    ("invitations_to_remind", "invitations_to_remind", |tx| {
        tx.invitations_to_remind(NOW, NOW + TimeDelta::days(3), None, 50).map(drop)
    }),
    ("mails_due", "has_due_mail", |tx| tx.has_due_mail(NOW).map(drop)),
    ("mails_due", "take_mails", |tx| tx.take_mails(NOW, 4).map(drop)),
    ("mails_due", "digests_due", |tx| tx.digests_due(NOW, None, 50).map(drop)),
    ("mails_waiting", "take_for_digest", |tx| {
        tx.take_for_digest(&DigestFor { user: USER, org: None }, NOW, 50).map(drop)
    }),
    ("mails_waiting", "reschedule_queued_mails", |tx| tx.reschedule_queued_mails(&account(), NOW)),
    ("tickets_with_unread_replies", "summary_of", |tx| tx.tickets(ORG).summary_of(USER).map(drop)),
    ("unattached_files_due", "take_files_due", |tx| tx.take_files_due(NOW, 50).map(drop)),
    ("memberships_to_lift", "members_to_lift", |tx| tx.members_to_lift(NOW, None, 50).map(drop)),
    ("users_to_lift", "accounts_to_lift", |tx| tx.accounts_to_lift(NOW, None, 50).map(drop)),
    ("users_to_delete", "accounts_to_delete", |tx| tx.accounts_to_delete(NOW, None, 50).map(drop)),
    ("users_to_purge", "accounts_to_purge", |tx| tx.accounts_to_purge(None, 50).map(drop)),
    ("approvers_to_announce", "announced", |tx| {
        tx.add_announcement(None, false, NOW)?;
        let noted = tx.announcement("- new 0")?.ok_or(StoreError::Stale)?;
        tx.announced(&noted).map(drop)
    }),
    ("approvals_undecided", "undecided_approvals of an organization", |tx| {
        tx.undecided_approvals(Some(ORG), USER).map(drop)
    }),
    ("approvals_undecided", "undecided_approvals of the platform", |tx| {
        tx.undecided_approvals(None, USER).map(drop)
    }),
    ("approvals_to_settle", "approvals_to_settle", |tx| tx.approvals_to_settle(NOW, None, 50).map(drop)),
    ("approvals_to_remind", "approvals_to_remind", |tx| tx.approvals_to_remind(NOW, None, 50).map(drop)),
    ("tickets_by_assignee", "list_tickets of an assignee", |tx| {
        list_tickets(tx, of_assignee(), SortKey::CreatedAt)
    }),
    ("tickets_by_assignee_change", "list_tickets of an assignee", |tx| {
        list_tickets(tx, of_assignee(), SortKey::UpdatedAt)
    }),
    ("tickets_by_assignee_priority", "list_tickets of an assignee", |tx| {
        list_tickets(tx, of_assignee(), SortKey::Priority)
    }),
    ("tickets_unassigned", "list_tickets without an assignee", |tx| {
        list_tickets(tx, unassigned(), SortKey::CreatedAt)
    }),
    ("tickets_unassigned_by_change", "list_tickets without an assignee", |tx| {
        list_tickets(tx, unassigned(), SortKey::UpdatedAt)
    }),
    ("tickets_unassigned_by_priority", "list_tickets without an assignee", |tx| {
        list_tickets(tx, unassigned(), SortKey::Priority)
    }),
    ("account_events_of_org", "account_events of an organization", |tx| list_events(tx, &[])),
    ("account_events_of_org_by_kind", "account_events of a kind and an organization", |tx| {
        list_events(tx, &[AccountEventKind::DataRead])
    }),
    ("invitations_of_org", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::CreatedAt)
    }),
    ("invitations_by_sending", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::LastSentAt)
    }),
    ("invitations_by_end", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::ValidUntil)
    }),
    ("invitations_by_acceptance", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::AcceptedAt)
    }),
    ("invitations_by_address", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::Email)
    }),
    ("invitations_by_offer", "list_invitations to an organization", |tx| {
        list_invitations(tx, to(Some(ORG)), InvitationSortKey::Roles)
    }),
    ("invitations_by_decision", "list_invitations to an organization that were accepted", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Accepted), ..to(Some(ORG)) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
    ("invitations_undecided", "list_invitations to an organization that are over", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Expired), ..to(Some(ORG)) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
    ("invitations_undecided_by_end", "list_invitations to an organization that wait", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Pending), ..to(Some(ORG)) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
    ("invitations_of_platform", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::CreatedAt)
    }),
    ("invitations_of_platform_by_sending", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::LastSentAt)
    }),
    ("invitations_of_platform_by_end", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::ValidUntil)
    }),
    ("invitations_of_platform_by_acceptance", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::AcceptedAt)
    }),
    ("invitations_of_platform_by_address", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::Email)
    }),
    ("invitations_of_platform_by_offer", "list_invitations to the platform", |tx| {
        list_invitations(tx, to(None), InvitationSortKey::Roles)
    }),
    ("invitations_of_platform_by_decision", "list_invitations to the platform that were accepted", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Accepted), ..to(None) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
    ("invitations_of_platform_undecided", "list_invitations to the platform that are over", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Expired), ..to(None) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
    ("invitations_of_platform_undecided_by_end", "list_invitations to the platform that wait", |tx| {
        let filter = InvitationFilter { status: Some(InvitationStatus::Pending), ..to(None) };
        list_invitations(tx, filter, InvitationSortKey::CreatedAt)
    }),
];

/// Partial indexes that serve statements of filters, or the database's own search for rows that refer to an
/// account (`tests/growth.rs` measures both), or that contain one row per person.
const ELSEWHERE: [&str; 15] = [
    "account_events_by_actor",
    "approvals_by_decider",
    "events_by_actor",
    "invitations_of_batch",
    "invitations_of_platform_by_inviter",
    "mails_by_secret",
    "membership_requests_by_appeal_decider",
    "membership_requests_by_decider",
    "membership_requests_open_key",
    "permission_requests_by_decider",
    "permission_requests_undecided",
    "tickets_by_approval",
    "tickets_by_approval_change",
    "tickets_by_approval_priority",
    "tickets_by_approver",
];

fn of_assignee() -> TicketFilter {
    TicketFilter { assignee: Some(USER), ..TicketFilter::default() }
}

fn unassigned() -> TicketFilter {
    TicketFilter { has_assignee: Some(false), ..TicketFilter::default() }
}

/// As somebody lists them who sees all.
fn list_tickets(tx: &mut Tx<'_>, filter: TicketFilter, key: SortKey) -> Result<(), StoreError> {
    let (as_staff, as_representative) = (StaffScope::All, StaffScope::None);
    let scope = TicketScope { as_staff, as_representative, as_requester: None };
    let sort = TicketSort { key, is_descending: true };
    tx.list_tickets(ORG, &scope, &filter, sort, Page { after: None, limit: 25 }).map(drop)
}

/// As staff of an organization list them.
fn list_events(tx: &mut Tx<'_>, kinds: &'static [AccountEventKind]) -> Result<(), StoreError> {
    let filter = AccountEventFilter { kinds, org: Some(ORG), ..AccountEventFilter::default() };
    tx.account_events(USER, &filter, Page { after: None, limit: 25 }).map(drop)
}

fn to(org: Option<OrgId>) -> InvitationFilter {
    InvitationFilter { org, ..InvitationFilter::default() }
}

fn list_invitations(
    tx: &mut Tx<'_>,
    filter: InvitationFilter,
    key: InvitationSortKey,
) -> Result<(), StoreError> {
    let sort = InvitationSort { key, is_descending: true };
    tx.list_invitations(&filter, sort, NOW, Page { after: None, limit: 25 }).map(drop)
}

fn email() -> EmailAddress {
    EmailAddress::parse("ann@example.org").unwrap()
}

fn account() -> Account {
    Account::pending(USER, email(), PersonName::parse("Ann").unwrap(), NOW)
}

fn invitation(offer: Offer) -> Invitation {
    let new = NewInvitation {
        email: email(),
        offer,
        locale: "en".to_owned(),
        valid_from: None,
        valid_until: None,
        greeting: None,
        purpose: None,
        extra: BTreeMap::new(),
    };
    Invitation::new(InvitationId(Uuid::from_u128(3)), new, USER, None, NOW).unwrap()
}

/// Statements that search rows and name the table first, as they are sent.
fn statements(conn: &mut AnyConnection, work: Work) -> Vec<String> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&sent);
    conn.batch_execute("BEGIN").unwrap();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let shown = query.to_string();
            into.lock().unwrap().push(shown.split(" -- binds").next().unwrap_or_default().to_owned());
        }
    });
    // Errors of the database do not matter: some statements refer to missing rows.
    let _ = work(&mut Tx::new(conn, true));
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| ());
    conn.batch_execute("ROLLBACK").unwrap();
    let sent = sent.lock().unwrap();
    sent.iter().filter(|text| text.contains(" WHERE ")).cloned().collect()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the database would find the rows, for any parameters.
fn plan(conn: &mut AnyConnection, statement: &str) -> String {
    match conn {
        AnyConnection::Sqlite(conn) => {
            let explained: Vec<Detail> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn).unwrap();
            explained.into_iter().map(|row| row.detail).collect::<Vec<_>>().join("\n")
        }
        AnyConnection::Postgres(conn) => {
            let parameters = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
            let nulls = vec!["NULL"; parameters].join(", ");
            let given = if parameters == 0 { String::new() } else { format!("({nulls})") };
            conn.batch_execute(&format!("PREPARE explained AS {statement}")).unwrap();
            conn.batch_execute(&format!(
                "CREATE OR REPLACE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS \
                 $f$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN EXECUTE explained{given}'; END $f$"
            ))
            .unwrap();
            let lines: Vec<Line> =
                diesel::sql_query("SELECT plan AS line FROM pg_temp.plan() plan").load(conn).unwrap();
            conn.batch_execute("DEALLOCATE explained").unwrap();
            lines.into_iter().map(|row| row.line).collect::<Vec<_>>().join("\n")
        }
    }
}

/// On PostgreSQL, where every index of an empty table costs the same, leaves only this one and the
/// constraints.
fn drop_others(conn: &mut AnyConnection, index: &str) {
    let AnyConnection::Postgres(conn) = conn else { return };
    conn.batch_execute(&format!(
        "DO $f$ DECLARE other record; BEGIN FOR other IN SELECT i.indexrelid::regclass AS name FROM pg_index i \
         WHERE i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = '{index}'::regclass) \
         AND i.indexrelid <> '{index}'::regclass \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) \
         LOOP EXECUTE 'DROP INDEX ' || other.name; END LOOP; END $f$"
    ))
    .unwrap();
}

fn partial_indexes(conn: &mut AnyConnection) -> Vec<String> {
    let all = match conn {
        AnyConnection::Sqlite(_) => {
            "SELECT name AS line FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %' ORDER BY name"
        }
        AnyConnection::Postgres(_) => {
            "SELECT indexname::text AS line FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %' ORDER BY 1"
        }
    };
    let lines: Vec<Line> = diesel::sql_query(all).load(conn).unwrap();
    lines.into_iter().map(|row| row.line).collect()
}

fn every_partial_index_serves(url: &str) {
    let mut conn = Target::parse(url).unwrap().connect().unwrap();
    crate::db::migrate::migrate(&mut conn).unwrap();
    if let AnyConnection::Postgres(conn) = &mut conn {
        // Empty tables would be read whole; the question is which index can serve at all.
        conn.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off").unwrap();
    }
    let known = |name: &String| SERVED.iter().map(|(index, ..)| *index).chain(ELSEWHERE).any(|n| n == name);
    let unknown: Vec<String> = partial_indexes(&mut conn).into_iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "no statement is named that these serve: {unknown:?}");
    let mut failed = Vec::new();
    for (index, name, work) in SERVED {
        let sent = statements(&mut conn, work);
        conn.batch_execute("BEGIN").unwrap();
        drop_others(&mut conn, index);
        let plans: Vec<String> = sent.iter().map(|statement| plan(&mut conn, statement)).collect();
        conn.batch_execute("ROLLBACK").unwrap();
        if !plans.iter().any(|plan| plan.contains(index)) {
            failed.push(format!("{name} does not use {index}:\n{}\n{}", sent.join("\n"), plans.join("\n")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn every_partial_index_serves_on_sqlite() {
    let folder = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    every_partial_index_serves(&format!("sqlite://{}", folder.join("steward.db").display()));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_partial_index_serves_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    every_partial_index_serves(&database.url());
}
