use mail::{MailKind, MailSecret};
use persistence::Tx;
use roles::TakeoverAct;
use serde::Deserialize;
use users::{Account, AccountStatus, EmailAddress, OneTimeToken, PersonName, TokenPurpose};
use utoipa::ToSchema;

use super::account_links::purpose_of_confirming;
use super::managed_account::ManagedAccount;
use crate::clock::now;
use crate::context::{Context, new_id};
use crate::index_requests::index_requests;
use crate::one_time;
use crate::problem::{Code, Fault, Problem};
use crate::words::{EmailWord, LocaleWord, ZoneWord};

/// What staff may correct of an account. Nothing else of it is theirs to change.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Sam Field", "reason": "Misspelt in the invitation."}))]
pub(crate) struct CorrectAccount {
    /// What the person is called. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>", nullable = false)]
    name: Option<String>,
    /// The person's address. It takes effect when the person, logged in, uses the mailed link; the address until
    /// then is notified at once, and again when it changes. Needs the permission to set temporary passwords as well. For an
    /// account that is not confirmed yet it takes effect immediately, unproved, and the link is mailed there.
    #[schema(nullable = false)]
    email: Option<EmailWord>,
    /// The preferred language.
    #[schema(nullable = false)]
    locale: Option<LocaleWord>,
    /// The time zone of times in mail.
    #[schema(nullable = false)]
    time_zone: Option<ZoneWord>,
    /// Why, for those who read the history.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    reason: String,
}

/// Brings in line what goes by somebody's account: his name and address in the index of all requests that he filed, address
/// and clock of the mails that wait for him.
pub(crate) fn propagate_account_changes(
    tx: &mut Tx<'_>,
    before: &Account,
    after: &Account,
) -> Result<(), Problem> {
    if before.email != after.email || before.time_zone != after.time_zone {
        tx.reschedule_queued_mails(after, now())?;
    }
    if before.name == after.name && before.email == after.email {
        return Ok(());
    }
    let orgs = tx.orgs_of(after.id)?;
    index_requests(tx, after, &orgs)
}

impl<W> Context<'_, '_, W> {
    /// Corrects an account (S001-22, S001-23, S000-8).
    pub(crate) fn correct_account(
        &mut self,
        managed: &ManagedAccount,
        sent: &CorrectAccount,
        may_redirect: bool,
    ) -> Result<ManagedAccount, Problem> {
        managed.authority.may_modify()?;
        let before = &managed.account;
        if before.is_tombstone() {
            return Err(Problem::new(Code::InvalidTransition, "The account is deleted."));
        }
        let name = sent.name.as_deref().map(PersonName::parse).transpose();
        let name = name.map_err(|e| Problem::rule("#/name", &e))?;
        let mut after = Account {
            name: name.unwrap_or_else(|| before.name.clone()),
            locale: sent.locale.as_ref().map_or_else(|| before.locale.clone(), |l| l.0.clone()),
            time_zone: ZoneWord::or_kept(sent.time_zone.as_ref(), &before.time_zone)?,
            updated_at: self.now,
            ..before.clone()
        };
        if let Some(EmailWord(sent)) = &sent.email {
            let email = EmailAddress::parse(sent).map_err(|e| Problem::rule("#/email", &e))?;
            self.correct_address(managed, &mut after, email, may_redirect)?;
        }
        let event = self
            .event_of("profile_corrected", managed, Some(&sent.reason))
            .changed("name", before.name.as_str(), after.name.as_str())
            .changed("email", before.email.as_str(), after.email.as_str())
            .changed("locale", &before.locale, &after.locale)
            .changed("time_zone", &before.time_zone, &after.time_zone);
        let kept = self.save_managed_account(managed, after, &event)?;
        propagate_account_changes(self.tx, before, &kept.account)?;
        Ok(kept)
    }

    fn correct_address(
        &mut self,
        managed: &ManagedAccount,
        after: &mut Account,
        email: EmailAddress,
        may_redirect: bool,
    ) -> Result<(), Problem> {
        if email == after.email {
            return Ok(());
        }
        // Whoever brings an active account to another address can take it over. Asked first: whoever may not learns nothing
        // of other addresses.
        if after.status != AccountStatus::PendingConfirmation && !may_redirect {
            return Err(Problem::new(
                Code::Forbidden,
                "To correct the address of an active account you have to be able to set temporary passwords.",
            ));
        }
        if self.tx.account_by_email(&email)?.is_some() {
            let fault = Fault::at("#/email", "already_exists", "Another account has this address.");
            return Err(Problem::new(Code::AlreadyExists, "Another account has this address.")
                .with_errors(vec![fault]));
        }
        self.record_takeover(managed, TakeoverAct::CorrectAddress)?;
        if after.status == AccountStatus::PendingConfirmation {
            *after = after.at_unproved_address(email, self.now);
            let purpose = purpose_of_confirming(self.tx, after)?;
            // A link to the old mailbox opens nothing any more.
            self.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ResetPassword)?;
            let pending = after.clone();
            return self.send_link(managed, &pending, purpose);
        }
        let token = OneTimeToken::issue(new_id(), TokenPurpose::ChangeAddress, Some(after.id), self.now);
        let token = token.mailed_to(email.clone());
        one_time::issue(self.tx, self.app, &token)?;
        let outgoing = managed.outgoing_mail(MailKind::ChangeAddress).at(email.clone());
        outgoing.with(MailSecret::OneTimeToken(token.id)).queue(self.tx, self.now)?;
        managed
            .outgoing_mail(MailKind::AddressChangeAsked)
            .variable("new_address", email.as_str())
            .queue(self.tx, self.now)?;
        let asked = self.event_of("address_change_asked", managed, None);
        Ok(self.tx.record_account(&asked.changed("email", managed.account.email.as_str(), email.as_str()))?)
    }
}
