//! Mails that wait to be told together with others.

use ::mail::{MailId, MailKind, MailStatus};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::mails::MailRow;
use crate::schema::mails;
use crate::sql_types::{DbId, DbTime};
use crate::{NewMail, StoreError, Tx};

impl Tx<'_> {
    /// The mail that has waited longest of those whose time has come.
    pub fn mail_for_digest(&mut self, now: DateTime<Utc>) -> Result<Option<NewMail>, StoreError> {
        let row: Option<MailRow> = mails::table
            .filter(mails::status.eq(MailStatus::Queued.as_str()))
            .filter(mails::is_for_digest.eq(true))
            .filter(mails::due_at.le(DbTime(now)))
            .order((mails::due_at, mails::id))
            .select(MailRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(MailRow::mail).transpose()
    }

    /// Takes those that are told together with it, itself among them, the oldest first: to the same person in the name of the
    /// same organization. They are sent no more; of several processes one gets each.
    pub fn take_for_digest(
        &mut self,
        first: &NewMail,
        now: DateTime<Utc>,
        at_most: i64,
    ) -> Result<Vec<NewMail>, StoreError> {
        let waiting = || {
            let all = mails::table
                .filter(mails::user_id.eq(first.user.map(|user| DbId(user.0))))
                .filter(mails::status.eq(MailStatus::Queued.as_str()))
                .filter(mails::is_for_digest.eq(true))
                .filter(mails::due_at.le(DbTime(now)))
                .into_boxed();
            match first.org {
                Some(org) => all.filter(mails::org_id.eq(DbId(org.0))),
                None => all.filter(mails::org_id.is_null()),
            }
        };
        let ids: Vec<DbId> = waiting()
            .order((mails::created_at, mails::id))
            .limit(at_most)
            .select(mails::id)
            .load(self.conn)?;
        let taken: Vec<DbId> = diesel::update(mails::table)
            .filter(mails::id.eq_any(ids))
            .filter(mails::status.eq(MailStatus::Queued.as_str()))
            .set((
                mails::status.eq(MailStatus::Suppressed.as_str()),
                mails::last_error.eq("it is told in a digest"),
            ))
            .returning(mails::id)
            .get_results(self.conn)?;
        let rows: Vec<MailRow> = mails::table
            .filter(mails::id.eq_any(taken))
            .order((mails::created_at, mails::id))
            .select(MailRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(MailRow::mail).collect()
    }

    /// Keeps why a mail is not even told in the digest that it was taken for.
    pub fn leave_out_of_digest(&mut self, id: MailId, why: &str) -> Result<(), StoreError> {
        diesel::update(mails::table.find(DbId(id.0))).set(mails::last_error.eq(why)).execute(self.conn)?;
        Ok(())
    }

    /// Gives back the mails that a person may do without and that wait for a time of his: each is judged anew, at once.
    pub(crate) fn release_mails(&mut self, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let kinds = MailKind::OPTIONAL.map(MailKind::as_str);
        let waiting = mails::table
            .filter(mails::user_id.eq(DbId(user.0)))
            .filter(mails::kind.eq_any(kinds))
            .filter(mails::status.eq(MailStatus::Queued.as_str()))
            .filter(mails::attempts.eq(0));
        let at_once = (mails::is_for_digest.eq(false), mails::due_at.eq(DbTime(now)));
        diesel::update(waiting).set(at_once).execute(self.conn)?;
        Ok(())
    }
}
