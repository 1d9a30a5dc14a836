use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Identifies a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailId(pub Uuid);

/// Minutes for which a process that took a mail has the exclusive lease to send it.
pub const LEASE_MINUTES: i64 = 1;

/// Days for which optional mails are suppressed to an address that is permanently refused.
const SUPPRESSED_DAYS: i64 = 30;
/// Hours over which an address must be refused before that: servers also answer so during short problems of
/// their own.
const REFUSED_HOURS: i64 = 24;

/// Minutes between attempts, in order; the mail fails after the last one.
const DELAYS: [i64; 7] = [1, 5, 30, 120, 360, 720, 1440];

/// Delivery status of a mail (S001-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailStatus {
    /// Queued for its first or next attempt.
    Queued,
    /// Accepted by the mail server.
    Sent,
    /// Failed permanently: the last attempt failed, or the mail can't be sent.
    Failed,
    /// Refused permanently by a mail server: the mailbox does not exist, or does not take this mail (S000-7).
    Bounced,
    /// Not sent on purpose. Its link was used or replaced, its recipient no longer has access to its subject
    /// or muted such mail, another mail covers it, or it is optional and its address keeps refusing mail.
    Suppressed,
}

/// The first and the last of uninterrupted permanent refusals of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusals {
    /// Time of the first.
    pub first: DateTime<Utc>,
    /// Time of the last.
    pub last: DateTime<Utc>,
}

impl Refusals {
    /// Whether optional mails to the address are suppressed.
    pub fn is_suppressed(&self, now: DateTime<Utc>) -> bool {
        let is_lasting = self.last - self.first >= TimeDelta::hours(REFUSED_HOURS);
        is_lasting && now - self.last < TimeDelta::days(SUPPRESSED_DAYS)
    }
}

impl MailStatus {
    /// All values.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sent, Self::Failed, Self::Bounced, Self::Suppressed];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// Delivery state of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The current status.
    pub status: MailStatus,
    /// Number of attempts so far.
    pub attempts: i32,
    /// Time of the next attempt, while queued.
    pub due_at: DateTime<Utc>,
    /// The mail is not sent by itself at that time, but as part of a digest.
    pub is_for_digest: bool,
    /// The last error, without names and secrets.
    pub last_error: Option<String>,
    /// Time at which the mail server accepted it.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// A mail that is due at once.
    pub fn queued(now: DateTime<Utc>) -> Self {
        Self {
            status: MailStatus::Queued,
            attempts: 0,
            due_at: now,
            is_for_digest: false,
            last_error: None,
            sent_at: None,
        }
    }

    /// Accepted by the mail server.
    pub fn sent(&self, now: DateTime<Utc>) -> Self {
        Self { status: MailStatus::Sent, sent_at: Some(now), last_error: None, ..self.clone() }
    }

    /// Not sent on purpose.
    pub fn suppressed(&self, why: &str) -> Self {
        Self { status: MailStatus::Suppressed, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// Deferred until then, without an attempt.
    pub fn deferred(&self, why: &str, until: DateTime<Utc>) -> Self {
        let attempts = self.attempts - 1;
        Self { attempts, due_at: until, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// Queued for the digest of that time.
    pub fn queued_for_digest(&self, why: &str, at: DateTime<Utc>) -> Self {
        Self { is_for_digest: true, ..self.deferred(why, at) }
    }

    /// Refused permanently by a mail server.
    pub fn bounced(&self, why: &str) -> Self {
        Self { status: MailStatus::Bounced, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// An attempt failed. The next one follows after a growing delay, unless this was the last or `is_final`.
    pub fn failed(&self, why: &str, is_final: bool, now: DateTime<Utc>) -> Self {
        let done = usize::try_from(self.attempts).unwrap_or_default().saturating_sub(1);
        let last_error = Some(why.to_owned());
        match DELAYS.get(done).filter(|_| !is_final) {
            Some(minutes) => Self { due_at: now + TimeDelta::minutes(*minutes), last_error, ..self.clone() },
            None => Self { status: MailStatus::Failed, last_error, ..self.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempted(times: i32) -> Delivery {
        Delivery { attempts: times, ..Delivery::queued(DateTime::UNIX_EPOCH) }
    }

    #[test]
    fn delays_between_attempts_grow_and_end() {
        let now = DateTime::UNIX_EPOCH;
        let waits: Vec<_> = (1..8).map(|n| attempted(n).failed("refused", false, now).due_at - now).collect();
        assert!(waits.windows(2).all(|w| w[0] < w[1]), "{waits:?}");
        let dead = attempted(8).failed("refused", false, now);
        assert_eq!((dead.status, dead.last_error.as_deref()), (MailStatus::Failed, Some("refused")));
    }

    #[test]
    fn optional_mails_to_an_address_are_suppressed_after_a_day_of_refusals_for_thirty_days() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let refusals = |last| Refusals { first: at(0), last: at(last) };
        assert!(!refusals(0).is_suppressed(at(1)) && !refusals(23).is_suppressed(at(23)));
        assert!(refusals(24).is_suppressed(at(24)) && refusals(24).is_suppressed(at(24 * 31 - 1)));
        assert!(!refusals(24).is_suppressed(at(24 * 31)));
    }

    #[test]
    fn a_deferred_mail_uses_up_no_attempt() {
        let (taken, now) = (attempted(8), DateTime::UNIX_EPOCH);
        let hour = now + TimeDelta::hours(1);
        let later = taken.deferred("the inviter is suspended", hour);
        assert_eq!((later.status, later.attempts, later.due_at), (MailStatus::Queued, 7, hour));
        let with_others = taken.queued_for_digest("its time has not come", hour);
        assert_eq!((with_others.attempts, with_others.is_for_digest, later.is_for_digest), (7, true, false));
    }

    #[test]
    fn a_final_refusal_is_not_tried_again() {
        assert_eq!(
            attempted(1).failed("no such mailbox", true, DateTime::UNIX_EPOCH).status,
            MailStatus::Failed
        );
    }
}
