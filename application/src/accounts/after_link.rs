//! Effects of using a link that was sent only to the mailbox of an account (R18).

use persistence::Tx;
use users::{Account, AccountEventKind, OneTimeToken};

use super::guesses::forget_wrong_passwords;
use super::new_password::forget_links;
use crate::account_events::account_event;
use crate::approvals::votes::restore_votes_by_link;
use crate::clock::now;
use crate::invitations::code;
use crate::origin::Origin;
use crate::problem::Problem;

/// Saves the account with the password that the holder of a link chose. Ends the sessions, other links and known
/// networks of previous users of the account. Removes the second factor if the address was not proved before.
pub fn save_chosen_password(
    tx: &mut Tx<'_>,
    account: &Account,
    token: &OneTimeToken,
    hash: &str,
    origin: &Origin,
) -> Result<Account, Problem> {
    let chosen = account.with_new_password(now()).proved_by(token, now());
    if account.was_never_proved() && chosen.is_address_proved() {
        tx.remove_two_factor(account.id)?;
    }
    tx.save_account(&chosen)?;
    tx.save_password_hash(account.id, hash)?;
    tx.remove_sessions_of(account.id, None)?;
    forget_links(tx, account.id)?;
    forget_wrong_passwords(tx, &chosen)?;
    tx.forget_known_networks(account.id)?;
    save_use_of_link(tx, &chosen, token, origin)?;
    Ok(chosen)
}

/// Effects of proving the address: accepts the invitations that were pending on it.
pub fn save_proof(tx: &mut Tx<'_>, account: &Account, origin: &Origin) -> Result<(), Problem> {
    if account.is_address_proved() { code::accept_claimed(tx, account, origin) } else { Ok(()) }
}

/// Effects of using a link that was sent only to the account's address. Besides the proof, restores votes that acts
/// of others suspended, if the address was proved before those acts (S001-30).
pub fn save_use_of_link(
    tx: &mut Tx<'_>,
    account: &Account,
    token: &OneTimeToken,
    origin: &Origin,
) -> Result<(), Problem> {
    if token.mailed_to.as_ref() == Some(&account.email) {
        // A handed-over link would open the account after its vote is restored.
        tx.remove_handed_over_tokens(account.id)?;
        restore_votes_by_link(
            tx,
            account,
            &account_event(AccountEventKind::VoteRestored, account.id, origin),
            now(),
        )?;
    }
    save_proof(tx, account, origin)
}
