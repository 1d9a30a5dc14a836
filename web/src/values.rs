//! The enums of the contract, each a component of its own, and the domain values they stand for.

use application::problem::Problem;
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// How pressing a request is. `critical`: the platform is down, security or data are at stake; `high`: a major function is
/// broken or many people are affected; `normal`: a standard request or minor fault; `low`: a feature request or question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum Priority {
    Critical,
    High,
    Normal,
    Low,
}

impl From<Priority> for tickets::Priority {
    fn from(word: Priority) -> Self {
        match word {
            Priority::Critical => Self::Critical,
            Priority::High => Self::High,
            Priority::Normal => Self::Normal,
            Priority::Low => Self::Low,
        }
    }
}

impl From<tickets::Priority> for Priority {
    fn from(priority: tickets::Priority) -> Self {
        match priority {
            tickets::Priority::Critical => Self::Critical,
            tickets::Priority::High => Self::High,
            tickets::Priority::Normal => Self::Normal,
            tickets::Priority::Low => Self::Low,
        }
    }
}

/// The status of a request. `open` is never entered again once left. `closed` is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum TicketStatus {
    Open,
    InProgress,
    Resolved,
    Closed,
}

impl From<TicketStatus> for tickets::Status {
    fn from(word: TicketStatus) -> Self {
        match word {
            TicketStatus::Open => Self::Open,
            TicketStatus::InProgress => Self::InProgress,
            TicketStatus::Resolved => Self::Resolved,
            TicketStatus::Closed => Self::Closed,
        }
    }
}

impl From<tickets::Status> for TicketStatus {
    fn from(status: tickets::Status) -> Self {
        match status {
            tickets::Status::Open => Self::Open,
            tickets::Status::InProgress => Self::InProgress,
            tickets::Status::Resolved => Self::Resolved,
            tickets::Status::Closed => Self::Closed,
        }
    }
}

/// What an unresolved request waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum WaitingOn {
    Requester,
    ThirdParty,
}

impl From<WaitingOn> for tickets::WaitingOn {
    fn from(word: WaitingOn) -> Self {
        match word {
            WaitingOn::Requester => Self::Requester,
            WaitingOn::ThirdParty => Self::ThirdParty,
        }
    }
}

impl From<tickets::WaitingOn> for WaitingOn {
    fn from(waiting_on: tickets::WaitingOn) -> Self {
        match waiting_on {
            tickets::WaitingOn::Requester => Self::Requester,
            tickets::WaitingOn::ThirdParty => Self::ThirdParty,
        }
    }
}

/// Who reads it: everybody on the ticket, or staff only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum MessageVisibility {
    Public,
    Internal,
}

impl From<orgs::Visibility> for MessageVisibility {
    fn from(visibility: orgs::Visibility) -> Self {
        match visibility {
            orgs::Visibility::Public => Self::Public,
            orgs::Visibility::Staff => Self::Internal,
        }
    }
}

/// Which requests a member of staff works on: all of the organization, or those of their locations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum TicketReach {
    Organization,
    Locations,
}

impl From<TicketReach> for roles::TicketReach {
    fn from(word: TicketReach) -> Self {
        match word {
            TicketReach::Organization => Self::Organization,
            TicketReach::Locations => Self::Locations,
        }
    }
}

impl From<roles::TicketReach> for TicketReach {
    fn from(reach: roles::TicketReach) -> Self {
        match reach {
            roles::TicketReach::Organization => Self::Organization,
            roles::TicketReach::Locations => Self::Locations,
        }
    }
}

/// Whether a request has reached staff, if a representative must approve it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum TicketApproval {
    Waiting,
    Approved,
    Denied,
}

impl From<tickets::Approval> for TicketApproval {
    fn from(approval: tickets::Approval) -> Self {
        match approval {
            tickets::Approval::Waiting => Self::Waiting,
            tickets::Approval::Approved(_) => Self::Approved,
            tickets::Approval::Denied(_) => Self::Denied,
        }
    }
}

/// How people join an organization. `open`: immediately on request. `by_request`: a reviewer decides.
/// `invitation_only`: by invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum JoiningMode {
    Open,
    ByRequest,
    InvitationOnly,
}

impl From<JoiningMode> for orgs::JoiningMode {
    fn from(word: JoiningMode) -> Self {
        match word {
            JoiningMode::Open => Self::Open,
            JoiningMode::ByRequest => Self::ByRequest,
            JoiningMode::InvitationOnly => Self::InvitationOnly,
        }
    }
}

impl From<orgs::JoiningMode> for JoiningMode {
    fn from(mode: orgs::JoiningMode) -> Self {
        match mode {
            orgs::JoiningMode::Open => Self::Open,
            orgs::JoiningMode::ByRequest => Self::ByRequest,
            orgs::JoiningMode::InvitationOnly => Self::InvitationOnly,
        }
    }
}

/// Whose requests go to staff immediately; others wait for a holder of `approve_tickets`. `anyone`: guests too,
/// who need no membership; `members`: all but guests; `representatives`: only those who approve the requests of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum TicketOpeners {
    Anyone,
    Members,
    Representatives,
}

impl From<TicketOpeners> for orgs::TicketOpeners {
    fn from(word: TicketOpeners) -> Self {
        match word {
            TicketOpeners::Anyone => Self::Anyone,
            TicketOpeners::Members => Self::Members,
            TicketOpeners::Representatives => Self::Representatives,
        }
    }
}

impl From<orgs::TicketOpeners> for TicketOpeners {
    fn from(openers: orgs::TicketOpeners) -> Self {
        match openers {
            orgs::TicketOpeners::Anyone => Self::Anyone,
            orgs::TicketOpeners::Members => Self::Members,
            orgs::TicketOpeners::Representatives => Self::Representatives,
        }
    }
}

/// The key of a role: snake_case, such as `rbt`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = RoleKey, min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
pub struct RoleKeyValue(pub String);

/// A member of a merge patch that null clears: absent is `None`, null is `Some(None)` (RFC 7396).
pub fn clearable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    as = EmailAddress,
    max_length = 254,
    pattern = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$"
)]
pub struct EmailValue(pub String);

/// A language, a BCP 47 tag such as `en` or `es-MX`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = Locale, min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
pub struct LocaleValue(pub String);

/// The IANA name of a time zone, such as `America/Chicago`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = TimeZone, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$")]
pub struct TimeZoneValue(String);

impl TimeZoneValue {
    /// The name, if the zone exists.
    pub fn require_existing(&self) -> Result<String, Problem> {
        match self.0.parse::<Tz>() {
            Ok(_) => Ok(self.0.clone()),
            Err(_) => Err(Problem::rule("#/time_zone", &"there is no such time zone")),
        }
    }

    /// The zone that was sent, or the current one.
    pub fn or_current(sent: Option<&Self>, kept: &str) -> Result<String, Problem> {
        sent.map_or_else(|| Ok(kept.to_owned()), Self::require_existing)
    }
}

/// An agreement in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(example = json!({"agreement_key": "terms_of_use", "version": 2}))]
pub struct AgreementVersion {
    /// Which agreement.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    pub agreement_key: String,
    /// In which version.
    #[schema(minimum = 1, maximum = 1000000)]
    pub version: i32,
}

impl AgreementVersion {
    /// As a consent given at `now`.
    pub fn accepted(&self, now: chrono::DateTime<chrono::Utc>) -> users::Consent {
        users::Consent { agreement_key: self.agreement_key.clone(), version: self.version, accepted_at: now }
    }
}

/// The status of an account. `list_account_statuses` describes each and the transitions out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountStatusKey)]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum AccountStatusValue {
    PendingConfirmation,
    Active,
    Suspended,
    DeletionScheduled,
    Deleted,
}

impl AccountStatusValue {
    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        users::AccountStatus::from(self).as_str()
    }
}

impl From<AccountStatusValue> for users::AccountStatus {
    fn from(word: AccountStatusValue) -> Self {
        match word {
            AccountStatusValue::PendingConfirmation => Self::PendingConfirmation,
            AccountStatusValue::Active => Self::Active,
            AccountStatusValue::Suspended => Self::Suspended,
            AccountStatusValue::DeletionScheduled => Self::DeletionScheduled,
            AccountStatusValue::Deleted => Self::Deleted,
        }
    }
}

impl From<users::AccountStatus> for AccountStatusValue {
    fn from(status: users::AccountStatus) -> Self {
        match status {
            users::AccountStatus::PendingConfirmation => Self::PendingConfirmation,
            users::AccountStatus::Active => Self::Active,
            users::AccountStatus::Suspended => Self::Suspended,
            users::AccountStatus::DeletionScheduled => Self::DeletionScheduled,
            users::AccountStatus::Deleted => Self::Deleted,
        }
    }
}
