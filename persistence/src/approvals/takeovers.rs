//! Acts that may have given others than its owner access to an account (S001-30).

use std::collections::{BTreeMap, BTreeSet};

use ::roles::{Takeover, TakeoverAct};
use ::users::{EmailAddress, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::approvals::approvers::{stored_users, users_of};
use crate::db::schema::takeovers;
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// The open takeovers of an account, the oldest first.
    pub fn takeovers_of(&mut self, user: UserId) -> Result<Vec<Takeover>, StoreError> {
        Ok(self.takeovers_of_all(&[user])?.remove(&user).unwrap_or_default())
    }

    /// The same for many accounts; those without any are left out.
    pub(crate) fn takeovers_of_all(
        &mut self,
        users: &[UserId],
    ) -> Result<BTreeMap<UserId, Vec<Takeover>>, StoreError> {
        let ids: Vec<DbId> = users.iter().map(|user| DbId(user.0)).collect();
        let rows: Vec<(DbId, DbJson, DbTime, Option<String>)> = takeovers::table
            .filter(takeovers::user_id.eq_any(ids))
            .order(takeovers::acted_at)
            .select((takeovers::user_id, takeovers::acted_by, takeovers::acted_at, takeovers::proved_address))
            .load(self.conn)?;
        let mut found: BTreeMap<UserId, Vec<Takeover>> = BTreeMap::new();
        for (user, by, at, address) in rows {
            let address = address.as_deref().map(EmailAddress::parse).transpose();
            let takeover = Takeover {
                by: users_of(&by.0),
                at: at.0,
                proved_address: address.map_err(|_| StoreError::Corrupt("takeovers.proved_address"))?,
            };
            found.entry(UserId(user.0)).or_default().push(takeover);
        }
        Ok(found)
    }

    /// Saves an act of `by`, and everybody responsible for it, on an account with this proved address. A
    /// later act of the same people replaces the earlier one.
    pub fn add_takeover(
        &mut self,
        id: Uuid,
        user: UserId,
        act: TakeoverAct,
        by: BTreeSet<UserId>,
        address: Option<EmailAddress>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let open = self.takeovers_of(user)?;
        let takeover = Takeover::record(&open, by, address, now);
        let again = takeovers::table
            .filter(takeovers::user_id.eq(DbId(user.0)))
            .filter(takeovers::acted_by.eq(stored_users(&takeover.by)));
        diesel::delete(again).execute(self.conn)?;
        let row = (
            takeovers::id.eq(DbId(id)),
            takeovers::user_id.eq(DbId(user.0)),
            takeovers::act.eq(act.as_str()),
            takeovers::acted_by.eq(stored_users(&takeover.by)),
            takeovers::acted_at.eq(DbTime(takeover.at)),
            takeovers::proved_address.eq(takeover.proved_address.as_ref().map(EmailAddress::as_str)),
        );
        diesel::insert_into(takeovers::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Ends the takeovers that a link sent only to this address ends; returns whether there were any.
    pub fn end_takeovers(&mut self, user: UserId, address: &EmailAddress) -> Result<bool, StoreError> {
        let ended = takeovers::table
            .filter(takeovers::user_id.eq(DbId(user.0)))
            .filter(takeovers::proved_address.eq(address.as_str()));
        Ok(diesel::delete(ended).execute(self.conn)? > 0)
    }
}
