use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::OrgId;
use thiserror::Error;
use users::UserId;
use uuid::Uuid;

use crate::critical_change::CriticalChange;
use crate::votes::{ApprovalRight, Holders, Requester, TakesEffect, Vote};
use crate::{Actor, PlatformPermission};

/// Identifies an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApprovalId(pub Uuid);

/// Days until the decision is due.
pub const APPROVAL_DAYS: i64 = 7;

/// State of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalStatus {
    /// Pending: another approver decides, or the seven days end.
    Pending,
    /// Approved, or not denied in time: the change is made.
    Approved,
    /// It was denied.
    Denied,
    /// The seven days ended without a decision.
    Expired,
}

impl ApprovalStatus {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Denied, Self::Expired];

    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Expired => "expired",
        }
    }
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the change is made.
    pub is_approved: bool,
    /// The holder who decided; `None`: nobody denied the change in seven days, and no other vote was effective.
    pub by: Option<UserId>,
    /// Time of the decision.
    pub at: DateTime<Utc>,
}

/// A critical change that was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Unique ID.
    pub id: ApprovalId,
    /// The requested change.
    pub change: CriticalChange,
    /// The account, or the member, that the change is about.
    pub subject: UserId,
    /// The organization of the request; `None`: the platform.
    pub org: Option<OrgId>,
    /// The requester's reason.
    pub reason: String,
    /// The requester.
    pub requested_by: UserId,
    /// Everybody who may be behind the request, `requested_by` among them: [`Requester::through`].
    pub requested_through: BTreeSet<UserId>,
    /// Whether another holder can approve it: [`Requester::is_approvable`].
    pub is_approvable: bool,
    /// What happens if nobody denies the change.
    pub takes_effect: TakesEffect,
    /// Time of the request.
    pub requested_at: DateTime<Utc>,
    /// The decision is due before this time.
    pub expires_at: DateTime<Utc>,
    /// The second approver's decision; `None` while it is pending.
    pub verdict: Option<Verdict>,
    /// Incremented with each change.
    pub version: i64,
}

/// Why a decision is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApprovalRefused {
    /// Requesters do not approve their own request.
    #[error("another approver must decide on your own request")]
    OwnRequest,
    /// Nobody approves a change of their own account, except the loss of their own role.
    #[error("you cannot approve a change of your own account")]
    OwnAccount,
    /// The account does not hold the right that the change needs.
    #[error("only a holder of the right that this change requires can decide")]
    NotAHolder,
    /// The vote of the holder is not effective.
    #[error("your vote is {}; until it is effective you can deny, but not approve", .0.as_str())]
    NoVote(Vote),
    /// Somebody without a vote may be behind the request.
    #[error("the requester had no effective vote; request the change yourself")]
    NotApprovable,
    /// The requester is responsible for the approving vote, or may be the same person.
    #[error("an approver who had no part in the request must approve it")]
    Involved,
    /// The request is no longer pending.
    #[error("the request is {}", .0.as_str())]
    Not(ApprovalStatus),
}

impl Approval {
    /// A new request that is pending until a second approver decides.
    pub fn create(
        id: ApprovalId,
        change: CriticalChange,
        subject: UserId,
        org: Option<OrgId>,
        reason: String,
        requester: Requester,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            change,
            subject,
            org,
            reason,
            requested_by: requester.user,
            requested_through: requester.through,
            is_approvable: requester.is_approvable,
            // In an organization, the subject has time to object even if nobody else holds the right.
            takes_effect: match requester.takes_effect {
                TakesEffect::Immediately if org.is_some() => TakesEffect::UnlessDenied,
                takes_effect => takes_effect,
            },
            requested_at: now,
            expires_at: now + TimeDelta::days(APPROVAL_DAYS),
            verdict: None,
            version: 1,
        }
    }

    /// The approver, unless it was the requester.
    pub fn approved_by(&self) -> Option<UserId> {
        let approved = self.verdict.filter(|verdict| verdict.is_approved)?;
        approved.by.filter(|by| *by != self.requested_by)
    }

    /// When the change is made unless somebody denies it; `None` if it is decided, or needs a second
    /// approver.
    pub fn settles_at(&self) -> Option<DateTime<Utc>> {
        (self.verdict.is_none() && self.takes_effect == TakesEffect::UnlessDenied).then_some(self.expires_at)
    }

    /// When all concerned are reminded of [`Self::settles_at`]: one day before.
    pub fn reminds_at(&self) -> Option<DateTime<Utc>> {
        self.settles_at().map(|at| at - TimeDelta::days(1))
    }

    /// The right that it needs.
    pub fn right(&self) -> ApprovalRight {
        ApprovalRight::for_change(&self.change, self.org)
    }

    /// Its status at this moment. A change that is made unless denied is pending until [`Approval::settle`].
    pub fn status(&self, now: DateTime<Utc>) -> ApprovalStatus {
        match self.verdict {
            Some(Verdict { is_approved: true, .. }) => ApprovalStatus::Approved,
            Some(_) => ApprovalStatus::Denied,
            None if self.expires_at <= now && self.takes_effect != TakesEffect::UnlessDenied => {
                ApprovalStatus::Expired
            }
            None => ApprovalStatus::Pending,
        }
    }

    /// Whether it is a request for the same change of the same person, in the same organization or on the platform.
    pub fn is_same_change(&self, other: &Self) -> bool {
        let is_same_kind = match (&self.change, &other.change) {
            (CriticalChange::GrantPlatformRole(one), CriticalChange::GrantPlatformRole(another)) => {
                one == another
            }
            (one, another) => one.kind() == another.kind(),
        };
        is_same_kind && self.subject == other.subject && self.org == other.org
    }

    /// Whether this member's permissions allow them to approve (S001-30). Their vote may still be missing.
    pub fn may_be_approved_by(&self, actor: &Actor) -> bool {
        self.require_uninvolved(actor.user_id).is_ok() && self.right().is_held_by(actor)
    }

    /// The same for a user with these platform permissions.
    pub fn may_be_approved_with(&self, user: UserId, held: &[PlatformPermission]) -> bool {
        self.require_uninvolved(user).is_ok() && self.right().is_held_with(held)
    }

    /// Requires neither the requester nor the subject, except if the subject only loses a role of their own.
    fn require_uninvolved(&self, user: UserId) -> Result<(), ApprovalRefused> {
        let ends_own_role = matches!(
            self.change,
            CriticalChange::RemoveOwner
                | CriticalChange::DemoteOwner(_)
                | CriticalChange::RemovePlatformOwner
        );
        if user == self.requested_by {
            return Err(ApprovalRefused::OwnRequest);
        }
        if user == self.subject && !ends_own_role {
            return Err(ApprovalRefused::OwnAccount);
        }
        Ok(())
    }

    /// The request approved by its requester, where nobody else holds the right, as on a platform with one
    /// owner.
    #[must_use]
    pub fn pass(&self, now: DateTime<Utc>) -> Self {
        let verdict = Verdict { is_approved: true, by: Some(self.requested_by), at: now };
        Self { verdict: Some(verdict), ..self.clone() }
    }

    /// The request with a decision; `holders` are those of [`Approval::right`].
    pub fn decide(
        &self,
        by: UserId,
        is_approved: bool,
        holders: &Holders,
        now: DateTime<Utc>,
    ) -> Result<Self, ApprovalRefused> {
        match self.status(now) {
            ApprovalStatus::Pending if is_approved => self.require_approver(by, holders, now)?,
            ApprovalStatus::Pending => self.require_denier(by, holders)?,
            other => return Err(ApprovalRefused::Not(other)),
        }
        Ok(Self { verdict: Some(Verdict { is_approved, by: Some(by), at: now }), ..self.clone() })
    }

    /// The request after its seven days without a decision; `None` if that does not change it. A
    /// [`TakesEffect::UnlessDenied`] change is made. It expires if another vote became effective, or if one of the
    /// `unable_to_object` holds the right or is the subject: those cannot log in, and somebody who cannot object does
    /// not consent.
    #[must_use]
    pub fn settle(
        &self,
        holders: &Holders,
        unable_to_object: &BTreeSet<UserId>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        if self.verdict.is_some() || self.takes_effect != TakesEffect::UnlessDenied || now < self.expires_at {
            return None;
        }
        let cannot_object = holders
            .current()
            .map(|holder| holder.user)
            .chain([self.subject])
            .any(|user| user != self.requested_by && unable_to_object.contains(&user));
        if cannot_object || holders.has_other_vote(self.requested_by, now) {
            return Some(Self { takes_effect: TakesEffect::AfterApproval, ..self.clone() });
        }
        Some(Self { verdict: Some(Verdict { is_approved: true, by: None, at: now }), ..self.clone() })
    }

    /// The request if the change can no longer be made at the end of its seven days: it expires.
    #[must_use]
    pub fn expired(&self) -> Self {
        Self { takes_effect: TakesEffect::AfterApproval, ..self.clone() }
    }

    /// Requires another holder with an effective vote.
    fn require_approver(
        &self,
        by: UserId,
        holders: &Holders,
        now: DateTime<Utc>,
    ) -> Result<(), ApprovalRefused> {
        self.require_uninvolved(by)?;
        let holder = holders.find(by).ok_or(ApprovalRefused::NotAHolder)?;
        match holder.vote(now) {
            Vote::Effective => {}
            missing => return Err(ApprovalRefused::NoVote(missing)),
        }
        if !self.is_approvable {
            return Err(ApprovalRefused::NotApprovable);
        }
        let mut responsible_for_vote = holder.recent_endorsers(now).chain([&by]);
        if responsible_for_vote.any(|one| self.requested_through.contains(one)) {
            return Err(ApprovalRefused::Involved);
        }
        Ok(())
    }

    /// Requires a holder, the subject or the requester. None of them needs a vote.
    fn require_denier(&self, by: UserId, holders: &Holders) -> Result<(), ApprovalRefused> {
        let is_concerned = by == self.requested_by || by == self.subject;
        if is_concerned || holders.may_deny(by, self.requested_at) {
            Ok(())
        } else {
            Err(ApprovalRefused::NotAHolder)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Permission;
    use crate::PlatformRole;
    use crate::votes::Holder;

    /// A holder whose vote is effective.
    fn holder(user: UserId) -> Holder {
        Holder {
            user,
            held_since: DateTime::UNIX_EPOCH,
            lost_at: None,
            vote_starts_at: DateTime::UNIX_EPOCH,
            granted_by: BTreeSet::new(),
            endorsement: None,
            takeovers: Vec::new(),
        }
    }

    #[test]
    fn s001_30_the_second_approver_is_neither_the_requester_nor_the_subject() {
        let [asker, subject, other] = [1, 2, 3].map(|n| UserId(Uuid::from_u128(n)));
        let now = DateTime::UNIX_EPOCH;
        let requester = Holders::new([asker, subject, other].map(holder).to_vec()).requester(asker, now);
        let request = |change, org| {
            let id = ApprovalId(Uuid::nil());
            Approval::create(id, change, subject, org, "Why".into(), requester.clone(), now)
        };
        let member = |user_id, permissions: &[Permission]| Actor {
            user_id,
            org_id: OrgId(Uuid::nil()),
            permissions: permissions.iter().copied().collect(),
            locations: BTreeSet::new(),
            reach: crate::TicketReach::Organization,
            opens_at_once: true,
        };
        let fewer = [Permission::ManageMembers, Permission::DeleteMemberAccounts];
        let removal = request(CriticalChange::RemoveOwner, Some(OrgId(Uuid::nil())));
        let may = |user, held: &[Permission]| removal.may_be_approved_by(&member(user, held));
        assert_eq!([asker, subject, other].map(|user| may(user, &Permission::ALL)), [false, true, true]);
        assert!(!may(other, &fewer), "for an owner, all that owners hold");
        let role = request(CriticalChange::GrantPlatformRole(PlatformRole::Manager), None);
        let held = [PlatformPermission::GrantPlatformRoles];
        let may = [asker, subject, other].map(|user| role.may_be_approved_with(user, &held));
        assert_eq!(may, [false, false, true]);
        assert!(!role.may_be_approved_with(other, &[PlatformPermission::DeleteUsers]));
    }

    #[test]
    fn s001_30_a_second_approver_decides_once_and_in_time() {
        let (asker, other, now) = (UserId(Uuid::nil()), UserId(Uuid::max()), DateTime::UNIX_EPOCH);
        let id = ApprovalId(Uuid::nil());
        let (change, org) = (CriticalChange::RemoveOwner, Some(OrgId(Uuid::nil())));
        let holders = Holders::new(vec![holder(asker), holder(other)]);
        let requester = holders.requester(asker, now);
        let approval = Approval::create(id, change, other, org, "They left".into(), requester, now);
        let decide = |by, is_approved| approval.decide(by, is_approved, &holders, now);
        assert_eq!(decide(asker, true), Err(ApprovalRefused::OwnRequest));
        assert_eq!(decide(asker, false).unwrap().status(now), ApprovalStatus::Denied);
        let approved = decide(other, true).unwrap();
        let again = approved.decide(other, false, &holders, now);
        assert_eq!(again, Err(ApprovalRefused::Not(ApprovalStatus::Approved)));
        let late = approval.decide(other, true, &holders, approval.expires_at);
        assert_eq!(late, Err(ApprovalRefused::Not(ApprovalStatus::Expired)));
    }
}
