//! Votes on critical changes: which holders of a right can approve, so that one person with two accounts is not two
//! (S001-30). A vote is missing while somebody else may act through the account, and until all holders had seven days to
//! object to a new one. A missing vote prevents approving, never denying.

mod responsible;
mod right;
mod takeover;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use users::UserId;

pub use crate::votes::responsible::responsible_for;
pub use right::ApprovalRight;
pub use takeover::Takeover;
pub use takeover::TakeoverAct;

/// Days until the vote of a new holder starts. For as long, those who gave a right or restored a vote are
/// responsible for its use, and a former holder may deny. All other holders are notified when these days
/// begin.
pub const VOTE_DAYS: i64 = 7;

/// Whether the `VOTE_DAYS` since this time are over.
fn is_past(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= since + TimeDelta::days(VOTE_DAYS)
}

/// State of a holder's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    /// The holder can approve.
    Effective,
    /// The right is new.
    Starting {
        /// When the vote starts.
        at: DateTime<Utc>,
    },
    /// Somebody else could have entered the account. This does not end with time.
    Suspended,
}

impl Vote {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Starting { .. } => "starting",
            Self::Suspended => "suspended",
        }
    }
}

/// A confirmation by another holder that the account is controlled by its owner. It restores the vote, or
/// starts it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Everybody responsible for it: [`responsible_for`] the endorsing holder. For seven days the vote approves nothing
    /// that one of them asks for.
    pub by: BTreeSet<UserId>,
    /// Time of the endorsement.
    pub at: DateTime<Utc>,
}

/// An account that holds a right, or held it until less than seven days ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub user: UserId,
    /// When the account got the right, in whatever way. A grant to an account that holds the right already
    /// does not change it.
    pub held_since: DateTime<Utc>,
    /// When it lost the right; `None` while it holds the right.
    pub lost_at: Option<DateTime<Utc>>,
    /// When the vote starts: [`Holders::vote_starts_at`].
    pub vote_starts_at: DateTime<Utc>,
    /// [`responsible_for`] the account that granted the right, at that time; for an invitation, when it was sent. A
    /// critical change that granted it adds its `requested_through`.
    pub granted_by: BTreeSet<UserId>,
    /// The latest endorsement of this vote, if any.
    pub endorsement: Option<Endorsement>,
    /// The open takeovers of the account.
    pub takeovers: Vec<Takeover>,
}

impl Holder {
    /// State of the vote. A takeover takes precedence over a new right.
    pub fn vote(&self, now: DateTime<Utc>) -> Vote {
        if self.open_takeovers().next().is_some() {
            Vote::Suspended
        } else if self.has_started(now) {
            Vote::Effective
        } else {
            Vote::Starting { at: self.vote_starts_at }
        }
    }

    /// Whether one other holder may remove this one without approval: until the vote starts, suspended or
    /// not.
    pub fn may_be_removed_alone(&self, now: DateTime<Utc>) -> bool {
        !self.has_started(now)
    }

    /// Whether the account may give up the right: only if nobody else may be acting through it.
    pub fn may_give_up(&self, now: DateTime<Utc>) -> bool {
        self.open_takeovers().next().is_none() && self.recent_endorsers(now).next().is_none()
    }

    /// Whether a change is pending for this holder. A lost right is respected for seven days: otherwise one
    /// holder could take it from the others and then decide alone.
    fn may_still_deny(&self, now: DateTime<Utc>) -> bool {
        self.lost_at.is_none_or(|at| !is_past(at, now))
    }

    fn is_effective(&self, now: DateTime<Utc>) -> bool {
        self.lost_at.is_none() && self.vote(now) == Vote::Effective
    }

    fn has_started(&self, now: DateTime<Utc>) -> bool {
        self.vote_starts_at <= now || self.endorsement.is_some()
    }

    /// The takeovers that suspend this vote. An endorsement covers those before it, but not one of the same
    /// instant.
    fn open_takeovers(&self) -> impl Iterator<Item = &Takeover> {
        let endorsed_at = self.endorsement.as_ref().map(|endorsement| endorsement.at);
        self.takeovers.iter().filter(move |takeover| endorsed_at.is_none_or(|at| takeover.at >= at))
    }

    fn recent_grantors(&self, now: DateTime<Utc>) -> impl Iterator<Item = &UserId> {
        Some(&self.granted_by).filter(|_| !is_past(self.held_since, now)).into_iter().flatten()
    }

    pub(crate) fn recent_endorsers(&self, now: DateTime<Utc>) -> impl Iterator<Item = &UserId> {
        let recent = self.endorsement.as_ref().filter(|endorsement| !is_past(endorsement.at, now));
        recent.into_iter().flat_map(|endorsement| &endorsement.by)
    }

    /// Everybody because of whom the vote is missing.
    fn responsible_for_missing_vote(&self, now: DateTime<Utc>) -> impl Iterator<Item = &UserId> {
        let grantors = Some(&self.granted_by).filter(|_| !self.has_started(now)).into_iter().flatten();
        self.open_takeovers().flat_map(|takeover| &takeover.by).chain(grantors)
    }
}

/// What happens to a critical change that nobody denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    /// It is made at once, because nobody else holds the right.
    Immediately,
    /// It is made when another holder approves it, and otherwise expires.
    AfterApproval,
    /// It is made when its seven days end, or when another holder approves it. For now no other vote is
    /// effective.
    UnlessDenied,
}

impl TakesEffect {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Immediately, Self::AfterApproval, Self::UnlessDenied];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immediately => "immediately",
            Self::AfterApproval => "after_approval",
            Self::UnlessDenied => "unless_denied",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|takes_effect| takes_effect.as_str() == word)
    }
}

/// The requester of a critical change, and the state of their vote at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// The account that asks.
    pub user: UserId,
    /// Everybody who may be behind the request, `user` among them. None of them can approve it.
    pub through: BTreeSet<UserId>,
    /// Whether another holder can approve it. Not if somebody without a vote of this right may be behind it,
    /// such as the operator of the server: that person may have a second account, and nothing links the two.
    pub is_approvable: bool,
    /// What happens if nobody denies the change.
    pub takes_effect: TakesEffect,
}

/// Why an endorsement is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EndorsementRefused {
    /// The account does not hold the right.
    #[error("this account does not hold the right")]
    NotAHolder,
    /// The vote is effective already.
    #[error("this vote is effective already")]
    NotMissing,
    /// The endorsing account holds no effective vote.
    #[error("only a holder whose own vote is effective can do this")]
    NoVote,
    /// The endorsing holder may be one of those because of whom the vote is missing, or the holder of that
    /// vote.
    #[error("another holder, who had no part in it, must do this")]
    Involved,
}

/// All holders of one right, each at most once, whatever the status of their accounts: a suspended account
/// may be reactivated. Those who lost the right less than seven days ago are included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders(Vec<Holder>);

impl Holders {
    /// Requires each account at most once.
    pub fn new(holders: Vec<Holder>) -> Self {
        Self(holders)
    }

    /// The holder with this account, unless the right is lost.
    pub fn find(&self, user: UserId) -> Option<&Holder> {
        self.0.iter().find(|holder| holder.user == user && holder.lost_at.is_none())
    }

    /// Those who hold the right now.
    pub fn current(&self) -> impl Iterator<Item = &Holder> {
        self.0.iter().filter(|holder| holder.lost_at.is_none())
    }

    /// Those who may deny a change: all who hold the right or lost it less than seven days ago.
    pub fn asked(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Holder> {
        self.0.iter().filter(move |holder| holder.may_still_deny(now))
    }

    /// Whether an account holds the right with an effective vote.
    pub fn is_effective(&self, user: UserId, now: DateTime<Utc>) -> bool {
        self.find(user).is_some_and(|holder| holder.is_effective(now))
    }

    /// When the vote of a new holder starts, to whom `by` grants the right: at once if another holder with an
    /// effective vote approved it or nobody else held the right, else in seven days. An account that somebody
    /// else entered is not that of the person who acts through it.
    pub fn vote_starts_at(
        &self,
        by: UserId,
        to: UserId,
        approved_by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let is_approved =
            approved_by.is_some_and(|user| user != by && user != to && self.is_effective(user, now));
        let is_alone = self.is_alone(by, now);
        if is_approved || is_alone { now } else { now + TimeDelta::days(VOTE_DAYS) }
    }

    /// The requester of a critical change that this account asks for now.
    pub fn requester(&self, user: UserId, now: DateTime<Utc>) -> Requester {
        let own = self.find(user);
        let behind = own
            .into_iter()
            .flat_map(|own| own.responsible_for_missing_vote(now).chain(own.recent_endorsers(now)));
        let through: BTreeSet<UserId> = behind.copied().chain([user]).collect();
        let is_by_operator = own.is_some_and(|own| own.open_takeovers().any(Takeover::is_by_operator));
        let is_approvable = own.is_some()
            && !is_by_operator
            && through.iter().all(|one| *one == user || self.is_effective(*one, now));
        let takes_effect = if own.is_some() && self.is_alone(user, now) {
            TakesEffect::Immediately
        } else if self.has_other_vote(user, now) {
            TakesEffect::AfterApproval
        } else {
            TakesEffect::UnlessDenied
        };
        Requester { user, through, is_approvable, takes_effect }
    }

    /// Restores or starts the vote of a holder, through the endorsement of another; `responsible` is
    /// [`responsible_for`] `by`.
    pub fn endorse(
        &self,
        user: UserId,
        by: UserId,
        responsible: BTreeSet<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Holder, EndorsementRefused> {
        let holder = self.find(user).ok_or(EndorsementRefused::NotAHolder)?;
        if holder.is_effective(now) {
            return Err(EndorsementRefused::NotMissing);
        }
        if !self.is_effective(by, now) {
            return Err(EndorsementRefused::NoVote);
        }
        let is_involved =
            |one: &UserId| *one == user || holder.responsible_for_missing_vote(now).any(|other| other == one);
        if is_involved(&by) || responsible.iter().any(is_involved) {
            return Err(EndorsementRefused::Involved);
        }
        let by = responsible.into_iter().chain([by]).collect();
        Ok(Holder { endorsement: Some(Endorsement { by, at: now }), ..holder.clone() })
    }

    /// Whether any vote but this account's is effective.
    pub(crate) fn has_other_vote(&self, user: UserId, now: DateTime<Utc>) -> bool {
        self.0.iter().any(|holder| holder.user != user && holder.is_effective(now))
    }

    /// Whether the account may deny what was requested at this time, with or without a vote: it holds the
    /// right, or its loss was less than seven days ago then.
    pub fn may_deny(&self, user: UserId, requested_at: DateTime<Utc>) -> bool {
        self.0.iter().any(|holder| holder.user == user && holder.may_still_deny(requested_at))
    }

    /// Whether nobody but the person who acts holds the right, or lost it less than seven days ago.
    fn is_alone(&self, user: UserId, now: DateTime<Utc>) -> bool {
        let mut all = self.0.iter().filter(|holder| holder.may_still_deny(now));
        all.all(|holder| holder.user == user && holder.open_takeovers().next().is_none())
    }
}
