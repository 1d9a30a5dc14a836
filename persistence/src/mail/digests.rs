//! Mails that are deferred to the time that their recipient chose.

use ::mail::{MailId, MailKind, MailStatus};
use ::orgs::OrgId;
use ::users::{Account, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::connection::MultiBackend;
use crate::db::schema::mails;
use crate::db::sql_types::{DbId, DbTime};
use crate::mail::mails::{MailRow, is_queued};
use crate::{NewMail, StoreError, Tx};

/// The reason in the log of a mail that is part of a digest.
const IN_DIGEST: &str = "it is part of a digest";

/// The recipient of a digest, and the organization in whose name it is sent; `None`: the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestFor {
    /// Its recipient.
    pub user: UserId,
    /// The organization of its mails.
    pub org: Option<OrgId>,
}

impl Tx<'_> {
    /// The due digests of the next `at_most` people, in the order of their ids.
    pub fn digests_due(
        &mut self,
        now: DateTime<Utc>,
        after: Option<UserId>,
        at_most: i64,
    ) -> Result<Vec<DigestFor>, StoreError> {
        let due = || {
            mails::table
                .filter(is_queued())
                .filter(mails::is_for_digest)
                .filter(mails::due_at.le(DbTime(now)))
                .filter(mails::user_id.is_not_null())
        };
        let user = mails::user_id.assume_not_null();
        let some = due().select(user).distinct().order(user).limit(at_most).into_boxed::<MultiBackend>();
        let some = match after {
            Some(after) => some.filter(user.gt(DbId(after.0))),
            None => some,
        };
        let users: Vec<DbId> = some.load(self.conn)?;
        let rows: Vec<(DbId, Option<DbId>)> = due()
            .filter(user.eq_any(users))
            .select((user, mails::org_id))
            .distinct()
            .order((user, mails::org_id))
            .load(self.conn)?;
        let digest = |(user, org): (DbId, Option<DbId>)| DigestFor {
            user: UserId(user.0),
            org: org.map(|id| OrgId(id.0)),
        };
        Ok(rows.into_iter().map(digest).collect())
    }

    /// Takes the mails of a digest, the oldest first. They are no longer sent individually; of several
    /// processes, only one gets each.
    pub fn take_for_digest(
        &mut self,
        digest: &DigestFor,
        now: DateTime<Utc>,
        at_most: i64,
    ) -> Result<Vec<NewMail>, StoreError> {
        let all = mails::table
            .filter(mails::user_id.eq(DbId(digest.user.0)))
            .filter(is_queued())
            .filter(mails::is_for_digest)
            .filter(mails::due_at.le(DbTime(now)))
            .into_boxed();
        let waiting = match digest.org {
            Some(org) => all.filter(mails::org_id.eq(DbId(org.0))),
            None => all.filter(mails::org_id.is_null()),
        };
        let ids: Vec<DbId> =
            waiting.order((mails::created_at, mails::id)).limit(at_most).select(mails::id).load(self.conn)?;
        let taken: Vec<DbId> = diesel::update(mails::table)
            .filter(mails::id.eq_any(ids))
            .filter(is_queued())
            .filter(mails::is_for_digest)
            .filter(mails::due_at.le(DbTime(now)))
            .set((mails::status.eq(MailStatus::Suppressed.as_str()), mails::last_error.eq(IN_DIGEST)))
            .returning(mails::id)
            .get_results(self.conn)?;
        let rows: Vec<MailRow> = mails::table
            .filter(mails::id.eq_any(taken))
            .order((mails::created_at, mails::id))
            .select(MailRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(MailRow::mail).collect()
    }

    /// Saves why a mail is left out of the digest that it was taken for.
    pub fn leave_out_of_digest(
        &mut self,
        id: MailId,
        status: MailStatus,
        why: &str,
    ) -> Result<(), StoreError> {
        let state = (mails::status.eq(status.as_str()), mails::last_error.eq(why));
        diesel::update(mails::table.find(DbId(id.0))).set(state).execute(self.conn)?;
        Ok(())
    }

    /// Returns a mail that was taken for a digest, to be sent individually.
    pub fn give_back_from_digest(&mut self, id: MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let state = (
            mails::status.eq(MailStatus::Queued.as_str()),
            mails::is_for_digest.eq(false),
            mails::due_at.eq(DbTime(now)),
        );
        diesel::update(mails::table.find(DbId(id.0))).set(state).execute(self.conn)?;
        Ok(())
    }

    /// Updates a person's deferred mails after a change of their account or preferences: they are sent to the
    /// current address, and are due now. Mails that are being sent at this moment are not touched.
    pub fn reschedule_queued_mails(
        &mut self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // They belong to all organizations of the person.
        self.for_platform(|tx| tx.reschedule_in_every_organization(account, now))
    }

    fn reschedule_in_every_organization(
        &mut self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let waiting = |kinds: &[MailKind]| {
            let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            mails::table
                .filter(mails::user_id.eq(DbId(account.id.0)))
                .filter(mails::kind.eq_any(words))
                .filter(is_queued())
                .filter(mails::leased_until.is_null().or(mails::leased_until.le(DbTime(now))))
        };
        let address = mails::email.eq(account.email.as_str());
        diesel::update(waiting(&[MailKind::Digest])).set(address).execute(self.conn)?;
        let at_once = (address, mails::is_for_digest.eq(false), mails::due_at.eq(DbTime(now)));
        let deferred = mails::is_for_digest.eq(true).or(mails::attempts.eq(0));
        diesel::update(waiting(&MailKind::OPTIONAL).filter(deferred)).set(at_once).execute(self.conn)?;
        Ok(())
    }
}
