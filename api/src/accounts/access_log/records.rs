use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use application::accounts::managed_account::{ManagedAccount, read_as_manager};
use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use persistence::{AccountEventFilter, LoggedAccountEvent, MailLogEntry};
use serde::Serialize;
use users::{AccountEventKind, HistoryPart, PrivateField, UserId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::paging::{List, Total};

use super::reading::{RecordQuery, record_reading};

/// The part of an account's history to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    /// What became of the account, without log-ins and accesses.
    Activity,
    /// Log-ins, including failed ones, and locks (S000-10).
    LogIns,
    /// Accesses to the person's data (S001-45).
    Accesses,
    /// Acts of others for the person (S001-54).
    Support,
}

static LOG_INS: LazyLock<Vec<AccountEventKind>> = LazyLock::new(|| kinds_of(HistoryPart::LogIns));
static ACCESSES: LazyLock<Vec<AccountEventKind>> = LazyLock::new(|| kinds_of(HistoryPart::Accesses));

fn kinds_of(part: HistoryPart) -> Vec<AccountEventKind> {
    AccountEventKind::ALL.into_iter().filter(|kind| kind.is_shown_in(part)).collect()
}

impl Record {
    fn as_str(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::LogIns => "log_ins",
            Self::Accesses => "accesses",
            Self::Support => "support_history",
        }
    }

    fn filter(self) -> AccountEventFilter {
        let everything = AccountEventFilter { is_by_others: self == Self::Support, ..Default::default() };
        match self {
            Self::Activity => AccountEventFilter { part: Some(HistoryPart::Activity), ..everything },
            Self::Support => AccountEventFilter { part: Some(HistoryPart::Support), ..everything },
            // Few kinds among many: an index has the events of each.
            Self::LogIns => AccountEventFilter { kinds: &LOG_INS, ..everything },
            Self::Accesses => AccountEventFilter { kinds: &ACCESSES, ..everything },
        }
    }
}

/// An event of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountEvent, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a21", "kind": "account_unlocked", "occurred_at": "2026-11-22T14:05:00.000000Z",
    "actor_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e", "actor_name": "Mona Manager", "org_id": null, "reason": "Forgot the password.", "address": null,
    "user_agent": null, "changes": []
}))]
pub(crate) struct AccountEventBody {
    id: Uuid,
    /// What, such as `session_created`, `log_in_failed`, `account_suspended`, `log_in_diagnosed`,
    /// `data_read`, `viewed_as`.
    kind: String,
    #[schema(value_type = DateTime<Utc>)]
    occurred_at: String,
    /// The user who did it. Null: nobody who was logged in.
    actor_id: Option<Uuid>,
    /// Their current name.
    actor_name: Option<String>,
    /// The organization in whose name it was done; null: the platform's, or the person's own act.
    org_id: Option<Uuid>,
    /// Why: the words of who did it, or the cause of a failed log-in.
    reason: Option<String>,
    /// The network address of the client; null for acts of staff.
    address: Option<String>,
    /// The `User-Agent` header of the client; null for acts of staff.
    user_agent: Option<String>,
    changes: Vec<AccountChange>,
}

/// A value that changed. Both are null when the person keeps it private.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountChange {
    field: String,
    from: Option<String>,
    to: Option<String>,
}

impl AccountEventBody {
    /// Hides the address and client of staff: where staff work from is private.
    fn of(
        event: LoggedAccountEvent,
        subject: UserId,
        hidden: &BTreeSet<PrivateField>,
        names: &BTreeMap<UserId, String>,
    ) -> Self {
        let is_by_staff = event.actor.is_some_and(|actor| actor != subject);
        let text = |change: &serde_json::Value, name: &str| change.get(name)?.as_str().map(str::to_owned);
        let changes = event.changes.as_array().into_iter().flatten();
        Self {
            id: event.id,
            kind: event.kind,
            occurred_at: instant(event.at),
            actor_id: event.actor.map(|id| id.0),
            actor_name: event.actor.and_then(|id| names.get(&id).cloned()),
            org_id: event.org.map(|id| id.0),
            reason: event.reason,
            address: event.address.filter(|_| !is_by_staff),
            user_agent: event.user_agent.filter(|_| !is_by_staff),
            changes: changes
                .filter_map(|change| {
                    let field = text(change, "field")?;
                    let is_hidden = private_field(&field).is_some_and(|f| hidden.contains(&f));
                    let shown = |name| text(change, name).filter(|_| !is_hidden);
                    Some(AccountChange { from: shown("from"), to: shown("to"), field })
                })
                .collect(),
        }
    }
}

/// The private field that hides a change. Times of day reveal as much as the time zone.
fn private_field(changed: &str) -> Option<PrivateField> {
    match changed {
        "quiet_hours" | "digest_time" => Some(PrivateField::TimeZone),
        field => PrivateField::parse(field),
    }
}

/// A page of events of an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountEventPage {
    data: Vec<AccountEventBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

impl AccountEventPage {
    fn of(data: Vec<AccountEventBody>, next_cursor: Option<String>) -> Self {
        Self { data, next_cursor, total: None }
    }
}

/// A page of what staff did for a person, and the counts of their own requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct SupportHistoryPage {
    data: Vec<AccountEventBody>,
    /// The person's requests by status, of the organizations and locations that the caller sees; in each organization, counted
    /// among their latest 10,000.
    requests: RequestCounts,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// The number of requests by status.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct RequestCounts {
    open: i64,
    in_progress: i64,
    resolved: i64,
    closed: i64,
}

/// A mail as its log shows it: neither text nor link.
#[derive(Serialize, ToSchema)]
#[schema(as = MailLogEntry, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a22", "kind": "reset_password", "email": "rbt@sunrise.example", "locale": "en", "status": "sent",
    "attempts": 1, "last_error": null, "created_at": "2026-11-22T14:05:00.000000Z", "sent_at": "2026-11-22T14:05:01.000000Z"
}))]
pub(crate) struct MailLogBody {
    id: Uuid,
    /// The kind of mail. `list_mail_templates` lists them.
    kind: String,
    /// Where it goes.
    email: String,
    /// The preferred language. Null when the person keeps it private.
    locale: Option<String>,
    /// `queued`, `sent`, `bounced`: refused for good by a mail server, `failed` after the last attempt, or `suppressed` because its
    /// cause was gone, a digest covered it, or it is optional and the person has muted it or has an address that keeps refusing
    /// mail.
    status: String,
    /// How often sending was tried.
    attempts: i32,
    /// What the mail server said last, when it did not take it, or why the mail waits or was suppressed.
    last_error: Option<String>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = Option<DateTime<Utc>>)]
    sent_at: Option<String>,
}

impl MailLogBody {
    fn of(entry: MailLogEntry, shows_locale: bool) -> Self {
        Self {
            id: entry.id.0,
            kind: entry.kind.as_str().to_owned(),
            email: entry.email.as_str().to_owned(),
            locale: Some(entry.locale).filter(|_| shows_locale),
            status: entry.delivery.status.as_str().to_owned(),
            attempts: entry.delivery.attempts,
            last_error: entry.delivery.last_error,
            created_at: instant(entry.created_at),
            sent_at: entry.delivery.sent_at.map(instant),
        }
    }
}

/// A page of mails.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailLogPage {
    data: Vec<MailLogBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// The position at the end of a page: an instant and an id.
fn position(at: &str) -> Option<(chrono::DateTime<chrono::Utc>, Uuid)> {
    let (at, id) = at.split_once('|')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn list_events<W, B: Serialize>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    managed: &ManagedAccount,
    record: Record,
    body: impl FnOnce(Vec<AccountEventBody>, Option<String>) -> B,
) -> Result<Answer, Problem> {
    let page = list.page_of(position)?;
    let or_of_none = managed.authority.sees_all();
    let is_claimed = managed.authority.is_own_account();
    let filter = AccountEventFilter { org: managed.limited_to(), or_of_none, is_claimed, ..record.filter() };
    let found = read_as_manager(ctx, managed, |tx| tx.account_events(managed.account.id, &filter, page))?;
    let written = |(at, id): (chrono::DateTime<chrono::Utc>, Uuid)| format!("{}|{id}", instant(at));
    let at = |event: &LoggedAccountEvent| written((event.at, event.id));
    let scanned_until = found.scanned_until.map(written);
    let rows = found.rows;
    let hidden = hidden_from_staff(ctx, managed)?;
    let names = ctx.tx.names_of(&rows.iter().filter_map(|event| event.actor).collect())?;
    list.page_until(&page, rows, scanned_until, at, |rows, next_cursor| {
        let subject = managed.account.id;
        let data = rows.into_iter().map(|event| AccountEventBody::of(event, subject, &hidden, &names));
        Ok(body(data.collect(), next_cursor))
    })
}

/// The fields that the person keeps private from this caller. None in the caller's own data (S001-26).
fn hidden_from_staff<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<BTreeSet<PrivateField>, Problem> {
    if ctx.origin.user == Some(managed.account.id) {
        return Ok(BTreeSet::new());
    }
    Ok(ctx.tx.profile(managed.account.id)?.private)
}

/// A page of the account's history.
pub(crate) fn list_records<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    managed: &ManagedAccount,
    record: Record,
    query: &RecordQuery,
) -> Result<Answer, Problem> {
    record_reading(ctx, managed, record.as_str(), &query.purpose)?;
    list_events(ctx, list, managed, record, AccountEventPage::of)
}

/// A page of accesses to the caller's own data.
pub(crate) fn list_own_accesses<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    managed: &ManagedAccount,
) -> Result<Answer, Problem> {
    list_events(ctx, list, managed, Record::Accesses, AccountEventPage::of)
}

/// A page of the acts of others for the person, with the numbers of their requests by status.
pub(crate) fn list_support<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    managed: &ManagedAccount,
    query: &RecordQuery,
) -> Result<Answer, Problem> {
    record_reading(ctx, managed, Record::Support.as_str(), &query.purpose)?;
    let orgs = match managed.org {
        Some(org) => vec![org],
        None => ctx.tx.orgs_of(managed.account.id)?,
    };
    let mut requests = RequestCounts::default();
    for org in orgs {
        ctx.tx.enter(org)?;
        for (status, count) in ctx.tx.filed_requests(org, managed.account.id, &managed.reach)?.counts {
            match status {
                tickets::Status::Open => requests.open += count,
                tickets::Status::InProgress => requests.in_progress += count,
                tickets::Status::Resolved => requests.resolved += count,
                tickets::Status::Closed => requests.closed += count,
            }
        }
    }
    list_events(ctx, list, managed, Record::Support, |data, next_cursor| SupportHistoryPage {
        data,
        requests,
        next_cursor,
        total: None,
    })
}

/// A page of the mails to the person (S000-7).
pub(crate) fn list_mails<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    managed: &ManagedAccount,
    query: &RecordQuery,
) -> Result<Answer, Problem> {
    managed.authority.may_view()?;
    record_reading(ctx, managed, "mails", &query.purpose)?;
    let page = list.page_of(|at| position(at).map(|(at, id)| (at, mail::MailId(id))))?;
    let rows = read_as_manager(ctx, managed, |tx| {
        tx.mails_to(managed.account.id, managed.limited_to(), managed.authority.sees_all(), page)
    })?;
    let at = |entry: &MailLogEntry| format!("{}|{}", instant(entry.created_at), entry.id.0);
    let shows_locale = !hidden_from_staff(ctx, managed)?.contains(&PrivateField::Locale);
    list.page(&page, rows, at, |rows, next_cursor| {
        let data = rows.into_iter().map(|entry| MailLogBody::of(entry, shows_locale)).collect();
        Ok(MailLogPage { data, next_cursor, total: None })
    })
}
