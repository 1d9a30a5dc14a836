use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use users::{EmailAddress, UserId};
use uuid::Uuid;

use crate::bounds::MAX_VALID_DAYS;
use crate::{Invitation, InvitationId, InvitationRefused, Offer};

/// Days for which an invitation is valid by default (S001-19).
pub const DEFAULT_VALID_DAYS: i64 = 30;
/// A validity outside of this range, in days, is accepted with a warning (S001-19).
pub const USUAL_VALID_DAYS: std::ops::RangeInclusive<i64> = 30..=90;

/// An invitation as its inviter submits it.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The invited address.
    pub email: EmailAddress,
    /// What it offers.
    pub offer: Offer,
    /// The language of its mail, a BCP 47 tag.
    pub locale: String,
    /// When its validity begins; default: now.
    pub valid_from: Option<DateTime<Utc>>,
    /// When its validity ends; default: after [`DEFAULT_VALID_DAYS`].
    pub valid_until: Option<DateTime<Utc>>,
    /// A greeting that the mail contains.
    pub greeting: Option<String>,
    /// Its purpose, for staff only.
    pub purpose: Option<String>,
    /// Further fields of the organization, by name.
    pub extra: BTreeMap<String, String>,
}

impl Invitation {
    /// A new invitation, mailed at once. The caller checks that the inviter may offer this.
    pub fn new(
        id: InvitationId,
        new: NewInvitation,
        inviter: UserId,
        batch: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefused> {
        let valid_from = new.valid_from.unwrap_or(now);
        let valid_until = new.valid_until.unwrap_or(valid_from + TimeDelta::days(DEFAULT_VALID_DAYS));
        require_valid_period((valid_from, valid_until), now)?;
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
}

/// Requires a valid period (S001-6).
pub(crate) fn require_valid_period(
    (valid_from, valid_until): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), InvitationRefused> {
    if valid_until <= valid_from.max(now) {
        Err(InvitationRefused::EndsBeforeItBegins)
    } else if valid_until - now > TimeDelta::days(MAX_VALID_DAYS) {
        Err(InvitationRefused::TooFar)
    } else {
        Ok(())
    }
}

/// Whether the inviter should get a warning about this validity (S001-19).
pub fn is_unusual(valid_from: DateTime<Utc>, valid_until: DateTime<Utc>) -> bool {
    let days = |days: &i64| TimeDelta::days(*days);
    let usual = days(USUAL_VALID_DAYS.start())..=days(USUAL_VALID_DAYS.end());
    !usual.contains(&(valid_until - valid_from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(n)
    }

    #[test]
    fn s001_19_an_unusual_validity_leads_to_a_warning() {
        assert!(!is_unusual(day(0), day(30)) && !is_unusual(day(0), day(90)));
        assert!(is_unusual(day(0), day(29)) && is_unusual(day(0), day(91)));
    }
}
