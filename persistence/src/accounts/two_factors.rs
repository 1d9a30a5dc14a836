use ::users::{DeviceSecret, TwoFactor, UserId};
use diesel::prelude::*;

use crate::db::guarded_update::one_row;
use crate::db::schema::two_factors;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = two_factors, treat_none_as_null = true)]
struct Row {
    user_id: DbId,
    secret: Vec<u8>,
    started_at: DbTime,
    enabled_at: Option<DbTime>,
    last_step: Option<i64>,
    recovery_hashes: String,
    version: i64,
}

impl TryFrom<Row> for TwoFactor {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: UserId(row.user_id.0),
            secret: DeviceSecret(
                row.secret.try_into().map_err(|_| StoreError::Corrupt("two_factors.secret"))?,
            ),
            started_at: row.started_at.0,
            enabled_at: row.enabled_at.map(|at| at.0),
            last_step: row.last_step,
            recovery_hashes: row.recovery_hashes.split_whitespace().map(str::to_owned).collect(),
            version: row.version,
        })
    }
}

impl Tx<'_> {
    /// A person's two-factor log-in, enabled or being set up.
    pub fn two_factor(&mut self, user: UserId) -> Result<Option<TwoFactor>, StoreError> {
        let row: Option<Row> =
            two_factors::table.find(DbId(user.0)).select(Row::as_select()).first(self.conn).optional()?;
        row.map(TwoFactor::try_from).transpose()
    }

    /// Whether a person has two-factor log-in enabled.
    pub fn has_two_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.two_factor(user)?.is_some_and(|two_factor| two_factor.is_on()))
    }

    /// Whether a person has to set up two-factor log-in first, because a role in an organization requires it.
    pub(crate) fn lacks_two_factor(&mut self, user: UserId, is_asked_for: bool) -> Result<bool, StoreError> {
        Ok(is_asked_for && !self.has_two_factor(user)?)
    }

    /// The same for platform roles, for a person who has one.
    pub fn lacks_platform_two_factor(
        &mut self,
        user: UserId,
        has_platform_role: bool,
    ) -> Result<bool, StoreError> {
        let is_asked_for = has_platform_role && self.platform_settings()?.requires_two_factor;
        self.lacks_two_factor(user, is_asked_for)
    }

    /// Saves it. Returns `Stale` if it was changed meanwhile. Version 0 is one that was never saved.
    pub fn save_two_factor(&mut self, two_factor: &TwoFactor) -> Result<(), StoreError> {
        let row = Row {
            user_id: DbId(two_factor.user_id.0),
            secret: two_factor.secret.0.to_vec(),
            started_at: DbTime(two_factor.started_at),
            enabled_at: two_factor.enabled_at.map(DbTime),
            last_step: two_factor.last_step,
            recovery_hashes: two_factor
                .recovery_hashes
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" "),
            version: two_factor.version + 1,
        };
        if two_factor.version == 0 {
            diesel::insert_into(two_factors::table).values(row).execute(self.conn)?;
            return Ok(());
        }
        let unchanged =
            two_factors::table.find(row.user_id).filter(two_factors::version.eq(two_factor.version));
        one_row(diesel::update(unchanged).set(row).execute(self.conn)?)
    }

    /// Removes it; returns whether it was enabled.
    pub fn remove_two_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        let was_on = self.has_two_factor(user)?;
        diesel::delete(two_factors::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(was_on)
    }
}
