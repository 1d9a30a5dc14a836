use ::invitations::{InvitationId, InvitationStatus};
use ::orgs::OrgId;
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::db::keyset::{self, keyset};
use crate::db::schema::invitations as i;
use crate::db::sql_types::{DbId, DbTime, TimeColumn};
use crate::db::window::{Found, MAX_SCANNED_ROWS, Window, repeated};
use crate::joining::invitations::{InvitationRow, InvitedBy};
use crate::joining::invited_roles::role_key_pattern;
use crate::joining::inviters::{Boxed, Expr, in_scope, inviter_is_effective};
use crate::{Page, StoreError, Tx};

/// A time range; either end may be open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// Which invitations are selected; all conditions have to hold.
#[derive(Debug, Clone, Default)]
pub struct InvitationFilter {
    /// Of this organization; `None`: of the platform.
    pub org: Option<OrgId>,
    /// Part of the address.
    pub text: Option<String>,
    /// Of this inviter.
    pub inviter: Option<UserId>,
    /// With this role.
    pub role: Option<String>,
    /// Of this batch.
    pub batch: Option<uuid::Uuid>,
    /// With this status at the time of the list.
    pub status: Option<InvitationStatus>,
    /// Time of creation.
    pub created: Span,
    /// Time of acceptance.
    pub accepted: Span,
    /// Time of the last mail.
    pub last_sent: Span,
    /// End of the validity.
    pub valid_until: Span,
}

/// The sort key of a list of invitations; equal rows are sorted by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationSortKey {
    /// Time of creation.
    CreatedAt,
    /// Time of the last mail.
    LastSentAt,
    /// End of the validity.
    ValidUntil,
    /// Time of acceptance; invitations without one come before all others.
    AcceptedAt,
    /// The invited address.
    Email,
    /// The offered roles.
    Roles,
}

impl InvitationSortKey {
    /// All values.
    pub const ALL: [Self; 6] =
        [Self::CreatedAt, Self::LastSentAt, Self::ValidUntil, Self::AcceptedAt, Self::Email, Self::Roles];

    fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::AcceptedAt => "accepted_at_or_epoch",
            Self::LastSentAt => "last_sent_at",
            Self::ValidUntil => "valid_until",
            Self::Email => "email",
            Self::Roles => "offered",
        }
    }
}

/// Up to this many invitations are looked up and sorted.
const FEW: i64 = 1_000;

/// The order of a list of invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationSort {
    /// The sort key.
    pub key: InvitationSortKey,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// The last row of a page.
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
            Key::Roles => text(&self.offered),
        }
    }
}

impl Tx<'_> {
    /// A page of invitations, with their status at a time. Without an index for the filters, it scans 5,000
    /// of them, and continues after [`Found::scanned_until`].
    pub fn list_invitations(
        &mut self,
        filter: &InvitationFilter,
        sort: InvitationSort,
        now: DateTime<Utc>,
        page: Page<InvitationPosition>,
    ) -> Result<Found<InvitedBy, InvitationPosition>, StoreError> {
        let (is_descending, after) = (sort.is_descending, page.after.as_ref());
        let few = self.few_invitations(filter, now)?;
        let ordered_rows = || {
            let with_index_prefix =
                with_index_prefix(in_scope(i::table.into_boxed(), filter.org), filter, sort);
            in_order(with_index_prefix, sort, after)
        };
        let has_order = few.is_none();
        let (source, order) = match few {
            Some(ids) => {
                let named = i::table.filter(i::id.eq_any(ids)).into_boxed().limit(FEW);
                (named, Some((sort.key.column(), "id", is_descending)))
            }
            None => {
                let order = repeated(self.conn, sort.key.column(), "id", is_descending);
                (ordered_rows().limit(MAX_SCANNED_ROWS), order)
            }
        };
        let mut conditions = filter_conditions(filter, now);
        conditions.extend(behind(sort, after).filter(|_| !has_order));
        let window = Window {
            columns: InvitationRow::as_select(),
            source,
            table: "invitations",
            conditions,
            order,
            limit: page.rows(),
        };
        let rows: Vec<InvitationRow> = window.load(self.conn)?;
        let is_short = i64::try_from(rows.len()).unwrap_or(i64::MAX) < page.rows();
        let scanned_until = match is_short && has_order {
            true => self.place_of_invitation(ordered_rows().offset(MAX_SCANNED_ROWS - 1).limit(1), sort)?,
            false => None,
        };
        Ok(Found { rows: self.with_inviters_and_mails(rows)?, scanned_until })
    }

    /// The invitations of a batch, or the open ones, if they are few.
    fn few_invitations(
        &mut self,
        filter: &InvitationFilter,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<DbId>>, StoreError> {
        let all = in_scope(i::table.into_boxed(), filter.org);
        let named = match (filter.batch, filter.status) {
            (Some(batch), _) => i::table.filter(i::batch_id.eq(DbId(batch))).order(i::id).into_boxed(),
            (None, Some(InvitationStatus::Pending | InvitationStatus::Suspended)) => all
                .filter(i::decision.is_null())
                .filter(i::valid_until.gt(DbTime(now)))
                .order((i::valid_until, i::id)),
            _ => return Ok(None),
        };
        let ids: Vec<DbId> = named.select(i::id).limit(FEW + 1).load(self.conn)?;
        Ok(i64::try_from(ids.len()).is_ok_and(|count| count <= FEW).then_some(ids))
    }

    fn place_of_invitation(
        &mut self,
        row: Boxed<'_>,
        sort: InvitationSort,
    ) -> Result<Option<InvitationPosition>, StoreError> {
        use InvitationSortKey as Key;
        let at = |(at, id): (DbTime, DbId)| InvitationPosition::At(at.0, InvitationId(id.0));
        let text = |(text, id): (String, DbId)| InvitationPosition::Text(text, InvitationId(id.0));
        let conn = &mut *self.conn;
        Ok(match sort.key {
            Key::CreatedAt => row.select((i::created_at, i::id)).first(conn).optional()?.map(at),
            Key::LastSentAt => row.select((i::last_sent_at, i::id)).first(conn).optional()?.map(at),
            Key::ValidUntil => row.select((i::valid_until, i::id)).first(conn).optional()?.map(at),
            Key::Email => row.select((i::email, i::id)).first(conn).optional()?.map(text),
            Key::Roles => row.select((i::offered, i::id)).first(conn).optional()?.map(text),
            Key::AcceptedAt => row.select((i::accepted_at_or_epoch, i::id)).first(conn).optional()?.map(at),
        })
    }

    /// All invitations of an organization or of the platform created since a time, the latest first.
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

/// The common condition of all rows of a scan, if an index has it before the order.
fn with_index_prefix<'a>(query: Boxed<'a>, filter: &InvitationFilter, sort: InvitationSort) -> Boxed<'a> {
    use InvitationStatus as Status;
    if sort.key != InvitationSortKey::CreatedAt {
        return query;
    }
    let is_accepted = filter.accepted.from.or(filter.accepted.before).map(|_| Status::Accepted);
    match (filter.inviter, filter.status.or(is_accepted)) {
        (Some(inviter), _) => query.filter(i::inviter_id.eq(DbId(inviter.0))),
        (None, Some(status @ (Status::Accepted | Status::Declined | Status::Revoked))) => {
            query.filter(i::decision.eq(status.as_str()))
        }
        (None, Some(Status::Expired | Status::Pending | Status::Suspended)) => {
            query.filter(i::decision.is_null())
        }
        (None, None) => query,
    }
}

/// The conditions on an invitation.
fn filter_conditions(filter: &InvitationFilter, now: DateTime<Utc>) -> Vec<Expr<Bool>> {
    let mut all = Vec::<Expr<Bool>>::new();
    if let Some(text) = &filter.text {
        all.push(Box::new(i::email.like(crate::db::texts::contains_pattern(text)).escape('\\')));
    }
    if let Some(inviter) = filter.inviter {
        all.push(Box::new(i::inviter_id.eq(DbId(inviter.0))));
    }
    if let Some(role) = &filter.role {
        all.push(Box::new(i::offered.like(role_key_pattern(role)).escape('\\')));
    }
    if let Some(batch) = filter.batch {
        all.push(Box::new(i::batch_id.is_not_null().and(i::batch_id.assume_not_null().eq(DbId(batch)))));
        // Selected by the batch alone, they may belong to another organization.
        all.push(match filter.org {
            Some(org) => Box::new(i::org_id.is_not_null().and(i::org_id.assume_not_null().eq(DbId(org.0)))),
            None => Box::new(i::org_id.is_null()),
        });
    }
    if let Some(status) = filter.status {
        all.push(Box::new(status_at(now).eq(status.as_str())));
    }
    if filter.accepted.from.or(filter.accepted.before).is_some() {
        all.push(Box::new(i::decision.is_not_null().and(i::decision.assume_not_null().eq("accepted"))));
    }
    all.extend(within(|| Box::new(i::created_at), filter.created));
    all.extend(within(|| Box::new(i::accepted_at_or_epoch), filter.accepted));
    all.extend(within(|| Box::new(i::last_sent_at), filter.last_sent));
    all.extend(within(|| Box::new(i::valid_until), filter.valid_until));
    all
}

fn within(at: impl Fn() -> Expr<TimeColumn>, span: Span) -> Vec<Expr<Bool>> {
    let mut all = Vec::<Expr<Bool>>::new();
    if let Some(from) = span.from {
        all.push(Box::new(at().ge(DbTime(from))));
    }
    if let Some(before) = span.before {
        all.push(Box::new(at().lt(DbTime(before))));
    }
    all
}

/// The rows after a position in a stored order.
fn behind(sort: InvitationSort, after: Option<&InvitationPosition>) -> Option<Expr<Bool>> {
    use InvitationSortKey as Key;
    let down = sort.is_descending;
    Some(match (sort.key, after?.clone()) {
        (Key::CreatedAt, InvitationPosition::At(at, id)) => {
            Box::new(keyset::behind((i::created_at, i::id), (DbTime(at), DbId(id.0)), down))
        }
        (Key::LastSentAt, InvitationPosition::At(at, id)) => {
            Box::new(keyset::behind((i::last_sent_at, i::id), (DbTime(at), DbId(id.0)), down))
        }
        (Key::ValidUntil, InvitationPosition::At(at, id)) => {
            Box::new(keyset::behind((i::valid_until, i::id), (DbTime(at), DbId(id.0)), down))
        }
        (Key::AcceptedAt, InvitationPosition::At(at, id)) => {
            Box::new(keyset::behind((i::accepted_at_or_epoch, i::id), (DbTime(at), DbId(id.0)), down))
        }
        (Key::Email, InvitationPosition::Text(text, id)) => {
            Box::new(keyset::behind((i::email, i::id), (text, DbId(id.0)), down))
        }
        (Key::Roles, InvitationPosition::Text(text, id)) => {
            Box::new(keyset::behind((i::offered, i::id), (text, DbId(id.0)), down))
        }
        _ => return None,
    })
}

/// [`invitations::Invitation::status`] in SQL.
fn status_at(now: DateTime<Utc>) -> Expr<Text> {
    let word = |status: InvitationStatus| status.as_str().into_sql::<Text>();
    Box::new(
        case_when(i::decision.is_not_null(), i::decision.assume_not_null())
            .when(i::valid_until.le(DbTime(now)), word(InvitationStatus::Expired))
            .when(inviter_is_effective(), word(InvitationStatus::Pending))
            .otherwise(word(InvitationStatus::Suspended)),
    )
}

fn in_order<'a>(query: Boxed<'a>, sort: InvitationSort, after: Option<&InvitationPosition>) -> Boxed<'a> {
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
        Key::AcceptedAt => keyset!(query, || i::accepted_at_or_epoch, id, is_descending, at),
        Key::Email => keyset!(query, || i::email, id, is_descending, text),
        Key::Roles => keyset!(query, || i::offered, id, is_descending, text),
    }
}
