//! What requests hand to the job that handles them apart from their answer, so that neither the answer nor its time says
//! whether an address has an account (decision 9).

use persistence::{AccountRequest, AccountRequestKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use users::EmailAddress;
use uuid::Uuid;

use crate::clock::{new_id, now};
use crate::problem::Problem;

/// A task that a job does after the response.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountTask {
    /// Create an account, or notify the owner of the existing one.
    Register(Registration),
    /// Mail the confirmation link again.
    ResendConfirmation,
    /// Mail a link to choose a new password.
    ResetPassword,
    /// Mail a confirmation link to the new address.
    ChangeAddress(AddressChange),
    /// Record a failed log-in, and lock the account after too many.
    RecordFailedLogIn(FailedLogIn),
    /// Index the rest of a person's requests: there are more than one transaction handles.
    IndexRequests(UnindexedRequests),
    /// Notify the rest of the holders of a right to approve: there are more than one transaction handles.
    NotifyHolders(HoldersNotice),
}

/// A registration whose input was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// What the person is called.
    pub name: String,
    /// The hash of the password.
    pub password_hash: String,
    /// A BCP 47 tag.
    pub locale: String,
    /// The IANA name of the time zone.
    pub time_zone: String,
    /// The invitation whose code came with it.
    pub invitation_id: Option<Uuid>,
    /// The accepted agreements: key and version.
    pub accepted: Vec<(String, i32)>,
}

/// A change of address that the owner of an account asked for with their password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressChange {
    /// The account.
    pub user_id: Uuid,
    /// Its version then. After another change the password may no longer be the owner's, and nothing is done.
    pub account_version: i64,
}

/// A log-in that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedLogIn {
    /// The cause, as the history of the account shows it.
    pub cause: String,
    /// The id of the request.
    pub request_id: String,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
}

/// The requests of a person in an organization, from a position on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnindexedRequests {
    /// The person.
    pub user_id: Uuid,
    /// The organization.
    pub org_id: Uuid,
    /// When the last indexed one was created, in microseconds since 1970, and its id.
    pub after: Option<(i64, Uuid)>,
}

/// A notice to the holders of any right to approve in one organization, or on the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldersNotice {
    /// The organization; `None`: the platform.
    pub org_id: Option<Uuid>,
    /// What they are notified of.
    pub of: NoticeTopic,
    /// Accounts that are not notified by it.
    pub except: Vec<Uuid>,
    /// The last holder that was notified; they are notified in the order of their ids.
    pub after: Option<Uuid>,
}

/// What holders are notified of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTopic {
    /// What became of the vote of a holder.
    Vote {
        /// `suspended`, `restored` or `owner_recovered`.
        change: String,
        /// The holder's address as the organization knows it.
        email: String,
    },
    /// A change that is made unless somebody denies it.
    Change {
        /// The approval.
        approval_id: Uuid,
        /// The address of its subject as the organization knows it.
        email: String,
    },
}

impl AccountTask {
    /// As it is saved, for an address. `client` is the network address that asked; empty if no request did.
    pub fn for_address(&self, email: EmailAddress, client: String) -> AccountRequest {
        let (kind, payload) = match self {
            Self::Register(sent) => (AccountRequestKind::Register, json!(sent)),
            Self::ResendConfirmation => (AccountRequestKind::ResendConfirmation, Value::Null),
            Self::ResetPassword => (AccountRequestKind::ResetPassword, Value::Null),
            Self::ChangeAddress(sent) => (AccountRequestKind::ChangeAddress, json!(sent)),
            Self::RecordFailedLogIn(sent) => (AccountRequestKind::RecordFailedLogIn, json!(sent)),
            Self::IndexRequests(sent) => (AccountRequestKind::IndexRequests, json!(sent)),
            Self::NotifyHolders(sent) => (AccountRequestKind::NotifyHolders, json!(sent)),
        };
        AccountRequest { id: new_id(), kind, email, payload, address: client, created_at: now() }
    }

    /// As it was saved.
    ///
    /// # Errors
    ///
    /// `internal_error` if this program cannot have written the saved values.
    pub fn of(request: &AccountRequest) -> Result<Self, Problem> {
        Ok(match request.kind {
            AccountRequestKind::Register => Self::Register(read(&request.payload)?),
            AccountRequestKind::ResendConfirmation => Self::ResendConfirmation,
            AccountRequestKind::ResetPassword => Self::ResetPassword,
            AccountRequestKind::ChangeAddress => Self::ChangeAddress(read(&request.payload)?),
            AccountRequestKind::RecordFailedLogIn => Self::RecordFailedLogIn(read(&request.payload)?),
            AccountRequestKind::IndexRequests => Self::IndexRequests(read(&request.payload)?),
            AccountRequestKind::NotifyHolders => Self::NotifyHolders(read(&request.payload)?),
        })
    }
}

fn read<T: DeserializeOwned>(payload: &Value) -> Result<T, Problem> {
    T::deserialize(payload).map_err(|_| Problem::internal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_arrives_unchanged() {
        let id = Uuid::from_u128(7);
        let registration = Registration {
            name: "Sam Field".to_owned(),
            password_hash: "$argon2id$".to_owned(),
            locale: "es-MX".to_owned(),
            time_zone: "UTC".to_owned(),
            invitation_id: Some(id),
            accepted: vec![("terms_of_use".to_owned(), 2)],
        };
        let failed =
            FailedLogIn { cause: "wrong_password".to_owned(), request_id: "r".to_owned(), user_agent: None };
        for what in [
            AccountTask::Register(registration),
            AccountTask::ResendConfirmation,
            AccountTask::ResetPassword,
            AccountTask::ChangeAddress(AddressChange { user_id: id, account_version: 3 }),
            AccountTask::RecordFailedLogIn(failed),
            AccountTask::IndexRequests(UnindexedRequests { user_id: id, org_id: id, after: Some((1, id)) }),
            AccountTask::NotifyHolders(HoldersNotice {
                org_id: None,
                of: NoticeTopic::Change { approval_id: id, email: "sam@example.org".to_owned() },
                except: vec![id],
                after: Some(id),
            }),
        ] {
            let email = EmailAddress::parse("sam@example.org").unwrap();
            let request = what.for_address(email, String::new());
            assert_eq!(AccountTask::of(&request).unwrap(), what);
        }
    }

    #[test]
    fn a_payload_of_another_kind_is_refused() {
        let email = EmailAddress::parse("sam@example.org").unwrap();
        let request = AccountTask::ResetPassword.for_address(email, String::new());
        let request = AccountRequest { kind: AccountRequestKind::Register, ..request };
        assert!(AccountTask::of(&request).is_err());
    }
}
