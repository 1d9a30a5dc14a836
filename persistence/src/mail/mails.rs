use std::collections::BTreeMap;

use ::mail::{Delivery, LEASE_MINUTES, MailId, MailKind, MailSecret, MailStatus, Refusals};
use ::orgs::OrgId;
use ::users::{EmailAddress, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{max, min, not, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::Value;
use uuid::Uuid;

use crate::db::connection::AnyConnection;
use crate::db::queues::Queue;
use crate::db::schema::mails;
use crate::db::sql_types::{DbId, DbJson, DbTime, TimeColumn, UuidColumn};
use crate::{Page, StoreError, Tx};

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Unique ID.
    pub id: MailId,
    /// The organization it is sent for; `None`: the platform.
    pub org: Option<OrgId>,
    /// The account of the recipient, if there is one.
    pub user: Option<UserId>,
    /// The recipient's address.
    pub email: EmailAddress,
    /// The kind of mail.
    pub kind: MailKind,
    /// The preferred language, a BCP 47 tag.
    pub locale: String,
    /// The variables of the template, a JSON object; nothing secret.
    pub variables: Value,
    /// The source of its link.
    pub secret: Option<MailSecret>,
}

/// A mail that this process has taken to send.
#[derive(Debug, Clone)]
pub struct TakenMail {
    /// The mail.
    pub mail: NewMail,
    /// Its delivery state, including this attempt.
    pub delivery: Delivery,
}

/// A mail as the log of mails shows it: no text, no secret (S000-7).
#[derive(Debug, Clone)]
pub struct MailLogEntry {
    /// Unique ID.
    pub id: MailId,
    /// The kind of mail.
    pub kind: MailKind,
    /// The recipient's address.
    pub email: EmailAddress,
    /// Its language.
    pub locale: String,
    /// Its delivery state.
    pub delivery: Delivery,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mails)]
pub(crate) struct MailRow {
    id: DbId,
    org_id: Option<DbId>,
    user_id: Option<DbId>,
    email: String,
    kind: String,
    locale: String,
    variables: DbJson,
    secret_kind: Option<String>,
    secret_id: Option<DbId>,
    status: String,
    attempts: i32,
    due_at: DbTime,
    is_for_digest: bool,
    last_error: Option<String>,
    created_at: DbTime,
    sent_at: Option<DbTime>,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = UuidColumn)]
    id: DbId,
}

/// Whether a mail is queued, as a literal: SQLite with stable plans and PostgreSQL's generic plans use the
/// partial indexes of queued mails only if the predicate contains no parameter.
pub(crate) fn is_queued() -> SqlLiteral<Bool> {
    sql(&format!("mails.status = '{}'", MailStatus::Queued.as_str()))
}

impl MailRow {
    pub(crate) fn mail(self) -> Result<NewMail, StoreError> {
        self.parts().map(|(mail, _, _)| mail)
    }

    fn parts(self) -> Result<(NewMail, Delivery, DateTime<Utc>), StoreError> {
        let delivery = Delivery {
            status: MailStatus::parse(&self.status).ok_or(StoreError::Corrupt("mails.status"))?,
            attempts: self.attempts,
            due_at: self.due_at.0,
            is_for_digest: self.is_for_digest,
            last_error: self.last_error,
            sent_at: self.sent_at.map(|t| t.0),
        };
        let secret = match (self.secret_kind, self.secret_id) {
            (Some(kind), Some(id)) => {
                Some(MailSecret::parse(&kind, id.0).ok_or(StoreError::Corrupt("mails.secret_kind"))?)
            }
            _ => None,
        };
        let mail = NewMail {
            id: MailId(self.id.0),
            org: self.org_id.map(|id| OrgId(id.0)),
            user: self.user_id.map(|id| UserId(id.0)),
            email: EmailAddress::parse(&self.email).map_err(|_| StoreError::Corrupt("mails.email"))?,
            kind: MailKind::parse(&self.kind).ok_or(StoreError::Corrupt("mails.kind"))?,
            locale: self.locale,
            variables: self.variables.0,
            secret,
        };
        Ok((mail, delivery, self.created_at.0))
    }
}

impl Tx<'_> {
    /// Queues a mail, in the transaction of its cause.
    pub fn queue_mail(&mut self, mail: &NewMail, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = (
            mails::id.eq(DbId(mail.id.0)),
            mails::org_id.eq(mail.org.map(|id| DbId(id.0))),
            mails::user_id.eq(mail.user.map(|id| DbId(id.0))),
            mails::email.eq(mail.email.as_str()),
            mails::kind.eq(mail.kind.as_str()),
            mails::locale.eq(&mail.locale),
            mails::variables.eq(DbJson(mail.variables.clone())),
            mails::secret_kind.eq(mail.secret.map(MailSecret::kind)),
            mails::secret_id.eq(mail.secret.map(|s| DbId(s.id()))),
            mails::status.eq(MailStatus::Queued.as_str()),
            mails::attempts.eq(0),
            mails::due_at.eq(DbTime(now)),
            mails::created_at.eq(DbTime(now)),
        );
        diesel::insert_into(mails::table).values(row).execute(self.conn)?;
        self.filled.push(Queue::Mail);
        Ok(())
    }

    /// Delivery state of the latest mail of each invitation.
    pub(crate) fn latest_mails_of(
        &mut self,
        invitations: &[DbId],
    ) -> Result<BTreeMap<Uuid, Delivery>, StoreError> {
        type Row = (Option<DbId>, String, i32, DbTime, bool, Option<String>, Option<DbTime>);
        let rows: Vec<Row> = mails::table
            .filter(mails::secret_id.eq_any(invitations.iter().copied().map(Some).collect::<Vec<_>>()))
            .order((mails::created_at, mails::id))
            .select((
                mails::secret_id,
                mails::status,
                mails::attempts,
                mails::due_at,
                mails::is_for_digest,
                mails::last_error,
                mails::sent_at,
            ))
            .load(self.conn)?;
        let mut latest = BTreeMap::new();
        for (id, status, attempts, due_at, is_for_digest, last_error, sent_at) in rows {
            let Some(id) = id else { continue };
            let status = MailStatus::parse(&status).ok_or(StoreError::Corrupt("mails.status"))?;
            let (due_at, sent_at) = (due_at.0, sent_at.map(|at| at.0));
            let delivery = Delivery { status, attempts, due_at, is_for_digest, last_error, sent_at };
            latest.insert(id.0, delivery);
        }
        Ok(latest)
    }

    /// Whether a mail is due that no process has taken.
    pub fn has_due_mail(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let due = mails::table
            .filter(is_queued())
            .filter(not(mails::is_for_digest))
            .filter(mails::due_at.le(DbTime(now)))
            .filter(mails::leased_until.is_null().or(mails::leased_until.le(DbTime(now))));
        Ok(due.select(mails::id).first::<DbId>(self.conn).optional()?.is_some())
    }

    /// Takes up to `at_most` mails that are due, so that no other process sends them meanwhile.
    ///
    /// If the process stops, its mails become available again at the end of the lease.
    pub fn take_mails(&mut self, now: DateTime<Utc>, at_most: i64) -> Result<Vec<TakenMail>, StoreError> {
        let skip = match &*self.conn {
            AnyConnection::Postgres(_) => "FOR UPDATE SKIP LOCKED",
            AnyConnection::Sqlite(_) => "",
        };
        let marks = match &*self.conn {
            AnyConnection::Postgres(_) => ["$1", "$2"],
            AnyConnection::Sqlite(_) => ["?", "?"],
        };
        let due = format!(
            "SELECT id FROM mails WHERE status = 'queued' AND NOT is_for_digest AND due_at <= {} \
             AND (leased_until IS NULL OR leased_until <= {}) ORDER BY due_at, id LIMIT {at_most} {skip}",
            marks[0], marks[1],
        );
        let ids: Vec<IdRow> = diesel::sql_query(due)
            .bind::<TimeColumn, _>(DbTime(now))
            .bind::<TimeColumn, _>(DbTime(now))
            .load(self.conn)?;
        let ids: Vec<DbId> = ids.into_iter().map(|row| row.id).collect();
        let lease = DbTime(now + TimeDelta::minutes(LEASE_MINUTES));
        diesel::update(mails::table.filter(mails::id.eq_any(ids.clone())))
            .set((mails::leased_until.eq(lease), mails::attempts.eq(mails::attempts + 1)))
            .execute(self.conn)?;
        let rows: Vec<MailRow> = mails::table
            .filter(mails::id.eq_any(ids))
            .order((mails::due_at, mails::id))
            .select(MailRow::as_select())
            .load(self.conn)?;
        rows.into_iter()
            .map(|row| row.parts().map(|(mail, delivery, _)| TakenMail { mail, delivery }))
            .collect()
    }

    /// Saves the result of an attempt, and releases the mail. Does nothing if another process took it
    /// meanwhile, whose result is effective.
    pub fn save_delivery(&mut self, taken: &TakenMail, delivery: &Delivery) -> Result<(), StoreError> {
        let state = (
            mails::attempts.eq(delivery.attempts),
            mails::status.eq(delivery.status.as_str()),
            mails::due_at.eq(DbTime(delivery.due_at)),
            mails::is_for_digest.eq(delivery.is_for_digest),
            mails::last_error.eq(delivery.last_error.as_deref()),
            mails::sent_at.eq(delivery.sent_at.map(DbTime)),
            mails::leased_until.eq(None::<DbTime>),
        );
        let still_ours = mails::table
            .find(DbId(taken.mail.id.0))
            .filter(mails::status.eq(MailStatus::Queued.as_str()))
            .filter(mails::leased_until.is_not_null())
            .filter(mails::attempts.eq(taken.delivery.attempts));
        diesel::update(still_ours).set(state).execute(self.conn)?;
        Ok(())
    }

    /// The first and the last of uninterrupted permanent refusals of mails to a person at this address.
    pub fn refusals_at(
        &mut self,
        user: UserId,
        email: &EmailAddress,
    ) -> Result<Option<Refusals>, StoreError> {
        let of = |status: MailStatus| {
            mails::table
                .filter(mails::user_id.eq(DbId(user.0)))
                .filter(mails::email.eq(email.as_str()))
                .filter(mails::status.eq(status.as_str()))
                .into_boxed()
        };
        let arrived: Option<DbTime> = of(MailStatus::Sent).select(max(mails::created_at)).first(self.conn)?;
        let mut refused = of(MailStatus::Bounced).select((min(mails::created_at), max(mails::created_at)));
        if let Some(at) = arrived {
            refused = refused.filter(mails::created_at.gt(at));
        }
        let (first, last): (Option<DbTime>, Option<DbTime>) = refused.first(self.conn)?;
        Ok(first.zip(last).map(|(first, last)| Refusals { first: first.0, last: last.0 }))
    }

    /// The mails to an account, the latest first; those of one organization if one is given, or of none if
    /// that is selected too.
    pub fn mails_to(
        &mut self,
        user: UserId,
        org: Option<OrgId>,
        or_of_none: bool,
        page: Page<(DateTime<Utc>, MailId)>,
    ) -> Result<Vec<MailLogEntry>, StoreError> {
        let mut query = mails::table
            .filter(mails::user_id.eq(DbId(user.0)))
            .order((mails::created_at.desc(), mails::id.desc()))
            .limit(page.rows())
            .select(MailRow::as_select())
            .into_boxed();
        if let Some(org) = org {
            query = match or_of_none {
                true => query.filter(mails::org_id.eq(DbId(org.0)).or(mails::org_id.is_null())),
                false => query.filter(mails::org_id.eq(DbId(org.0))),
            };
        }
        if let Some((at, id)) = page.after {
            let earlier = mails::created_at
                .lt(DbTime(at))
                .or(mails::created_at.eq(DbTime(at)).and(mails::id.lt(DbId(id.0))));
            query = query.filter(earlier);
        }
        let rows: Vec<MailRow> = query.load(self.conn)?;
        let entry = |row: MailRow| {
            let (mail, delivery, created_at) = row.parts()?;
            let NewMail { id, kind, email, locale, .. } = mail;
            Ok(MailLogEntry { id, kind, email, locale, delivery, created_at })
        };
        rows.into_iter().map(entry).collect()
    }
}
