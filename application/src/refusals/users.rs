//! The problems for refusals of `domain/users`.

use users::{PurgeRefused, TransitionRefused, TwoFactorRefused};

use crate::problem::{Problem, sentence};
use crate::problem_codes::Code;

impl From<TransitionRefused> for Problem {
    fn from(refused: TransitionRefused) -> Self {
        Self::new(Code::InvalidTransition, sentence(&refused))
    }
}

impl From<PurgeRefused> for Problem {
    fn from(refused: PurgeRefused) -> Self {
        Self::new(Code::InvalidTransition, sentence(&refused))
    }
}

impl From<TwoFactorRefused> for Problem {
    fn from(refused: TwoFactorRefused) -> Self {
        match refused {
            TwoFactorRefused::WrongCode => Self::rule("#/totp_code", &refused),
            TwoFactorRefused::AlreadyOn | TwoFactorRefused::NoSetup => {
                Self::new(Code::Conflict, sentence(&refused))
            }
        }
    }
}
