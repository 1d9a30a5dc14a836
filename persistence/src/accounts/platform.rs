use ::users::PlatformSettings;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::platform_settings;
use crate::db::sql_types::DbTime;
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = platform_settings)]
struct Row {
    requires_invitation: bool,
    default_locale: String,
    time_zone: String,
    grace_days: i32,
    requires_two_factor: bool,
    updated_at: DbTime,
    version: i64,
}

impl Tx<'_> {
    /// The settings of the whole platform.
    pub fn platform_settings(&mut self) -> Result<PlatformSettings, StoreError> {
        let row: Row = platform_settings::table.find(1).select(Row::as_select()).first(self.conn)?;
        Ok(PlatformSettings {
            requires_invitation: row.requires_invitation,
            default_locale: row.default_locale,
            time_zone: row.time_zone,
            grace_days: row.grace_days,
            requires_two_factor: row.requires_two_factor,
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }

    /// Makes changes of platform roles wait for one another, so that a rule about all of them, like the last
    /// owner, is not violated.
    pub fn lock_platform_roles(&mut self) -> Result<(), StoreError> {
        diesel::update(platform_settings::table.find(1))
            .set(platform_settings::grace_days.eq(platform_settings::grace_days))
            .execute(self.conn)?;
        Ok(())
    }

    /// Saves the settings. Returns `Stale` if they were changed meanwhile.
    pub fn save_platform_settings(
        &mut self,
        changed: &PlatformSettings,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = Row {
            requires_invitation: changed.requires_invitation,
            default_locale: changed.default_locale.clone(),
            time_zone: changed.time_zone.clone(),
            grace_days: changed.grace_days,
            requires_two_factor: changed.requires_two_factor,
            updated_at: DbTime(now),
            version: changed.version + 1,
        };
        let unchanged =
            platform_settings::table.find(1).filter(platform_settings::version.eq(changed.version));
        if diesel::update(unchanged).set(row).execute(self.conn)? == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }
}
