use ::mail::{CLOCK_FORMAT, MailKind, NotificationPreferences, QuietHours};
use ::users::UserId;
use chrono::NaiveTime;
use diesel::prelude::*;

use crate::db::schema::mail_preferences as preferences;
use crate::db::sql_types::DbId;
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = preferences)]
struct Row {
    user_id: DbId,
    muted: String,
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    digest_time: Option<String>,
}

impl Row {
    fn of(user: UserId, preferences: &NotificationPreferences) -> Self {
        let kinds: Vec<&str> = preferences.muted.iter().map(|kind| kind.as_str()).collect();
        let clock = |time: NaiveTime| time.format(CLOCK_FORMAT).to_string();
        Self {
            user_id: DbId(user.0),
            muted: kinds.join(","),
            quiet_from: preferences.quiet_hours.map(QuietHours::from).map(clock),
            quiet_until: preferences.quiet_hours.map(QuietHours::until).map(clock),
            digest_time: preferences.digest_time.map(clock),
        }
    }

    fn preferences(&self) -> Result<NotificationPreferences, StoreError> {
        let corrupt = || StoreError::Corrupt("mail_preferences");
        let clock = |text: &Option<String>| {
            let text = text.as_ref();
            text.map(|text| NaiveTime::parse_from_str(text, CLOCK_FORMAT)).transpose().map_err(|_| corrupt())
        };
        let quiet_hours = match (clock(&self.quiet_from)?, clock(&self.quiet_until)?) {
            (Some(from), Some(until)) => Some(QuietHours::new(from, until).map_err(|_| corrupt())?),
            (None, None) => None,
            _ => return Err(corrupt()),
        };
        let digest_time = clock(&self.digest_time)?;
        let muted = self.muted.split(',').filter_map(MailKind::parse).collect();
        Ok(NotificationPreferences { muted, quiet_hours, digest_time })
    }
}

impl Tx<'_> {
    /// A person's notification preferences.
    pub fn notification_preferences(&mut self, user: UserId) -> Result<NotificationPreferences, StoreError> {
        let row: Option<Row> =
            preferences::table.find(DbId(user.0)).select(Row::as_select()).first(self.conn).optional()?;
        row.map_or_else(|| Ok(NotificationPreferences::default()), |row| row.preferences())
    }

    /// Saves the preferences.
    pub fn save_notification_preferences(
        &mut self,
        user: UserId,
        preferences: &NotificationPreferences,
    ) -> Result<(), StoreError> {
        self.remove_mail_preferences(user)?;
        diesel::insert_into(preferences::table).values(Row::of(user, preferences)).execute(self.conn)?;
        Ok(())
    }

    /// Removes the preferences.
    pub(crate) fn remove_mail_preferences(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(preferences::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(())
    }
}
