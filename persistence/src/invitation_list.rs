use ::invitations::{InvitationId, InvitationStatus};
use ::orgs::OrgId;
use ::users::{AccountStatus, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::{case_when, exists};
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::connection::MultiBackend;
use crate::invitations::{InvitationRow, InvitedBy, word_in};
use crate::keyset::keyset;
use crate::schema::{invitations as i, memberships, orgs, users};
use crate::sql_types::{DbId, DbTime, TimeColumn};
use crate::texts::coalesce;
use crate::{Page, StoreError, Tx};

/// From an instant on, and before another; either may be open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// Which invitations are wanted; everything given has to hold.
#[derive(Debug, Clone, Default)]
pub struct InvitationFilter {
    /// Of this organization; `None`: of the installation.
    pub org: Option<OrgId>,
    /// Part of the address.
    pub text: Option<String>,
    /// By this inviter.
    pub inviter: Option<UserId>,
    /// To this role.
    pub role: Option<String>,
    /// Made in this call.
    pub batch: Option<uuid::Uuid>,
    /// Where it stands at the instant of the list.
    pub status: Option<InvitationStatus>,
    /// Made then.
    pub created: Span,
    /// Accepted then.
    pub accepted: Span,
    /// Last mailed then.
    pub last_sent: Span,
    /// Over then.
    pub valid_until: Span,
}

/// What a list of invitations is sorted by; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationSortKey {
    /// When it was made.
    CreatedAt,
    /// When it was last mailed.
    LastSentAt,
    /// When it ends.
    ValidUntil,
    /// When it was accepted; those that were not come before all others.
    AcceptedAt,
    /// Who is invited.
    Email,
    /// What the inviter is called.
    InviterName,
    /// The roles offered.
    Roles,
    /// The word of its status.
    Status,
}

/// The order of a list of invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationSort {
    /// By what.
    pub key: InvitationSortKey,
    /// The greatest first.
    pub is_descending: bool,
}

/// Where a page of a list ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationPosition {
    /// Sorted by an instant.
    At(DateTime<Utc>, InvitationId),
    /// Sorted by a text.
    Text(String, InvitationId),
}

impl InvitedBy {
    /// Its place in a list of this order at this instant.
    pub fn position(&self, sort: InvitationSort, now: DateTime<Utc>) -> InvitationPosition {
        use InvitationSortKey as Key;
        let (it, id) = (&self.invitation, self.invitation.id);
        let at = |at: DateTime<Utc>| InvitationPosition::At(at, id);
        let text = |text: &str| InvitationPosition::Text(text.to_owned(), id);
        match sort.key {
            Key::CreatedAt => at(it.created_at),
            Key::LastSentAt => at(it.last_sent_at),
            Key::ValidUntil => at(it.valid_until),
            Key::AcceptedAt => at(it.accepted_at().unwrap_or(DateTime::UNIX_EPOCH)),
            Key::Email => text(it.email.as_str()),
            Key::InviterName => text(&self.inviter_name),
            Key::Roles => text(&self.offered),
            Key::Status => text(it.status(self.inviter_is_active, now).as_str()),
        }
    }
}

pub(crate) type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, i::table, MultiBackend>;
type Expr<T> = Box<dyn BoxableExpression<i::table, MultiBackend, SqlType = T>>;

impl Tx<'_> {
    /// A page of invitations, as they stand at an instant.
    pub fn list_invitations(
        &mut self,
        filter: &InvitationFilter,
        sort: InvitationSort,
        now: DateTime<Utc>,
        page: Page<InvitationPosition>,
    ) -> Result<Vec<InvitedBy>, StoreError> {
        let query = narrowed(in_scope(i::table.into_boxed(), filter.org), filter, now);
        let query = in_order(query, sort, now, page.after.as_ref()).limit(page.rows());
        let rows = query.select(InvitationRow::as_select()).load(self.conn)?;
        self.with_inviters_and_mails(rows)
    }

    /// All invitations of an organization or of the installation made since an instant, the latest first.
    pub fn invitations_since(
        &mut self,
        org: Option<OrgId>,
        since: DateTime<Utc>,
        at_most: i64,
    ) -> Result<Vec<InvitedBy>, StoreError> {
        let query = in_scope(i::table.into_boxed(), org)
            .filter(i::created_at.ge(DbTime(since)))
            .order((i::created_at.desc(), i::id.desc()))
            .limit(at_most);
        let rows = query.select(InvitationRow::as_select()).load(self.conn)?;
        self.with_inviters(rows)
    }
}

/// Those of an organization, or of the installation.
pub(crate) fn in_scope(query: Boxed<'_>, org: Option<OrgId>) -> Boxed<'_> {
    match org {
        Some(org) => query.filter(i::org_id.eq(DbId(org.0))),
        None => query.filter(i::org_id.is_null()),
    }
}

fn narrowed<'a>(mut query: Boxed<'a>, filter: &InvitationFilter, now: DateTime<Utc>) -> Boxed<'a> {
    if let Some(text) = &filter.text {
        query = query.filter(i::email.like(crate::texts::part_of(text)).escape('\\'));
    }
    if let Some(inviter) = filter.inviter {
        query = query.filter(i::inviter_id.eq(DbId(inviter.0)));
    }
    if let Some(role) = &filter.role {
        query = query.filter(i::offered.like(word_in(role)).escape('\\'));
    }
    if let Some(batch) = filter.batch {
        query = query.filter(i::batch_id.eq(DbId(batch)));
    }
    if let Some(status) = filter.status {
        query = query.filter(status_at(now).eq(status.as_str()));
    }
    if filter.accepted.from.or(filter.accepted.before).is_some() {
        query = query.filter(i::decision.eq("accepted"));
    }
    query = within(query, || Box::new(i::created_at), filter.created);
    query = within(query, accepted_at, filter.accepted);
    query = within(query, || Box::new(i::last_sent_at), filter.last_sent);
    within(query, || Box::new(i::valid_until), filter.valid_until)
}

fn within(mut query: Boxed<'_>, at: impl Fn() -> Expr<TimeColumn>, span: Span) -> Boxed<'_> {
    if let Some(from) = span.from {
        query = query.filter(at().ge(DbTime(from)));
    }
    if let Some(before) = span.before {
        query = query.filter(at().lt(DbTime(before)));
    }
    query
}

/// When it was accepted; the beginning of the epoch if it was not.
fn accepted_at() -> Expr<TimeColumn> {
    let accepted = i::decision.is_not_null().and(i::decision.assume_not_null().eq("accepted"));
    let never = DbTime(DateTime::UNIX_EPOCH).into_sql::<TimeColumn>();
    Box::new(case_when(accepted, i::decided_at.assume_not_null()).otherwise(never))
}

/// [`invitations::Invitation::status`] in SQL.
fn status_at(now: DateTime<Utc>) -> Expr<Text> {
    let word = |status: InvitationStatus| status.as_str().into_sql::<Text>();
    Box::new(
        case_when(i::decision.is_not_null(), i::decision.assume_not_null())
            .when(i::valid_until.le(DbTime(now)), word(InvitationStatus::Expired))
            .when(inviter_counts(), word(InvitationStatus::Pending))
            .otherwise(word(InvitationStatus::Suspended)),
    )
}

/// Whether who invited may still act: by his account, and in an organization by his membership, if he has come.
pub(crate) fn inviter_counts() -> Expr<Bool> {
    let account = users::table
        .filter(users::id.eq(i::inviter_id))
        .filter(users::status.eq(AccountStatus::Active.as_str()));
    let here = memberships::table
        .inner_join(orgs::table)
        .filter(memberships::org_id.nullable().eq(i::org_id))
        .filter(memberships::user_id.eq(i::inviter_id))
        .filter(memberships::is_active.eq(true))
        .filter(memberships::introduced_name.is_null())
        .filter(orgs::is_active.eq(true));
    Box::new(exists(account).and(i::org_id.is_null().or(exists(here))))
}

/// What who invited is called.
pub(crate) fn inviter_name() -> Expr<Text> {
    let sent = memberships::table
        .filter(memberships::org_id.nullable().eq(i::org_id))
        .filter(memberships::user_id.eq(i::inviter_id))
        .select(memberships::introduced_name);
    let name = users::table.filter(users::id.eq(i::inviter_id)).select(users::name);
    Box::new(coalesce(sent.single_value(), name.single_value().assume_not_null()))
}

fn in_order<'a>(
    query: Boxed<'a>,
    sort: InvitationSort,
    now: DateTime<Utc>,
    after: Option<&InvitationPosition>,
) -> Boxed<'a> {
    use InvitationSortKey as Key;
    let at = match after {
        Some(InvitationPosition::At(at, id)) => Some((DbTime(*at), DbId(id.0))),
        _ => None,
    };
    let text = match after {
        Some(InvitationPosition::Text(text, id)) => Some((text.clone(), DbId(id.0))),
        _ => None,
    };
    let (id, is_descending) = (|| i::id, sort.is_descending);
    match sort.key {
        Key::CreatedAt => keyset!(query, || i::created_at, id, is_descending, at),
        Key::LastSentAt => keyset!(query, || i::last_sent_at, id, is_descending, at),
        Key::ValidUntil => keyset!(query, || i::valid_until, id, is_descending, at),
        Key::AcceptedAt => keyset!(query, accepted_at, id, is_descending, at),
        Key::Email => keyset!(query, || i::email, id, is_descending, text),
        Key::InviterName => keyset!(query, inviter_name, id, is_descending, text),
        Key::Roles => keyset!(query, || i::offered, id, is_descending, text),
        Key::Status => keyset!(query, || status_at(now), id, is_descending, text),
    }
}
