//! Guesses at passwords and codes. Saved in the database before they are checked, so that neither bursts, nor
//! restarts, nor more processes allow more guesses (S8, S003-30).

use std::net::IpAddr;

use chrono::TimeDelta;
use mail::MailKind;
use persistence::{AttemptCounts, Tx};
use users::{Account, AccountEventKind, ClientNetwork, UserId, lock_after, wait_before_attempt};
use uuid::Uuid;

use crate::account_events::system_account_event;
use crate::clock::{new_id, now};
use crate::keys::hash_of;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// A secret of an account that can be guessed.
#[derive(Debug, Clone)]
pub struct Target {
    /// The key of the attempt count: a hash that does not reveal the address.
    key: String,
    /// The account, if it exists.
    user: UserId,
}

impl Target {
    /// The password of the account with this address. Attempts at addresses without an account are counted as well.
    pub fn password(email: &str, user: UserId) -> Self {
        Self { key: hash_of(&email.to_ascii_lowercase()), user }
    }

    /// The codes of an account. Counted apart from passwords, so that neither a new password nor a new address allows
    /// more guesses.
    pub fn second_factor(user: UserId) -> Self {
        Self { key: hash_of(&format!("second factor of {}", user.0)), user }
    }

    /// All secrets of an account.
    fn all_of(account: &Account) -> [Self; 2] {
        [Self::password(account.email.as_str(), account.id), Self::second_factor(account.id)]
    }

    /// The counts that an attempt from this source belongs to. A network from which the owner has logged in has its
    /// own count, so that attempts from elsewhere cannot delay the owner.
    fn counts(&self, tx: &mut Tx<'_>, source: Source) -> Result<AttemptCounts, Problem> {
        let network = ClientNetwork::of(source.address()).to_string();
        let is_known = tx.is_known_network(self.user, &network, now())?;
        Ok(AttemptCounts {
            account_key: self.key.clone(),
            known_network: is_known.then(|| network.clone()),
            network: matches!(source, Source::LogIn(_)).then_some(network),
        })
    }
}

/// The origin of a guess.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// A log-in: failures are counted per account and per network.
    LogIn(IpAddr),
    /// A session, which reaches one account only: failures are counted per account.
    Session(IpAddr),
}

impl Source {
    fn address(self) -> IpAddr {
        match self {
            Self::LogIn(address) | Self::Session(address) => address,
        }
    }
}

/// A saved guess whose outcome is pending. A guess without an outcome counts as failed.
#[derive(Debug, Clone)]
pub struct Guess {
    id: Uuid,
    counts: AttemptCounts,
}

impl Guess {
    /// Saves a guess. Returns 429 `too_many_attempts` with the time to wait if there were too many failures.
    pub fn reserve(tx: &mut Tx<'_>, target: &Target, source: Source) -> Result<Self, Problem> {
        let counts = target.counts(tx, source)?;
        tx.lock_log_in_attempts(&counts)?;
        let now = now();
        let (account, network) = tx.log_in_attempts(&counts, now)?;
        if let Some(wait) = wait_before_attempt(account, network, now) {
            let seconds = u64::try_from(wait.num_seconds() + 1).unwrap_or(1);
            return Err(Problem::new(
                Code::TooManyAttempts,
                "Too many failed attempts; wait, then try again.",
            )
            .with_retry_after(seconds));
        }
        let guess = Self { id: new_id(), counts };
        tx.add_log_in_attempt(guess.id, &guess.counts, now)?;
        Ok(guess)
    }

    /// Records a wrong guess.
    pub fn failed(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        Ok(tx.fail_log_in_attempt(self.id)?)
    }

    /// Removes a guess that was right, or was not checked at all.
    pub fn withdraw(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        Ok(tx.remove_log_in_attempt(self.id)?)
    }

    /// Records a right guess at log-in, and resets the failures of the same count. Failures from other networks
    /// remain if this network has its own count, since they need not be the owner's.
    pub fn succeeded(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        self.withdraw(tx)?;
        Ok(tx.forget_failures_counted_with(&self.counts)?)
    }

    /// Whether the guess is counted with those from networks that are not known to the account.
    pub fn is_from_unknown_network(&self) -> bool {
        self.counts.known_network.is_none()
    }
}

/// Resets the failed attempts at the password and at codes.
pub fn forget_failures(tx: &mut Tx<'_>, account: &Account) -> Result<(), Problem> {
    Target::all_of(account).iter().try_for_each(|target| Ok(tx.forget_failed_attempts(&target.key)?))
}

/// Resets the failed attempts at the password only: a new password does not end guessing at codes.
pub fn forget_wrong_passwords(tx: &mut Tx<'_>, account: &Account) -> Result<(), Problem> {
    let target = Target::password(account.email.as_str(), account.id);
    Ok(tx.forget_failed_attempts(&target.key)?)
}

/// Whether failed attempts lock the account for at least one network. Independent of the account's status, which may
/// have changed.
pub fn is_locked(tx: &mut Tx<'_>, account: &Account) -> Result<bool, Problem> {
    Ok(longest_lock(tx, account)?.is_some())
}

/// Marks an account as locked if it has too many failures, and notifies its owner (S000-11). `address` is the origin
/// of the last attempt.
pub fn lock_if_too_many(tx: &mut Tx<'_>, account: &Account, address: IpAddr) -> Result<(), Problem> {
    let Some(wait) = longest_lock(tx, account)? else { return Ok(()) };
    let now = now();
    let (locked, notifies_owner) = account.lock(wait, now);
    tx.save_account(&locked)?;
    if !notifies_owner {
        return Ok(());
    }
    tx.record_account(&system_account_event(
        AccountEventKind::AccountLocked,
        account.id,
        Some(&address.to_string()),
    ))?;
    if account.as_of(now).may_log_in() {
        OutgoingMail::to(account, MailKind::AccountLocked).time("locked_until", now + wait).queue(tx, now)?;
    }
    Ok(())
}

fn longest_lock(tx: &mut Tx<'_>, account: &Account) -> Result<Option<TimeDelta>, Problem> {
    let [password, codes] = Target::all_of(account);
    Ok(lock_of(tx, &password)?.max(lock_of(tx, &codes)?))
}

/// The longest lock from the attempts at a secret: per known network, and for all other networks together.
fn lock_of(tx: &mut Tx<'_>, target: &Target) -> Result<Option<TimeDelta>, Problem> {
    let now = now();
    let counts = tx.attempts_at(&target.key, now)?;
    Ok(counts.into_iter().filter_map(|attempts| lock_after(attempts, now)).max())
}
