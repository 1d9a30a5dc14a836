//! Accounts: who somebody is in the whole installation, how a password is judged, how log-ins are slowed down, and
//! how long a session lives. What somebody may do is the matter of `roles`.

mod account;
mod email;
mod password;
mod person_name;
mod session;
mod throttle;

pub use account::{Account, AccountStatus, UserId};
pub use email::{EmailAddress, InvalidEmail};
pub use password::{PasswordContext, WeakPassword, judge_password};
pub use person_name::{InvalidPersonName, PersonName};
pub use session::{RefreshRefused, RefreshToken, Session, SessionId};
pub use throttle::{Failures, THROTTLE_WINDOW, wait_after_failures};
