//! The second factor that a caller presents.

use chrono::{DateTime, Utc};
use mail::MailKind;
use persistence::{AccountEvent, Tx};
use users::{Account, AccountEventKind, SecondFactor, TwoFactor};

use super::codes::{recovery_hash, step_of};
use crate::account_events::account_event;
use crate::mail::queue::OutgoingMail;
use crate::origin::Origin;
use crate::problem::Problem;

/// A code of the device, or a recovery code.
#[derive(Clone)]
pub enum PresentedFactor {
    /// The current six digits of a device.
    TotpCode(String),
    /// One of the codes that were displayed at set-up.
    RecoveryCode(String),
}

impl PresentedFactor {
    /// The factor that was sent, if any. Sending both is refused.
    pub fn of(totp_code: Option<&String>, recovery_code: Option<&String>) -> Result<Option<Self>, Problem> {
        match (totp_code, recovery_code) {
            (Some(_), Some(_)) => Err(Problem::rule(
                "#/recovery_code",
                &"send a code of the device or a recovery code, and not both",
            )),
            (Some(code), None) => Ok(Some(Self::TotpCode(code.clone()))),
            (None, Some(code)) => Ok(Some(Self::RecoveryCode(code.clone()))),
            (None, None) => Ok(None),
        }
    }

    /// As [`PresentedFactor::of`], but requires one.
    pub fn required(totp_code: Option<&String>, recovery_code: Option<&String>) -> Result<Self, Problem> {
        let missing = || Problem::rule("#/totp_code", &"a code of the device, or a recovery code, is needed");
        Self::of(totp_code, recovery_code)?.ok_or_else(missing)
    }
}

/// Checks the factor, and saves that it is used up. Returns the saved state. Notifies the owner of a used recovery
/// code.
pub fn verify_factor(
    tx: &mut Tx<'_>,
    two_factor: &TwoFactor,
    account: &Account,
    presented: &PresentedFactor,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<TwoFactor, Problem> {
    let factor = match presented {
        PresentedFactor::TotpCode(code) => {
            SecondFactor::Code(step_of(code, two_factor.secret, &account.email, now)?)
        }
        PresentedFactor::RecoveryCode(code) => SecondFactor::Recovery(recovery_hash(code)),
    };
    let pointer = match presented {
        PresentedFactor::TotpCode(_) => "#/totp_code",
        PresentedFactor::RecoveryCode(_) => "#/recovery_code",
    };
    let passed = two_factor.pass(&factor).map_err(|refused| Problem::rule(pointer, &refused))?;
    tx.save_two_factor(&passed)?;
    if matches!(presented, PresentedFactor::RecoveryCode(_)) {
        let used = account_event(AccountEventKind::RecoveryCodeUsed, account.id, origin);
        tx.record_account(&AccountEvent { actor: Some(account.id), ..used })?;
        notify_two_factor_changed(tx, account, "recovery_code_used", now)?;
    }
    Ok(TwoFactor { version: passed.version + 1, ..passed })
}

/// Notifies the owner of an account of a change to the second factor.
pub fn notify_two_factor_changed(
    tx: &mut Tx<'_>,
    account: &Account,
    change: &str,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    OutgoingMail::to(account, MailKind::TwoFactorChanged).variable("change", change).queue(tx, now)?;
    Ok(())
}
