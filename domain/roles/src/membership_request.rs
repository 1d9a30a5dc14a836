use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::{Change, Event, EventKind, EventSubject, JoiningMode, LocationId, OrgId};
use users::UserId;
use uuid::Uuid;

use crate::change_membership::{within_own_rights, within_reach};
use crate::join_refused::{JOIN_COOLDOWN_DAYS, JoinRefused};
use crate::{Actor, Membership, Permission, Role, RoleKey, SeededRole, TicketReach, require_may_join};

/// Identifies a request to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MembershipRequestId(pub Uuid);

/// A decision on a request to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipDecision {
    /// Whether the person becomes a member.
    pub is_approved: bool,
    /// The reason, which the requester reads.
    pub reason: Option<String>,
    /// The reviewer; `None`: the organization is open, and nobody decides.
    pub by: Option<UserId>,
    /// Time of the decision.
    pub at: DateTime<Utc>,
}

/// An appeal against a denial (S000-21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// The requester's text.
    pub text: String,
    /// Time of the appeal.
    pub at: DateTime<Utc>,
    /// The decision of another reviewer.
    pub decision: Option<MembershipDecision>,
}

/// State of a request to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipRequestStatus {
    /// A decision is pending.
    Pending,
    /// Denied, and another reviewer's decision is pending.
    Appealed,
    /// The requester is a member.
    Approved,
    /// The requester was denied.
    Denied,
}

impl MembershipRequestStatus {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Appealed, Self::Approved, Self::Denied];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Appealed => "appealed",
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }
}

/// A request to join an organization (S000-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRequest {
    /// Unique ID.
    pub id: MembershipRequestId,
    /// The organization.
    pub org_id: OrgId,
    /// The requester.
    pub user_id: UserId,
    /// The requester's message to the reviewers.
    pub message: Option<String>,
    /// Time of the request.
    pub requested_at: DateTime<Utc>,
    /// The first decision.
    pub decision: Option<MembershipDecision>,
    /// The only appeal.
    pub appeal: Option<Appeal>,
    /// Incremented with each change.
    pub version: i64,
}

/// The membership that a reviewer grants.
#[derive(Debug, Clone, Default)]
pub struct Admission {
    /// The roles; default: community member.
    pub roles: Option<BTreeSet<RoleKey>>,
    /// The locations.
    pub locations: BTreeSet<LocationId>,
}

impl MembershipRequest {
    /// A new request, and the event that records it. `standing` is the requester's membership there, `last`
    /// their previous request. An open organization decides nothing.
    pub fn create(
        (id, org_id, user_id): (MembershipRequestId, OrgId, UserId),
        message: Option<String>,
        mode: JoiningMode,
        standing: Option<&Membership>,
        last: Option<&Self>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), JoinRefused> {
        if mode == JoiningMode::InvitationOnly {
            return Err(JoinRefused::InvitationOnly);
        }
        require_may_join(standing)?;
        if let Some(last) = last {
            last.require_cooldown_over(now)?;
        }
        let approved = MembershipDecision { is_approved: true, reason: None, by: None, at: now };
        let decision = (mode == JoiningMode::Open).then_some(approved);
        let request =
            Self { id, org_id, user_id, message, requested_at: now, decision, appeal: None, version: 1 };
        let event = request.event(EventKind::MembershipRequested);
        Ok((request, event))
    }

    /// The current state.
    pub fn status(&self) -> MembershipRequestStatus {
        let waits_for_appeal = self.appeal.as_ref().is_some_and(|appeal| appeal.decision.is_none());
        match self.last_decision().filter(|_| !waits_for_appeal) {
            Some(decision) if decision.is_approved => MembershipRequestStatus::Approved,
            Some(_) => MembershipRequestStatus::Denied,
            None if waits_for_appeal => MembershipRequestStatus::Appealed,
            None => MembershipRequestStatus::Pending,
        }
    }

    /// The last decision: on the appeal if there was one.
    pub fn last_decision(&self) -> Option<&MembershipDecision> {
        self.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref()).or(self.decision.as_ref())
    }

    /// The request approved, the membership, and the events that record both. A guest becomes a member.
    pub fn approve(
        &self,
        by: &Actor,
        reason: Option<String>,
        admission: Admission,
        standing: Option<&Membership>,
        roles: &[Role],
        now: DateTime<Utc>,
    ) -> Result<(Self, Membership, [Event; 2]), JoinRefused> {
        let decision = MembershipDecision { is_approved: true, reason, by: Some(by.user_id), at: now };
        let decided = self.decided(by, decision)?;
        let keys = admission.roles.unwrap_or_else(default_roles);
        within_own_rights(by, &keys, roles).map_err(JoinRefused::Admission)?;
        within_reach(by, &admission.locations).map_err(JoinRefused::Admission)?;
        let (member, added) =
            Membership::join(standing, self.user_id, keys, admission.locations, by.reach, now)?;
        let event = decided.event(EventKind::MembershipApproved);
        Ok((decided, member, [event, added]))
    }

    /// The request denied, and the event that records it.
    pub fn deny(&self, by: &Actor, reason: String, now: DateTime<Utc>) -> Result<(Self, Event), JoinRefused> {
        let decision =
            MembershipDecision { is_approved: false, reason: Some(reason), by: Some(by.user_id), at: now };
        let decided = self.decided(by, decision)?;
        let event = decided.event(EventKind::MembershipDenied);
        Ok((decided, event))
    }

    /// Whether the request was denied, and the denial not appealed yet.
    pub fn is_appealable(&self) -> bool {
        self.status() == MembershipRequestStatus::Denied && self.appeal.is_none()
    }

    /// Requires that this reviewer may decide now; their permissions are checked elsewhere.
    pub fn may_be_decided_by(&self, reviewer: UserId) -> Result<(), JoinRefused> {
        let first = self.decision.as_ref().and_then(|first| first.by);
        match self.status() {
            _ if reviewer == self.user_id => Err(JoinRefused::OwnRequest),
            MembershipRequestStatus::Pending => Ok(()),
            MembershipRequestStatus::Appealed if first == Some(reviewer) => Err(JoinRefused::SameReviewer),
            MembershipRequestStatus::Appealed => Ok(()),
            MembershipRequestStatus::Approved | MembershipRequestStatus::Denied => Err(JoinRefused::Decided),
        }
    }

    /// The request with an appeal, for another reviewer to decide (S000-21). `latest` is the requester's last
    /// request in this organization.
    pub fn appeal(
        &self,
        text: String,
        latest: MembershipRequestId,
        standing: Option<&Membership>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), JoinRefused> {
        require_may_join(standing)?;
        if !self.is_appealable() || self.id != latest {
            return Err(JoinRefused::NothingToAppeal);
        }
        let appealed = Self { appeal: Some(Appeal { text, at: now, decision: None }), ..self.clone() };
        let event = appealed.event(EventKind::MembershipAppealed);
        Ok((appealed, event))
    }

    /// The event that records the withdrawal of a request that nobody has decided on.
    pub fn withdraw(&self) -> Result<Event, JoinRefused> {
        match self.status() {
            MembershipRequestStatus::Pending => Ok(self.event(EventKind::MembershipRequestWithdrawn)),
            _ => Err(JoinRefused::NotWithdrawable),
        }
    }

    /// The membership of somebody who joins an open organization, and the event that records it.
    pub fn open_membership(
        &self,
        locations: BTreeSet<LocationId>,
        standing: Option<&Membership>,
        now: DateTime<Utc>,
    ) -> Result<(Membership, Event), JoinRefused> {
        let reach = TicketReach::Organization;
        Ok(Membership::join(standing, self.user_id, default_roles(), locations, reach, now)?)
    }

    fn decided(&self, by: &Actor, decision: MembershipDecision) -> Result<Self, JoinRefused> {
        by.require(Permission::DecideMembershipRequests)?;
        self.may_be_decided_by(by.user_id)?;
        Ok(match self.appeal.clone() {
            Some(appeal) => {
                Self { appeal: Some(Appeal { decision: Some(decision), ..appeal }), ..self.clone() }
            }
            None => Self { decision: Some(decision), ..self.clone() },
        })
    }

    /// Requires that the same person may ask again.
    fn require_cooldown_over(&self, now: DateTime<Utc>) -> Result<(), JoinRefused> {
        match (self.status(), self.last_decision()) {
            (MembershipRequestStatus::Pending | MembershipRequestStatus::Appealed, _) => {
                Err(JoinRefused::AlreadyPending)
            }
            (MembershipRequestStatus::Denied, Some(last)) => {
                let again = last.at + TimeDelta::days(JOIN_COOLDOWN_DAYS);
                if now < again { Err(JoinRefused::TooSoon(again)) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn event(&self, what: EventKind) -> Event {
        Event::new(what, EventSubject::Other("membership_request", self.id.0))
            .with(Change::set("status", self.status().as_str()))
    }
}

/// The roles of a new member by default.
pub fn default_roles() -> BTreeSet<RoleKey> {
    RoleKey::parse(SeededRole::CommunityMember.key()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AlreadyMember;
    use crate::TicketReach;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn reviewer(id: u128) -> Actor {
        Actor {
            user_id: UserId(Uuid::from_u128(id)),
            org_id: OrgId(Uuid::nil()),
            permissions: BTreeSet::from([Permission::DecideMembershipRequests]),
            locations: BTreeSet::new(),
            reach: TicketReach::Organization,
            opens_at_once: true,
        }
    }

    fn ask(
        mode: JoiningMode,
        last: Option<&MembershipRequest>,
        day: i64,
    ) -> Result<MembershipRequest, JoinRefused> {
        let ids = (MembershipRequestId(Uuid::nil()), OrgId(Uuid::nil()), UserId(Uuid::from_u128(9)));
        MembershipRequest::create(ids, None, mode, None, last, at(day)).map(|(request, _)| request)
    }

    fn appeal(of: &MembershipRequest, day: i64) -> Result<(MembershipRequest, Event), JoinRefused> {
        of.appeal("Please".into(), of.id, None, at(day))
    }

    #[test]
    fn s000_20_the_joining_mode_decides_whether_a_review_is_needed() {
        assert_eq!(ask(JoiningMode::InvitationOnly, None, 0), Err(JoinRefused::InvitationOnly));
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        assert_eq!(asked.status(), MembershipRequestStatus::Pending);
        assert_eq!(ask(JoiningMode::ByRequest, Some(&asked), 1), Err(JoinRefused::AlreadyPending));
        let joined = ask(JoiningMode::Open, None, 0).unwrap();
        assert_eq!(joined.status(), MembershipRequestStatus::Approved);
    }

    #[test]
    fn s000_21_another_reviewer_decides_on_the_only_appeal() {
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        assert_eq!(appeal(&asked, 0).unwrap_err(), JoinRefused::NothingToAppeal);
        let (denied, _) = asked.deny(&reviewer(1), "Full".into(), at(0)).unwrap();
        assert_eq!(denied.deny(&reviewer(2), "Full".into(), at(0)).unwrap_err(), JoinRefused::Decided);
        let (appealed, _) = appeal(&denied, 1).unwrap();
        assert_eq!(appealed.status(), MembershipRequestStatus::Appealed);
        let same = appealed.deny(&reviewer(1), "Still full".into(), at(2)).unwrap_err();
        assert_eq!(same, JoinRefused::SameReviewer);
        let (final_no, _) = appealed.deny(&reviewer(2), "Still full".into(), at(2)).unwrap();
        assert_eq!(appeal(&final_no, 3).unwrap_err(), JoinRefused::NothingToAppeal);
        let later = MembershipRequestId(Uuid::from_u128(7));
        let old = denied.appeal("Please".into(), later, None, at(3)).unwrap_err();
        assert_eq!(old, JoinRefused::NothingToAppeal);
    }

    #[test]
    fn s000_20_neither_own_requests_nor_those_of_members_are_approved() {
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        assert_eq!(asked.deny(&reviewer(9), "Me".into(), at(0)).unwrap_err(), JoinRefused::OwnRequest);
        let role = |seed: SeededRole| BTreeSet::from([RoleKey::parse(seed.key()).unwrap()]);
        let standing = |seed: SeededRole| {
            let (user, reach) = (asked.user_id, TicketReach::Organization);
            Membership::create(user, role(seed), BTreeSet::new(), reach, at(0)).0
        };
        let again = |standing: &Membership| asked.open_membership(BTreeSet::new(), Some(standing), at(1));
        assert_eq!(again(&standing(SeededRole::Manager)).unwrap_err(), AlreadyMember.into());
        let (member, event) = again(&standing(SeededRole::Guest)).unwrap();
        assert_eq!((member.roles, event.kind), (role(SeededRole::CommunityMember), EventKind::MemberUpdated));
        let suspension = Some(users::Suspension { reason: "Spam".into(), until: None });
        let suspended = Membership { suspension, ..standing(SeededRole::Guest) };
        assert_eq!(again(&suspended).unwrap_err(), AlreadyMember.into());
    }

    #[test]
    fn a_denial_lasts_thirty_days_from_the_last_decision() {
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        let (denied, _) = asked.deny(&reviewer(1), "Full".into(), at(0)).unwrap();
        let (appealed, _) = appeal(&denied, 1).unwrap();
        let (denied, _) = appealed.deny(&reviewer(2), "Full".into(), at(10)).unwrap();
        assert_eq!(ask(JoiningMode::Open, Some(&denied), 39), Err(JoinRefused::TooSoon(at(40))));
        assert!(ask(JoiningMode::ByRequest, Some(&denied), 40).is_ok());
    }
}
