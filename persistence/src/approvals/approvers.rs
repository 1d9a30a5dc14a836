//! The holders of rights to approve critical changes, synchronized with memberships, roles and platform roles
//! (S001-30).

use std::collections::{BTreeMap, BTreeSet};

use ::orgs::OrgId;
use ::roles::{
    ApprovalRight, Endorsement, Holder, Holders, Permission, SeededRole, VOTE_DAYS, responsible_for,
};
use ::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::Value;

use crate::accounts::callers::together;
use crate::db::connection::MultiBackend;
use crate::db::schema::{approvers, membership_roles, memberships, role_permissions};
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::{StoreError, Tx};

/// Maximum number of rows in one statement.
const ROWS_PER_STATEMENT: usize = 500;

/// A right that an account lost.
struct LostRight {
    known_since: DateTime<Utc>,
    lost_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = approvers, treat_none_as_null = true)]
struct Row {
    approver_key: String,
    org_id: Option<DbId>,
    approval_right: String,
    user_id: DbId,
    held_since: DbTime,
    lost_at: Option<DbTime>,
    vote_starts_at: DbTime,
    granted_by: DbJson,
    endorsed_by: Option<DbJson>,
    endorsed_at: Option<DbTime>,
    announces_at: Option<DbTime>,
    known_since: DbTime,
}

/// The accounts in a stored JSON array.
pub(crate) fn users_of(json: &Value) -> BTreeSet<UserId> {
    let ids = json.as_array().into_iter().flatten();
    ids.filter_map(|id| Some(UserId(id.as_str()?.parse().ok()?))).collect()
}

/// The same as it is stored.
pub(crate) fn stored_users(users: &BTreeSet<UserId>) -> DbJson {
    DbJson(users.iter().map(|user| Value::String(user.0.to_string())).collect())
}

fn key_of(org: Option<OrgId>, right: ApprovalRight, user: UserId) -> String {
    let org = org.map_or_else(|| "-".to_owned(), |org| org.0.simple().to_string());
    format!("{org} {} {}", right.as_str(), user.0.simple())
}

fn right_of(word: &str) -> Result<ApprovalRight, StoreError> {
    ApprovalRight::parse(word).ok_or(StoreError::Corrupt("approvers.approval_right"))
}

impl Tx<'_> {
    /// Sets who grants the rights that the rest of this transaction grants, who else was behind that when it
    /// began (for an invitation, when it was sent), and who approved it.
    pub fn set_grantor(&mut self, by: UserId, through: BTreeSet<UserId>, approved_by: Option<UserId>) {
        self.rights_given_by = Some(by);
        self.rights_given_through = through;
        self.rights_approved_by = approved_by;
    }

    /// The holders of a right, with what their votes depend on: of an organization, or of the platform.
    pub fn holders(&mut self, org: Option<OrgId>, right: ApprovalRight) -> Result<Holders, StoreError> {
        let query = approvers::table
            .filter(approvers::approval_right.eq(right.as_str()))
            .select(Row::as_select())
            .into_boxed::<MultiBackend>();
        let rows: Vec<Row> = match org {
            Some(org) => query.filter(approvers::org_id.eq(DbId(org.0))).load(self.conn)?,
            None => query.filter(approvers::org_id.is_null()).load(self.conn)?,
        };
        Ok(Holders::new(self.with_takeovers(rows)?))
    }

    /// The rights that an account holds or has lost recently, everywhere: organization, right, and holder.
    pub fn holdings_of(
        &mut self,
        user: UserId,
    ) -> Result<Vec<(Option<OrgId>, ApprovalRight, Holder)>, StoreError> {
        self.for_platform(|tx| {
            let rows: Vec<Row> = approvers::table
                .filter(approvers::user_id.eq(DbId(user.0)))
                .select(Row::as_select())
                .load(tx.conn)?;
            let places: Vec<_> = rows
                .iter()
                .map(|row| (row.org_id.map(|id| OrgId(id.0)), row.approval_right.clone()))
                .collect();
            let holders = tx.with_takeovers(rows)?;
            let holding = |((org, right), holder): ((Option<OrgId>, String), Holder)| {
                Ok((org, right_of(&right)?, holder))
            };
            places.into_iter().zip(holders).map(holding).collect()
        })
    }

    /// Everybody who may be behind what an account does now.
    pub fn responsible_for(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<UserId>, StoreError> {
        let takeovers = self.takeovers_of(user)?;
        let holdings: Vec<Holder> = self.holdings_of(user)?.into_iter().map(|(_, _, held)| held).collect();
        Ok(responsible_for(user, &takeovers, &holdings, now))
    }

    fn with_takeovers(&mut self, rows: Vec<Row>) -> Result<Vec<Holder>, StoreError> {
        let users: Vec<UserId> = rows.iter().map(|row| UserId(row.user_id.0)).collect();
        let mut takeovers = self.takeovers_of_all(&users)?;
        let holder = |row: Row| Holder {
            user: UserId(row.user_id.0),
            held_since: row.held_since.0,
            lost_at: row.lost_at.map(|at| at.0),
            vote_starts_at: row.vote_starts_at.0,
            granted_by: users_of(&row.granted_by.0),
            endorsement: row
                .endorsed_by
                .zip(row.endorsed_at)
                .map(|(by, at)| Endorsement { by: users_of(&by.0), at: at.0 }),
            takeovers: takeovers.remove(&UserId(row.user_id.0)).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(holder).collect())
    }

    /// Saves an endorsement of this holder's vote.
    pub fn save_endorsement(
        &mut self,
        org: Option<OrgId>,
        right: ApprovalRight,
        holder: &Holder,
    ) -> Result<(), StoreError> {
        let endorsement = holder.endorsement.as_ref();
        let row = approvers::table.find(key_of(org, right, holder.user));
        diesel::update(row)
            .set((
                approvers::endorsed_by.eq(endorsement.map(|given| stored_users(&given.by))),
                approvers::endorsed_at.eq(endorsement.map(|given| DbTime(given.at))),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Synchronizes the holders of an organization with its memberships and roles: for one member, or for
    /// all.
    pub(crate) fn sync_approvers_of_org(
        &mut self,
        org: OrgId,
        only: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let held = self.rights_of_members(org, only)?;
        for right in ApprovalRight::of(Some(org)) {
            let needed = right.member_permissions();
            let holds =
                |held: &BTreeSet<Permission>| needed.iter().all(|permission| held.contains(permission));
            let current = held.iter().filter(|(_, held)| holds(held)).map(|(user, _)| *user).collect();
            self.sync_approvers((Some(org), right), only, &current, now)?;
        }
        Ok(())
    }

    /// The same for the platform roles of one account.
    pub(crate) fn sync_approvers_of_platform(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let held = self.platform_permissions(user)?;
        for right in ApprovalRight::of(None) {
            let current = Some(user).filter(|_| right.is_held_with(&held)).into_iter().collect();
            self.sync_approvers((None, right), Some(user), &current, now)?;
        }
        Ok(())
    }

    /// Ends all rights of an account that is deleted. The other holders are not notified: a deletion has mails of its own.
    pub fn end_rights_to_approve(&mut self, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let of_user = || approvers::table.filter(approvers::user_id.eq(DbId(user.0)));
        // Also what was lost before and is not announced yet: no address is left to name.
        diesel::update(of_user()).set(approvers::announces_at.eq(None::<DbTime>)).execute(self.conn)?;
        let held = of_user().filter(approvers::lost_at.is_null());
        diesel::update(held).set(approvers::lost_at.eq(Some(DbTime(now)))).execute(self.conn)?;
        Ok(())
    }

    /// The permissions of the members who may hold a right, by their roles. Few can delete accounts, and
    /// those who can change owners are among them.
    fn rights_of_members(
        &mut self,
        org: OrgId,
        only: Option<UserId>,
    ) -> Result<BTreeMap<UserId, BTreeSet<Permission>>, StoreError> {
        let org = DbId(org.0);
        let granting = role_permissions::table
            .filter(role_permissions::org_id.eq(org))
            .filter(role_permissions::permission.eq(Permission::DeleteMemberAccounts.as_str()))
            .select(role_permissions::role_key);
        let mut candidates = membership_roles::table
            .inner_join(
                memberships::table.on(memberships::org_id
                    .eq(membership_roles::org_id)
                    .and(memberships::user_id.eq(membership_roles::user_id))),
            )
            .filter(membership_roles::org_id.eq(org))
            // An unclaimed membership gives no vote.
            .filter(memberships::unclaimed_name.is_null())
            .filter(
                membership_roles::role_key
                    .eq_any(granting)
                    .or(membership_roles::role_key.eq(SeededRole::Owner.key())),
            )
            .select(membership_roles::user_id)
            .distinct()
            .into_boxed::<MultiBackend>();
        if let Some(user) = only {
            candidates = candidates.filter(membership_roles::user_id.eq(DbId(user.0)));
        }
        let candidates: Vec<DbId> = candidates.load(self.conn)?;
        if candidates.is_empty() {
            return Ok(BTreeMap::new());
        }
        let granted: Vec<(DbId, String, Option<String>)> = membership_roles::table
            .left_join(
                role_permissions::table.on(role_permissions::org_id
                    .eq(membership_roles::org_id)
                    .and(role_permissions::role_key.eq(membership_roles::role_key))),
            )
            .filter(membership_roles::org_id.eq(org))
            .filter(membership_roles::user_id.eq_any(candidates))
            .select((
                membership_roles::user_id,
                membership_roles::role_key,
                role_permissions::permission.nullable(),
            ))
            .load(self.conn)?;
        let mut by_user: BTreeMap<UserId, Vec<(String, String)>> = BTreeMap::new();
        for (user, role, permission) in granted {
            // An owner holds every permission, whatever the role lists (R12).
            let permission =
                permission.unwrap_or_else(|| Permission::DeleteMemberAccounts.as_str().to_owned());
            by_user.entry(UserId(user.0)).or_default().push((role, permission));
        }
        by_user.into_iter().map(|(user, granted)| Ok((user, together(&granted)?))).collect()
    }

    fn sync_approvers(
        &mut self,
        (org, right): (Option<OrgId>, ApprovalRight),
        only: Option<UserId>,
        current: &BTreeSet<UserId>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let before: BTreeSet<UserId> = self.active_approvers(org, right, only)?;
        let (new, lost) = (current - &before, &before - current);
        if new.is_empty() && lost.is_empty() {
            return Ok(());
        }
        // Those who lost the right long ago can no longer deny.
        let forgotten_until = now - TimeDelta::days(VOTE_DAYS);
        self.forget_lost_approvers(org, right, forgotten_until)?;
        let holders = if new.is_empty() { Holders::default() } else { self.holders(org, right)? };
        let mut granted_by = self.rights_given_through.clone();
        if let Some(by) = self.rights_given_by.filter(|_| !new.is_empty()) {
            granted_by.extend(self.responsible_for(by, now)?);
        }
        for is_lost in [false, true] {
            if !(if is_lost { &lost } else { &new }).is_empty() {
                self.add_announcement(org, is_lost, now)?;
            }
        }
        let left = if new.is_empty() { BTreeMap::new() } else { self.lost_approvers(org, right)? };
        for user in new {
            let by = self.rights_given_by.unwrap_or(user);
            let key = key_of(org, right, user);
            let before = left.get(&user);
            if before.is_some() {
                diesel::delete(approvers::table.find(&key)).execute(self.conn)?;
            }
            let known_since =
                before.filter(|lost| lost.lost_at > forgotten_until).map(|lost| lost.known_since);
            let row = Row {
                approver_key: key,
                org_id: org.map(|org| DbId(org.0)),
                approval_right: right.as_str().to_owned(),
                user_id: DbId(user.0),
                held_since: DbTime(now),
                lost_at: None,
                vote_starts_at: DbTime(holders.vote_starts_at(by, user, self.rights_approved_by, now)),
                granted_by: stored_users(&granted_by),
                endorsed_by: None,
                endorsed_at: None,
                announces_at: Some(DbTime(now)),
                known_since: DbTime(known_since.unwrap_or(now)),
            };
            diesel::insert_into(approvers::table).values(row).execute(self.conn)?;
        }
        let lost: Vec<String> = lost.into_iter().map(|user| key_of(org, right, user)).collect();
        for keys in lost.chunks(ROWS_PER_STATEMENT) {
            diesel::update(approvers::table.filter(approvers::approver_key.eq_any(keys)))
                .set((
                    approvers::lost_at.eq(Some(DbTime(now))),
                    approvers::announces_at.eq(Some(DbTime(now))),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Since when those who lost a right had been its holders, and when they lost it.
    fn lost_approvers(
        &mut self,
        org: Option<OrgId>,
        right: ApprovalRight,
    ) -> Result<BTreeMap<UserId, LostRight>, StoreError> {
        let lost = approvers::table
            .filter(approvers::approval_right.eq(right.as_str()))
            .filter(approvers::lost_at.is_not_null())
            .select((approvers::user_id, approvers::known_since, approvers::lost_at.assume_not_null()));
        let rows: Vec<(DbId, DbTime, DbTime)> = match org {
            Some(org) => lost.filter(approvers::org_id.eq(DbId(org.0))).load(self.conn)?,
            None => lost.filter(approvers::org_id.is_null()).load(self.conn)?,
        };
        Ok(rows
            .into_iter()
            .map(|(user, since, lost)| (UserId(user.0), LostRight { known_since: since.0, lost_at: lost.0 }))
            .collect())
    }

    fn active_approvers(
        &mut self,
        org: Option<OrgId>,
        right: ApprovalRight,
        only: Option<UserId>,
    ) -> Result<BTreeSet<UserId>, StoreError> {
        let active = approvers::table
            .filter(approvers::approval_right.eq(right.as_str()))
            .filter(approvers::lost_at.is_null())
            .select(approvers::user_id);
        let mut active = match org {
            Some(org) => active.filter(approvers::org_id.eq(DbId(org.0))).into_boxed::<MultiBackend>(),
            None => active.filter(approvers::org_id.is_null()).into_boxed::<MultiBackend>(),
        };
        if let Some(user) = only {
            active = active.filter(approvers::user_id.eq(DbId(user.0)));
        }
        let ids: Vec<DbId> = active.load(self.conn)?;
        Ok(ids.into_iter().map(|id| UserId(id.0)).collect())
    }

    fn forget_lost_approvers(
        &mut self,
        org: Option<OrgId>,
        right: ApprovalRight,
        before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // Those who are not notified of their loss yet are not removed.
        let lost = approvers::table
            .filter(approvers::approval_right.eq(right.as_str()))
            .filter(approvers::lost_at.le(DbTime(before)))
            .filter(approvers::announces_at.is_null());
        match org {
            Some(org) => diesel::delete(lost.filter(approvers::org_id.eq(DbId(org.0)))).execute(self.conn)?,
            None => diesel::delete(lost.filter(approvers::org_id.is_null())).execute(self.conn)?,
        };
        Ok(())
    }
}
