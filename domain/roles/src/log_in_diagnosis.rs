use chrono::{DateTime, Utc};
use users::{Account, AccountStatus, Session};

use crate::log_in::may_log_in;
use crate::{LogInObstacle, MembershipState, log_in_obstacle};

/// The checks for somebody who can't log in, in this order (S003-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    /// The account exists.
    AccountExists,
    /// The account is active.
    AccountActive,
    /// At least one of its organizations is active.
    OrganizationActive,
    /// The last password that was tried was correct.
    PasswordCorrect,
    /// The last code that was given with the password was correct.
    SecondFactorCorrect,
    /// The account has an active session.
    SessionAlive,
}

/// A suggested fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// Create an account, or invite the person.
    CreateAccount,
    /// Send the confirmation link again, or confirm by hand.
    ConfirmAccount,
    /// Reactivate the account.
    ReactivateAccount,
    /// Cancel the deletion.
    CancelDeletion,
    /// Unlock the account, or wait.
    UnlockAccount,
    /// Reactivate the organization.
    ActivateOrganization,
    /// Reactivate the membership.
    ReactivateMembership,
    /// Send a link to choose a new password.
    ResetPassword,
    /// Reset the two-factor log-in, if the device is lost.
    ResetTwoFactor,
    /// Log in again.
    LogInAgain,
}

/// One row of the diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub kind: CheckKind,
    /// The suggested fix; `None` if the check passed.
    pub fix: Option<Fix>,
}

/// What is known of an account's log-ins.
#[derive(Debug, Clone, Default)]
pub struct LogInEvidence {
    /// State of each membership.
    pub membership_states: Vec<MembershipState>,
    /// Whether an effective platform role exists beside them.
    pub has_platform_role: bool,
    /// Whether a password was ever set.
    pub has_password: bool,
    /// Time of the last wrong password.
    pub last_wrong_password_at: Option<DateTime<Utc>>,
    /// Time of the last wrong code that came with the right password.
    pub last_wrong_code_at: Option<DateTime<Utc>>,
    /// Time of the last successful log-in.
    pub last_log_in_at: Option<DateTime<Utc>>,
    /// The latest session that was not revoked.
    pub latest_session: Option<Session>,
}

impl CheckKind {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountExists => "account_exists",
            Self::AccountActive => "account_active",
            Self::OrganizationActive => "organization_active",
            Self::PasswordCorrect => "password_correct",
            Self::SecondFactorCorrect => "second_factor_correct",
            Self::SessionAlive => "session_alive",
        }
    }
}

impl Fix {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateAccount => "create_account",
            Self::ConfirmAccount => "confirm_account",
            Self::ReactivateAccount => "reactivate_account",
            Self::CancelDeletion => "cancel_deletion",
            Self::UnlockAccount => "unlock_account",
            Self::ActivateOrganization => "activate_organization",
            Self::ReactivateMembership => "reactivate_membership",
            Self::ResetPassword => "reset_password",
            Self::ResetTwoFactor => "reset_two_factor",
            Self::LogInAgain => "log_in_again",
        }
    }
}

/// Checks what prevents a log-in, all rows included (S003-23).
pub fn diagnose_log_in(account: &Account, evidence: &LogInEvidence, now: DateTime<Utc>) -> [Check; 6] {
    let is_gone = account.status == AccountStatus::Deleted;
    let obstacle = log_in_obstacle(account, &evidence.membership_states, evidence.has_platform_role, now);
    let is_locked = account.locked_until.is_some_and(|until| now < until);
    let active = match obstacle {
        Some(LogInObstacle::NotConfirmed) => Some(Fix::ConfirmAccount),
        Some(LogInObstacle::Suspended) => Some(Fix::ReactivateAccount),
        Some(LogInObstacle::Deleted) if is_gone => Some(Fix::CreateAccount),
        Some(LogInObstacle::Deleted) => Some(Fix::CancelDeletion),
        _ if is_locked => Some(Fix::UnlockAccount),
        _ => None,
    };
    let is_effective = may_log_in(&evidence.membership_states, evidence.has_platform_role);
    let is_switched_off = evidence.membership_states.iter().all(|standing| !standing.org_is_active);
    let membership = if is_switched_off { Fix::ActivateOrganization } else { Fix::ReactivateMembership };
    let failed_since = evidence.last_wrong_password_at > evidence.last_log_in_at;
    let wrong_code = evidence.last_wrong_code_at > evidence.last_log_in_at;
    let wrong = failed_since || !evidence.has_password;
    let wrong = wrong || obstacle == Some(LogInObstacle::TemporaryPasswordExpired);
    let is_alive = evidence.latest_session.as_ref().is_some_and(|session| session.is_alive(now));
    let unless = |is_right: bool, fix: Fix| (!is_right).then_some(fix);
    [
        Check { kind: CheckKind::AccountExists, fix: unless(!is_gone, Fix::CreateAccount) },
        Check { kind: CheckKind::AccountActive, fix: active },
        Check { kind: CheckKind::OrganizationActive, fix: unless(is_effective, membership) },
        Check { kind: CheckKind::PasswordCorrect, fix: unless(!wrong, Fix::ResetPassword) },
        Check { kind: CheckKind::SecondFactorCorrect, fix: unless(!wrong_code, Fix::ResetTwoFactor) },
        Check { kind: CheckKind::SessionAlive, fix: unless(is_alive, Fix::LogInAgain) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use users::{EmailAddress, PersonName, SessionId, Suspension, UserId};
    use uuid::Uuid;

    fn account(now: DateTime<Utc>) -> Account {
        let email = EmailAddress::parse("sam@example.org").unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        Account::pending(UserId(Uuid::nil()), email, name, now).confirm(now).unwrap()
    }

    fn fixes(account: &Account, evidence: &LogInEvidence, now: DateTime<Utc>) -> Vec<Option<Fix>> {
        diagnose_log_in(account, evidence, now).iter().map(|check| check.fix).collect()
    }

    #[test]
    fn s003_23_each_check_fails_independently() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1);
        let session = Session::begin(SessionId(Uuid::nil()), UserId(Uuid::nil()), None, None, now);
        let well = LogInEvidence {
            membership_states: vec![MembershipState {
                membership_is_active: true,
                org_is_active: true,
                is_claimed: true,
            }],
            has_password: true,
            last_log_in_at: Some(now),
            latest_session: Some(session),
            ..LogInEvidence::default()
        };
        let account = account(now);
        assert_eq!(fixes(&account, &well, now), [None; 6]);
        let shut = account.suspend(Suspension { reason: "Spam".into(), until: None }, now).unwrap();
        assert_eq!(fixes(&shut, &well, now)[1], Some(Fix::ReactivateAccount));
        let locked = account.lock(chrono::TimeDelta::minutes(1), now).0;
        assert_eq!(fixes(&locked, &well, now)[1], Some(Fix::UnlockAccount));
        let off =
            vec![MembershipState { membership_is_active: true, org_is_active: false, is_claimed: true }];
        let off = LogInEvidence { membership_states: off, ..well.clone() };
        assert_eq!(fixes(&account, &off, now)[2], Some(Fix::ActivateOrganization));
        let out =
            vec![MembershipState { membership_is_active: false, org_is_active: true, is_claimed: true }];
        let out = LogInEvidence { membership_states: out, ..well.clone() };
        assert_eq!(fixes(&account, &out, now)[2], Some(Fix::ReactivateMembership));
        let wrong = Some(now + chrono::TimeDelta::seconds(1));
        let wrong = LogInEvidence { last_wrong_password_at: wrong, ..well.clone() };
        assert_eq!(fixes(&account, &wrong, now)[3], Some(Fix::ResetPassword));
        let code =
            LogInEvidence { last_wrong_code_at: Some(now + chrono::TimeDelta::seconds(1)), ..well.clone() };
        assert_eq!(fixes(&account, &code, now)[4], Some(Fix::ResetTwoFactor));
        let out = LogInEvidence { latest_session: None, ..well };
        assert_eq!(fixes(&account, &out, now)[5], Some(Fix::LogInAgain));
    }
}
