use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Identifies a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailId(pub Uuid);

/// Minutes for which a process that took a mail may try to send it before another may.
pub const LEASE_MINUTES: i64 = 1;

/// Days for which mails that one may do without stay away from an address whose server goes on refusing them for good.
const SHUNNED_DAYS: i64 = 30;
/// Hours over which it has to refuse: servers answer so for a bad hour of their own, too.
const REFUSED_HOURS: i64 = 24;

/// Minutes to wait after each failed attempt; after the last one the mail is given up.
const WAITS: [i64; 7] = [1, 5, 30, 120, 360, 720, 1440];

/// Where a mail is on its way (S001-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailStatus {
    /// Waiting for its first or next attempt.
    Queued,
    /// The mail server took it.
    Sent,
    /// Given up after the last attempt, or impossible to send.
    Failed,
    /// Refused for good by a mail server: there is no such mailbox, or it does not take this mail (S000-7).
    Bounced,
    /// Not sent on purpose: its link was used or replaced meanwhile, or its recipient can no longer look at what it
    /// tells of, wants no such mail, is told by another one, or could do without it and has an address that goes on
    /// refusing mail.
    Suppressed,
}

/// Since when and until when every mail to an address was refused for good, with none that arrived between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusals {
    /// The first.
    pub first: DateTime<Utc>,
    /// The last.
    pub last: DateTime<Utc>,
}

impl Refusals {
    /// Whether mails that one may do without stay away from the address.
    pub fn is_suppressed(&self, now: DateTime<Utc>) -> bool {
        let go_on = self.last - self.first >= TimeDelta::hours(REFUSED_HOURS);
        go_on && now - self.last < TimeDelta::days(SHUNNED_DAYS)
    }
}

impl MailStatus {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sent, Self::Failed, Self::Bounced, Self::Suppressed];

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
        }
    }

    /// The status that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// How far a mail has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where it is.
    pub status: MailStatus,
    /// How often sending was begun.
    pub attempts: i32,
    /// When it is tried next, while queued.
    pub due_at: DateTime<Utc>,
    /// It is not tried by itself then, but told together with others.
    pub is_for_digest: bool,
    /// What went wrong last, in words that name no person and no secret.
    pub last_error: Option<String>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// A mail that shall be sent at once.
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

    /// It arrived at the mail server.
    pub fn sent(&self, now: DateTime<Utc>) -> Self {
        Self { status: MailStatus::Sent, sent_at: Some(now), last_error: None, ..self.clone() }
    }

    /// It was left unsent on purpose.
    pub fn suppressed(&self, why: &str) -> Self {
        Self { status: MailStatus::Suppressed, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// It waits for now: looked at again then, and no attempt was made.
    pub fn deferred(&self, why: &str, until: DateTime<Utc>) -> Self {
        let attempts = self.attempts - 1;
        Self { attempts, due_at: until, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// It waits to be told together with others then.
    pub fn kept_for_digest(&self, why: &str, at: DateTime<Utc>) -> Self {
        Self { is_for_digest: true, ..self.deferred(why, at) }
    }

    /// A mail server refused it for good.
    pub fn bounced(&self, why: &str) -> Self {
        Self { status: MailStatus::Bounced, last_error: Some(why.to_owned()), ..self.clone() }
    }

    /// An attempt failed: tried again after a growing wait, unless this was the last or `is_final`.
    pub fn failed(&self, why: &str, is_final: bool, now: DateTime<Utc>) -> Self {
        let done = usize::try_from(self.attempts).unwrap_or_default().saturating_sub(1);
        let last_error = Some(why.to_owned());
        match WAITS.get(done).filter(|_| !is_final) {
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
    fn waits_grow_and_end() {
        let now = DateTime::UNIX_EPOCH;
        let waits: Vec<_> = (1..8).map(|n| attempted(n).failed("refused", false, now).due_at - now).collect();
        assert!(waits.windows(2).all(|w| w[0] < w[1]), "{waits:?}");
        let dead = attempted(8).failed("refused", false, now);
        assert_eq!((dead.status, dead.last_error.as_deref()), (MailStatus::Failed, Some("refused")));
    }

    #[test]
    fn an_address_is_shunned_that_refuses_for_a_day_and_for_thirty_days() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let refusals = |last| Refusals { first: at(0), last: at(last) };
        assert!(!refusals(0).is_suppressed(at(1)) && !refusals(23).is_suppressed(at(23)));
        assert!(refusals(24).is_suppressed(at(24)) && refusals(24).is_suppressed(at(24 * 31 - 1)));
        assert!(!refusals(24).is_suppressed(at(24 * 31)));
    }

    #[test]
    fn what_is_put_off_uses_up_no_attempt() {
        let (taken, now) = (attempted(8), DateTime::UNIX_EPOCH);
        let hour = now + TimeDelta::hours(1);
        let later = taken.deferred("the inviter is shut off", hour);
        assert_eq!((later.status, later.attempts, later.due_at), (MailStatus::Queued, 7, hour));
        let with_others = taken.kept_for_digest("its time has not come", hour);
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
