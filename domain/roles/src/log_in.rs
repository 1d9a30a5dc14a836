use chrono::{DateTime, Utc};
use users::{Account, AccountStatus};

/// Why the owner of an account does not get in, whatever the password (S000-10). The caller is never told which (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogInObstacle {
    /// The address was not confirmed, or no password chosen yet.
    NotConfirmed,
    /// The account is suspended.
    Suspended,
    /// The account is deleted, or about to be.
    Deleted,
    /// The password that somebody else chose worked for its time only (R6).
    TemporaryPasswordExpired,
    /// No membership counts (S003-6).
    OrganizationInactive,
}

impl LogInObstacle {
    /// The word that stands for it in the history of the account.
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
    /// Whether it also ends the way of who is in. A temporary password lets in once: what it let in goes on.
    pub fn ends_sessions(self) -> bool {
        self != Self::TemporaryPasswordExpired
    }
}

/// What keeps the owner of an account out at this moment, if anything does.
pub fn log_in_obstacle(
    account: &Account,
    memberships: &[Standing],
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

/// How one membership stands when its member logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The membership is not suspended.
    pub membership_is_active: bool,
    /// The organization is not switched off (S003-6).
    pub org_is_active: bool,
    /// He belongs, and has come: neither a guest, nor added by others to an organization where he has never been.
    pub is_taken_up: bool,
}

/// Whether somebody with these memberships gets in (R16).
///
/// Without any that he took up he may look at `/me`; else at least one has to count unless a platform role does. No organization
/// shuts anybody out who never belonged to it.
pub(crate) fn may_log_in(memberships: &[Standing], has_platform_role: bool) -> bool {
    has_platform_role
        || memberships.iter().all(|m| !m.is_taken_up)
        || memberships.iter().any(|m| m.membership_is_active && m.org_is_active)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s003_6_one_membership_that_counts_is_enough() {
        let standing = |membership_is_active, org_is_active| Standing {
            membership_is_active,
            org_is_active,
            is_taken_up: true,
        };
        assert!(may_log_in(&[], false));
        assert!(!may_log_in(&[standing(true, false)], false));
        assert!(!may_log_in(&[standing(false, true)], false));
        assert!(may_log_in(&[standing(true, false), standing(true, true)], false));
        assert!(may_log_in(&[standing(true, false)], true));
        let never_there = Standing { is_taken_up: false, ..standing(false, true) };
        assert!(may_log_in(&[never_there], false));
        assert!(!may_log_in(&[never_there, standing(false, true)], false));
    }
}
