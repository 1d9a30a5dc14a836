use ::users::{KNOWN_NETWORK_DAYS, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::known_networks as k;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Whether an account's owner logged in from this network in the last [`KNOWN_NETWORK_DAYS`].
    pub fn is_known_network(
        &mut self,
        user: UserId,
        network: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let at: Option<DbTime> =
            k::table.find((DbId(user.0), network)).select(k::logged_in_at).first(self.conn).optional()?;
        Ok(at.is_some_and(|at| at.0 > now - KNOWN_NETWORK_DAYS))
    }

    /// Saves that an account's owner has logged in from this network.
    pub fn save_known_network(
        &mut self,
        user: UserId,
        network: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = k::table.find((DbId(user.0), network));
        if diesel::update(row).set(k::logged_in_at.eq(DbTime(now))).execute(self.conn)? == 0 {
            let new = (k::user_id.eq(DbId(user.0)), k::network.eq(network), k::logged_in_at.eq(DbTime(now)));
            diesel::insert_into(k::table).values(new).execute(self.conn)?;
        }
        Ok(())
    }

    /// Removes the known networks of an account: its owner may not have logged in from them.
    pub fn forget_known_networks(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(k::table.filter(k::user_id.eq(DbId(user.0)))).execute(self.conn)?;
        Ok(())
    }
}
