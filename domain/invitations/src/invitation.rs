use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use orgs::{LocationId, OrgId};
use roles::{PlatformRole, RoleKey};
use thiserror::Error;
use users::{EmailAddress, UserId};
use uuid::Uuid;

/// Identifies an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvitationId(pub Uuid);

/// Days for which an invitation is good unless its inviter says otherwise (S001-19).
pub const DEFAULT_VALID_DAYS: i64 = 30;
/// Validity outside of these days is taken with a warning (S001-19).
pub const USUAL_VALID_DAYS: std::ops::RangeInclusive<i64> = 30..=90;
/// Days within which every invitation ends.
pub const LONGEST_DAYS: i64 = 5_000;
/// Minutes between two mails of one invitation (S001-10).
pub const RESEND_PAUSE_MINUTES: i64 = 15;
/// Days before its end at which an invitation that waits is brought to mind again.
pub const REMINDER_DAYS: i64 = 3;

/// What somebody is invited to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// A user of the installation, perhaps with a platform role.
    Platform(Option<PlatformRole>),
    /// A member of an organization, with these roles, at these locations.
    Membership {
        /// The organization.
        org: OrgId,
        /// The roles.
        roles: BTreeSet<RoleKey>,
        /// The locations that the member may file for.
        locations: BTreeSet<LocationId>,
    },
}

/// What was decided of an invitation. That it expired or waits for its inviter is not kept but follows from the time and
/// the inviter's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The invited person came in.
    Accepted(UserId, DateTime<Utc>),
    /// The invited person does not want to.
    Declined(DateTime<Utc>),
    /// Somebody took it back.
    Revoked(DateTime<Utc>),
}

/// Where an invitation stands (S001-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStatus {
    /// It can be accepted, now or from its first day on.
    Pending,
    /// Its inviter is not active; it counts again once he is.
    Suspended,
    /// Its time is over.
    Expired,
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
    /// It was taken back.
    Revoked,
}

/// An invitation of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// Who is invited; the account that accepts must have this address.
    pub email: EmailAddress,
    /// To what.
    pub offer: Offer,
    /// The language of its mail, a BCP 47 tag.
    pub locale: String,
    /// From when it can be accepted.
    pub valid_from: DateTime<Utc>,
    /// Until when, this instant excluded.
    pub valid_until: DateTime<Utc>,
    /// A few words to the invited person.
    pub greeting: Option<String>,
    /// What it is for, for staff only.
    pub purpose: Option<String>,
    /// Whatever else the organization wants to keep with it, by name.
    pub extra: BTreeMap<String, String>,
    /// Who invited.
    pub inviter: UserId,
    /// Counts its codes: a new one makes the codes before it dead.
    pub generation: i32,
    /// When it was last mailed.
    pub last_sent_at: DateTime<Utc>,
    /// Others that were made in the same call share this.
    pub batch: Option<Uuid>,
    /// Who registered with its code, and accepts it by confirming the address.
    pub claimed_by: Option<UserId>,
    /// When its end was brought to mind.
    pub reminded_at: Option<DateTime<Utc>>,
    /// The request that was opened because the membership differed from it (S001-48).
    pub follow_up: Option<Uuid>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

/// Why an invitation stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationRefused {
    /// It is no longer or not yet to be decided.
    #[error("the invitation is {}", .0.as_str())]
    Not(InvitationStatus),
    /// It can be accepted from its first day on.
    #[error("the invitation is not valid yet")]
    NotYet,
    /// It is somebody else's (S001-15).
    #[error("the invitation was sent to another address")]
    AnotherAddress,
    /// It was mailed a moment ago.
    #[error("the invitation was sent less than {RESEND_PAUSE_MINUTES} minutes ago")]
    TooSoon(TimeDelta),
    /// It has to end after it begins, and in the future.
    #[error("an invitation ends after it begins, and not in the past")]
    EndsBeforeItBegins,
    /// It would outlive everybody.
    #[error("an invitation ends within {LONGEST_DAYS} days")]
    TooFar,
}

impl InvitationStatus {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Suspended, Self::Expired, Self::Accepted, Self::Declined, Self::Revoked];

    /// The word that stands for it in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
        }
    }
}

/// What whoever invites tells.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Who is invited.
    pub email: EmailAddress,
    /// To what.
    pub offer: Offer,
    /// The language of its mail.
    pub locale: String,
    /// From when it can be accepted; from now on unless told.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when; for [`DEFAULT_VALID_DAYS`] unless told.
    pub valid_until: Option<DateTime<Utc>>,
    /// A few words to the invited person.
    pub greeting: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Whatever else is kept with it.
    pub extra: BTreeMap<String, String>,
}

impl Invitation {
    /// A new invitation, mailed at once. That the inviter may offer this is asked before.
    pub fn new(
        id: InvitationId,
        new: NewInvitation,
        inviter: UserId,
        batch: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefused> {
        let valid_from = new.valid_from.unwrap_or(now);
        let valid_until = new.valid_until.unwrap_or(valid_from + TimeDelta::days(DEFAULT_VALID_DAYS));
        if valid_until <= valid_from.max(now) {
            return Err(InvitationRefused::EndsBeforeItBegins);
        }
        if valid_until - now > TimeDelta::days(LONGEST_DAYS) {
            return Err(InvitationRefused::TooFar);
        }
        Ok(Self {
            id,
            email: new.email,
            offer: new.offer,
            locale: new.locale,
            valid_from,
            valid_until,
            greeting: new.greeting,
            purpose: new.purpose,
            extra: new.extra,
            inviter,
            generation: 1,
            last_sent_at: now,
            batch,
            claimed_by: None,
            reminded_at: None,
            follow_up: None,
            decision: None,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// The organization it is for; `None`: the installation.
    pub fn org(&self) -> Option<OrgId> {
        match &self.offer {
            Offer::Platform(_) => None,
            Offer::Membership { org, .. } => Some(*org),
        }
    }

    /// The invitation once its end was brought to mind, if that is due, and whether anybody has to be told: one that was
    /// never good for longer than that needs no reminder.
    pub fn remind(&self, inviter_is_active: bool, now: DateTime<Utc>) -> Option<(Self, bool)> {
        let notice = TimeDelta::days(REMINDER_DAYS);
        let is_due = self.reminded_at.is_none()
            && self.valid_until - now <= notice
            && self.status(inviter_is_active, now) == InvitationStatus::Pending;
        let is_told = self.valid_until - self.created_at > notice;
        let last_sent_at = if is_told { now } else { self.last_sent_at };
        is_due.then(|| {
            (Self { reminded_at: Some(now), last_sent_at, updated_at: now, ..self.clone() }, is_told)
        })
    }

    /// When it was accepted, if it was.
    pub fn accepted_at(&self) -> Option<DateTime<Utc>> {
        match self.decision {
            Some(Decision::Accepted(_, at)) => Some(at),
            _ => None,
        }
    }

    /// Where it stands at this moment, with its inviter active or not.
    pub fn status(&self, inviter_is_active: bool, now: DateTime<Utc>) -> InvitationStatus {
        match self.decision {
            Some(Decision::Accepted(..)) => InvitationStatus::Accepted,
            Some(Decision::Declined(_)) => InvitationStatus::Declined,
            Some(Decision::Revoked(_)) => InvitationStatus::Revoked,
            None if now >= self.valid_until => InvitationStatus::Expired,
            None if !inviter_is_active => InvitationStatus::Suspended,
            None => InvitationStatus::Pending,
        }
    }

    /// The invitation once the owner of an account has accepted it.
    pub fn accept(
        &self,
        by: UserId,
        address: &EmailAddress,
        inviter_is_active: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefused> {
        self.require_pending(inviter_is_active, now)?;
        if now < self.valid_from {
            return Err(InvitationRefused::NotYet);
        }
        if *address != self.email {
            return Err(InvitationRefused::AnotherAddress);
        }
        Ok(self.decided(Decision::Accepted(by, now), now))
    }

    /// The invitation once whoever holds its code has declined it.
    pub fn decline(&self, inviter_is_active: bool, now: DateTime<Utc>) -> Result<Self, InvitationRefused> {
        self.require_pending(inviter_is_active, now)?;
        Ok(self.decided(Decision::Declined(now), now))
    }

    /// The invitation taken back, be its inviter active or not (S001-12).
    pub fn revoke(&self, now: DateTime<Utc>) -> Result<Self, InvitationRefused> {
        self.require_pending(true, now)?;
        Ok(self.decided(Decision::Revoked(now), now))
    }

    /// The invitation with a new code, and the old one dead.
    #[must_use]
    pub fn with_new_code(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }

    /// The invitation mailed once more (S001-10). With a new end it gets a new code, and the old one dies.
    pub fn resend(
        &self,
        valid_until: Option<DateTime<Utc>>,
        inviter_is_active: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefused> {
        self.require_pending(inviter_is_active, now)?;
        let rested = now - self.last_sent_at;
        let pause = TimeDelta::minutes(RESEND_PAUSE_MINUTES);
        if rested < pause {
            return Err(InvitationRefused::TooSoon(pause - rested));
        }
        let sent = Self { last_sent_at: now, updated_at: now, ..self.clone() };
        match valid_until {
            None => Ok(sent),
            Some(end) if end <= sent.valid_from.max(now) => Err(InvitationRefused::EndsBeforeItBegins),
            Some(end) if end - now > TimeDelta::days(LONGEST_DAYS) => Err(InvitationRefused::TooFar),
            // With another end it is brought to mind again, too.
            Some(end) => {
                let generation = self.generation + 1;
                Ok(Self { valid_until: end, generation, reminded_at: None, ..sent })
            }
        }
    }

    /// Whether it may be deleted for good: what was accepted or declined is kept (S001-11).
    pub fn may_be_deleted(&self) -> bool {
        !matches!(self.decision, Some(Decision::Accepted(..) | Decision::Declined(_)))
    }

    fn require_pending(&self, inviter_is_active: bool, now: DateTime<Utc>) -> Result<(), InvitationRefused> {
        match self.status(inviter_is_active, now) {
            InvitationStatus::Pending => Ok(()),
            other => Err(InvitationRefused::Not(other)),
        }
    }

    fn decided(&self, decision: Decision, now: DateTime<Utc>) -> Self {
        Self { decision: Some(decision), updated_at: now, ..self.clone() }
    }
}

/// Whether somebody should be told that this validity is unusual (S001-19).
pub fn is_unusual(valid_from: DateTime<Utc>, valid_until: DateTime<Utc>) -> bool {
    let days = |days: &i64| chrono::TimeDelta::days(*days);
    let usual = days(USUAL_VALID_DAYS.start())..=days(USUAL_VALID_DAYS.end());
    !usual.contains(&(valid_until - valid_from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(n)
    }

    fn invitation() -> Invitation {
        Invitation {
            id: InvitationId(Uuid::nil()),
            email: EmailAddress::parse("sam@example.org").unwrap(),
            offer: Offer::Platform(None),
            locale: "en".to_owned(),
            valid_from: day(1),
            valid_until: day(31),
            greeting: None,
            purpose: None,
            extra: BTreeMap::new(),
            inviter: UserId(Uuid::nil()),
            generation: 1,
            last_sent_at: day(0),
            batch: None,
            claimed_by: None,
            reminded_at: None,
            follow_up: None,
            decision: None,
            created_at: day(0),
            updated_at: day(0),
            version: 1,
        }
    }

    fn sam() -> EmailAddress {
        EmailAddress::parse("Sam@Example.org").unwrap()
    }

    #[test]
    fn s001_13_expiry_follows_from_the_clock_alone() {
        let invitation = invitation();
        let second = TimeDelta::seconds(1);
        assert_eq!(invitation.status(true, day(31) - second), InvitationStatus::Pending);
        assert_eq!(invitation.status(true, day(31)), InvitationStatus::Expired);
        let late = invitation.accept(UserId(Uuid::nil()), &sam(), true, day(31));
        assert_eq!(late, Err(InvitationRefused::Not(InvitationStatus::Expired)));
        assert_eq!(
            invitation.accept(UserId(Uuid::nil()), &sam(), true, day(0)),
            Err(InvitationRefused::NotYet)
        );
    }

    #[test]
    fn s001_13_what_was_decided_is_decided() {
        let accepted = invitation().accept(UserId(Uuid::nil()), &sam(), true, day(2)).unwrap();
        let declined = invitation().decline(true, day(2)).unwrap();
        let revoked = invitation().revoke(day(2)).unwrap();
        for ended in [&accepted, &declined, &revoked] {
            let status = Err(InvitationRefused::Not(ended.status(true, day(99))));
            assert_eq!(ended.accept(UserId(Uuid::nil()), &sam(), true, day(99)), status);
            assert_eq!(ended.decline(true, day(99)), status);
            assert_eq!(ended.revoke(day(99)), status);
            assert_eq!(ended.resend(None, true, day(99)), status);
        }
        assert_eq!([&accepted, &declined, &revoked].map(Invitation::may_be_deleted), [false, false, true]);
    }

    #[test]
    fn s001_15_only_the_invited_address_accepts() {
        let eve = EmailAddress::parse("eve@example.org").unwrap();
        let refused = invitation().accept(UserId(Uuid::nil()), &eve, true, day(2));
        assert_eq!(refused, Err(InvitationRefused::AnotherAddress));
    }

    #[test]
    fn an_inviter_who_is_shut_off_holds_up_his_invitations() {
        let waits = InvitationRefused::Not(InvitationStatus::Suspended);
        assert_eq!(invitation().accept(UserId(Uuid::nil()), &sam(), false, day(2)), Err(waits));
        assert_eq!(invitation().resend(None, false, day(2)), Err(waits));
        assert!(invitation().revoke(day(2)).is_ok());
    }

    #[test]
    fn s001_10_resending_waits_and_a_new_end_makes_a_new_code() {
        let at = |minutes: i64| day(2) + TimeDelta::minutes(minutes);
        let sent = invitation().resend(None, true, day(2)).unwrap();
        assert_eq!((sent.generation, sent.last_sent_at), (1, day(2)));
        let soon = sent.resend(None, true, at(14));
        assert_eq!(soon, Err(InvitationRefused::TooSoon(TimeDelta::minutes(1))));
        let longer = sent.resend(Some(day(60)), true, at(15)).unwrap();
        assert_eq!((longer.generation, longer.valid_until), (2, day(60)));
        assert_eq!(sent.resend(Some(day(1)), true, at(15)), Err(InvitationRefused::EndsBeforeItBegins));
    }

    #[test]
    fn the_end_is_brought_to_mind_once() {
        assert_eq!(invitation().remind(true, day(27)), None);
        let (reminded, is_told) = invitation().remind(true, day(28)).unwrap();
        assert!(is_told);
        assert_eq!(reminded.remind(true, day(29)), None);
        assert_eq!(invitation().remind(false, day(28)), None);
        assert_eq!(invitation().remind(true, day(31)), None, "it is over");
        let short = Invitation { valid_until: day(3), ..invitation() };
        assert!(!short.remind(true, day(2)).unwrap().1, "it was made a moment ago");
    }

    #[test]
    fn s001_19_unusual_validity_is_noticed() {
        assert!(!is_unusual(day(0), day(30)) && !is_unusual(day(0), day(90)));
        assert!(is_unusual(day(0), day(29)) && is_unusual(day(0), day(91)));
    }
}
