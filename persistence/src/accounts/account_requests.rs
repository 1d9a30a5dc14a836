use ::users::EmailAddress;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::db::queues::Queue;
use crate::db::schema::account_requests as requests;
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::{StoreError, Tx};

/// What an anonymous caller requests by naming an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRequestKind {
    /// A new account.
    Register,
    /// Another confirmation mail.
    ResendConfirmation,
    /// A link to reset the password.
    ResetPassword,
    /// Another address for an account.
    ChangeAddress,
    /// No request: a failed log-in is recorded afterwards, so that the refusal takes as long for an address
    /// without an account.
    RecordFailedLogIn,
    /// No request: the rest of a person's tickets is indexed after a change of name or address, because there
    /// are many.
    IndexRequests,
    /// No request: the rest of the holders of a right is notified, because there are many.
    NotifyHolders,
}

/// A request that is processed after it was answered. Whether its address has an account affects neither the
/// answer nor its time.
#[derive(Debug, Clone)]
pub struct AccountRequest {
    /// Unique ID.
    pub id: Uuid,
    /// The kind of request.
    pub kind: AccountRequestKind,
    /// The address.
    pub email: EmailAddress,
    /// The rest of the body; a password only as its hash.
    pub payload: Value,
    /// The IP address of the client.
    pub address: String,
    /// Time of the request.
    pub created_at: DateTime<Utc>,
}

impl AccountRequestKind {
    const ALL: [Self; 7] = [
        Self::Register,
        Self::ResendConfirmation,
        Self::ResetPassword,
        Self::ChangeAddress,
        Self::RecordFailedLogIn,
        Self::IndexRequests,
        Self::NotifyHolders,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::ResendConfirmation => "resend_confirmation",
            Self::ResetPassword => "reset_password",
            Self::ChangeAddress => "change_address",
            Self::RecordFailedLogIn => "record_failed_log_in",
            Self::IndexRequests => "index_requests",
            Self::NotifyHolders => "notify_holders",
        }
    }
}

type Row = (DbId, String, String, DbJson, String, DbTime);

impl Tx<'_> {
    /// Saves a request.
    pub fn add_account_request(&mut self, request: &AccountRequest) -> Result<(), StoreError> {
        let row = (
            requests::id.eq(DbId(request.id)),
            requests::kind.eq(request.kind.as_str()),
            requests::email.eq(request.email.as_str()),
            requests::payload.eq(DbJson(request.payload.clone())),
            requests::address.eq(&request.address),
            requests::created_at.eq(DbTime(request.created_at)),
        );
        diesel::insert_into(requests::table).values(row).execute(self.conn)?;
        self.filled.push(Queue::AccountRequests);
        Ok(())
    }

    /// The oldest request, if there is one.
    pub fn oldest_account_request(&mut self) -> Result<Option<AccountRequest>, StoreError> {
        let row: Option<Row> = requests::table
            .order((requests::created_at, requests::id))
            .select((
                requests::id,
                requests::kind,
                requests::email,
                requests::payload,
                requests::address,
                requests::created_at,
            ))
            .first(self.conn)
            .optional()?;
        let Some((id, kind, email, payload, address, created_at)) = row else { return Ok(None) };
        let kind = AccountRequestKind::ALL.into_iter().find(|k| k.as_str() == kind);
        Ok(Some(AccountRequest {
            id: id.0,
            kind: kind.ok_or(StoreError::Corrupt("account_requests.kind"))?,
            email: EmailAddress::parse(&email).map_err(|_| StoreError::Corrupt("account_requests.email"))?,
            payload: payload.0,
            address,
            created_at: created_at.0,
        }))
    }

    /// Removes a request; of two concurrent attempts, one returns false.
    pub fn take_account_request(&mut self, id: Uuid) -> Result<bool, StoreError> {
        Ok(diesel::delete(requests::table.find(DbId(id))).execute(self.conn)? == 1)
    }

    /// Saves a request and removes it again, so that the database has something to write at the commit.
    /// Nobody ever sees it.
    pub(crate) fn try_to_write(&mut self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = (
            requests::id.eq(DbId(id)),
            requests::kind.eq(AccountRequestKind::ResendConfirmation.as_str()),
            requests::email.eq(""),
            requests::payload.eq(DbJson(Value::Null)),
            requests::address.eq(""),
            requests::created_at.eq(DbTime(now)),
        );
        diesel::insert_into(requests::table).values(row).execute(self.conn)?;
        self.take_account_request(id).map(drop)
    }
}
