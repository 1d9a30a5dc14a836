use ::users::Failures;
use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use uuid::Uuid;

use crate::schema::login_failures;
use crate::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Failed log-ins since `since`: of this account, and from this address.
    pub fn login_failures(
        &mut self,
        account_key: &str,
        address: &str,
        since: DateTime<Utc>,
    ) -> Result<(Failures, Failures), StoreError> {
        let recent = || {
            login_failures::table
                .filter(login_failures::occurred_at.gt(DbTime(since)))
                .select((count_star(), max(login_failures::occurred_at)))
        };
        let of_account: (i64, Option<DbTime>) =
            recent().filter(login_failures::account_key.eq(account_key)).first(self.conn)?;
        let of_address: (i64, Option<DbTime>) =
            recent().filter(login_failures::address.eq(address)).first(self.conn)?;
        let failures = |(count, last): (i64, Option<DbTime>)| Failures { count, last_at: last.map(|t| t.0) };
        Ok((failures(of_account), failures(of_address)))
    }

    /// Counts a failed log-in.
    pub fn add_login_failure(
        &mut self,
        id: Uuid,
        account_key: &str,
        address: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = (
            login_failures::id.eq(DbId(id)),
            login_failures::account_key.eq(account_key),
            login_failures::address.eq(address),
            login_failures::occurred_at.eq(DbTime(at)),
        );
        diesel::insert_into(login_failures::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Forgets one that was none.
    pub fn remove_login_failure(&mut self, id: Uuid) -> Result<(), StoreError> {
        diesel::delete(login_failures::table.find(DbId(id))).execute(self.conn)?;
        Ok(())
    }

    /// Forgets the account's failures once its owner got in; those of the address stay.
    pub fn forget_login_failures(&mut self, account_key: &str) -> Result<(), StoreError> {
        diesel::delete(login_failures::table.filter(login_failures::account_key.eq(account_key)))
            .execute(self.conn)?;
        Ok(())
    }
}
