use ::mail::{MailKind, MailWishes, QuietHours};
use ::users::UserId;
use chrono::{DateTime, NaiveTime, Utc};
use diesel::prelude::*;

use crate::schema::mail_preferences as preferences;
use crate::sql_types::DbId;
use crate::{StoreError, Tx};

/// How a time of the day is written.
const CLOCK: &str = "%H:%M";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = preferences)]
struct Row {
    user_id: DbId,
    unwanted: String,
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    digest_at: Option<String>,
}

impl Row {
    fn of(user: UserId, wishes: &MailWishes) -> Self {
        let kinds: Vec<&str> = wishes.unwanted.iter().map(|kind| kind.as_str()).collect();
        let clock = |time: NaiveTime| time.format(CLOCK).to_string();
        Self {
            user_id: DbId(user.0),
            unwanted: kinds.join(","),
            quiet_from: wishes.quiet_hours.map(QuietHours::from).map(clock),
            quiet_until: wishes.quiet_hours.map(QuietHours::until).map(clock),
            digest_at: wishes.digest_at.map(clock),
        }
    }

    fn wishes(&self) -> Result<MailWishes, StoreError> {
        let corrupt = StoreError::Corrupt("mail_preferences");
        let clock = |text: &Option<String>| {
            text.as_ref().map(|text| NaiveTime::parse_from_str(text, CLOCK)).transpose().ok()
        };
        let times = (clock(&self.quiet_from), clock(&self.quiet_until), clock(&self.digest_at));
        let (Some(from), Some(until), Some(digest_at)) = times else { return Err(corrupt) };
        let quiet_hours = from.zip(until).map(|(from, until)| QuietHours::new(from, until)).transpose();
        let Ok(quiet_hours) = quiet_hours else { return Err(corrupt) };
        let unwanted = self.unwanted.split(',').filter_map(MailKind::parse).collect();
        Ok(MailWishes { unwanted, quiet_hours, digest_at })
    }
}

impl Tx<'_> {
    /// What a person wants of the mails that he may do without.
    pub fn mail_wishes(&mut self, user: UserId) -> Result<MailWishes, StoreError> {
        let row: Option<Row> =
            preferences::table.find(DbId(user.0)).select(Row::as_select()).first(self.conn).optional()?;
        row.map_or_else(|| Ok(MailWishes::default()), |row| row.wishes())
    }

    /// Keeps it as it is now. What waits for a time of his is judged anew.
    pub fn save_mail_wishes(
        &mut self,
        user: UserId,
        wishes: &MailWishes,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.remove_mail_preferences(user)?;
        diesel::insert_into(preferences::table).values(Row::of(user, wishes)).execute(self.conn)?;
        self.release_mails(user, now)
    }

    /// Forgets it.
    pub(crate) fn remove_mail_preferences(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(preferences::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(())
    }
}
