//! The problems for refusals of `domain/invitations`.

use invitations::InvitationRefused;

use crate::problem::{Problem, sentence};
use crate::problem_codes::Code;

impl From<InvitationRefused> for Problem {
    fn from(refused: InvitationRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            InvitationRefused::Not(_) => Self::new(Code::InvalidTransition, detail),
            InvitationRefused::NotYet => Self::new(Code::Conflict, detail),
            InvitationRefused::AnotherAddress => Self::new(Code::Forbidden, detail),
            InvitationRefused::TooSoon(left) => {
                let seconds = u64::try_from(left.num_seconds() + 1).unwrap_or(1);
                Self::new(Code::TooManyAttempts, detail).with_retry_after(seconds)
            }
            InvitationRefused::EndsBeforeItBegins | InvitationRefused::TooFar => {
                Self::rule("#/valid_until", &refused)
            }
        }
    }
}
