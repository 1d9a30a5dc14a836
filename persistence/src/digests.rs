//! Mails that wait for the time that their recipient chose.

use ::mail::{MailId, MailKind, MailStatus};
use ::orgs::OrgId;
use ::users::{Account, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::mails::{MailRow, is_queued};
use crate::schema::mails;
use crate::sql_types::{DbId, DbTime};
use crate::{NewMail, StoreError, Tx};

/// What stands in the log of a mail that a digest told.
const TOLD: &str = "it is told in a digest";

/// Whom a digest is for, and in whose name; `None`: the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestFor {
    /// Its recipient.
    pub user: UserId,
    /// The organization whose mails it tells together.
    pub org: Option<OrgId>,
}

impl Tx<'_> {
    /// For whom a digest is due: up to so many people behind one of them, in the order of their ids, each with all of theirs.
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

    /// Takes what it tells, the oldest first. It is sent by itself no more; of several processes one gets each.
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
            .set((mails::status.eq(MailStatus::Suppressed.as_str()), mails::last_error.eq(TOLD)))
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

    /// Gives back one that was taken for a digest, to be sent by itself.
    pub fn give_back_from_digest(&mut self, id: MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let state = (
            mails::status.eq(MailStatus::Queued.as_str()),
            mails::is_for_digest.eq(false),
            mails::due_at.eq(DbTime(now)),
        );
        diesel::update(mails::table.find(DbId(id.0))).set(state).execute(self.conn)?;
        Ok(())
    }

    /// Brings what waits for a person's time in line with his account and wishes as they are now: it goes to his address,
    /// and is judged anew at once. What is being sent at this moment is not touched.
    pub fn reschedule_queued_mails(
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
        let by_wish = mails::is_for_digest.eq(true).or(mails::attempts.eq(0));
        diesel::update(waiting(&MailKind::OPTIONAL).filter(by_wish)).set(at_once).execute(self.conn)?;
        Ok(())
    }
}
