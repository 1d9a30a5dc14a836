use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    AccountStatus, AccountTransition, AddressProof, EmailAddress, PersonName, THROTTLE_WINDOW,
    TransitionRefused,
};

/// Identifies a person's account in the whole platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub Uuid);

/// Hours for which a temporary password works (R6).
pub const TEMPORARY_PASSWORD_HOURS: i64 = 24;

/// One person's account (R15: one account a person).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identity.
    pub id: UserId,
    /// Where the person is reached; unique in the platform.
    pub email: EmailAddress,
    /// Whether the owner has shown that this mailbox is theirs.
    pub address_proof: AddressProof,
    /// What the person is called.
    pub name: PersonName,
    /// Preferred language, a BCP 47 tag.
    pub locale: String,
    /// IANA name of the time zone in which mail tells times.
    pub time_zone: String,
    /// Where the account stands.
    pub status: AccountStatus,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its owner was asked in: that of the invitation he registered with, or of an account that was made for him; `None`: he
    /// came by himself.
    pub invited_at: Option<DateTime<Utc>>,
    /// Until when log-ins are refused after too many failures (S000-11).
    pub locked_until: Option<DateTime<Utc>>,
    /// Why and until when it is suspended.
    pub suspension: Option<Suspension>,
    /// What its deletion waits for, while one is scheduled.
    pub deletion: Option<ScheduledDeletion>,
    /// The password was chosen by somebody else and has to be changed first (R6); until when it works.
    pub temporary_password_until: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

/// Why somebody is shut off, and for how long (S001-29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// The reason, for staff and, unless it is a matter of security, for the person.
    pub reason: String,
    /// When it lifts by itself; `None`: when somebody lifts it.
    pub until: Option<DateTime<Utc>>,
}

/// A deletion that will be carried out unless it is cancelled (S000-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledDeletion {
    /// Where the account stood before, and stands again when it is cancelled.
    pub from: AccountStatus,
    /// When it is carried out.
    pub due_at: DateTime<Utc>,
    /// When the removal of the account's belongings started; null before. The deletion can't be cancelled afterwards.
    pub started_at: Option<DateTime<Utc>>,
}

impl Account {
    /// An account that others make for its owner, who has to take it over.
    pub fn made_for(id: UserId, email: EmailAddress, name: PersonName, now: DateTime<Utc>) -> Self {
        Self { invited_at: Some(now), ..Self::pending(id, email, name, now) }
    }

    /// An account whose owner still has to choose a password or to confirm the address.
    pub fn pending(id: UserId, email: EmailAddress, name: PersonName, now: DateTime<Utc>) -> Self {
        Self {
            id,
            email,
            address_proof: AddressProof::Never,
            name,
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            status: AccountStatus::PendingConfirmation,
            created_at: now,
            invited_at: None,
            locked_until: None,
            suspension: None,
            deletion: None,
            temporary_password_until: None,
            updated_at: now,
            version: 1,
        }
    }

    /// The account once its owner has confirmed the address or chosen a password.
    pub fn confirm(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        Ok(Self { status: self.status.after(AccountTransition::Confirm)?, updated_at: now, ..self.clone() })
    }

    /// The account, confirmed by platform staff who vouch for its address: an active one that only lacks the proof gets
    /// that (R18).
    pub fn vouched_for(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        match self.confirm(now) {
            Err(_) if self.may_log_in() && !self.is_address_proved() => Ok(self.with_proof(now)),
            confirmed => Ok(confirmed?.with_proof(now)),
        }
    }

    /// The account, shut off for a reason, for good or until a time.
    pub fn suspend(&self, suspension: Suspension, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::Suspend)?;
        Ok(Self { status, suspension: Some(suspension), updated_at: now, ..self.clone() })
    }

    /// The account, let in again.
    pub fn reactivate(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::Reactivate)?;
        Ok(Self { status, suspension: None, updated_at: now, ..self.clone() })
    }

    /// The account, which will be deleted at `due_at`.
    pub fn schedule_deletion(
        &self,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::ScheduleDeletion)?;
        let deletion = Some(ScheduledDeletion { from: self.status, due_at, started_at: None });
        Ok(Self { status, deletion, updated_at: now, ..self.clone() })
    }

    /// The account as it stood before its deletion was scheduled; refused once that is due or has started (S000-15).
    pub fn cancel_deletion(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let refused = TransitionRefused { from: self.status, asked: AccountTransition::CancelDeletion };
        let deletion = self.deletion.as_ref().ok_or(refused)?;
        let status = deletion.from;
        let is_too_late = deletion.due_at <= now || deletion.started_at.is_some();
        if is_too_late || !self.status.targets(AccountTransition::CancelDeletion).contains(&status) {
            return Err(refused);
        }
        Ok(Self { status, deletion: None, updated_at: now, ..self.clone() })
    }

    /// The account, whose log-ins have to wait after too many failures; whether its owner is to be told (S000-11).
    ///
    /// He is told of the first wait, not of each that follows while somebody goes on trying.
    #[must_use]
    pub fn lock(&self, wait: TimeDelta, now: DateTime<Utc>) -> (Self, bool) {
        let is_news = self.locked_until.is_none_or(|until| until + THROTTLE_WINDOW < now);
        (Self { locked_until: Some(now + wait), updated_at: now, ..self.clone() }, is_news)
    }

    /// The account, whose log-ins wait no more.
    #[must_use]
    pub fn unlock(&self, now: DateTime<Utc>) -> Self {
        Self { locked_until: None, updated_at: now, ..self.clone() }
    }

    /// The same where somebody asks for it (S000-11); `None`: it does not wait.
    pub fn unlock_now(&self, now: DateTime<Utc>) -> Option<Self> {
        self.locked_until.is_some_and(|until| now < until).then(|| self.unlock(now))
    }

    /// The account with a password that its owner chose: nothing that waited for that waits any more.
    #[must_use]
    pub fn with_new_password(&self, now: DateTime<Utc>) -> Self {
        Self { locked_until: None, temporary_password_until: None, updated_at: now, ..self.clone() }
    }

    /// The account with a password that somebody else chose: good for one log-in within its hours (R6). Its address is
    /// no longer proved, since whoever knows the password can enter.
    #[must_use]
    pub fn with_temporary_password(&self, now: DateTime<Utc>) -> Self {
        let until = now + TimeDelta::hours(TEMPORARY_PASSWORD_HOURS);
        let temporary_password_until = Some(until);
        Self { temporary_password_until, locked_until: None, updated_at: now, ..self.without_proof(now) }
    }

    /// The account after a log-in: a temporary password has served. A lock ends, unless the log-in came from a network that
    /// is known to the account and that the lock does not concern.
    #[must_use]
    pub fn after_log_in(&self, ends_lock: bool, now: DateTime<Utc>) -> Self {
        let temporary_password_until = self.temporary_password_until.map(|_| now);
        let locked_until = self.locked_until.filter(|_| !ends_lock);
        Self { temporary_password_until, locked_until, updated_at: now, ..self.clone() }
    }

    /// The account as it counts at this moment: a suspension whose end has passed has lifted, with no job needed.
    #[must_use]
    pub fn as_of(&self, now: DateTime<Utc>) -> Self {
        let is_over = self.suspension.as_ref().and_then(|s| s.until).is_some_and(|until| until <= now);
        match self.status {
            AccountStatus::Suspended if is_over => {
                Self { status: AccountStatus::Active, suspension: None, ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    /// Whether its name is the one that others gave it: they made it, and its owner has not taken it over yet.
    pub fn is_named_by_staff(&self) -> bool {
        let stood_before = self.deletion.as_ref().map_or(self.status, |deletion| deletion.from);
        stood_before == AccountStatus::PendingConfirmation && self.invited_at == Some(self.created_at)
    }

    /// Whether its owner may get in at all.
    pub fn may_log_in(&self) -> bool {
        self.status == AccountStatus::Active
    }
}
