use crate::RESEND_PAUSE_MINUTES;
use chrono::TimeDelta;
use thiserror::Error;

use crate::{InvitationStatus, MAX_VALID_DAYS};

/// Why an invitation is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationRefused {
    /// The invitation is not pending.
    #[error("the invitation is {}", .0.as_str())]
    Not(InvitationStatus),
    /// Its validity has not begun.
    #[error("the invitation is not valid yet")]
    NotYet,
    /// It was sent to another address (S001-15).
    #[error("the invitation was sent to another address")]
    AnotherAddress,
    /// The last mail to the address is too recent; the remaining time.
    #[error("an invitation was sent to this address less than {RESEND_PAUSE_MINUTES} minutes ago")]
    TooSoon(TimeDelta),
    /// Its end is not after its beginning, or is in the past.
    #[error("an invitation must end after it begins, and not in the past")]
    EndsBeforeItBegins,
    /// Its end is more than [`MAX_VALID_DAYS`] away.
    #[error("an invitation must end within {MAX_VALID_DAYS} days")]
    TooFar,
}
