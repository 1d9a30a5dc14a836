//! The mail that carries an invitation.

use chrono::{DateTime, Utc};
use invitations::{Invitation, Offer};
use mail::{MailKind, MailSecret};
use persistence::Tx;
use roles::PlatformRole;

use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Queues the mail of an invitation. The link is created when the mail is sent.
pub fn queue_mail(
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    kind: MailKind,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let inviter = tx.account(invitation.inviter)?.ok_or_else(Problem::internal)?;
    let outgoing = OutgoingMail::to_address(invitation.email.clone(), &invitation.locale, kind)
        .variable("inviter_name", inviter.name.as_str())
        .time("valid_from", invitation.valid_from)
        .with(MailSecret::Invitation(invitation.id.0));
    let outgoing = match &invitation.greeting {
        Some(greeting) => outgoing.variable("greeting", greeting.as_str()),
        None => outgoing,
    };
    let outgoing = match &invitation.offer {
        Offer::Platform(role) => outgoing.variable("roles", role.map_or("", PlatformRole::name)),
        Offer::Membership { org, roles, .. } => {
            let known = tx.roles(*org).all()?;
            let names = known.iter().filter(|role| roles.contains(&role.key)).map(|role| role.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            outgoing.from(*org).variable("roles", names)
        }
    };
    outgoing.queue(tx, now)?;
    Ok(())
}
