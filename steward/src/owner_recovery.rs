//! `steward owner-recovery`: a link for a lost owner, for an operator with access to the database. The server may be
//! running.

use std::io::Write;

use application::accounts::owner_recovery::{OwnerRecovery, RecoveryLink, make_recovery_link};
use application::clock::{instant, now};
use application::one_time_links;
use orgs::{Organization, Slug};
use persistence::{Db, Scope, Tx};
use roles::{Ownership, recover_owner};
use users::{Account, EmailAddress};

use crate::config;
use crate::database::open_existing;
use crate::start_error::{OwnerRecoveryError, StartError};

/// Prints a link for the owner with the given address, or the list of owners without one.
pub(crate) async fn run(settings: config::OwnerRecovery) -> Result<(), StartError> {
    let db = open_existing(&settings.storage)?;
    let lines = match (settings.email, settings.reason) {
        (Some(email), Some(reason)) => {
            let resets_two_factor = settings.reset_two_factor;
            let wanted = OwnerRecovery { org: None, reason, resets_two_factor };
            let link = recover(&db, settings.org, email.clone(), wanted).await?;
            message(&link, &email, resets_two_factor, &settings.public_url)
        }
        _ => list_of(&db, settings.org).await?,
    };
    let mut out = std::io::stdout().lock();
    out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(StartError::Output)
}

async fn recover(
    db: &Db,
    slug: Option<Slug>,
    email: EmailAddress,
    wanted: OwnerRecovery,
) -> Result<RecoveryLink, OwnerRecoveryError> {
    db.write(Scope::PLATFORM, move |tx| {
        let org = org_with(tx, slug.as_ref())?.map(|org| org.id);
        let account = tx.account_by_email(&email)?;
        let account = account.ok_or_else(|| OwnerRecoveryError::UnknownAddress(email.as_str().to_owned()))?;
        // Concurrent log-ins and changes of the account either wait for this transaction or are seen by it.
        tx.lock_account(account.id)?;
        let account = tx.account(account.id)?.unwrap_or(account);
        let has_password = tx.password_hash(account.id)?.is_some();
        let purpose = match org {
            Some(org) => {
                let member = tx.members(org).find(account.id)?;
                let membership = member.as_ref().map(|member| &member.membership);
                recover_owner(&account, has_password, Ownership::Organization(membership), now())
            }
            None => {
                let held = tx.platform_roles(account.id)?;
                recover_owner(&account, has_password, Ownership::Platform(&held), now())
            }
        };
        let purpose = purpose.map_err(|e| OwnerRecoveryError::Refused(email.as_str().to_owned(), e))?;
        let wanted = OwnerRecovery { org, ..wanted.clone() };
        Ok(make_recovery_link(tx, &account, purpose, &wanted, now())?)
    })
    .await
}

async fn list_of(db: &Db, slug: Option<Slug>) -> Result<String, OwnerRecoveryError> {
    let (of, owners) = db
        .read(Scope::PLATFORM, move |tx| {
            Ok::<_, OwnerRecoveryError>(match org_with(tx, slug.as_ref())? {
                Some(org) => (org.slug.as_str().to_owned(), tx.org_owners(org.id)?),
                None => ("the platform".to_owned(), tx.platform_owners()?),
            })
        })
        .await?;
    let line = |owner: &Account| {
        format!("  {} ({})\n", owner.email.as_str(), owner.as_of(now()).status.as_str().replace('_', " "))
    };
    let lines: String = owners.iter().map(line).collect();
    if lines.is_empty() {
        return Ok(format!("No account owns {of}.\n"));
    }
    Ok(format!("Owners of {of}; name one with --email and --reason to make a link:\n{lines}"))
}

/// The organization with this slug, if one is given.
fn org_with(tx: &mut Tx<'_>, slug: Option<&Slug>) -> Result<Option<Organization>, OwnerRecoveryError> {
    let Some(slug) = slug else { return Ok(None) };
    let unknown = || OwnerRecoveryError::UnknownOrg(slug.as_str().to_owned());
    tx.org_by_slug(slug)?.ok_or_else(unknown).map(Some)
}

fn message(link: &RecoveryLink, email: &EmailAddress, resets_two_factor: bool, public_url: &str) -> String {
    let url = one_time_links::link(public_url, link.token.purpose, &link.code);
    let two_factor = match (resets_two_factor, link.two_factor_is_reset) {
        (false, _) => "",
        (true, true) => "Two-factor log-in is reset, and all sessions have ended.\n",
        (true, false) => "Two-factor log-in was off already.\n",
    };
    format!(
        "Hand this link to the owner and to nobody else. It works once, until {}:\n  {url}\n{two_factor}\
         The owner and all who can approve critical changes with them are notified by mail. The account can approve none \
         until its owner uses a link mailed to {}, or another approver restores its vote.\n",
        instant(link.token.expires_at),
        email.as_str(),
    )
}
