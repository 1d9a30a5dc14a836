use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    AccountStatus, AccountTransition, AddressProof, EmailAddress, PersonName, THROTTLE_WINDOW,
    TransitionRefused,
};

/// Identifies an account in the whole platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub Uuid);

/// Hours for which a temporary password is valid (R6).
pub const TEMPORARY_PASSWORD_HOURS: i64 = 24;

/// A person's account (R15: one account per person).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Unique ID.
    pub id: UserId,
    /// The address for mail and log-in; unique in the platform.
    pub email: EmailAddress,
    /// Whether the owner has shown that this mailbox is theirs.
    pub address_proof: AddressProof,
    /// The display name.
    pub name: PersonName,
    /// Preferred language, a BCP 47 tag.
    pub locale: String,
    /// The time zone for times in mail, an IANA name.
    pub time_zone: String,
    /// The current status.
    pub status: AccountStatus,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Time of the invitation that the owner registered with, or at which staff created the account; `None`:
    /// the owner registered without either.
    pub invited_at: Option<DateTime<Utc>>,
    /// Log-ins are refused until then after too many failures (S000-11).
    pub locked_until: Option<DateTime<Utc>>,
    /// Reason and end of the suspension, while it is suspended.
    pub suspension: Option<Suspension>,
    /// The scheduled deletion, if there is one.
    pub deletion: Option<ScheduledDeletion>,
    /// Until when the temporary password is valid; the owner has to change it first (R6). `None`: the owner
    /// chose the password.
    pub temporary_password_until: Option<DateTime<Utc>>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

/// A suspension, permanent or until a time (S001-29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// The reason, for staff and, unless it is about security, for the person.
    pub reason: String,
    /// When it lifts by itself; `None`: only staff lift it.
    pub until: Option<DateTime<Utc>>,
}

/// A deletion that takes place unless it is cancelled (S000-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledDeletion {
    /// The status before, which a cancellation restores.
    pub from: AccountStatus,
    /// When the deletion is due.
    pub due_at: DateTime<Utc>,
    /// When the removal of the account's belongings started; null before. The deletion can't be cancelled afterwards.
    pub started_at: Option<DateTime<Utc>>,
}

impl Account {
    /// An account that staff create for its owner, who has to set it up.
    pub fn created_by_staff(id: UserId, email: EmailAddress, name: PersonName, now: DateTime<Utc>) -> Self {
        Self { invited_at: Some(now), ..Self::pending(id, email, name, now) }
    }

    /// An account whose owner has to set a password or to confirm the address.
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

    /// The account after its owner confirmed the address or set a password.
    pub fn confirm(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        Ok(Self { status: self.status.after(AccountTransition::Confirm)?, updated_at: now, ..self.clone() })
    }

    /// The account confirmed by platform staff, who vouch for its address. If it is active already, only its
    /// address becomes proved (R18).
    pub fn confirmed_by_platform(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        match self.confirm(now) {
            Err(_) if self.may_log_in() && !self.is_address_proved() => Ok(self.with_proof(now)),
            confirmed => Ok(confirmed?.with_proof(now)),
        }
    }

    /// The account suspended for a reason, permanently or until a time.
    pub fn suspend(&self, suspension: Suspension, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::Suspend)?;
        Ok(Self { status, suspension: Some(suspension), updated_at: now, ..self.clone() })
    }

    /// The account reactivated.
    pub fn reactivate(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::Reactivate)?;
        Ok(Self { status, suspension: None, updated_at: now, ..self.clone() })
    }

    /// The account with its deletion scheduled for `due_at`.
    pub fn schedule_deletion(
        &self,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, TransitionRefused> {
        let status = self.status.after(AccountTransition::ScheduleDeletion)?;
        let deletion = Some(ScheduledDeletion { from: self.status, due_at, started_at: None });
        Ok(Self { status, deletion, updated_at: now, ..self.clone() })
    }

    /// The account with its deletion cancelled and its former status; refused once the deletion is due or has
    /// started (S000-15).
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

    /// The account with its log-ins delayed after too many failures, and whether to notify its owner
    /// (S000-11).
    ///
    /// Only the first delay leads to a mail, not each one that follows while the attempts continue.
    #[must_use]
    pub fn lock(&self, wait: TimeDelta, now: DateTime<Utc>) -> (Self, bool) {
        let notifies_owner = self.locked_until.is_none_or(|until| until + THROTTLE_WINDOW < now);
        (Self { locked_until: Some(now + wait), updated_at: now, ..self.clone() }, notifies_owner)
    }

    /// The account without a delay of its log-ins.
    #[must_use]
    pub fn unlock(&self, now: DateTime<Utc>) -> Self {
        Self { locked_until: None, updated_at: now, ..self.clone() }
    }

    /// The same at somebody's request (S000-11); `None`: there is no delay.
    pub fn unlock_now(&self, now: DateTime<Utc>) -> Option<Self> {
        self.locked_until.is_some_and(|until| now < until).then(|| self.unlock(now))
    }

    /// The account with a password that its owner chose: no longer pending, and without a temporary password.
    #[must_use]
    pub fn with_new_password(&self, now: DateTime<Utc>) -> Self {
        Self { locked_until: None, temporary_password_until: None, updated_at: now, ..self.clone() }
    }

    /// The account with a temporary password, for one log-in within [`TEMPORARY_PASSWORD_HOURS`] (R6). Its
    /// address is no longer proved, since somebody else knows the password.
    #[must_use]
    pub fn with_temporary_password(&self, now: DateTime<Utc>) -> Self {
        let until = now + TimeDelta::hours(TEMPORARY_PASSWORD_HOURS);
        let temporary_password_until = Some(until);
        Self { temporary_password_until, locked_until: None, updated_at: now, ..self.without_proof(now) }
    }

    /// The account after a log-in, which uses up a temporary password. It ends a lock, unless it came from a
    /// network that is known to the account and not affected by the lock.
    #[must_use]
    pub fn after_log_in(&self, ends_lock: bool, now: DateTime<Utc>) -> Self {
        let temporary_password_until = self.temporary_password_until.map(|_| now);
        let locked_until = self.locked_until.filter(|_| !ends_lock);
        Self { temporary_password_until, locked_until, updated_at: now, ..self.clone() }
    }

    /// The account as it is effective at this moment: without a suspension that has ended, with no job
    /// needed.
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

    /// Whether staff chose its name: they created it, and its owner has not set it up yet.
    pub fn is_named_by_staff(&self) -> bool {
        let former_status = self.deletion.as_ref().map_or(self.status, |deletion| deletion.from);
        former_status == AccountStatus::PendingConfirmation && self.invited_at == Some(self.created_at)
    }

    /// Whether its status allows a log-in.
    pub fn may_log_in(&self) -> bool {
        self.status == AccountStatus::Active
    }
}
