//! The name and address that an organization sees of a person (R15).

use ::orgs::OrgId;
use ::roles::ShownMember;
use ::users::{Account, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{memberships, users};
use crate::db::sql_types::DbId;
use crate::db::texts::coalesce;
use crate::members::memberships::Members;
use crate::members::shown_member::shown;
use crate::{StoreError, Tx};

/// The name that an organization sees of a person, a member or not, with the membership left-joined.
#[diesel::dsl::auto_type]
pub(crate) fn shown_name() -> _ {
    coalesce(memberships::shown_name.nullable(), users::name)
}

/// The address that the organization sees.
#[diesel::dsl::auto_type]
pub(crate) fn shown_email() -> _ {
    coalesce(memberships::shown_email.nullable(), users::email)
}

impl Tx<'_> {
    /// The name and address that an organization sees of a person, a member or not.
    pub(crate) fn shown_as(&mut self, org: OrgId, user: UserId) -> Result<(String, String), StoreError> {
        let here = memberships::user_id.eq(users::id).and(memberships::org_id.eq(DbId(org.0)));
        Ok(users::table
            .find(DbId(user.0))
            .left_join(memberships::table.on(here))
            .select((shown_name(), shown_email()))
            .first(self.conn)?)
    }

    /// Saves the name and address of an account in all memberships that show them: the claimed ones, and
    /// those of the organization that created the account ([`ShownMember::Claimed`]).
    pub(crate) fn show_account(&mut self, account: &Account) -> Result<(), StoreError> {
        // The account may have memberships in other organizations than that of this transaction.
        self.for_platform(|tx| {
            let known = memberships::table
                .filter(memberships::user_id.eq(DbId(account.id.0)))
                .filter(memberships::unclaimed_name.is_null());
            diesel::update(known).set(shown(ShownMember::Claimed(account))).execute(tx.conn)?;
            Ok(())
        })
    }

    /// The account of a new or just claimed membership. It can't be renamed before this transaction ends, so
    /// that the membership shows its current name.
    pub(crate) fn account_to_show(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.lock_account_shared(user)?;
        self.account(user)
    }
}

impl Members<'_, '_> {
    /// Claims a membership: from now on the organization sees the account's name and address (R15). Returns
    /// whether that changed anything; the member's tickets are indexed again then.
    pub fn claim(&mut self, user: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let Some(account) = self.tx.account_to_show(user)? else { return Ok(false) };
        let unclaimed = memberships::table
            .find((DbId(self.org.0), DbId(user.0)))
            .filter(memberships::unclaimed_name.is_not_null());
        let claimed_rows = diesel::update(unclaimed)
            .set((
                memberships::unclaimed_email.eq(None::<String>),
                memberships::unclaimed_name.eq(None::<String>),
                shown(ShownMember::Claimed(&account)),
            ))
            .execute(self.tx.conn)?;
        // Of two first requests at once, one has done it; a membership that was removed meanwhile is not
        // claimed.
        self.tx.sync_approvers_of_org(self.org, Some(user), now)?;
        Ok(claimed_rows == 1)
    }
}
