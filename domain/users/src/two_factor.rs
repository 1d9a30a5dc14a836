use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::UserId;

/// Number of recovery codes per account.
pub const RECOVERY_CODES: usize = 10;

/// Minutes within which a set-up has to be completed.
pub const SETUP_MINUTES: i64 = 60;

/// The secret shared with the device. Never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceSecret(pub [u8; 20]);

impl std::fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceSecret(..)")
    }
}

/// A second factor for log-in beside the password (S9 of the contract, RFC 6238): codes that a device
/// generates from a secret shared with the server, and recovery codes in case the device is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoFactor {
    /// The account.
    pub user_id: UserId,
    /// The secret of the device.
    pub secret: DeviceSecret,
    /// Time at which the set-up began.
    pub started_at: DateTime<Utc>,
    /// Time at which the device proved that it has the secret; before, log-in asks for no code.
    pub enabled_at: Option<DateTime<Utc>>,
    /// The time step of the last used code: neither it nor an earlier one is accepted again (RFC 6238 5.2).
    pub last_step: Option<i64>,
    /// Hashes of the unused recovery codes.
    pub recovery_hashes: BTreeSet<String>,
    /// Incremented with each change.
    pub version: i64,
}

/// The second factor that a log-in presents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactor {
    /// A code of the device, with its time step; `None` if it matches no step that is accepted now.
    Code(Option<i64>),
    /// A recovery code, by its hash.
    Recovery(String),
}

/// Why the second factor is refused or not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TwoFactorRefused {
    /// The code is wrong, or was used before.
    #[error("the code is wrong, or was used before")]
    WrongCode,
    /// Two-factor log-in is enabled already.
    #[error("two-factor log-in is on already")]
    AlreadyOn,
    /// There is no set-up, or it began too long ago.
    #[error("start the set-up again: there is none, or it is older than {SETUP_MINUTES} minutes")]
    NoSetup,
}

impl TwoFactor {
    /// A new set-up, which replaces an unfinished one.
    pub fn begin(
        user_id: UserId,
        secret: DeviceSecret,
        before: Option<&Self>,
        now: DateTime<Utc>,
    ) -> Result<Self, TwoFactorRefused> {
        if before.is_some_and(Self::is_on) {
            return Err(TwoFactorRefused::AlreadyOn);
        }
        let version = before.map_or(0, |before| before.version);
        Ok(Self {
            user_id,
            secret,
            started_at: now,
            enabled_at: None,
            last_step: None,
            recovery_hashes: BTreeSet::new(),
            version,
        })
    }

    /// Whether two-factor log-in is enabled.
    pub fn is_on(&self) -> bool {
        self.enabled_at.is_some()
    }

    /// Enables two-factor log-in, since the device presents a code of this step.
    pub fn enable(
        &self,
        step: Option<i64>,
        recovery_hashes: BTreeSet<String>,
        now: DateTime<Utc>,
    ) -> Result<Self, TwoFactorRefused> {
        if self.is_on() {
            return Err(TwoFactorRefused::AlreadyOn);
        }
        if self.started_at + TimeDelta::minutes(SETUP_MINUTES) <= now {
            return Err(TwoFactorRefused::NoSetup);
        }
        let passed = self.pass(&SecondFactor::Code(step))?;
        Ok(Self { enabled_at: Some(now), recovery_hashes, ..passed })
    }

    /// The state after this factor was presented, which can't be used again.
    pub fn pass(&self, shown: &SecondFactor) -> Result<Self, TwoFactorRefused> {
        let mut after = self.clone();
        match shown {
            SecondFactor::Code(Some(step)) if self.last_step.is_none_or(|last| last < *step) => {
                after.last_step = Some(*step);
                Ok(after)
            }
            SecondFactor::Recovery(hash) if after.recovery_hashes.remove(hash) => Ok(after),
            _ => Err(TwoFactorRefused::WrongCode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn on(now: DateTime<Utc>) -> TwoFactor {
        let begun = TwoFactor::begin(UserId(Uuid::nil()), DeviceSecret([7; 20]), None, now).unwrap();
        begun.enable(Some(100), BTreeSet::from(["a".to_owned(), "b".to_owned()]), now).unwrap()
    }

    #[test]
    fn s9_no_code_is_accepted_twice() {
        let on = on(DateTime::UNIX_EPOCH);
        for used in [Some(100), Some(99), None] {
            assert_eq!(on.pass(&SecondFactor::Code(used)), Err(TwoFactorRefused::WrongCode), "{used:?}");
        }
        let later = on.pass(&SecondFactor::Code(Some(101))).unwrap();
        assert!(later.pass(&SecondFactor::Code(Some(101))).is_err());
        let spent = later.pass(&SecondFactor::Recovery("a".into())).unwrap();
        assert!(spent.pass(&SecondFactor::Recovery("a".into())).is_err());
        assert!(spent.pass(&SecondFactor::Recovery("b".into())).is_ok());
        assert!(spent.pass(&SecondFactor::Recovery("c".into())).is_err());
    }

    #[test]
    fn s9_a_set_up_is_enabled_by_a_code_in_time() {
        let t = DateTime::UNIX_EPOCH;
        let begun = TwoFactor::begin(UserId(Uuid::nil()), DeviceSecret([7; 20]), None, t).unwrap();
        assert!(!begun.is_on());
        assert_eq!(begun.enable(None, BTreeSet::new(), t), Err(TwoFactorRefused::WrongCode));
        let late = t + TimeDelta::minutes(SETUP_MINUTES);
        assert_eq!(begun.enable(Some(1), BTreeSet::new(), late), Err(TwoFactorRefused::NoSetup));
        let on = on(t);
        assert_eq!(on.enable(Some(101), BTreeSet::new(), t), Err(TwoFactorRefused::AlreadyOn));
        let again = TwoFactor::begin(on.user_id, DeviceSecret([8; 20]), Some(&on), t);
        assert_eq!(again, Err(TwoFactorRefused::AlreadyOn));
    }
}
