//! Accounts: identity in the whole platform, password rules, throttling of log-ins, and the lifetime of
//! sessions. Permissions belong to `roles`.

mod account;
mod account_event_kind;
mod account_status;
mod address_proof;
mod agreement;
mod client_network;
mod deletion;
mod email;
mod one_time_token;
mod password;
mod person_name;
mod platform;
mod profile;
mod prove_address;
mod restriction;
mod session;
mod throttle;
mod two_factor;

pub use account::{Account, ScheduledDeletion, Suspension, TEMPORARY_PASSWORD_HOURS, UserId};
pub use account_event_kind::{AccountEventKind, HistoryPart};
pub use account_status::{AccountStatus, AccountTransition, TransitionRefused};
pub use address_proof::AddressProof;
pub use agreement::{Agreement, Consent, open_agreements};
pub use client_network::ClientNetwork;
pub use deletion::{
    ACTS_FOR_OTHERS, DeletionRequest, IdentityMethod, PurgeRefused, PurgeStarted, RETENTION_NOTICE,
    RetentionNotice, grace_days,
};
pub use email::{EmailAddress, InvalidEmail};
pub use one_time_token::{OneTimeToken, TokenPurpose, TokenRefused};
pub use password::{PasswordContext, WeakPassword, check_password};
pub use person_name::{InvalidPersonName, PersonName};
pub use platform::PlatformSettings;
pub use profile::{ACCESS_RECORD_INTERVAL, LifecycleStage, Milestones, PrivateField, Profile};
pub use restriction::Restriction;
pub use session::{RefreshRefused, RefreshToken, Session, SessionId};
pub use throttle::{Attempt, Attempts, KNOWN_NETWORK_DAYS, THROTTLE_WINDOW, lock_after, wait_before_attempt};
pub use two_factor::{
    DeviceSecret, RECOVERY_CODES, SETUP_MINUTES, SecondFactor, TwoFactor, TwoFactorRefused,
};
