use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::{Change, Event, EventSubject, JoiningMode, LocationId, OrgId};
use thiserror::Error;
use users::UserId;
use uuid::Uuid;

use crate::change_membership::{within_own_rights, within_reach};
use crate::{
    Actor, BelongsAlready, Forbidden, Membership, MembershipRefused, Permission, Role, RoleKey, SeededRole,
    TicketReach, may_join,
};

/// Days after a refusal before the same person may ask again.
pub const ASK_AGAIN_DAYS: i64 = 30;

/// Identifies a request to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MembershipRequestId(pub Uuid);

/// What was decided about letting somebody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipDecision {
    /// Whether the person belongs now.
    pub is_approved: bool,
    /// Why; the person reads it.
    pub reason: Option<String>,
    /// Who decided; `None`: nobody had to, the organization is open.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// That somebody does not accept a refusal (S000-21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// What the person says to it.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What another reviewer decided.
    pub decision: Option<MembershipDecision>,
}

/// Where a request to join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipRequestStatus {
    /// Somebody has to decide.
    Pending,
    /// Refused, and somebody else has to decide.
    Appealed,
    /// The person was let in.
    Approved,
    /// The person was refused.
    Denied,
}

impl MembershipRequestStatus {
    /// Every one there is.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Appealed, Self::Approved, Self::Denied];

    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Appealed => "appealed",
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }
}

/// Somebody's wish to belong to an organization (S000-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRequest {
    /// Its identity.
    pub id: MembershipRequestId,
    /// Where.
    pub org_id: OrgId,
    /// Who.
    pub user_id: UserId,
    /// What the person says of himself.
    pub message: Option<String>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// What was decided first.
    pub decision: Option<MembershipDecision>,
    /// The one appeal.
    pub appeal: Option<Appeal>,
    /// Counts its changes.
    pub version: i64,
}

/// As what somebody is let in.
#[derive(Debug, Clone, Default)]
pub struct Admission {
    /// As what; a community member unless told.
    pub roles: Option<BTreeSet<RoleKey>>,
    /// For which locations.
    pub locations: BTreeSet<LocationId>,
}

/// Why somebody does not join, or nothing is decided.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JoinRefused {
    /// The reviewer may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody asks here; people are invited (S000-20).
    #[error("this organization lets in by invitation only; ask one of its people to invite you")]
    InvitationOnly,
    /// Guests have to be wanted (S002-22).
    #[error("only members open requests here; ask to join")]
    NoGuests,
    /// He belongs already.
    #[error(transparent)]
    AlreadyMember(#[from] BelongsAlready),
    /// One request at a time.
    #[error("a request to join waits already")]
    AlreadyAsked,
    /// The last refusal is too fresh.
    #[error("it was denied less than {ASK_AGAIN_DAYS} days ago; appeal, or ask again after {}", .0.format("%Y-%m-%d"))]
    TooSoon(DateTime<Utc>),
    /// Nobody lets himself in.
    #[error("nobody decides on his own request")]
    OwnRequest,
    /// An appeal is another's to decide (S000-21).
    #[error("whoever denied it does not decide on the appeal")]
    SameReviewer,
    /// Nothing waits for a decision.
    #[error("the request was decided")]
    Decided,
    /// Only the last refusal is appealed, and only once.
    #[error("only the latest request is appealed, if it was denied, and only once")]
    NothingToAppeal,
    /// What was decided, or denied once, is not taken back.
    #[error("only a request that nobody has decided on is withdrawn")]
    NotWithdrawable,
    /// A role that is not there or above the reviewer's rights, or a location beyond his reach.
    #[error(transparent)]
    Admission(MembershipRefused),
}

impl MembershipRequest {
    /// A new wish to belong, and the event that tells it. `standing` is what the person is there now, `last` what he asked
    /// before. An open organization has nothing to decide.
    pub fn ask(
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
        may_join(standing)?;
        if let Some(last) = last {
            last.may_be_followed(now)?;
        }
        let welcome = MembershipDecision { is_approved: true, reason: None, by: None, at: now };
        let decision = (mode == JoiningMode::Open).then_some(welcome);
        let request =
            Self { id, org_id, user_id, message, requested_at: now, decision, appeal: None, version: 1 };
        let event = request.told("membership_requested");
        Ok((request, event))
    }

    /// Where it stands.
    pub fn status(&self) -> MembershipRequestStatus {
        let waits_for_appeal = self.appeal.as_ref().is_some_and(|appeal| appeal.decision.is_none());
        match self.last_decision().filter(|_| !waits_for_appeal) {
            Some(decision) if decision.is_approved => MembershipRequestStatus::Approved,
            Some(_) => MembershipRequestStatus::Denied,
            None if waits_for_appeal => MembershipRequestStatus::Appealed,
            None => MembershipRequestStatus::Pending,
        }
    }

    /// What was decided last, on the appeal if there was one.
    pub fn last_decision(&self) -> Option<&MembershipDecision> {
        self.appeal.as_ref().and_then(|appeal| appeal.decision.as_ref()).or(self.decision.as_ref())
    }

    /// The person let in: the request, the membership, and the events that tell both. A guest becomes a member.
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
        let told = decided.told("membership_approved");
        Ok((decided, member, [told, added]))
    }

    /// The person refused, and the event that tells it.
    pub fn deny(&self, by: &Actor, reason: String, now: DateTime<Utc>) -> Result<(Self, Event), JoinRefused> {
        let decision =
            MembershipDecision { is_approved: false, reason: Some(reason), by: Some(by.user_id), at: now };
        let decided = self.decided(by, decision)?;
        let told = decided.told("membership_denied");
        Ok((decided, told))
    }

    /// Whether it was denied, and not appealed yet.
    pub fn is_appealable(&self) -> bool {
        self.status() == MembershipRequestStatus::Denied && self.appeal.is_none()
    }

    /// Whether this reviewer may decide on it now, if reviewers may at all.
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

    /// The refusal not accepted: another reviewer has to decide (S000-21). `latest` is what the person asked last there.
    pub fn appeal(
        &self,
        text: String,
        latest: MembershipRequestId,
        standing: Option<&Membership>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), JoinRefused> {
        may_join(standing)?;
        if !self.is_appealable() || self.id != latest {
            return Err(JoinRefused::NothingToAppeal);
        }
        let appealed = Self { appeal: Some(Appeal { text, at: now, decision: None }), ..self.clone() };
        let told = appealed.told("membership_appealed");
        Ok((appealed, told))
    }

    /// The event that tells a wish was taken back, as long as nobody has decided on it.
    pub fn withdraw(&self) -> Result<Event, JoinRefused> {
        match self.status() {
            MembershipRequestStatus::Pending => Ok(self.told("membership_request_withdrawn")),
            _ => Err(JoinRefused::NotWithdrawable),
        }
    }

    /// The membership of somebody whom an open organization lets in, and the event that tells it.
    pub fn welcome(
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

    /// Whether the same person may ask again.
    fn may_be_followed(&self, now: DateTime<Utc>) -> Result<(), JoinRefused> {
        match (self.status(), self.last_decision()) {
            (MembershipRequestStatus::Pending | MembershipRequestStatus::Appealed, _) => {
                Err(JoinRefused::AlreadyAsked)
            }
            (MembershipRequestStatus::Denied, Some(last)) => {
                let again = last.at + TimeDelta::days(ASK_AGAIN_DAYS);
                if now < again { Err(JoinRefused::TooSoon(again)) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn told(&self, what: &'static str) -> Event {
        Event::new(what, EventSubject::Other("membership_request", self.id.0))
            .with(Change::set("status", self.status().as_str()))
    }
}

/// What somebody becomes in an organization when nothing else is said.
pub fn default_roles() -> BTreeSet<RoleKey> {
    RoleKey::parse(SeededRole::CommunityMember.key()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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
        MembershipRequest::ask(ids, None, mode, None, last, at(day)).map(|(request, _)| request)
    }

    fn appeal(of: &MembershipRequest, day: i64) -> Result<(MembershipRequest, Event), JoinRefused> {
        of.appeal("Please".into(), of.id, None, at(day))
    }

    #[test]
    fn s000_20_the_mode_decides_whether_anybody_has_to() {
        assert_eq!(ask(JoiningMode::InvitationOnly, None, 0), Err(JoinRefused::InvitationOnly));
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        assert_eq!(asked.status(), MembershipRequestStatus::Pending);
        assert_eq!(ask(JoiningMode::ByRequest, Some(&asked), 1), Err(JoinRefused::AlreadyAsked));
        let joined = ask(JoiningMode::Open, None, 0).unwrap();
        assert_eq!(joined.status(), MembershipRequestStatus::Approved);
    }

    #[test]
    fn s000_21_one_appeal_that_another_decides() {
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
    fn s000_20_nobody_lets_himself_in_or_a_member_in_again() {
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        assert_eq!(asked.deny(&reviewer(9), "Me".into(), at(0)).unwrap_err(), JoinRefused::OwnRequest);
        let role = |seed: SeededRole| BTreeSet::from([RoleKey::parse(seed.key()).unwrap()]);
        let standing = |seed: SeededRole| {
            let (user, reach) = (asked.user_id, TicketReach::Organization);
            Membership::create(user, role(seed), BTreeSet::new(), reach, at(0)).0
        };
        let again = |standing: &Membership| asked.welcome(BTreeSet::new(), Some(standing), at(1));
        assert_eq!(again(&standing(SeededRole::Manager)).unwrap_err(), BelongsAlready.into());
        let (member, told) = again(&standing(SeededRole::Guest)).unwrap();
        assert_eq!((member.roles, told.kind), (role(SeededRole::CommunityMember), "member_updated"));
        let suspension = Some(users::Suspension { reason: "Spam".into(), until: None });
        let suspended = Membership { suspension, ..standing(SeededRole::Guest) };
        assert_eq!(again(&suspended).unwrap_err(), BelongsAlready.into());
    }

    #[test]
    fn a_refusal_lasts_thirty_days_from_the_last_decision() {
        let asked = ask(JoiningMode::ByRequest, None, 0).unwrap();
        let (denied, _) = asked.deny(&reviewer(1), "Full".into(), at(0)).unwrap();
        let (appealed, _) = appeal(&denied, 1).unwrap();
        let (denied, _) = appealed.deny(&reviewer(2), "Full".into(), at(10)).unwrap();
        assert_eq!(ask(JoiningMode::Open, Some(&denied), 39), Err(JoinRefused::TooSoon(at(40))));
        assert!(ask(JoiningMode::ByRequest, Some(&denied), 40).is_ok());
    }
}
