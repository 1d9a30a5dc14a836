use chrono::{DateTime, Utc};
use users::{Account, AccountStatus};

/// Why the owner of an account cannot log in, whatever the password (S000-10). The response never says which
/// (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogInObstacle {
    /// The address is not confirmed, or no password is set.
    NotConfirmed,
    /// The account is suspended.
    Suspended,
    /// The account is deleted, or scheduled for deletion.
    Deleted,
    /// The temporary password has expired (R6).
    TemporaryPasswordExpired,
    /// No membership is effective (S003-6).
    OrganizationInactive,
}

impl LogInObstacle {
    /// The identifier in the history of the account.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotConfirmed => "not_confirmed",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
            Self::TemporaryPasswordExpired => "temporary_password_expired",
            Self::OrganizationInactive => "organization_inactive",
        }
    }
}

impl LogInObstacle {
    /// Whether it also ends running sessions. An expired temporary password does not: the session that it
    /// began continues.
    pub fn ends_sessions(self) -> bool {
        self != Self::TemporaryPasswordExpired
    }
}

/// What prevents the owner of the account from logging in at this moment, if anything does.
pub fn log_in_obstacle(
    account: &Account,
    memberships: &[MembershipState],
    has_platform_role: bool,
    now: DateTime<Utc>,
) -> Option<LogInObstacle> {
    match account.as_of(now).status {
        AccountStatus::PendingConfirmation => Some(LogInObstacle::NotConfirmed),
        AccountStatus::Suspended => Some(LogInObstacle::Suspended),
        AccountStatus::DeletionScheduled | AccountStatus::Deleted => Some(LogInObstacle::Deleted),
        AccountStatus::Active if account.temporary_password_until.is_some_and(|until| until <= now) => {
            Some(LogInObstacle::TemporaryPasswordExpired)
        }
        AccountStatus::Active if !may_log_in(memberships, has_platform_role) => {
            Some(LogInObstacle::OrganizationInactive)
        }
        AccountStatus::Active => None,
    }
}

/// State of one membership, as far as a log-in depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipState {
    /// The membership is not suspended.
    pub membership_is_active: bool,
    /// The organization is not deactivated (S003-6).
    pub org_is_active: bool,
    /// The membership is claimed, and not that of a guest.
    pub is_claimed: bool,
}

/// Whether an account with these memberships can log in (R16).
///
/// An account without a claimed membership can, for `/me`. Any other needs an effective membership or a
/// platform role. An unclaimed membership blocks nobody.
pub(crate) fn may_log_in(memberships: &[MembershipState], has_platform_role: bool) -> bool {
    has_platform_role
        || memberships.iter().all(|m| !m.is_claimed)
        || memberships.iter().any(|m| m.membership_is_active && m.org_is_active)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s003_6_one_effective_membership_is_enough() {
        let standing = |membership_is_active, org_is_active| MembershipState {
            membership_is_active,
            org_is_active,
            is_claimed: true,
        };
        assert!(may_log_in(&[], false));
        assert!(!may_log_in(&[standing(true, false)], false));
        assert!(!may_log_in(&[standing(false, true)], false));
        assert!(may_log_in(&[standing(true, false), standing(true, true)], false));
        assert!(may_log_in(&[standing(true, false)], true));
        let never_there = MembershipState { is_claimed: false, ..standing(false, true) };
        assert!(may_log_in(&[never_there], false));
        assert!(!may_log_in(&[never_there, standing(false, true)], false));
    }
}
