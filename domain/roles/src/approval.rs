use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::OrgId;
use thiserror::Error;
use users::{DeletionRequest, UserId};
use uuid::Uuid;

use crate::votes::{ApprovalRight, Course, Holders, Requester, Vote};
use crate::{Actor, PlatformPermission, PlatformRole, RoleKey};

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

    /// The permission that deciding on it needs on the platform.
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
    /// It waits for another approver, or for the end of its seven days.
    Pending,
    /// It was approved, or nobody denied it in time, and the change was made.
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

/// How it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the change is made.
    pub is_approved: bool,
    /// The holder who decided; `None`: nobody denied the change in seven days, and no other vote was effective.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A critical change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its identity.
    pub id: ApprovalId,
    /// What is going to change.
    pub change: CriticalChange,
    /// Whose account or membership it is about.
    pub subject: UserId,
    /// The organization in which it was asked for; `None`: the platform.
    pub org: Option<OrgId>,
    /// Why, in the words of who asks.
    pub reason: String,
    /// Who asks.
    pub requested_by: UserId,
    /// Everybody who may stand behind the request, `requested_by` among them: [`Requester::through`].
    pub requested_through: BTreeSet<UserId>,
    /// Whether another holder can approve it: [`Requester::is_approvable`].
    pub is_approvable: bool,
    /// What becomes of it unless it is denied.
    pub course: Course,
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
    /// Nobody approves their own request.
    #[error("somebody else has to decide on what you asked for")]
    OwnRequest,
    /// Nobody approves what is done with their own account, unless it is the end of their office.
    #[error("nobody approves a change of their own account")]
    OwnAccount,
    /// The account does not hold the right that the change needs.
    #[error("only a holder of the right that this change needs can decide")]
    NotAHolder,
    /// The vote of the holder is missing.
    #[error("your vote is {}; until it is effective you can deny, but not approve", .0.as_str())]
    NoVote(Vote),
    /// Somebody without a vote may stand behind the request.
    #[error("the account that asked for this had no vote of its own; ask for the change yourself")]
    NotApprovable,
    /// The one who asked answers for the vote that would approve, or may be the same person.
    #[error("somebody who had no part in the request has to approve it")]
    Involved,
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
            // An organization gives the person concerned time to object even where nobody else holds the right.
            course: match requester.course {
                Course::AtOnce if org.is_some() => Course::UnlessDenied,
                course => course,
            },
            requested_at: now,
            expires_at: now + TimeDelta::days(APPROVAL_DAYS),
            verdict: None,
            version: 1,
        }
    }

    /// Who approved it, if that was somebody else than who asked.
    pub fn approved_by(&self) -> Option<UserId> {
        let approved = self.verdict.filter(|verdict| verdict.is_approved)?;
        approved.by.filter(|by| *by != self.requested_by)
    }

    /// When it is made unless somebody denies it; `None` if it is decided, or needs a second approver.
    pub fn settles_at(&self) -> Option<DateTime<Utc>> {
        (self.verdict.is_none() && self.course == Course::UnlessDenied).then_some(self.expires_at)
    }

    /// When everybody concerned is reminded of that: a day before.
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
            None if self.expires_at <= now && self.course != Course::UnlessDenied => ApprovalStatus::Expired,
            None => ApprovalStatus::Pending,
        }
    }

    /// Whether this member may be the second person, by their permissions (S001-30). Their vote may be missing.
    pub fn may_be_agreed_to_by(&self, actor: &Actor) -> bool {
        self.is_up_to(actor.user_id).is_ok() && self.right().is_held_by(actor)
    }

    /// The same for a user with these platform permissions.
    pub fn may_be_agreed_to_with(&self, user: UserId, held: &[PlatformPermission]) -> bool {
        self.is_up_to(user).is_ok() && self.right().is_held_with(held)
    }

    /// Nobody approves their own request, nor what is done with their own account, except the end of their office.
    fn is_up_to(&self, user: UserId) -> Result<(), ApprovalRefused> {
        let is_about_an_office = matches!(
            self.change,
            CriticalChange::RemoveOwner
                | CriticalChange::DemoteOwner(_)
                | CriticalChange::RemovePlatformOwner
        );
        if user == self.requested_by {
            return Err(ApprovalRefused::OwnRequest);
        }
        if user == self.subject && !is_about_an_office {
            return Err(ApprovalRefused::OwnAccount);
        }
        Ok(())
    }

    /// The same where nobody else could decide, as in a platform with one owner: its own asker's word counts.
    #[must_use]
    pub fn pass(&self, now: DateTime<Utc>) -> Self {
        let verdict = Verdict { is_approved: true, by: Some(self.requested_by), at: now };
        Self { verdict: Some(verdict), ..self.clone() }
    }

    /// The same once somebody has decided; `holders` are those of [`Approval::right`].
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

    /// The same once its seven days end without a decision, if that changes it. A change whose course is
    /// [`Course::UnlessDenied`] is made, or expires if another vote became effective, or if one of the `silenced`, who cannot
    /// log in, holds the right or is the subject: the silence of somebody who is kept from speaking agrees to nothing.
    #[must_use]
    pub fn settle(&self, holders: &Holders, silenced: &BTreeSet<UserId>, now: DateTime<Utc>) -> Option<Self> {
        if self.verdict.is_some() || self.course != Course::UnlessDenied || now < self.expires_at {
            return None;
        }
        let is_kept_silent = holders
            .current()
            .map(|holder| holder.user)
            .chain([self.subject])
            .any(|user| user != self.requested_by && silenced.contains(&user));
        if is_kept_silent || holders.has_other_vote(self.requested_by, now) {
            return Some(Self { course: Course::NeedsApproval, ..self.clone() });
        }
        Some(Self { verdict: Some(Verdict { is_approved: true, by: None, at: now }), ..self.clone() })
    }

    /// The same if it can no longer be made when its seven days end: it expires.
    #[must_use]
    pub fn given_up(&self) -> Self {
        Self { course: Course::NeedsApproval, ..self.clone() }
    }

    /// Requires another person whose vote is effective.
    fn require_approver(
        &self,
        by: UserId,
        holders: &Holders,
        now: DateTime<Utc>,
    ) -> Result<(), ApprovalRefused> {
        self.is_up_to(by)?;
        let holder = holders.find(by).ok_or(ApprovalRefused::NotAHolder)?;
        match holder.vote(now) {
            Vote::Effective => {}
            missing => return Err(ApprovalRefused::NoVote(missing)),
        }
        if !self.is_approvable {
            return Err(ApprovalRefused::NotApprovable);
        }
        let mut behind_the_vote = holder.recent_endorsers(now).chain([&by]);
        if behind_the_vote.any(|one| self.requested_through.contains(one)) {
            return Err(ApprovalRefused::Involved);
        }
        Ok(())
    }

    /// Requires a holder, the subject or the requester; none of them needs a vote.
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
    fn s001_30_the_second_person_is_neither_who_asked_nor_whose_account_it_is() {
        let [asker, subject, other] = [1, 2, 3].map(|n| UserId(Uuid::from_u128(n)));
        let now = DateTime::UNIX_EPOCH;
        let requester = Holders::new([asker, subject, other].map(holder).to_vec()).requester(asker, now);
        let asked = |change, org| {
            let id = ApprovalId(Uuid::nil());
            Approval::ask(id, change, subject, org, "Why".into(), requester.clone(), now)
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
        let removal = asked(CriticalChange::RemoveOwner, Some(OrgId(Uuid::nil())));
        let may = |user, held: &[Permission]| removal.may_be_agreed_to_by(&member(user, held));
        assert_eq!([asker, subject, other].map(|user| may(user, &Permission::ALL)), [false, true, true]);
        assert!(!may(other, &fewer), "for an owner, all that owners hold");
        let role = asked(CriticalChange::GrantPlatformRole(PlatformRole::Manager), None);
        let held = [PlatformPermission::GrantPlatformRoles];
        let may = [asker, subject, other].map(|user| role.may_be_agreed_to_with(user, &held));
        assert_eq!(may, [false, false, true]);
        assert!(!role.may_be_agreed_to_with(other, &[PlatformPermission::DeleteUsers]));
    }

    #[test]
    fn s001_30_a_second_person_decides_once_and_in_time() {
        let (asker, other, now) = (UserId(Uuid::nil()), UserId(Uuid::max()), DateTime::UNIX_EPOCH);
        let id = ApprovalId(Uuid::nil());
        let (change, org) = (CriticalChange::RemoveOwner, Some(OrgId(Uuid::nil())));
        let holders = Holders::new(vec![holder(asker), holder(other)]);
        let requester = holders.requester(asker, now);
        let asked = Approval::ask(id, change, other, org, "They left".into(), requester, now);
        let decide = |by, is_approved| asked.decide(by, is_approved, &holders, now);
        assert_eq!(decide(asker, true), Err(ApprovalRefused::OwnRequest));
        assert_eq!(decide(asker, false).unwrap().status(now), ApprovalStatus::Denied);
        let approved = decide(other, true).unwrap();
        let again = approved.decide(other, false, &holders, now);
        assert_eq!(again, Err(ApprovalRefused::Not(ApprovalStatus::Approved)));
        let late = asked.decide(other, true, &holders, asked.expires_at);
        assert_eq!(late, Err(ApprovalRefused::Not(ApprovalStatus::Expired)));
    }
}
