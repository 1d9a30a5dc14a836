use mail::MailKind;
use persistence::AccountEvent;
use roles::{PlatformRole, TakeoverAct};
use serde::Serialize;
use users::{
    Account, AccountStatus, AccountTransition, TEMPORARY_PASSWORD_HOURS, TokenPurpose, TransitionRefused,
};
use utoipa::ToSchema;

use super::account_links::{purpose_of_confirming, require_cooldown, send_link};
use super::managed_account::ManagedAccount;
use super::reason::Suspend;
use crate::accounts::save_proof;
use crate::clock::new_secret;
use crate::context::Context;
use crate::problem::{Code, Problem};
use crate::sessions::throttle::{forget_failures, forget_wrong_passwords, is_locked};
use crate::words::instant;

/// A password that works once, within a day, and has to be changed then. Shown only here.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"temporary_password": "q7Jm0Cw3hY2n5s8v1xZ4", "expires_at": "2026-11-22T09:15:00.000000Z"}))]
pub(crate) struct TemporaryPassword {
    /// For the person, over a way that you trust.
    temporary_password: String,
    /// When it stops working.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

/// Characters of a temporary password, of 64 kinds each.
const TEMPORARY_CHARS: usize = 20;

/// A password that nobody guesses.
pub(crate) fn new_temporary_password() -> Result<String, Problem> {
    let secret = new_secret().map_err(|_| Problem::internal())?;
    Ok(secret.chars().take(TEMPORARY_CHARS).collect())
}

impl<W> Context<'_, '_, W> {
    /// Shuts the account off; its sessions end (S001-28, S001-29).
    pub(crate) fn suspend_account(
        &mut self,
        managed: &ManagedAccount,
        sent: &Suspend,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        self.require_remaining_owner(&managed.account)?;
        let suspension = sent.suspension(self.now)?;
        let after = managed.account.as_of(self.now).suspend(suspension.clone(), self.now)?;
        let mut event = self.event_of("account_suspended", managed, Some(&suspension.reason));
        if let Some(until) = suspension.until {
            event = event.changed("until", "", &instant(until));
        }
        if sent.is_notified() {
            managed.suspension_mail(&suspension).queue(self.tx, self.now)?;
        }
        self.save_and_end_sessions(managed, after, &event)
    }

    /// Sessions end after the account has changed: whoever logs in meanwhile waits for that, or is found by this.
    fn save_and_end_sessions(
        &mut self,
        managed: &ManagedAccount,
        after: Account,
        event: &AccountEvent,
    ) -> Result<ManagedAccount, Problem> {
        let kept = self.save_managed_account(managed, after, event)?;
        self.tx.remove_sessions_of(kept.account.id, None)?;
        Ok(kept)
    }

    /// Lets the account in again.
    pub(crate) fn reactivate_account(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        let after = managed.account.as_of(self.now).reactivate(self.now)?;
        managed.outgoing_mail(MailKind::AccountReactivated).queue(self.tx, self.now)?;
        let event = self.event_of("account_reactivated", managed, Some(reason));
        self.save_managed_account(managed, after, &event)
    }

    /// Ends the wait after too many failed log-ins (S000-11). The count starts anew, which is help only where nobody else's
    /// account is at stake.
    pub(crate) fn unlock_account(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        let not_locked = || Problem::new(Code::Conflict, "The account is not locked.");
        let guessed = is_locked(self.tx, &managed.account)?;
        let unlocked = managed.account.unlock_now(self.now);
        let after =
            unlocked.or_else(|| guessed.then(|| managed.account.unlock(self.now))).ok_or_else(not_locked)?;
        forget_failures(self.tx, &after)?;
        let event = self.event_of("account_unlocked", managed, Some(reason));
        self.save_managed_account(managed, after, &event)
    }

    /// Activates an account by hand (S000-9). Platform staff vouch for its address with it, except for those who may approve
    /// critical changes: an organization knows its people, not who reads a mailbox.
    pub(crate) fn confirm_account(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        self.record_takeover(managed, TakeoverAct::ConfirmByHand)?;
        let vouches = managed.org.is_none() && !self.tx.may_approve_anywhere(managed.account.id)?;
        let after = match vouches {
            true => managed.account.vouched_for(self.now)?,
            false => managed.account.confirm(self.now)?.without_proof(self.now),
        };
        self.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ConfirmAddress)?;
        managed.outgoing_mail(MailKind::AccountReactivated).queue(self.tx, self.now)?;
        let event = self.event_of("account_confirmed", managed, Some(reason));
        let kept = self.save_managed_account(managed, after, &event)?;
        let head = self.head;
        self.tx.for_platform(|tx| save_proof(tx, &kept.account, head))?;
        Ok(kept)
    }

    /// Sends the link to confirm or to set up the account once more; the one before dies.
    pub(crate) fn send_confirmation(&mut self, managed: &ManagedAccount) -> Result<(), Problem> {
        managed.authority.may_assist()?;
        if managed.account.status != AccountStatus::PendingConfirmation {
            return Err(TransitionRefused {
                from: managed.account.status,
                asked: AccountTransition::Confirm,
            }
            .into());
        }
        let purpose = purpose_of_confirming(self.tx, &managed.account)?;
        require_cooldown(self.tx, &managed.account, purpose)?;
        self.send_link(managed, &managed.account, purpose)?;
        Ok(self.tx.record_account(&self.event_of("confirmation_sent", managed, None))?)
    }

    /// Sends a link to choose a new password; the one before dies (S000-6).
    pub(crate) fn send_reset(&mut self, managed: &ManagedAccount) -> Result<(), Problem> {
        managed.authority.may_assist()?;
        if !managed.account.as_of(self.now).may_log_in() {
            let detail = format!("The account is `{}`.", managed.account.as_of(self.now).status.as_str());
            return Err(Problem::new(Code::InvalidTransition, detail));
        }
        require_cooldown(self.tx, &managed.account, TokenPurpose::ResetPassword)?;
        self.send_link(managed, &managed.account, TokenPurpose::ResetPassword)?;
        Ok(self.tx.record_account(&self.event_of("password_reset_sent", managed, None))?)
    }

    /// Gives the account a password that works once (R6, S003-1). `hash` is that of `password`.
    pub(crate) fn set_temporary_password(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
        password: &str,
        hash: &str,
    ) -> Result<TemporaryPassword, Problem> {
        managed.authority.may_modify()?;
        if !managed.account.as_of(self.now).may_log_in() {
            let detail = format!("The account is `{}`.", managed.account.as_of(self.now).status.as_str());
            return Err(Problem::new(Code::InvalidTransition, detail));
        }
        self.record_takeover(managed, TakeoverAct::SetTemporaryPassword)?;
        let after = managed.account.with_temporary_password(self.now);
        self.tx.save_password_hash(after.id, hash)?;
        self.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ResetPassword)?;
        self.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ChangeAddress)?;
        forget_wrong_passwords(self.tx, &after)?;
        self.tx.forget_known_networks(after.id)?;
        managed.outgoing_mail(MailKind::PasswordChanged).queue(self.tx, self.now)?;
        let event = self.event_of("temporary_password_set", managed, Some(reason));
        self.save_and_end_sessions(managed, after, &event)?;
        Ok(TemporaryPassword {
            temporary_password: password.to_owned(),
            expires_at: instant(self.now + chrono::TimeDelta::hours(TEMPORARY_PASSWORD_HOURS)),
        })
    }

    /// Shuts out whoever took the account over: no password, no session, no link works any more but the one that goes to
    /// the address on file now (S000-12). The security tickets are the caller's to open.
    pub(crate) fn flag_compromised(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        if !managed.account.as_of(self.now).may_log_in() {
            let detail = format!("The account is `{}`.", managed.account.as_of(self.now).status.as_str());
            return Err(Problem::new(Code::InvalidTransition, detail));
        }
        let after = managed.account.with_new_password(self.now);
        self.tx.remove_password(after.id)?;
        self.tx.forget_known_networks(after.id)?;
        self.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ChangeAddress)?;
        self.tx.remove_handed_over_tokens(after.id)?;
        self.send_link(managed, &after, TokenPurpose::ResetPassword)?;
        let event = self.event_of("account_compromised", managed, Some(reason));
        self.save_and_end_sessions(managed, after, &event)
    }

    /// Makes useless what others than the owner may know of an account without a proved address, and mails a link to it.
    pub(crate) fn renew_unproved_access(&mut self, managed: &ManagedAccount) -> Result<(), Problem> {
        let after = managed.account.with_new_password(self.now);
        self.tx.save_account(&after)?;
        self.tx.remove_password(after.id)?;
        self.tx.forget_known_networks(after.id)?;
        for purpose in
            TokenPurpose::ALL.into_iter().filter(|purpose| *purpose != TokenPurpose::CancelDeletion)
        {
            self.tx.remove_one_time_tokens(Some(after.id), purpose)?;
        }
        match after.as_of(self.now).status {
            AccountStatus::PendingConfirmation => self.send_link(managed, &after, TokenPurpose::SetUpAccount),
            AccountStatus::Active => self.send_link(managed, &after, TokenPurpose::ResetPassword),
            _ => Ok(()),
        }
    }

    /// Mails a link into the account, in a name that its reader can trust.
    pub(super) fn send_link(
        &mut self,
        managed: &ManagedAccount,
        account: &Account,
        purpose: TokenPurpose,
    ) -> Result<(), Problem> {
        let (app, name) = (self.app, managed.name_on_links());
        self.tx.for_platform(|tx| send_link(tx, app, account, name, purpose))
    }

    /// Goes on only if the platform and each organization keep an owner who can log in without this account (S003-11).
    pub(crate) fn require_remaining_owner(&mut self, account: &Account) -> Result<(), Problem> {
        // Locked before it is read who owns what: somebody may be made an owner meanwhile, and the other one no longer be.
        self.tx.lock_platform_roles()?;
        let runs_it = self.tx.platform_roles(account.id)?.contains(&PlatformRole::Owner);
        let counting = [AccountStatus::Active];
        if runs_it && self.tx.holders_of(&[PlatformRole::Owner], &counting, account.id)?.is_empty() {
            return Err(Problem::new(
                Code::LastOwner,
                "The platform would have no owner left who can log in.",
            ));
        }
        let last = "An organization would have no owner left who can log in.";
        self.tx.for_platform(|tx| {
            for org in tx.orgs_of(account.id)? {
                let mut members = tx.members(org);
                members.lock_memberships()?;
                let is_owner = members.find(account.id)?.is_some_and(|m| m.membership.is_active_owner());
                if is_owner && members.other_owners(account.id)? < 1 {
                    return Err(Problem::new(Code::LastOwner, last));
                }
            }
            Ok(())
        })
    }
}
