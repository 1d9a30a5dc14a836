use ::orgs::{JoiningMode, Name, OrgId, Organization, Slug, TicketOpeners};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::connection::MultiBackend;
use crate::db::guarded_update::one_row;
use crate::db::schema::{memberships, org_counters, orgs};
use crate::db::sql_types::{DbId, DbTime};
use crate::db::texts::{contains_pattern, lower};
use crate::db::window::{Found, MAX_IDS_PER_STATEMENT, MAX_SCANNED_ROWS, Window};
use crate::members::effective_memberships::is_effective_at;
use crate::{Page, StoreError, Tx};

type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, orgs::table, MultiBackend>;
type Condition = Box<dyn BoxableExpression<orgs::table, MultiBackend, SqlType = Bool>>;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = orgs)]
pub(crate) struct OrgRow {
    id: DbId,
    name: String,
    slug: String,
    is_active: bool,
    created_at: DbTime,
    updated_at: DbTime,
    version: i64,
    joining_mode: String,
    ticket_openers: String,
    grace_days: Option<i32>,
}

impl TryFrom<OrgRow> for Organization {
    type Error = StoreError;

    fn try_from(row: OrgRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OrgId(row.id.0),
            name: Name::stored(&row.name).map_err(|_| StoreError::Corrupt("orgs.name"))?,
            slug: Slug::parse(&row.slug).map_err(|_| StoreError::Corrupt("orgs.slug"))?,
            is_active: row.is_active,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            version: row.version,
            joining_mode: JoiningMode::parse(&row.joining_mode)
                .ok_or(StoreError::Corrupt("orgs.joining_mode"))?,
            ticket_openers: TicketOpeners::parse(&row.ticket_openers)
                .ok_or(StoreError::Corrupt("orgs.ticket_openers"))?,
            grace_days: row.grace_days,
        })
    }
}

impl Tx<'_> {
    /// Adds an organization, with its counters at zero.
    pub fn add_org(&mut self, org: &Organization) -> Result<(), StoreError> {
        let row = OrgRow {
            id: DbId(org.id.0),
            name: org.name.as_str().to_owned(),
            slug: org.slug.as_str().to_owned(),
            is_active: org.is_active,
            created_at: DbTime(org.created_at),
            updated_at: DbTime(org.updated_at),
            version: org.version,
            joining_mode: org.joining_mode.as_str().to_owned(),
            ticket_openers: org.ticket_openers.as_str().to_owned(),
            grace_days: org.grace_days,
        };
        diesel::insert_into(orgs::table).values(row).execute(self.conn)?;
        let counters = (
            org_counters::org_id.eq(DbId(org.id.0)),
            org_counters::last_ticket_number.eq(0),
            org_counters::last_event_seq.eq(0),
            org_counters::members_revision.eq(0),
            org_counters::stored_bytes.eq(0),
        );
        diesel::insert_into(org_counters::table).values(counters).execute(self.conn)?;
        Ok(())
    }

    /// The organization with this id.
    pub fn org(&mut self, id: OrgId) -> Result<Option<Organization>, StoreError> {
        orgs::table
            .find(DbId(id.0))
            .select(OrgRow::as_select())
            .first(self.conn)
            .optional()?
            .map(Organization::try_from)
            .transpose()
    }

    /// Organizations in the order of their creation: all, or those in which a person is an effective member;
    /// with a part of name or slug, if one is given. Scans 5,000 of them, or 1,000 of the member's, and
    /// continues after [`Found::scanned_until`].
    pub fn orgs(
        &mut self,
        of_member: Option<(UserId, DateTime<Utc>)>,
        text: Option<&str>,
        page: Page<OrgId>,
    ) -> Result<Found<Organization, OrgId>, StoreError> {
        let mut conditions = Vec::<Condition>::new();
        if let Some(text) = text {
            let part = contains_pattern(text);
            let named = lower(orgs::name).like(part.clone()).escape('\\');
            conditions.push(Box::new(named.or(orgs::slug.like(part).escape('\\'))));
        }
        let Some((user, now)) = of_member else { return self.orgs_among(conditions, page) };
        conditions.push(Box::new(orgs::is_active.eq(true)));
        let ids = self.ids_of_orgs(user, now, page.after)?;
        let is_full = i64::try_from(ids.len()).is_ok_and(|count| count == MAX_IDS_PER_STATEMENT);
        let last = ids.last().filter(|_| is_full).map(|id| OrgId(id.0));
        let theirs = orgs::table
            .filter(orgs::id.eq_any(ids))
            .order(orgs::id)
            .limit(MAX_IDS_PER_STATEMENT)
            .into_boxed();
        let rows = self.matching_orgs(theirs, conditions, page)?;
        let scanned_until = last.filter(|_| is_short(&rows, page));
        Ok(Found { rows, scanned_until })
    }

    /// The organizations in which a person is an effective member, in order.
    fn ids_of_orgs(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
        after: Option<OrgId>,
    ) -> Result<Vec<DbId>, StoreError> {
        let mut theirs = memberships::table
            .filter(memberships::user_id.eq(DbId(user.0)))
            .filter(is_effective_at(DbTime(now)))
            .order(memberships::org_id)
            .limit(MAX_IDS_PER_STATEMENT)
            .select(memberships::org_id)
            .into_boxed();
        if let Some(after) = after {
            theirs = theirs.filter(memberships::org_id.gt(DbId(after.0)));
        }
        Ok(theirs.load(self.conn)?)
    }

    /// Those of the next 5,000 that match the conditions.
    fn orgs_among(
        &mut self,
        conditions: Vec<Condition>,
        page: Page<OrgId>,
    ) -> Result<Found<Organization, OrgId>, StoreError> {
        let ordered_rows = || {
            let all = orgs::table.order(orgs::id).into_boxed();
            match page.after {
                Some(after) => all.filter(orgs::id.gt(DbId(after.0))),
                None => all,
            }
        };
        let rows = self.matching_orgs(ordered_rows().limit(MAX_SCANNED_ROWS), conditions, page)?;
        let scanned_until: Option<DbId> = match is_short(&rows, page) {
            true => ordered_rows()
                .offset(MAX_SCANNED_ROWS - 1)
                .limit(1)
                .select(orgs::id)
                .first(self.conn)
                .optional()?,
            false => None,
        };
        Ok(Found { rows, scanned_until: scanned_until.map(|id| OrgId(id.0)) })
    }

    fn matching_orgs(
        &mut self,
        source: Boxed<'_>,
        conditions: Vec<Condition>,
        page: Page<OrgId>,
    ) -> Result<Vec<Organization>, StoreError> {
        let columns = OrgRow::as_select();
        let window = Window { columns, source, table: "orgs", conditions, order: None, limit: page.rows() };
        let rows: Vec<OrgRow> = window.load(self.conn)?;
        rows.into_iter().map(Organization::try_from).collect()
    }

    /// The organization with this slug.
    pub fn org_by_slug(&mut self, slug: &Slug) -> Result<Option<Organization>, StoreError> {
        orgs::table
            .filter(orgs::slug.eq(slug.as_str()))
            .select(OrgRow::as_select())
            .first(self.conn)
            .optional()?
            .map(Organization::try_from)
            .transpose()
    }

    /// Active organizations that people can join, or be a guest of, without an invitation. Scans 5,000
    /// organizations, and continues after [`Found::scanned_until`].
    pub fn joinable_orgs(&mut self, page: Page<OrgId>) -> Result<Found<Organization, OrgId>, StoreError> {
        let admits = orgs::joining_mode
            .ne(JoiningMode::InvitationOnly.as_str())
            .or(orgs::ticket_openers.eq(TicketOpeners::Anyone.as_str()));
        self.orgs_among(vec![Box::new(orgs::is_active.eq(true)), Box::new(admits)], page)
    }

    /// Saves an organization.
    pub fn save_org(&mut self, org: &Organization) -> Result<(), StoreError> {
        let unchanged = orgs::table.find(DbId(org.id.0)).filter(orgs::version.eq(org.version));
        let state = (
            orgs::name.eq(org.name.as_str()),
            orgs::is_active.eq(org.is_active),
            orgs::joining_mode.eq(org.joining_mode.as_str()),
            orgs::ticket_openers.eq(org.ticket_openers.as_str()),
            orgs::grace_days.eq(org.grace_days),
            orgs::updated_at.eq(DbTime(org.updated_at)),
            orgs::version.eq(orgs::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.conn)?)
    }
}

fn is_short<R>(rows: &[R], page: Page<OrgId>) -> bool {
    i64::try_from(rows.len()).is_ok_and(|count| count < page.rows())
}
