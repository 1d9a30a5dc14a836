use ::invitations::InvitationId;
use ::orgs::OrgId;
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::invitations::{InvitationRow, InvitedBy, word_in};
use crate::schema::invitations as i;
use crate::sql_types::{DbId, DbTime};
use crate::{Page, StoreError, Tx};

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
    /// Decided like this: `accepted`, `declined`, `revoked`.
    pub decision: Option<&'static str>,
    /// Neither decided nor over at this instant.
    pub open_at: Option<DateTime<Utc>>,
    /// Undecided and over at this instant.
    pub expired_at: Option<DateTime<Utc>>,
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
    /// Who is invited.
    Email,
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
    /// Its place in a list of this order.
    pub fn position(&self, sort: InvitationSort) -> InvitationPosition {
        let (it, id) = (&self.invitation, self.invitation.id);
        match sort.key {
            InvitationSortKey::CreatedAt => InvitationPosition::At(it.created_at, id),
            InvitationSortKey::LastSentAt => InvitationPosition::At(it.last_sent_at, id),
            InvitationSortKey::ValidUntil => InvitationPosition::At(it.valid_until, id),
            InvitationSortKey::Email => InvitationPosition::Text(it.email.as_str().to_owned(), id),
        }
    }
}

pub(crate) type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, i::table, MultiBackend>;

impl Tx<'_> {
    /// A page of invitations.
    pub fn list_invitations(
        &mut self,
        filter: &InvitationFilter,
        sort: InvitationSort,
        page: Page<InvitationPosition>,
    ) -> Result<Vec<InvitedBy>, StoreError> {
        let query = narrowed(in_scope(i::table.into_boxed(), filter.org), filter);
        let query = sorted(after(query, sort, page.after.as_ref()), sort).limit(page.rows());
        let rows = query.select(InvitationRow::as_select()).load(self.conn)?;
        self.with_inviters(rows)
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

fn narrowed<'a>(mut query: Boxed<'a>, filter: &InvitationFilter) -> Boxed<'a> {
    if let Some(text) = &filter.text {
        query = query.filter(i::email.like(crate::members::part_of(text)).escape('\\'));
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
    if let Some(decision) = filter.decision {
        query = query.filter(i::decision.eq(decision));
    }
    if let Some(now) = filter.open_at {
        query = query.filter(i::decision.is_null()).filter(i::valid_until.gt(DbTime(now)));
    }
    if let Some(now) = filter.expired_at {
        query = query.filter(i::decision.is_null()).filter(i::valid_until.le(DbTime(now)));
    }
    query
}

fn after<'a>(query: Boxed<'a>, sort: InvitationSort, position: Option<&InvitationPosition>) -> Boxed<'a> {
    use InvitationPosition::{At, Text};
    use InvitationSortKey::{CreatedAt, Email, LastSentAt, ValidUntil};
    match (sort.key, sort.is_descending, position) {
        (CreatedAt, true, Some(At(at, id))) => query.filter(
            i::created_at.lt(DbTime(*at)).or(i::created_at.eq(DbTime(*at)).and(i::id.lt(DbId(id.0)))),
        ),
        (CreatedAt, false, Some(At(at, id))) => query.filter(
            i::created_at.gt(DbTime(*at)).or(i::created_at.eq(DbTime(*at)).and(i::id.gt(DbId(id.0)))),
        ),
        (LastSentAt, true, Some(At(at, id))) => query.filter(
            i::last_sent_at.lt(DbTime(*at)).or(i::last_sent_at.eq(DbTime(*at)).and(i::id.lt(DbId(id.0)))),
        ),
        (LastSentAt, false, Some(At(at, id))) => query.filter(
            i::last_sent_at.gt(DbTime(*at)).or(i::last_sent_at.eq(DbTime(*at)).and(i::id.gt(DbId(id.0)))),
        ),
        (ValidUntil, true, Some(At(at, id))) => query.filter(
            i::valid_until.lt(DbTime(*at)).or(i::valid_until.eq(DbTime(*at)).and(i::id.lt(DbId(id.0)))),
        ),
        (ValidUntil, false, Some(At(at, id))) => query.filter(
            i::valid_until.gt(DbTime(*at)).or(i::valid_until.eq(DbTime(*at)).and(i::id.gt(DbId(id.0)))),
        ),
        (Email, true, Some(Text(text, id))) => {
            query.filter(i::email.lt(text.clone()).or(i::email.eq(text.clone()).and(i::id.lt(DbId(id.0)))))
        }
        (Email, false, Some(Text(text, id))) => {
            query.filter(i::email.gt(text.clone()).or(i::email.eq(text.clone()).and(i::id.gt(DbId(id.0)))))
        }
        _ => query,
    }
}

fn sorted(query: Boxed<'_>, sort: InvitationSort) -> Boxed<'_> {
    use InvitationSortKey::{CreatedAt, Email, LastSentAt, ValidUntil};
    match (sort.key, sort.is_descending) {
        (CreatedAt, true) => query.order((i::created_at.desc(), i::id.desc())),
        (CreatedAt, false) => query.order((i::created_at, i::id)),
        (LastSentAt, true) => query.order((i::last_sent_at.desc(), i::id.desc())),
        (LastSentAt, false) => query.order((i::last_sent_at, i::id)),
        (ValidUntil, true) => query.order((i::valid_until.desc(), i::id.desc())),
        (ValidUntil, false) => query.order((i::valid_until, i::id)),
        (Email, true) => query.order((i::email.desc(), i::id.desc())),
        (Email, false) => query.order((i::email, i::id)),
    }
}
