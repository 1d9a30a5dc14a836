use std::collections::BTreeSet;

use ::mail::MailKind;
use ::users::UserId;
use diesel::prelude::*;

use crate::schema::mail_preferences as preferences;
use crate::sql_types::DbId;
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// The kinds of mail that a person does not want.
    pub fn unwanted_mails(&mut self, user: UserId) -> Result<BTreeSet<MailKind>, StoreError> {
        let row: Option<String> = preferences::table
            .find(DbId(user.0))
            .select(preferences::unwanted)
            .first(self.conn)
            .optional()?;
        Ok(row.iter().flat_map(|words| words.split(',')).filter_map(MailKind::parse).collect())
    }

    /// Keeps them as they are now.
    pub fn save_unwanted_mails(
        &mut self,
        user: UserId,
        unwanted: &BTreeSet<MailKind>,
    ) -> Result<(), StoreError> {
        self.remove_mail_preferences(user)?;
        let words: Vec<&str> = unwanted.iter().map(|kind| kind.as_str()).collect();
        let row = (preferences::user_id.eq(DbId(user.0)), preferences::unwanted.eq(words.join(",")));
        diesel::insert_into(preferences::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Forgets them.
    pub(crate) fn remove_mail_preferences(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(preferences::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(())
    }
}
