use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::OrgId;
use thiserror::Error;
use users::{DeletionRequest, UserId};
use uuid::Uuid;

use crate::{Actor, Permission, PlatformPermission, PlatformRole, RoleKey};

/// Identifies an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApprovalId(pub Uuid);

/// Days for which somebody may decide.
pub const APPROVAL_DAYS: i64 = 7;

/// A change so grave that one person alone can't make it (S001-30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CriticalChange {
    /// An account is going to be deleted.
    DeleteAccount(DeletionRequest),
    /// An owner gets other roles, without `owner` among them.
    DemoteOwner(BTreeSet<RoleKey>),
    /// An owner's membership ends.
    RemoveOwner,
    /// Somebody gets a platform role.
    GrantPlatformRole(PlatformRole),
    /// A platform owner is to be none any more.
    RemovePlatformOwner,
}

impl CriticalChange {
    /// The word that stands for its kind in storage and in the contract.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DeleteAccount(_) => "delete_account",
            Self::DemoteOwner(_) => "demote_owner",
            Self::RemoveOwner => "remove_owner",
            Self::GrantPlatformRole(_) => "grant_platform_role",
            Self::RemovePlatformOwner => "remove_platform_owner",
        }
    }

    /// What one needs to decide on it for the installation.
    pub fn platform_permission(&self) -> PlatformPermission {
        match self {
            Self::GrantPlatformRole(_) | Self::RemovePlatformOwner => PlatformPermission::GrantPlatformRoles,
            _ => PlatformPermission::DeleteUsers,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalStatus {
    /// It waits for a second person.
    Pending,
    /// It was approved, and the change made.
    Approved,
    /// It was denied.
    Denied,
    /// Nobody decided in time.
    Expired,
}

impl ApprovalStatus {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Denied, Self::Expired];

    /// The word that stands for it in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Expired => "expired",
        }
    }
}

/// What a second person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the change is made.
    pub is_approved: bool,
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A critical change that waits for a second person, or has been decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its identity.
    pub id: ApprovalId,
    /// What is going to change.
    pub change: CriticalChange,
    /// Whose account or membership it is about.
    pub subject: UserId,
    /// The organization in which it was asked for; `None`: the installation.
    pub org: Option<OrgId>,
    /// Why, in the words of who asks.
    pub reason: String,
    /// Who asks.
    pub requested_by: UserId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Until when somebody may decide.
    pub expires_at: DateTime<Utc>,
    /// What a second person said.
    pub verdict: Option<Verdict>,
    /// Counts its changes.
    pub version: i64,
}

/// Why it is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApprovalRefused {
    /// Nobody approves what he asked for himself.
    #[error("somebody else has to decide on what you asked for")]
    OwnRequest,
    /// It was decided, or nobody did in time.
    #[error("the request is {}", .0.as_str())]
    Not(ApprovalStatus),
}

impl Approval {
    /// A change that waits for a second person from now on.
    pub fn ask(
        id: ApprovalId,
        change: CriticalChange,
        subject: UserId,
        org: Option<OrgId>,
        reason: String,
        by: UserId,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            change,
            subject,
            org,
            reason,
            requested_by: by,
            requested_at: now,
            expires_at: now + TimeDelta::days(APPROVAL_DAYS),
            verdict: None,
            version: 1,
        }
    }

    /// Where it stands at this moment.
    pub fn status(&self, now: DateTime<Utc>) -> ApprovalStatus {
        match self.verdict {
            Some(Verdict { is_approved: true, .. }) => ApprovalStatus::Approved,
            Some(_) => ApprovalStatus::Denied,
            None if self.expires_at <= now => ApprovalStatus::Expired,
            None => ApprovalStatus::Pending,
        }
    }

    /// Whether this member may be the second person: with all that owners hold where it is about an owner (S001-30).
    pub fn may_be_agreed_to_by(&self, actor: &Actor) -> bool {
        let needed: &[Permission] = match self.change {
            CriticalChange::DeleteAccount(_) => &[Permission::DeleteMemberAccounts],
            _ => &Permission::ALL,
        };
        self.is_up_to(actor.user_id) && needed.iter().all(|permission| actor.holds(*permission))
    }

    /// Whether whoever holds these permissions of the installation may be the second person.
    pub fn may_be_agreed_to_with(&self, user: UserId, held: &[PlatformPermission]) -> bool {
        self.is_up_to(user) && held.contains(&self.change.platform_permission())
    }

    /// Nobody agrees to his own wish, nor to what is done with his own account; of the end of his office he may.
    fn is_up_to(&self, user: UserId) -> bool {
        let is_about_an_office = matches!(
            self.change,
            CriticalChange::RemoveOwner
                | CriticalChange::DemoteOwner(_)
                | CriticalChange::RemovePlatformOwner
        );
        user != self.requested_by && (user != self.subject || is_about_an_office)
    }

    /// The same where nobody else could decide, as in an installation with one owner: its own asker's word counts.
    #[must_use]
    pub fn pass(&self, now: DateTime<Utc>) -> Self {
        let verdict = Verdict { is_approved: true, by: self.requested_by, at: now };
        Self { verdict: Some(verdict), ..self.clone() }
    }

    /// The same once a second person has decided. Whoever asked may take it back, but not approve it.
    pub fn decide(&self, by: UserId, is_approved: bool, now: DateTime<Utc>) -> Result<Self, ApprovalRefused> {
        match self.status(now) {
            ApprovalStatus::Pending if is_approved && by == self.requested_by => {
                Err(ApprovalRefused::OwnRequest)
            }
            ApprovalStatus::Pending => {
                Ok(Self { verdict: Some(Verdict { is_approved, by, at: now }), ..self.clone() })
            }
            other => Err(ApprovalRefused::Not(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s001_30_the_second_person_is_neither_who_asked_nor_whose_account_it_is() {
        let [asker, subject, other] = [1, 2, 3].map(|n| UserId(Uuid::from_u128(n)));
        let now = DateTime::UNIX_EPOCH;
        let asked =
            |change| Approval::ask(ApprovalId(Uuid::nil()), change, subject, None, "Why".into(), asker, now);
        let member = |user_id, permissions: &[Permission]| Actor {
            user_id,
            org_id: OrgId(Uuid::nil()),
            permissions: permissions.iter().copied().collect(),
            locations: BTreeSet::new(),
            reach: crate::TicketReach::Organization,
            opens_at_once: true,
        };
        let fewer = [Permission::ManageMembers, Permission::DeleteMemberAccounts];
        let removal = asked(CriticalChange::RemoveOwner);
        let may = |user, held: &[Permission]| removal.may_be_agreed_to_by(&member(user, held));
        assert_eq!([asker, subject, other].map(|user| may(user, &Permission::ALL)), [false, true, true]);
        assert!(!may(other, &fewer), "for an owner, all that owners hold");
        let role = asked(CriticalChange::GrantPlatformRole(PlatformRole::Manager));
        let held = [PlatformPermission::GrantPlatformRoles];
        let may = [asker, subject, other].map(|user| role.may_be_agreed_to_with(user, &held));
        assert_eq!(may, [false, false, true]);
        assert!(!role.may_be_agreed_to_with(other, &[PlatformPermission::DeleteUsers]));
    }

    #[test]
    fn s001_30_a_second_person_decides_once_and_in_time() {
        let (asker, other, now) = (UserId(Uuid::nil()), UserId(Uuid::max()), DateTime::UNIX_EPOCH);
        let id = ApprovalId(Uuid::nil());
        let asked = Approval::ask(id, CriticalChange::RemoveOwner, other, None, "He left".into(), asker, now);
        assert_eq!(asked.decide(asker, true, now), Err(ApprovalRefused::OwnRequest));
        assert_eq!(asked.decide(asker, false, now).unwrap().status(now), ApprovalStatus::Denied);
        let approved = asked.decide(other, true, now).unwrap();
        let again = approved.decide(other, false, now);
        assert_eq!(again, Err(ApprovalRefused::Not(ApprovalStatus::Approved)));
        let late = asked.decide(other, true, asked.expires_at);
        assert_eq!(late, Err(ApprovalRefused::Not(ApprovalStatus::Expired)));
    }
}
