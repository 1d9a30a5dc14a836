use ::users::UserId;
use diesel::prelude::*;
use invitations::{AccountSetup, SetupFor};

use crate::schema::account_setups;
use crate::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Keeps a new set-up link by its hash; older ones for the same account stop working.
    pub fn add_account_setup(&mut self, setup: &AccountSetup, token_hash: &str) -> Result<(), StoreError> {
        let user = match setup.for_whom {
            SetupFor::PlatformOwner => None,
            SetupFor::Account(user) => Some(DbId(user.0)),
        };
        match user {
            Some(user) => diesel::delete(account_setups::table.filter(account_setups::user_id.eq(user)))
                .execute(self.conn)?,
            None => diesel::delete(account_setups::table.filter(account_setups::user_id.is_null()))
                .execute(self.conn)?,
        };
        let row = (
            account_setups::token_hash.eq(token_hash),
            account_setups::user_id.eq(user),
            account_setups::expires_at.eq(DbTime(setup.expires_at)),
        );
        diesel::insert_into(account_setups::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The set-up link with this hash.
    pub fn account_setup(&mut self, token_hash: &str) -> Result<Option<AccountSetup>, StoreError> {
        let row: Option<(Option<DbId>, DbTime, Option<DbTime>)> = account_setups::table
            .find(token_hash)
            .select((account_setups::user_id, account_setups::expires_at, account_setups::used_at))
            .first(self.conn)
            .optional()?;
        Ok(row.map(|(user, expires_at, used_at)| AccountSetup {
            for_whom: user.map_or(SetupFor::PlatformOwner, |u| SetupFor::Account(UserId(u.0))),
            expires_at: expires_at.0,
            used_at: used_at.map(|t| t.0),
        }))
    }

    /// Marks the link as used. Of two that try at once, one is `Stale`.
    pub fn spend_account_setup(&mut self, setup: &AccountSetup, token_hash: &str) -> Result<(), StoreError> {
        let unused = account_setups::table.find(token_hash).filter(account_setups::used_at.is_null());
        let spent = diesel::update(unused)
            .set(account_setups::used_at.eq(setup.used_at.map(DbTime)))
            .execute(self.conn)?;
        if spent == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
