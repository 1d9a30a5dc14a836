use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use users::{EmailAddress, UserId};
use uuid::Uuid;

use crate::{Invitation, InvitationId, InvitationRefused, Offer};

/// Days for which an invitation is good unless its inviter says otherwise (S001-19).
pub const DEFAULT_VALID_DAYS: i64 = 30;
/// Validity outside of these days is taken with a warning (S001-19).
pub const USUAL_VALID_DAYS: std::ops::RangeInclusive<i64> = 30..=90;
/// Days within which every invitation ends.
pub const LONGEST_DAYS: i64 = 5_000;

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
        may_end((valid_from, valid_until), now)?;
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

/// Goes on only if an invitation may be good from the one to the other (S001-6).
pub(crate) fn may_end(
    (valid_from, valid_until): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), InvitationRefused> {
    if valid_until <= valid_from.max(now) {
        Err(InvitationRefused::EndsBeforeItBegins)
    } else if valid_until - now > TimeDelta::days(LONGEST_DAYS) {
        Err(InvitationRefused::TooFar)
    } else {
        Ok(())
    }
}

/// Whether somebody should be told that this validity is unusual (S001-19).
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
    fn s001_19_unusual_validity_is_noticed() {
        assert!(!is_unusual(day(0), day(30)) && !is_unusual(day(0), day(90)));
        assert!(is_unusual(day(0), day(29)) && is_unusual(day(0), day(91)));
    }
}
