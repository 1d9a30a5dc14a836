//! Transitions of an existing invitation.

use chrono::{DateTime, TimeDelta, Utc};
use users::{EmailAddress, UserId};

use crate::bounds::RESEND_PAUSE_MINUTES;
use crate::new_invitation::require_valid_period;
use crate::refused::InvitationRefused;
use crate::{Decision, Invitation, InvitationStatus};

/// Days before its end at which a pending invitation gets a reminder.
pub const REMINDER_DAYS: i64 = 3;

/// Requires a pause between two mails; `last_sent_at` is the time of the last one, whatever happened to its
/// invitation.
pub fn require_pause(
    last_sent_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), InvitationRefused> {
    let left = last_sent_at.map(|sent_at| sent_at + TimeDelta::minutes(RESEND_PAUSE_MINUTES) - now);
    match left.filter(|left| *left > TimeDelta::zero()) {
        Some(left) => Err(InvitationRefused::TooSoon(left)),
        None => Ok(()),
    }
}

impl Invitation {
    /// The invitation once its reminder is due, and whether a mail is sent: none if its whole validity is no
    /// longer than [`REMINDER_DAYS`].
    pub fn remind(&self, inviter_is_active: bool, now: DateTime<Utc>) -> Option<(Self, bool)> {
        let notice = TimeDelta::days(REMINDER_DAYS);
        let is_due = self.reminded_at.is_none()
            && self.valid_until - now <= notice
            && self.status(inviter_is_active, now) == InvitationStatus::Pending;
        let is_notified = self.valid_until - self.created_at > notice;
        let last_sent_at = if is_notified { now } else { self.last_sent_at };
        is_due.then(|| {
            (Self { reminded_at: Some(now), last_sent_at, updated_at: now, ..self.clone() }, is_notified)
        })
    }

    /// The invitation accepted by this account.
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

    /// The invitation declined by somebody who has its code.
    pub fn decline(&self, inviter_is_active: bool, now: DateTime<Utc>) -> Result<Self, InvitationRefused> {
        self.require_pending(inviter_is_active, now)?;
        Ok(self.decided(Decision::Declined(now), now))
    }

    /// The invitation revoked, with its inviter active or not (S001-12).
    pub fn revoke(&self, now: DateTime<Utc>) -> Result<Self, InvitationRefused> {
        self.require_pending(true, now)?;
        Ok(self.decided(Decision::Revoked(now), now))
    }

    /// The invitation with a new code, which invalidates the old one.
    #[must_use]
    pub fn with_new_code(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }

    /// The invitation mailed again (S001-10). A new end comes with a new code, which invalidates the old one.
    pub fn resend(
        &self,
        valid_until: Option<DateTime<Utc>>,
        inviter_is_active: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefused> {
        self.require_pending(inviter_is_active, now)?;
        require_pause(Some(self.last_sent_at), now)?;
        let sent = Self { last_sent_at: now, updated_at: now, ..self.clone() };
        let Some(valid_until) = valid_until else { return Ok(sent) };
        require_valid_period((sent.valid_from, valid_until), now)?;
        // A new end leads to a new reminder.
        Ok(Self { valid_until, generation: self.generation + 1, reminded_at: None, ..sent })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::{InvitationId, Offer};

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
    fn s001_13_a_decision_is_final() {
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
    fn invitations_of_an_inactive_inviter_are_suspended() {
        let waits = InvitationRefused::Not(InvitationStatus::Suspended);
        assert_eq!(invitation().accept(UserId(Uuid::nil()), &sam(), false, day(2)), Err(waits));
        assert_eq!(invitation().resend(None, false, day(2)), Err(waits));
        assert!(invitation().revoke(day(2)).is_ok());
    }

    #[test]
    fn s001_10_resending_needs_a_pause_and_a_new_end_makes_a_new_code() {
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
    fn there_is_one_reminder() {
        assert_eq!(invitation().remind(true, day(27)), None);
        let (reminded, is_notified) = invitation().remind(true, day(28)).unwrap();
        assert!(is_notified);
        assert_eq!(reminded.remind(true, day(29)), None);
        assert_eq!(invitation().remind(false, day(28)), None);
        assert_eq!(invitation().remind(true, day(31)), None, "it is over");
        let short = Invitation { valid_until: day(3), ..invitation() };
        assert!(!short.remind(true, day(2)).unwrap().1, "it was made a moment ago");
    }
}
