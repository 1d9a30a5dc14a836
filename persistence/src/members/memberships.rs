use std::collections::BTreeSet;

use ::orgs::{LocationId, OrgId};
use ::roles::{Membership, RoleKey, SeededRole, TicketReach, UnclaimedIdentity, is_guest};
use ::users::{Account, AccountStatus, EmailAddress, PersonName, Suspension, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::accounts::users::UserRow;
use crate::db::connection::MultiBackend;
use crate::db::guarded_update::one_row;
use crate::db::schema::{membership_locations, membership_roles, memberships, org_counters, orgs, users};
use crate::db::sql_types::{DbId, DbTime};
use crate::members::shown_member::shown;
use crate::{StoreError, Tx};

/// The members of one organization.
pub struct Members<'t, 'c> {
    pub(crate) tx: &'t mut Tx<'c>,
    pub(crate) org: OrgId,
}

/// A member: the account and the membership.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub account: Account,
    /// The membership.
    pub membership: Membership,
    /// Whether the organization created the account.
    pub is_home: bool,
}

/// A membership, its account, and the account's home organization.
pub(crate) type MemberRow = (MembershipRow, UserRow, Option<DbId>);

/// The columns of a [`MemberRow`].
#[diesel::dsl::auto_type]
pub(crate) fn member_columns() -> _ {
    let membership: diesel::helper_types::AsSelect<MembershipRow, MultiBackend> = MembershipRow::as_select();
    let account: diesel::helper_types::AsSelect<UserRow, MultiBackend> = UserRow::as_select();
    (membership, account, users::home_org_id)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
pub(crate) struct MembershipRow {
    org_id: DbId,
    user_id: DbId,
    ticket_scope: String,
    is_active: bool,
    created_at: DbTime,
    updated_at: DbTime,
    version: i64,
    suspension_reason: Option<String>,
    suspended_until: Option<DbTime>,
    unclaimed_email: Option<String>,
    unclaimed_name: Option<String>,
}

impl MembershipRow {
    pub(crate) fn user(&self) -> DbId {
        self.user_id
    }

    fn unclaimed_identity(&self) -> Result<Option<UnclaimedIdentity>, StoreError> {
        let (Some(email), Some(name)) = (&self.unclaimed_email, &self.unclaimed_name) else {
            return Ok(None);
        };
        let corrupt = StoreError::Corrupt("memberships.unclaimed_email");
        let Ok(email) = EmailAddress::parse(email) else { return Err(corrupt) };
        let name = PersonName::stored(name).map_err(|_| StoreError::Corrupt("memberships.unclaimed_name"))?;
        Ok(Some(UnclaimedIdentity { email, name }))
    }

    /// Suspensions from before reasons were saved have none.
    fn suspension(&self) -> Option<Suspension> {
        let reason = self.suspension_reason.clone().unwrap_or_default();
        let until = self.suspended_until.as_ref().map(|at| at.0);
        (!self.is_active).then_some(Suspension { reason, until })
    }
}

/// A time, and a member for whom something is due then.
pub type DueMember = (DateTime<Utc>, (OrgId, UserId));

impl<'c> Tx<'c> {
    /// The members of `org`.
    pub fn members(&mut self, org: OrgId) -> Members<'_, 'c> {
        Members { tx: self, org }
    }

    /// Members whose suspension has ended and is not lifted yet, by its end, after a position.
    pub fn members_to_lift(
        &mut self,
        now: DateTime<Utc>,
        after: Option<DueMember>,
        at_most: i64,
    ) -> Result<Vec<DueMember>, StoreError> {
        let until = memberships::suspended_until.assume_not_null();
        let due = memberships::table
            .filter(memberships::suspended_until.le(DbTime(now)))
            .order((memberships::suspended_until, memberships::org_id, memberships::user_id))
            .limit(at_most)
            .select((until, memberships::org_id, memberships::user_id))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, (org, user))) => {
                let behind = memberships::org_id
                    .gt(DbId(org.0))
                    .or(memberships::org_id.eq(DbId(org.0)).and(memberships::user_id.gt(DbId(user.0))));
                due.filter(until.ge(DbTime(at))).filter(until.gt(DbTime(at)).or(behind))
            }
            None => due,
        };
        let rows: Vec<(DbTime, DbId, DbId)> = due.load(self.conn)?;
        Ok(rows.into_iter().map(|(at, org, user)| (at.0, (OrgId(org.0), UserId(user.0)))).collect())
    }

    /// Number of organizations in which a person is a member, suspended or not. Guests are not members.
    pub fn count_orgs_of(&mut self, user: UserId) -> Result<usize, StoreError> {
        let rows: Vec<DbId> = membership_roles::table
            .filter(membership_roles::user_id.eq(DbId(user.0)))
            .filter(membership_roles::role_key.ne(SeededRole::Guest.key()))
            .select(membership_roles::org_id)
            .distinct()
            .load(self.conn)?;
        Ok(rows.len())
    }

    /// The same without unclaimed memberships.
    pub fn count_claimed_orgs_of(&mut self, user: UserId) -> Result<usize, StoreError> {
        let rows: Vec<DbId> = membership_roles::table
            .inner_join(
                memberships::table.on(memberships::org_id
                    .eq(membership_roles::org_id)
                    .and(memberships::user_id.eq(membership_roles::user_id))),
            )
            .filter(membership_roles::user_id.eq(DbId(user.0)))
            .filter(membership_roles::role_key.ne(SeededRole::Guest.key()))
            .filter(memberships::unclaimed_name.is_null())
            .select(membership_roles::org_id)
            .distinct()
            .load(self.conn)?;
        Ok(rows.len())
    }

    /// The organizations in which a person is a member or a guest, suspended or not.
    pub fn orgs_of(&mut self, user: UserId) -> Result<Vec<OrgId>, StoreError> {
        let rows: Vec<DbId> = memberships::table
            .filter(memberships::user_id.eq(DbId(user.0)))
            .order(memberships::org_id)
            .select(memberships::org_id)
            .load(self.conn)?;
        Ok(rows.into_iter().map(|id| OrgId(id.0)).collect())
    }
}

impl Members<'_, '_> {
    /// Makes changes of memberships wait for one another, so that a rule about all of them, like the last
    /// owner, is not violated.
    pub fn lock_memberships(&mut self) -> Result<(), StoreError> {
        let counter = org_counters::table.find(DbId(self.org.0));
        diesel::update(counter)
            .set(org_counters::members_revision.eq(org_counters::members_revision + 1))
            .execute(self.tx.conn)?;
        Ok(())
    }

    /// Adds a membership.
    pub fn add(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let unclaimed_identity = membership.unclaimed_identity.as_ref();
        let row = MembershipRow {
            org_id: DbId(self.org.0),
            user_id: DbId(membership.user_id.0),
            ticket_scope: membership.reach.as_str().to_owned(),
            is_active: membership.is_active(),
            created_at: DbTime(membership.created_at),
            updated_at: DbTime(membership.updated_at),
            version: membership.version,
            suspension_reason: membership.suspension.as_ref().map(|s| s.reason.clone()),
            suspended_until: membership.suspension.as_ref().and_then(|s| s.until).map(DbTime),
            unclaimed_email: unclaimed_identity.map(|i| i.email.as_str().to_owned()),
            unclaimed_name: unclaimed_identity.map(|i| i.name.as_str().to_owned()),
        };
        let account = self.tx.account_to_show(membership.user_id)?.ok_or(StoreError::Referenced)?;
        let row = (row, shown(membership.shown_member(&account)));
        diesel::insert_into(memberships::table).values(row).execute(self.tx.conn)?;
        self.close_request_to_join(membership)?;
        self.add_roles_and_locations(membership)?;
        self.tx.sync_approvers_of_org(self.org, Some(membership.user_id), membership.updated_at)
    }

    /// A member, by whatever way, no longer has a pending request to join.
    fn close_request_to_join(&mut self, membership: &Membership) -> Result<(), StoreError> {
        if is_guest(&membership.roles) {
            return Ok(());
        }
        self.tx.remove_open_membership_request(self.org, membership.user_id)
    }

    fn add_roles_and_locations(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let (org, user) = (DbId(self.org.0), DbId(membership.user_id.0));
        for key in &membership.roles {
            let row = (
                membership_roles::org_id.eq(org),
                membership_roles::user_id.eq(user),
                membership_roles::role_key.eq(key.as_str()),
            );
            diesel::insert_into(membership_roles::table).values(row).execute(self.tx.conn)?;
        }
        for location in &membership.locations {
            let row = (
                membership_locations::org_id.eq(org),
                membership_locations::user_id.eq(user),
                membership_locations::location_id.eq(DbId(location.0)),
            );
            diesel::insert_into(membership_locations::table).values(row).execute(self.tx.conn)?;
        }
        Ok(())
    }

    fn remove_roles_and_locations(&mut self, user: UserId) -> Result<(), StoreError> {
        let (org, user) = (DbId(self.org.0), DbId(user.0));
        diesel::delete(
            membership_roles::table
                .filter(membership_roles::org_id.eq(org))
                .filter(membership_roles::user_id.eq(user)),
        )
        .execute(self.tx.conn)?;
        diesel::delete(
            membership_locations::table
                .filter(membership_locations::org_id.eq(org))
                .filter(membership_locations::user_id.eq(user)),
        )
        .execute(self.tx.conn)?;
        Ok(())
    }

    /// The member with this user id.
    pub fn find(&mut self, user: UserId) -> Result<Option<Member>, StoreError> {
        let rows: Vec<MemberRow> = memberships::table
            .find((DbId(self.org.0), DbId(user.0)))
            .inner_join(users::table)
            .select(member_columns())
            .load(self.tx.conn)?;
        Ok(self.with_roles_and_locations(rows)?.pop())
    }

    /// The member with this address, as the organization sees it.
    pub fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<Member>, StoreError> {
        // Of two with this address, the unclaimed membership.
        let rows: Vec<MemberRow> = memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(DbId(self.org.0)))
            .filter(memberships::shown_email.eq(email.as_str()))
            .order(memberships::unclaimed_email.is_not_null())
            .select(member_columns())
            .load(self.tx.conn)?;
        Ok(self.with_roles_and_locations(rows)?.pop())
    }

    /// The account of a person who is a member now, of an active organization.
    pub fn reachable(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        let row: Option<UserRow> = memberships::table
            .find((DbId(self.org.0), DbId(user.0)))
            .inner_join(orgs::table)
            .inner_join(users::table)
            .filter(memberships::is_active.eq(true))
            .filter(orgs::is_active.eq(true))
            .select(UserRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The preferred languages of active members with a claimed membership, each once.
    pub fn locales(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(DbId(self.org.0)))
            .filter(memberships::is_active.eq(true))
            .filter(memberships::unclaimed_name.is_null())
            .select(users::locale)
            .distinct()
            .order(users::locale)
            .load(self.tx.conn)?)
    }

    /// The effective owners, apart from one person.
    pub fn other_owners(&mut self, than: UserId) -> Result<i64, StoreError> {
        let owners = membership_roles::table
            .inner_join(
                memberships::table.on(memberships::org_id
                    .eq(membership_roles::org_id)
                    .and(memberships::user_id.eq(membership_roles::user_id))),
            )
            .filter(membership_roles::org_id.eq(DbId(self.org.0)))
            .filter(membership_roles::role_key.eq(SeededRole::Owner.key()))
            .filter(membership_roles::user_id.ne(DbId(than.0)))
            .inner_join(users::table.on(users::id.eq(membership_roles::user_id)))
            .filter(memberships::is_active.eq(true))
            .filter(memberships::unclaimed_name.is_null())
            .filter(users::status.eq(AccountStatus::Active.as_str()))
            .count();
        Ok(owners.get_result(self.tx.conn)?)
    }

    /// Saves a membership, except the name and address of an unclaimed one, which the claim removes ([`Members::claim`]).
    pub fn save(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let unchanged = memberships::table
            .find((DbId(self.org.0), DbId(membership.user_id.0)))
            .filter(memberships::version.eq(membership.version));
        let state = (
            memberships::ticket_scope.eq(membership.reach.as_str()),
            memberships::is_active.eq(membership.is_active()),
            memberships::suspension_reason.eq(membership.suspension.as_ref().map(|s| s.reason.clone())),
            memberships::suspended_until.eq(membership.suspension.as_ref().and_then(|s| s.until).map(DbTime)),
            memberships::updated_at.eq(DbTime(membership.updated_at)),
            memberships::version.eq(memberships::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.tx.conn)?)?;
        self.remove_roles_and_locations(membership.user_id)?;
        self.close_request_to_join(membership)?;
        self.add_roles_and_locations(membership)?;
        self.tx.sync_approvers_of_org(self.org, Some(membership.user_id), membership.updated_at)
    }

    /// Ends a membership.
    pub fn remove(&mut self, membership: &Membership, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.remove_roles_and_locations(membership.user_id)?;
        let unchanged = memberships::table
            .find((DbId(self.org.0), DbId(membership.user_id.0)))
            .filter(memberships::version.eq(membership.version));
        one_row(diesel::delete(unchanged).execute(self.tx.conn)?)?;
        self.tx.sync_approvers_of_org(self.org, Some(membership.user_id), now)
    }

    pub(crate) fn with_roles_and_locations(
        &mut self,
        rows: Vec<MemberRow>,
    ) -> Result<Vec<Member>, StoreError> {
        let ids: Vec<DbId> = rows.iter().map(|(m, _, _)| m.user_id).collect();
        let roles: Vec<(DbId, String)> = membership_roles::table
            .filter(membership_roles::org_id.eq(DbId(self.org.0)))
            .filter(membership_roles::user_id.eq_any(ids.clone()))
            .select((membership_roles::user_id, membership_roles::role_key))
            .load(self.tx.conn)?;
        let locations: Vec<(DbId, DbId)> = membership_locations::table
            .filter(membership_locations::org_id.eq(DbId(self.org.0)))
            .filter(membership_locations::user_id.eq_any(ids))
            .select((membership_locations::user_id, membership_locations::location_id))
            .load(self.tx.conn)?;
        let org = DbId(self.org.0);
        let member = |(row, user, home): MemberRow| {
            let keys: Option<BTreeSet<RoleKey>> = roles
                .iter()
                .filter(|(of, _)| *of == row.user_id)
                .map(|(_, key)| RoleKey::parse(key))
                .collect();
            let membership = Membership {
                user_id: UserId(row.user_id.0),
                roles: keys.ok_or(StoreError::Corrupt("membership_roles.role_key"))?,
                locations: locations
                    .iter()
                    .filter(|(of, _)| *of == row.user_id)
                    .map(|(_, id)| LocationId(id.0))
                    .collect(),
                reach: TicketReach::parse(&row.ticket_scope)
                    .ok_or(StoreError::Corrupt("memberships.ticket_scope"))?,
                suspension: row.suspension(),
                unclaimed_identity: row.unclaimed_identity()?,
                created_at: row.created_at.0,
                updated_at: row.updated_at.0,
                version: row.version,
            };
            Ok(Member { account: user.try_into()?, membership, is_home: home == Some(org) })
        };
        rows.into_iter().map(member).collect()
    }
}
